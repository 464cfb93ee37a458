"""What a record says, as the entries that would be given for it again."""

from __future__ import annotations

from meetings.entries import AttendanceEntry, VoteEntry
from meetings.models import Attendance, Meeting, Vote


def kept_attendance(meeting: Meeting) -> list[AttendanceEntry]:
    """The roll as it is."""
    rows = Attendance.unscoped.filter(meeting=meeting).order_by("pk")
    names = ("member_id", "present", "reason", "note", "eligible")
    return [AttendanceEntry(**row) for row in rows.values(*names)]


def kept_roll(meeting: Meeting) -> dict[int, AttendanceEntry]:
    """The same by member, as the tick-list wants it."""
    return {row.member_id: row for row in kept_attendance(meeting)}


def kept_votes(meeting: Meeting) -> list[VoteEntry]:
    """The votes as they are."""
    rows = Vote.unscoped.filter(meeting=meeting).order_by("pk")
    names = ("subject", "yes", "no", "abstain", "eligible", "present")
    return [VoteEntry(**row) for row in rows.values(*names)]
