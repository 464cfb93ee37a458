"""更正: an accepted record changes only by a new version with its reason, approved above."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.errors import Refusal
from core.outbox import tell
from meetings import versions
from meetings.entries import AttendanceEntry, MeetingContent, VoteEntry
from meetings.enums import Status
from meetings.enums.corrections import CORRECTION_MOVES, CorrectionState
from meetings.models import Correction, Meeting, MeetingStep
from meetings.rules.differences import differences
from meetings.services.record import fill, prepared, write_rows

_REASON_MAX = 500
_NOT_ACCEPTED = "这条记录现在不是“已通过”，不用更正：退回的记录可以直接修改后重新提交。"


def _words(text: str, what: str) -> str:
    said = text.replace("\x00", "").strip()
    if not said:
        raise Refusal(f"请写明{what}。", field="reason")
    if len(said) > _REASON_MAX:
        raise Refusal(f"{what}请控制在 {_REASON_MAX} 字以内。", field="reason")
    return said


@transaction.atomic
def propose(
    *,
    meeting: Meeting,
    by: User,
    form_key: UUID,
    content: MeetingContent,
    attendance: Sequence[AttendanceEntry],
    votes: Sequence[VoteEntry],
    reason: str,
) -> Correction:
    """Ask for a new version of an accepted record. The same form again is the same proposal.

    Nothing counts differently until somebody above approves.

    Raises:
        Refusal: no reason, nothing differs, the facts do not hold, the record is not accepted, or
            another proposal waits (``conflict``).
    """
    found = Correction.unscoped.filter(form_key=form_key, meeting=meeting).first()
    if found is not None:
        return found
    why = _words(reason, "更正的理由")
    meeting = Meeting.unscoped.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.status != Status.ACCEPTED:
        raise Refusal(_NOT_ACCEPTED, code="conflict")
    rows, ballots = prepared(
        unit=meeting.unit, content=content, attendance=attendance, votes=votes, meeting=meeting
    )
    if meeting.first_submitted_on and content.held_on > meeting.first_submitted_on:
        raise Refusal(
            f"这条记录 {meeting.first_submitted_on:%Y-%m-%d} 就提交过，召开日期不能晚于那一天。",
            field="held_on",
        )
    if not content.topic.strip():
        raise Refusal("请用一句话写明会议主题。", field="topic")
    before, after = versions.of_record(meeting), versions.drawn(content, rows, ballots)
    if not differences(before, after):
        raise Refusal("填的内容和原记录一样，没有可更正的；请改动后再提交。")
    try:
        with transaction.atomic():
            return Correction.unscoped.create(
                meeting=meeting,
                version=meeting.version + 1,
                reason=why,
                before=before,
                after=after,
                form_key=form_key,
                by=by,
            )
    except IntegrityError:
        raise Refusal(
            "这条记录已有一份更正在等待审批；请等审批，或先撤回那一份。", code="conflict"
        ) from None


def _locked(correction: Correction) -> Correction:
    rows = Correction.unscoped.select_for_update(of=("self",)).select_related("meeting__unit")
    found: Correction = rows.get(pk=correction.pk)
    return found


def _settle(correction: Correction, to: CorrectionState, by: User, answer: str = "") -> Correction:
    """Decide a locked proposal, tell whoever made it, and write the step into the record's way."""
    if (correction.state, to) not in CORRECTION_MOVES:
        word = CorrectionState(correction.state).label
        raise Refusal(f"这份更正现在是“{word}”，不能再这样办理；请刷新。", code="conflict")
    if correction.by_id == by.pk:
        raise Refusal(
            "这份更正是您本人提出的，请由另一位同志审批。", code="forbidden", field="reason"
        )
    correction.state, correction.answer = to, answer
    correction.decided_by, correction.decided_at = by, timezone.now()
    correction.save()
    approved = to == CorrectionState.APPROVED
    tell(
        key=f"correction:{correction.uuid}:{to}",
        to=[correction.by_id],
        template="meetings/notices/correction_decided",
        payload={
            "record": str(correction.meeting),
            "approved": approved,
            "answer": answer,
            "version": correction.version,
        },
        title=f"更正{'已批准' if approved else '未批准'}：{correction.meeting}"[:200],
        link=reverse("meetings:meeting_detail", args=[correction.meeting.uuid]),
    )
    return correction


@transaction.atomic
def approve(*, correction: Correction, by: User) -> Correction:
    """批准: the record says from now on what was proposed; the old version is kept beside it.

    Published runs stay as they are; the next run reads the new version.

    Raises:
        Refusal: decided already, one's own proposal, the record was returned or written in
            meanwhile, or the proposal does not hold any more (somebody left the roster).
    """
    correction = _locked(correction)
    meeting = (
        Meeting.unscoped.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=correction.meeting_id)
    )
    correction = _settle(correction, CorrectionState.APPROVED, by)
    if meeting.status != Status.ACCEPTED or meeting.version + 1 != correction.version:
        raise Refusal(_NOT_ACCEPTED, code="conflict")
    content = versions.content_of(correction.after)
    rows, ballots = prepared(
        unit=meeting.unit,
        content=content,
        attendance=versions.people_of(correction.after),
        votes=versions.votes_of(correction.after),
        meeting=meeting,
    )
    fill(meeting, content, rows)
    meeting.version += 1
    meeting.revision += 1
    meeting.written_from = None
    meeting.save()
    write_rows(meeting, rows, ballots)
    MeetingStep.unscoped.create(
        meeting=meeting,
        before=Status.ACCEPTED,
        after=Status.ACCEPTED,
        reason=f"更正为第 {meeting.version} 版：{correction.reason}"[:500],
        by=by,
    )
    return correction


@transaction.atomic
def refuse(*, correction: Correction, by: User, reason: str) -> Correction:
    """不批准, with the reason; the record stays as it is."""
    answer = _words(reason, "不批准的理由")
    return _settle(_locked(correction), CorrectionState.REFUSED, by, answer)


@transaction.atomic
def take_back(*, correction: Correction, by: User) -> Correction:
    """撤回 a proposal that nobody has decided; a second time changes nothing."""
    correction = _locked(correction)
    if correction.state == CorrectionState.WITHDRAWN:
        return correction
    if (correction.state, CorrectionState.WITHDRAWN) not in CORRECTION_MOVES:
        word = CorrectionState(correction.state).label
        raise Refusal(f"这份更正现在是“{word}”，不能再撤回。", code="conflict")
    correction.state = CorrectionState.WITHDRAWN
    correction.save()
    return correction
