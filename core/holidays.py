"""The holiday table as a calendar value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.dates import Calendar
from core.models import Holiday


def calendar_for(years: Iterable[int]) -> Calendar:
    """The State Council's notices for these years; a year without a row is not covered (暂算).

    One query, about forty rows a year. It is asked anew each time: a day that staff enter holds
    with the next click, in every process.
    """
    wanted = sorted(set(years))
    if not wanted:
        return Calendar()
    rows = Holiday.objects.filter(
        day__gte=date(wanted[0], 1, 1), day__lte=date(wanted[-1], 12, 31)
    ).values_list("day", "is_off")
    return Calendar.from_rows(rows, {day.year for day, _ in rows})


def calendar_around(*days: date) -> Calendar:
    """The calendar of the years of these days, and of those before and after them."""
    years = {day.year for day in days}
    return calendar_for(range(min(years) - 1, max(years) + 2))
