"""Two people wrote in one record: what it says now, beside what is to be written."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from branches.models import Unit
from core.errors import Refusal
from meetings import versions
from meetings.entries import AttendanceEntry, MeetingContent, VoteEntry
from meetings.models import Attendance, Meeting, Vote
from meetings.rules.differences import Difference, differences
from meetings.services.record import prepared


def written_by(*, meeting: Meeting | None, form_key: UUID | None) -> Meeting | None:
    """The record that a form writes in, as it is stored now."""
    rows = Meeting.unscoped.select_related("unit")
    if meeting is not None:
        return rows.filter(pk=meeting.pk).first()
    return rows.filter(form_key=form_key).first() if form_key else None


def clash(
    *,
    meeting: Meeting,
    content: MeetingContent,
    attendance: Sequence[AttendanceEntry],
    votes: Sequence[VoteEntry],
) -> list[Difference]:
    """Where the stored record and the posted facts differ; ``before`` is what is stored."""
    # What does not hold has been told already; the facts alone can still be compared.
    rows, ballots = prepared_loosely(
        unit=meeting.unit, content=content, attendance=attendance, votes=votes, meeting=meeting
    )
    return differences(versions.of_record(meeting), versions.drawn(content, rows, ballots))


def prepared_loosely(
    *,
    unit: Unit,
    content: MeetingContent,
    attendance: Sequence[AttendanceEntry],
    votes: Sequence[VoteEntry],
    meeting: Meeting | None,
) -> tuple[list[Attendance], list[Vote]]:
    """As :func:`meetings.services.record.prepared`; no rows where something does not hold."""
    try:
        return prepared(
            unit=unit, content=content, attendance=attendance, votes=votes, meeting=meeting
        )
    except Refusal:
        return [], []
