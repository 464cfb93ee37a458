"""分享: an accepted record's example, with the branch's consent and another's approval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.enums import Role
from branches.models import Member
from core.errors import Refusal
from core.outbox import tell
from core.screening import mark_in_text, refusal_of
from meetings.enums import FileKind, Kind, Status
from meetings.enums.programme import ShareState
from meetings.models import Meeting, MeetingFile, Share, SharePhoto
from meetings.rules.programme import MOST_PHOTOS, may_become
from meetings.services.telling import tell_place

MOST_TEXT = 500


def sharable_photos(meeting: Meeting) -> list[MeetingFile]:
    """The photos of a record that may be chosen: photos only, never its papers or sign-in sheet."""
    rows = MeetingFile.unscoped.filter(
        meeting=meeting, kind=FileKind.PHOTO, content_type__in=("image/jpeg", "image/png")
    )
    return list(rows.order_by("pk"))


@transaction.atomic
def propose_share(
    *,
    meeting: Meeting,
    theme: str,
    text: str,
    photos: Sequence[MeetingFile],
    by: User,
    consents: bool,
    on: date,
) -> Share:
    """Offer an accepted record of a fixed day as an example to the branches of the district.

    ``consents`` says that ``by`` speaks for the branch; otherwise its secretary is asked first.
    Raises Refusal: not accepted, no fixed day, too many photos or another record's, a member's
    name or a mark of secrecy in the words, already shared.
    """
    found = (
        Meeting.unscoped.select_for_update(of=("self",)).select_related("unit").get(pk=meeting.pk)
    )
    theme, text = _clean(theme), _clean(text)
    if found.status != Status.ACCEPTED or not found.kind_mask & Kind.FIXED_DAY:
        raise Refusal("只分享审核通过的固定组织生活日记录。", code="conflict")
    if not found.unit.is_branch:
        raise Refusal("只有党支部的记录可以分享。", code="conflict")
    _check_words(found, theme, text)
    known = {one.pk for one in sharable_photos(found)}
    chosen = list(dict.fromkeys(one.pk for one in photos))
    if len(chosen) > MOST_PHOTOS:
        raise Refusal(f"照片最多选 {MOST_PHOTOS} 张。", field="photos")
    if not set(chosen) <= known:
        raise Refusal("只能选这条记录里的照片，请刷新页面后再选。", field="photos")
    open_ = Share.unscoped.filter(
        meeting=found, state__in=(ShareState.PROPOSED, ShareState.APPROVED)
    ).first()
    if open_ is not None:
        if (open_.theme, open_.text, open_.proposed_by_id) == (theme, text, by.pk):
            return open_
        raise Refusal("这条记录已经分享或正在审批，要改请先收回。", code="conflict")
    share = Share.unscoped.create(
        meeting=found,
        unit=found.unit,
        month=found.held_on.replace(day=1),
        theme=theme,
        text=text,
        proposed_by=by,
        consented_by=by if consents else None,
        consented_at=timezone.now() if consents else None,
    )
    SharePhoto.unscoped.bulk_create(SharePhoto(share=share, file_id=pk) for pk in chosen)
    _ask(share, by, on)
    return share


def _check_words(meeting: Meeting, theme: str, text: str) -> None:
    if not theme or len(theme) > 60:
        raise Refusal("请写一个 60 字以内的主题。", field="theme")
    if not text or len(text) > MOST_TEXT:
        raise Refusal(f"请用 {MOST_TEXT} 字以内说明做法，别的支部看了能学。", field="text")
    mark = mark_in_text(f"{theme}\n{text}")
    if mark:
        raise Refusal(refusal_of(mark, "填写的内容"), field="text")
    names = Member.unscoped.filter(unit=meeting.unit).values_list("name", flat=True)
    said = next((name for name in names if len(name) > 1 and name in f"{theme}\n{text}"), "")
    if said:
        raise Refusal(
            f"分享里不写人名：文字里有“{said}”，与本支部一名党员同名，请改成“一名党员”。",
            field="text",
        )


def _ask(share: Share, by: User, on: date) -> None:
    """Whose turn it is: the secretary's to consent, or the committee's to decide."""
    mine = share.consented_by_id is None
    tell_place(
        unit=share.unit,
        below=(Role.SECRETARY,) if mine else (),
        above=() if mine else (Role.COMMITTEE_STAFF,),
        key=f"share_{'consent' if mine else 'proposed'}:{share.pk}",
        template="share_consent" if mine else "share_proposed",
        payload=_payload(share, by),
        title=f"{'请确认' if mine else '待审批'}：分享“{share.theme}”"[:200],
        link=reverse("meetings:fixed_day_desk"),
        by=by,
        on=on,
    )


@transaction.atomic
def consent_share(*, share: Share, by: User, on: date) -> Share:
    """The branch agrees that its example be shown; again is the same."""
    found = _locked(share)
    if found.consented_by_id is not None:
        return found
    _still_open(found)
    found.consented_by, found.consented_at = by, timezone.now()
    found.save()
    _ask(found, by, on)
    return found


@transaction.atomic
def decide_share(*, share: Share, approve: bool, by: User, on: date, answer: str = "") -> Share:
    """Approve or refuse: never one's own (S16), never without the branch's consent, never twice."""
    found = _locked(share)
    _still_open(found)
    if by.pk in (found.proposed_by_id, found.consented_by_id):
        raise Refusal("提出人和同意人不能审批，请由另一位同志审批。", code="forbidden")
    if approve and found.consented_by_id is None:
        raise Refusal("支部书记还没有同意分享，请等他确认。", code="conflict")
    if approve and found.meeting.status != Status.ACCEPTED:
        raise Refusal("原记录已被退回更正，不能分享；请等重新审核通过。", code="conflict")
    answer = _clean(answer)[:200]
    if not approve and not answer:
        raise Refusal("不批准时请写明意见，方便支部修改。", field="answer")
    found.state = ShareState.APPROVED if approve else ShareState.REFUSED
    found.decided_by, found.decided_at, found.answer = by, timezone.now(), answer
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise Refusal("这份分享刚刚有人办理过，请刷新页面查看结果。", code="conflict") from error
    name = "share_approved" if approve else "share_refused"
    tell_place(
        unit=found.unit,
        below=(Role.SECRETARY,),
        key=f"{name}:{found.pk}",
        template=name,
        payload=_payload(found, by),
        title=f"{'已分享' if approve else '分享未批准'}：{found.theme}"[:200],
        link=reverse("meetings:fixed_day_month", args=[f"{found.month:%Y-%m}"]),
        by=by,
        on=on,
    )
    return found


@transaction.atomic
def withdraw_share(*, share: Share, by: User, on: date) -> Share:
    """Take an example back: nobody else sees it, or its photos, from the next click on."""
    found = _locked(share)
    if found.state == ShareState.WITHDRAWN:
        return found
    if not may_become(ShareState(found.state), ShareState.WITHDRAWN):
        raise Refusal("这份分享没有获批，不用收回。", code="conflict")
    found.state = ShareState.WITHDRAWN
    found.save()
    others = {found.proposed_by_id, found.consented_by_id} - {None, by.pk}
    tell(
        key=f"share_withdrawn:{found.pk}",
        to=[pk for pk in others if pk is not None],
        template="meetings/notices/share_withdrawn",
        payload=_payload(found, by),
        title=f"已收回分享：{found.theme}"[:200],
        link=reverse("meetings:fixed_day_month", args=[f"{found.month:%Y-%m}"]),
        day=on,
    )
    return found


def _locked(share: Share) -> Share:
    rows = Share.unscoped.select_for_update(of=("self",)).select_related("unit", "meeting")
    return rows.get(pk=share.pk)


def _still_open(share: Share) -> None:
    if share.state != ShareState.PROPOSED:
        raise Refusal("这份分享已经办理过了，请刷新页面查看结果。", code="conflict")


def _payload(share: Share, by: User) -> dict[str, str]:
    return {
        "unit": str(share.unit),
        "theme": share.theme,
        "answer": share.answer,
        "who": by.name,
    }


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()
