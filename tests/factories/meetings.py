"""Records of meetings, made directly: quick, and within the constraints of the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from branches.models import Event, Member, Unit
from branches.rules import event_window_end
from meetings.enums import Cause, Kind, Status
from meetings.models import Attendance, Correction, Meeting, MeetingStep, SpotCheck
from meetings.versions import of_record

# A row of attendance: (member, "") came, (member, "sick") did not.
Row = tuple[Member, str]


def make_meeting(
    unit: Unit,
    kinds: Kind | Iterable[Kind] = Kind.MEMBERS,
    held_on: date = date(2026, 7, 1),
    *,
    submitted_on: date | None = None,
    status: Status = Status.SUBMITTED,
    attendance: Sequence[Row] | tuple[int, int] = (),
    topic: str = "集体学习《中国共产党章程》",
    by: User | None = None,
    reviewed_by: User | None = None,
    **fields: object,
) -> Meeting:
    """One record with its first steps. ``attendance`` is rows, or (实到, 应到) without rows.

    ``submitted_on`` is the meeting's day unless said; a draft has none.
    """
    mask = int(kinds) if isinstance(kinds, Kind) else sum({int(kind) for kind in kinds})
    rows: list[Row] = []
    present = eligible = 0
    if len(attendance) == 2 and isinstance(attendance[0], int):
        present, eligible = attendance  # type: ignore[assignment]
    else:
        rows = list(attendance)  # type: ignore[arg-type]
        present, eligible = sum(not reason for _, reason in rows), len(rows)
    filed = None if status == Status.DRAFT else submitted_on or held_on
    moment = timezone.make_aware(datetime.combine(filed or held_on, time(9)))
    meeting: Meeting = Meeting.unscoped.create(
        unit=unit,
        kind_mask=mask,
        held_on=held_on,
        topic=topic,
        status=status,
        eligible_count=eligible,
        present_count=present,
        first_submitted_on=filed,
        submitted_at=moment if filed else None,
        reviewed_at=moment if status in (Status.ACCEPTED, Status.RETURNED) else None,
        reviewed_by=reviewed_by,
        created_by=by,
        **fields,
    )
    Attendance.unscoped.bulk_create(
        Attendance(
            meeting=meeting,
            member=member,
            name=member.name,
            voting=member.votes,
            present=not reason,
            reason=reason,
        )
        for member, reason in rows
    )
    path = {
        Status.DRAFT: [Status.DRAFT],
        Status.SUBMITTED: [Status.DRAFT, Status.SUBMITTED],
        Status.WITHDRAWN: [Status.DRAFT, Status.WITHDRAWN],
    }.get(status, [Status.DRAFT, Status.SUBMITTED, status])
    before: list[Status | None] = [None, *path[:-1]]
    MeetingStep.unscoped.bulk_create(
        MeetingStep(
            meeting=meeting,
            before=was,
            after=now,
            by=reviewed_by if now in (Status.ACCEPTED, Status.RETURNED) else by,
            reason="请补充会议决议。" if now == Status.RETURNED else "",
        )
        for was, now in zip(before, path, strict=True)
    )
    return meeting


def make_event(
    unit: Unit,
    day: date = date(2026, 7, 1),
    *,
    cause: Cause = Cause.DECISION,
    title: str = "讨论年度预算",
    by: User | None = None,
    **fields: object,
) -> Event:
    """A registered event with its window."""
    event: Event = Event.unscoped.create(
        unit=unit,
        cause=cause,
        day=day,
        window_end=event_window_end(cause, day),
        title=title,
        by=by,
        **fields,
    )
    return event


def make_spot_check(
    unit: Unit,
    checked_on: date = date(2026, 7, 15),
    score: Decimal | int = 90,
    *,
    meeting: Meeting | None = None,
    by: User | None = None,
    findings: str = "",
) -> SpotCheck:
    """One 调阅 with its score."""
    check: SpotCheck = SpotCheck.unscoped.create(
        unit=unit,
        checked_on=checked_on,
        score=Decimal(score),
        meeting=meeting,
        by=by,
        findings=findings,
    )
    return check


def make_correction(
    meeting: Meeting, *, by: User, reason: str = "录入时漏了一人。", **after: object
) -> Correction:
    """A proposal that waits: the record as it is, but for what ``after`` names."""
    before = of_record(meeting)
    correction: Correction = Correction.unscoped.create(
        meeting=meeting,
        version=meeting.version + 1,
        reason=reason,
        before=before,
        after={**before, **after},
        form_key=uuid4(),
        by=by,
    )
    return correction
