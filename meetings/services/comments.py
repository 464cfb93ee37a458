"""审阅: said beside a record, answered, withdrawn; no state of the record follows."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.errors import Refusal
from core.outbox import tell
from core.screening import mark_in_text, refusal_of
from meetings.enums import Status
from meetings.models import Comment, Meeting
from meetings.telling import keepers, writers_of

LONGEST = 500


@transaction.atomic
def add_comment(*, meeting: Meeting, by: User, text: str, form_key: UUID) -> Comment:
    """审阅意见 of somebody above, at any state after filing; the branch is told.

    The same form again is the comment that it made.

    Raises:
        Refusal: nothing is said, too much, a mark of secrecy, or the record is not filed yet.
    """
    said = _said(text)
    if meeting.status == Status.DRAFT or meeting.first_submitted_on is None:
        raise Refusal("记录还没有提交，提交以后才能审阅。", code="conflict")
    comment, is_new = _kept(Comment(meeting=meeting, by=by, text=said, form_key=form_key))
    if is_new:
        to = set(keepers(writers_of(meeting.unit), timezone.localdate())) - {by.pk}
        _tell(comment, sorted(to), "审阅意见", "comment")
    return comment


@transaction.atomic
def answer_comment(*, comment: Comment, by: User, text: str, form_key: UUID) -> Comment:
    """The branch's answer; who said it is told.

    Raises:
        Refusal: as :func:`add_comment`; or the comment was withdrawn, or is an answer itself.
    """
    said = _said(text)
    comment = (
        Comment.unscoped.select_for_update(of=("self",))
        .select_related("meeting__unit")
        .get(pk=comment.pk)
    )
    if comment.answers_id is not None:
        raise Refusal("请答复审阅意见本身。")
    if comment.withdrawn_at is not None:
        raise Refusal("这条意见已由作者撤回，不用答复。", code="conflict")
    answer, is_new = _kept(
        Comment(meeting=comment.meeting, answers=comment, by=by, text=said, form_key=form_key)
    )
    if is_new and comment.by_id != by.pk:
        _tell(answer, [comment.by_id], "审阅意见已答复", "comment_answered")
    return answer


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: User) -> Comment:
    """Take one's own words back; that something stood there stays to be seen."""
    comment = Comment.unscoped.select_for_update(of=("self",)).get(pk=comment.pk)
    if comment.by_id != by.pk:
        raise Refusal("只有作者本人可以撤回。", code="forbidden")
    if comment.withdrawn_at is None:
        comment.withdrawn_at = timezone.now()
        comment.save(update_fields=["withdrawn_at"])
    return comment


def _said(text: str) -> str:
    said = text.replace("\x00", "").strip()
    if not said:
        raise Refusal("请写下意见。", field="text")
    if len(said) > LONGEST:
        raise Refusal(f"请控制在 {LONGEST} 字以内。", field="text")
    mark = mark_in_text(said)
    if mark:
        raise Refusal(refusal_of(mark, "填写的内容"), field="text")
    return said


def _kept(fresh: Comment) -> tuple[Comment, bool]:
    """The comment of this form, and whether it is new."""
    known = Comment.unscoped.filter(form_key=fresh.form_key)
    found = known.first()
    if found is None:
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
        except IntegrityError:
            found = known.get()
        else:
            return fresh, True
    if (found.by_id, found.meeting_id) != (fresh.by_id, fresh.meeting_id):
        raise Refusal("请刷新页面后再写。", code="conflict")
    return found, False


def _tell(comment: Comment, to: list[int], title: str, name: str) -> None:
    meeting = comment.meeting
    tell(
        key=f"{name}:{comment.pk}",
        to=to,
        template=f"meetings/notices/{name}",
        payload={
            "unit": str(meeting.unit),
            "topic": meeting.topic,
            "who": comment.by.name,
            "text": comment.text,
        },
        title=f"{title}：{meeting.topic}"[:200],
        link=f"{reverse('meetings:meeting_detail', args=[meeting.uuid])}#comments",
    )
