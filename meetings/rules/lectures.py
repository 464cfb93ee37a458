"""The rules of the lecture service as pure functions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from meetings.enums.lectures import BOOKING_MOVES


def can_move_booking(before: str, after: str) -> bool:
    """Whether a booking may go from one state to the other."""
    return (before, after) in BOOKING_MOVES


def overlaps(
    first_from: datetime, first_to: datetime, other_from: datetime, other_to: datetime
) -> bool:
    """Whether two spans share a moment; one that begins when the other ends does not.

    The same as ``&&`` of two ``tstzrange(…, '[)')``.
    """
    return first_from < other_to and other_from < first_to


def end_of(start: datetime, minutes: int) -> datetime:
    """When a lecture of so many minutes is over."""
    return start + timedelta(minutes=minutes)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week in which a day lies."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
