"""三单, 三责, 个人有关事项: last days and effects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cadres.enums import OrderKind, OrderState
from cadres.rules.limits import Limits
from core.dates import Calendar, Reckoned, add_months, month_end

# What an effect rests on, named when it blocks.
ARTICLES: dict[str, str] = {
    OrderKind.ADMONISH: (
        "《关于组织人事部门对领导干部进行提醒、函询和诫勉的实施细则》（2015）诫勉影响期的规定"
    ),
}


@dataclass(frozen=True)
class Effect:
    """Why somebody cannot be promoted on a day: the sentence and the article."""

    reason: str
    article: str


def reply_due(*, kind: str, issued: date, limits: Limits, calendar: Calendar) -> Reckoned | None:
    """The last working day for the reply; None for 提醒, which asks for none."""
    if kind == OrderKind.INQUIRE:
        return calendar.add_workdays(issued, limits.reply_days)
    if kind == OrderKind.ADMONISH:
        return calendar.add_workdays(issued, limits.admonish_reply_days)
    return None


def effect_until(*, kind: str, issued: date, limits: Limits) -> date | None:
    """The last day of the effect of 诫勉, the day before the same day so many months on."""
    if kind != OrderKind.ADMONISH:
        return None
    ends = add_months(issued, limits.admonish_months)
    return date.fromordinal(ends.toordinal() - 1)


def is_overdue(*, state: str, due: date | None, on: date) -> bool:
    """Whether a reply is owed and its last day has passed."""
    return state == OrderState.ISSUED and due is not None and due < on


def effect_of(*, issued: date, until: date | None, on: date) -> Effect | None:
    """What an order does to a promotion decided on ``on``: 诫勉 bars it to the last day."""
    if until is None or not issued <= on <= until:
        return None
    return Effect(f"诫勉影响期到 {until:%Y-%m-%d}，期内不得提拔", ARTICLES[OrderKind.ADMONISH])


def matters_due(year: int, limits: Limits) -> date:
    """The last day of the yearly report."""
    last = month_end(year, limits.matters_month)
    return last.replace(day=min(limits.matters_day, last.day))
