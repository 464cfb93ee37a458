"""A district's fixed days: what the rule computes, and what the district set itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from branches.models import Unit
from core.dates import FixedDay, Period, fixed_day
from core.holidays import calendar_around
from meetings.enums import MoveState
from meetings.models import FixedDayMove

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class MonthDay:
    """The 固定组织生活日 of one month; ``move`` is the approved one, if there is one."""

    month: Period
    computed: FixedDay
    move: FixedDayMove | None

    @property
    def day(self) -> date:
        """The day that holds."""
        return self.move.day if self.move else self.computed.day

    @property
    def weekday(self) -> str:
        """星期二."""
        return f"星期{WEEKDAYS[self.day.weekday()]}"

    @property
    def provisional(self) -> bool:
        """暂算: the year's holiday notice is not out, and nobody set a day."""
        return self.move is None and self.computed.provisional

    @property
    def postponed(self) -> bool:
        """Moved off a public holiday by the rule."""
        return self.move is None and self.computed.moved


def fixed_days(*, district: Unit | None, months: Sequence[Period]) -> list[MonthDay]:
    """The fixed days of some months, by two queries; without a district the computed ones."""
    if not months:
        return []
    calendar = calendar_around(months[0].start, months[-1].end)
    moves: dict[date, FixedDayMove] = {}
    if district is not None:
        rows = FixedDayMove.objects.everywhere(
            "a district's calendar is open to everybody in it"
        ).filter(
            unit=district,
            state=MoveState.APPROVED,
            month__range=(months[0].start, months[-1].start),
        )
        moves = {row.month: row for row in rows.select_related("proposed_by", "decided_by")}
    return [
        MonthDay(
            month,
            fixed_day(month.year, month.number, holidays=calendar),
            moves.get(month.start),
        )
        for month in months
    ]


def next_fixed_day(*, district: Unit | None, on: date) -> MonthDay:
    """The coming fixed day, today included."""
    month = Period.containing(on, "month")
    days = fixed_days(district=district, months=[month, month.next()])
    return next((one for one in days if one.day >= on), days[-1])
