"""固定日日程: a district's year of fixed days beside what the asker's own branch owes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.scope import Scope
from core.dates import Period
from meetings.duties import Duty, duties
from meetings.enums import MoveState
from meetings.enums.programme import PostponeState
from meetings.fixed_days import MonthDay, fixed_days
from meetings.models import CalendarFeed, FixedDayMove, Postponement
from meetings.permissions import SUBSCRIBERS
from meetings.programmes import places

MOST_OWN = 5
_MOST_MOVES = 24
_OWN = (Role.SECRETARY, Role.GROUP_LEADER)


@dataclass(frozen=True)
class YearMonth:
    """One month: its day, whether the branch put it off, and the duties due in it."""

    fixed: MonthDay
    duties: Sequence[Duty]
    put_off: Postponement | None
    past: bool
    now: bool


def year_months(scope: Scope, district: Unit | None, year: int, *, on: date) -> list[YearMonth]:
    """The twelve months of a year as the asker sees them."""
    own, put_off = _own(scope, year, on), _put_off(scope, year)
    return [
        YearMonth(
            fixed=day,
            duties=own.get(day.month.start, []),
            put_off=put_off.get(day.month.start),
            past=day.day < on,
            now=day.month.contains(on),
        )
        for day in fixed_days(district=district, months=Period.full_year(year).months())
    ]


def _own(scope: Scope, year: int, on: date) -> dict[date, list[Duty]]:
    """The duties of the asker's own branch by the month they are due in; staff have none."""
    roots = scope.units_as(*_OWN)
    branches = [unit.parent if unit.is_group else unit for unit in roots][:MOST_OWN]
    units = [unit for unit in branches if unit is not None and unit.kind in BRANCH_KINDS]
    if not units or scope.is_staff:
        return {}
    period, found = Period.full_year(year), defaultdict(list)
    own = {unit.pk for unit in roots}
    for duty in duties(units=units, first=period.start, last=period.end, on=on):
        # A group leader reads the duties of his group, not the branch's.
        if duty.unit_id in own or duty.group_id in own:
            found[duty.due.replace(day=1)].append(duty)
    return found


def _put_off(scope: Scope, year: int) -> dict[date, Postponement]:
    """The approved postponements of the asker's own branch, or of those above it, by month."""
    above = {path for unit in scope.units_as(*_OWN) for path in places(unit)}
    if not above:
        return {}
    rows = Postponement.objects.everywhere("a committee's postponement holds for all below")
    found = rows.filter(unit__path__in=above, month__year=year, state=PostponeState.APPROVED)
    return {row.month: row for row in found.order_by("unit__path")}


def moves_of(district: Unit, units: Iterable[Unit]) -> list[FixedDayMove]:
    """Proposals and decisions for a district in reach, those that wait first."""
    rows = FixedDayMove.objects.within(*units).filter(unit=district)
    found = rows.select_related("proposed_by", "decided_by")[:_MOST_MOVES]
    return sorted(found, key=lambda move: move.state != MoveState.PROPOSED)


def feed_units(scope: Scope) -> list[Unit]:
    """The units whose days the asker may have on his phone."""
    return [one for one in scope.units_as(*SUBSCRIBERS) if not one.is_group]


def feeds_of(units: Iterable[Unit], user_id: int | None) -> list[CalendarFeed]:
    """The addresses that he has of them."""
    rows = CalendarFeed.objects.within(*units).filter(created_by=user_id, revoked_at__isnull=True)
    return list(rows.select_related("unit")[:MOST_OWN])
