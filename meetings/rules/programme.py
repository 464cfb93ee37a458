"""The rules of the fixed day's programme and of postponing it, as pure functions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from core.dates import Period
from meetings.enums.programme import (
    POSTPONE_MOVES,
    PROGRAMME_MOVES,
    SHARE_MOVES,
    PostponeState,
    ProgrammeState,
    ShareState,
)

State = TypeVar("State", ProgrammeState, PostponeState, ShareState)
# The district writes next month's programme from this day of the month on.
WRITE_FROM = 25
# A shared example shows so many of the record's photos at most.
MOST_PHOTOS = 3
_MOVES: frozenset[tuple[object, object]] = frozenset(
    {*PROGRAMME_MOVES, *POSTPONE_MOVES, *SHARE_MOVES}
)


def may_become(before: State, after: State) -> bool:
    """Whether the table of transitions allows it."""
    return (before, after) in _MOVES


def last_postponed_day(month: Period, fixed: date, *, extra_days: int) -> date:
    """The last day to which a fixed day may be put off.

    Within the month; ``extra_days`` (a parameter of the district) allow so many days after the
    fixed day itself, into the next month if need be.
    """
    return max(month.end, fixed + timedelta(days=max(extra_days, 0)))


def postpone_fault(
    *, month: Period, fixed: date, day: date, on: date, extra_days: int
) -> tuple[str, str]:
    """Why a fixed day may not be put off to ``day``: (field, sentence), empty when it may.

    Asked for on the day ``on``; the new day lies after the fixed day and not in the past. A day
    that has passed without a record may still be put off within the month.
    """
    last = last_postponed_day(month, fixed, extra_days=extra_days)
    if day == fixed:
        return "day", f"{fixed.month}月{fixed.day}日本来就是固定组织生活日，不用延期。"
    if day < fixed:
        return "day", f"延期只能往后：请选 {fixed.month}月{fixed.day}日之后的日子。"
    if day < on:
        return "day", "这一天已经过了，请选今天或以后的日子。"
    if day > last:
        return "day", f"最晚只能延到 {last.month}月{last.day}日，请另选一天。"
    return "", ""


def is_time_to_write(on: date, *, from_day: int = WRITE_FROM) -> bool:
    """Whether next month's programme is due to be written."""
    return on.day >= from_day
