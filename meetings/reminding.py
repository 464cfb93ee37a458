"""When a reminder is due: pure arithmetic of days.

A reminder has a moment; a scheduler that was away then still sends it up to a week later, as long
as its reason stands. So each rule answers: for which days, seen from today, is it due now?
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import Calendar, Period

CATCH_UP = timedelta(days=7)
# 固定组织生活日: three working days before.
SOON_WORKDAYS = 3
# The last days of a month, when what its end will miss is told.
MONTH_END_FROM = 25
# A 四个必开 window: so many days before its last.
WINDOW_NOTICE = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """A span of days, both ends included."""

    first: date
    last: date

    def hold(self, days: Iterable[date]) -> bool:
        """Whether one of these days lies in the span."""
        return any(self.first <= day <= self.last for day in days)


def fixed_days_soon(on: date, *, calendar: Calendar) -> Days | None:
    """The fixed days to come whose T−3 (working days) was reached in the week up to ``on``.

    Once the day itself has come there is nothing to prepare for any more.
    """
    ahead = (on + timedelta(days=count) for count in range(1, 32))
    due = [
        day
        for day in ahead
        if on - CATCH_UP <= calendar.workdays_before(day, SOON_WORKDAYS).day <= on
    ]
    return Days(due[0], due[-1]) if due else None


def fixed_days_past(on: date) -> Days:
    """The fixed days whose T+1 was reached in the week up to ``on``."""
    return Days(on - _DAY - CATCH_UP, on - _DAY)


def month_ending(on: date) -> Period | None:
    """The month whose end is told now: from its 25th, a week long."""
    for month in (Period.containing(on, "month"), Period.containing(on, "month").previous()):
        moment = month.start.replace(day=MONTH_END_FROM)
        if moment <= on <= moment + CATCH_UP:
            return month
    return None


def windows_closing(on: date) -> Days:
    """The last days of 四个必开 windows that close within a week."""
    return Days(on, on + WINDOW_NOTICE)
