"""The way of a record: submitted, accepted, returned with a reason, withdrawn, reversed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.errors import Refusal
from meetings.entries import BulkOutcome
from meetings.enums import COUNTING, Kind, Status
from meetings.models import Meeting, MeetingStep
from meetings.permissions import is_own_work
from meetings.querysets import MeetingQuerySet
from meetings.rules import can_move
from meetings.services.hints import note_minutes
from meetings.services.lectures import follow
from meetings.services.returned import tell_returned
from meetings.services.roster import expected_members

_REASON_MAX = 500


def _lock(meeting: Meeting) -> Meeting:
    """The record as it is now, its row locked until the end of the transaction."""
    rows = Meeting.unscoped.select_for_update(of=("self",)).select_related("unit", "reviewed_by")
    return rows.get(pk=meeting.pk)


def _move(meeting: Meeting, to: Status, by: User | None, reason: str = "") -> Meeting:
    """Change the status of a locked record and note the step."""
    if not can_move(meeting.status, to):
        raise Refusal(_moved_already(meeting), code="conflict")
    before, meeting.status = meeting.status, to
    meeting.save()
    MeetingStep.unscoped.create(meeting=meeting, before=before, after=to, reason=reason, by=by)
    if to == Status.RETURNED:
        tell_returned([meeting.pk])
    _follow([meeting.pk], before, to)
    return meeting


def _follow(meeting_ids: Iterable[int], before: int, to: int) -> None:
    """What hangs on records follows when they begin to count, or do so no more."""
    if (before in COUNTING) != (to in COUNTING):
        follow(meeting_ids)


def _moved_already(meeting: Meeting) -> str:
    word = Status(meeting.status).label
    who = f"，办理人 {meeting.reviewed_by.name}" if meeting.reviewed_by else ""
    return f"这条记录现在是“{word}”{who}，不能再这样办理；请刷新后看最新情况。"


def _reason(text: str, what: str) -> str:
    reason = text.replace("\x00", "").strip()
    if not reason:
        raise Refusal(f"请写明{what}的原因，让支部知道要改什么。", field="reason")
    if len(reason) > _REASON_MAX:
        raise Refusal(f"原因请控制在 {_REASON_MAX} 字以内。", field="reason")
    return reason


def _authors(meeting_ids: Iterable[int]) -> dict[int, set[int | None]]:
    """Who wrote or filed each record."""
    found: dict[int, set[int | None]] = {}
    rows = Meeting.unscoped.filter(pk__in=meeting_ids).values_list("pk", "created_by_id")
    steps = MeetingStep.unscoped.filter(
        meeting_id__in=meeting_ids, after__in=(Status.DRAFT, Status.SUBMITTED)
    ).values_list("meeting_id", "by_id")
    for pk, user_id in (*rows, *steps):
        found.setdefault(pk, set()).add(user_id)
    return found


def _refuse_own(meeting: Meeting, by: User | None) -> None:
    if is_own_work(_authors([meeting.pk]).get(meeting.pk, ()), by.pk if by else None):
        raise Refusal("这条记录是您本人录入或提交的，请由另一位同志审核。", code="forbidden")


@transaction.atomic
def submit(*, meeting: Meeting, by: User | None, on: date) -> Meeting:
    """File a draft or a corrected record on the local day ``on``.

    ``first_submitted_on`` is set the first time only. A second arrival changes nothing.

    Raises:
        Refusal: the meeting lies in the future, has no topic, nobody came, or cannot be filed.
    """
    meeting = _lock(meeting)
    if meeting.status == Status.SUBMITTED:
        return meeting
    if meeting.held_on > on:
        raise Refusal("召开日期在今天之后；会议开完再提交，现在可以先存草稿。", field="held_on")
    if not meeting.topic.strip():
        raise Refusal("请用一句话写明会议主题。", field="topic")
    _check_attendance(meeting)
    if meeting.first_submitted_on is None:
        meeting.first_submitted_on = on
    meeting.submitted_at = timezone.now()
    meeting.reviewed_at = meeting.reviewed_by = None
    note_minutes(meeting)
    return _move(meeting, Status.SUBMITTED, by)


def _check_attendance(meeting: Meeting) -> None:
    """A talk needs no roll; everything else does, where there is a roster to call."""
    if meeting.kind_mask == Kind.TALK:
        return
    if meeting.present_count:
        return
    if meeting.eligible_count:
        raise Refusal("到会人数是 0，请核对到会名单。", field="attendance")
    if expected_members(unit=meeting.unit, on=meeting.held_on, kind_mask=meeting.kind_mask):
        raise Refusal("请先核对到会名单，再提交。", field="attendance")


@transaction.atomic
def withdraw(*, meeting: Meeting, by: User | None, reason: str = "") -> Meeting:
    """The branch takes back a record that is not accepted; it counts for nothing from now on."""
    meeting = _lock(meeting)
    if meeting.status == Status.WITHDRAWN:
        return meeting
    return _move(meeting, Status.WITHDRAWN, by, reason.strip()[:_REASON_MAX])


@transaction.atomic
def accept(*, meeting: Meeting, by: User) -> Meeting:
    """审核通过: the record is locked from now on.

    Raises:
        Refusal: somebody decided before (``conflict``), or it is one's own work (``forbidden``).
    """
    meeting = _lock(meeting)
    return _decide(meeting, Status.ACCEPTED, by, "")


@transaction.atomic
def return_(*, meeting: Meeting, by: User, reason: str) -> Meeting:
    """退回 a submitted record with the reason; the branch corrects it and files it again."""
    text = _reason(reason, "退回")
    meeting = _lock(meeting)
    if meeting.status == Status.ACCEPTED:
        raise Refusal(_moved_already(meeting), code="conflict")
    return _decide(meeting, Status.RETURNED, by, text)


@transaction.atomic
def reverse(*, meeting: Meeting, by: User, reason: str) -> Meeting:
    """撤销审核: an accepted record goes back for correction, with the reason.

    Points change in the next run, never in a published one.
    """
    text = _reason(reason, "撤销审核")
    meeting = _lock(meeting)
    if meeting.status != Status.ACCEPTED:
        raise Refusal(_moved_already(meeting), code="conflict")
    return _decide(meeting, Status.RETURNED, by, text)


def _decide(meeting: Meeting, to: Status, by: User, reason: str) -> Meeting:
    if can_move(meeting.status, to):
        _refuse_own(meeting, by)
        meeting.reviewed_at, meeting.reviewed_by = timezone.now(), by
    return _move(meeting, to, by, reason)


def accept_many(*, records: MeetingQuerySet, uuids: Sequence[UUID], by: User) -> BulkOutcome:
    """Accept all of ``uuids`` that can be; ``records`` is what the reviewer may decide on."""
    return _decide_many(records, uuids, Status.ACCEPTED, by, "")


def return_many(
    *, records: MeetingQuerySet, uuids: Sequence[UUID], by: User, reason: str
) -> BulkOutcome:
    """Return all of ``uuids`` that can be, with one reason."""
    return _decide_many(records, uuids, Status.RETURNED, by, _reason(reason, "退回"))


@transaction.atomic
def _decide_many(
    records: MeetingQuerySet, uuids: Sequence[UUID], to: Status, by: User, reason: str
) -> BulkOutcome:
    """A few statements for any number of records; each is checked, in the order of their locks."""
    locked = list(
        records.filter(uuid__in=uuids)
        .select_for_update(of=("self",))
        .select_related("unit")
        .order_by("pk")
    )
    authors = _authors([meeting.pk for meeting in locked])
    refused, good = [], []
    for meeting in locked:
        if meeting.status != Status.SUBMITTED:
            refused.append(f"{meeting}：{_moved_already_short(meeting)}")
        elif is_own_work(authors.get(meeting.pk, ()), by.pk):
            refused.append(f"{meeting}：本人录入或提交，须由另一位同志审核。")
        else:
            good.append(meeting)
    now = timezone.now()
    Meeting.unscoped.filter(pk__in=[meeting.pk for meeting in good]).update(
        status=to, reviewed_at=now, reviewed_by=by, updated_at=now
    )
    MeetingStep.unscoped.bulk_create(
        MeetingStep(meeting=meeting, before=meeting.status, after=to, reason=reason, by=by)
        for meeting in good
    )
    if to == Status.RETURNED:
        tell_returned(meeting.pk for meeting in good)
    _follow([meeting.pk for meeting in good], Status.SUBMITTED, to)
    return BulkOutcome(done=len(good), refused=tuple(refused))


def _moved_already_short(meeting: Meeting) -> str:
    return f"现在是“{Status(meeting.status).label}”，没有改动。"
