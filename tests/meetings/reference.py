"""scoring.md once more, in the plainest Python there is: what the SQL is compared with.

Nothing here is shared with the code under test: no rule, no SQL, no calendar.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

BRANCHES = ("branch", "joint_branch", "temp_branch", "temp_joint_branch")
RANKED = ("branch", "joint_branch")
MEMBERS, COMMITTEE, GROUP, LECTURE, FIXED = 1, 2, 4, 8, 16
ORDER = ["members", "committee", "group", "lecture", "fixed_day", "must_hold"]


@dataclass
class RefUnit:
    id: int
    path: str
    kind: str
    parent: int | None = None
    district: int | None = None
    committee: int | None = None
    code: str = ""
    field: str = "other"
    founded: date | None = None
    dissolved: date | None = None


@dataclass
class RefTerm:
    unit: int
    started: date
    ended: date | None = None
    with_committee: bool = True


@dataclass
class RefExemption:
    unit: int
    kind: str
    since: date
    until: date
    approved: bool = True


@dataclass
class RefEvent:
    id: int
    unit: int
    cause: str
    day: date
    window_end: date
    withdrawn: bool = False


@dataclass
class RefRecord:
    id: int
    unit: int
    mask: int
    held: date
    status: int
    submitted: date | None = None
    eligible: int = 0
    present: int = 0

    @property
    def counts(self) -> bool:
        return self.status in (1, 2)


@dataclass
class RefMove:
    district: int
    month: date
    day: date
    approved: bool = True


@dataclass
class RefCheck:
    unit: int
    day: date
    score: Decimal


@dataclass
class RefRuling:
    """What the district ruled on an appeal; credit None: the duty does not apply."""

    unit: int
    kind: str
    cause: str
    first: date
    group: int | None
    event: int | None
    credit: Decimal | None
    current: bool = True


@dataclass
class World:
    units: list[RefUnit] = field(default_factory=list)
    terms: list[RefTerm] = field(default_factory=list)
    exemptions: list[RefExemption] = field(default_factory=list)
    events: list[RefEvent] = field(default_factory=list)
    records: list[RefRecord] = field(default_factory=list)
    moves: list[RefMove] = field(default_factory=list)
    checks: list[RefCheck] = field(default_factory=list)
    rulings: list[RefRuling] = field(default_factory=list)
    holidays: set[date] = field(default_factory=set)


@dataclass(frozen=True)
class RefRules:
    off_day: Decimal = Decimal("0.6")
    late: Decimal = Decimal("0.8")
    late_days: int = 7
    # Months of one period.
    members: int = 3
    committee: int = 1
    group: int = 1
    lecture: int = 6
    party_day: tuple[tuple[int, int], tuple[int, int]] = ((6, 24), (7, 7))
    year_end: tuple[tuple[int, int], tuple[int, int]] = ((12, 1), (12, 31))


@dataclass(frozen=True)
class RefDuty:
    unit: int
    due: date
    kind: str
    group: int | None
    event: int | None
    cause: str
    first: date
    fixed_day: date | None
    credit: Decimal
    record: int | None
    state: str


def month_days(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def spans(year: int, months: int) -> list[tuple[date, date]]:
    """The periods of so many months of a year."""
    return [
        (date(year, start, 1), month_days(year, start + months - 1)[1])
        for start in range(1, 13, months)
    ]


def fixed_day_of(world: World, unit: RefUnit, first: date) -> date:
    """An approved move of the district, else the first Tuesday that is no holiday."""
    for move in world.moves:
        if move.approved and move.district == unit.district and move.month == first:
            return move.day
    day = first
    while day.weekday() != 1:
        day += timedelta(days=1)
    while day in world.holidays:
        day += timedelta(days=7)
    return day


def exempt(world: World, unit_id: int, kind: str, due: date) -> bool:
    return any(
        x.approved and x.unit == unit_id and x.since <= due <= x.until and x.kind in ("", kind)
        for x in world.exemptions
    )


def stands(unit: RefUnit, first: date, due: date) -> bool:
    return not (unit.founded and unit.founded > first) and not (
        unit.dissolved and unit.dissolved < due
    )


def best_record(
    world: World,
    holder: int,
    mask: int,
    first: date,
    due: date,
    fixed_day: date | None,
    rules: RefRules,
) -> tuple[Decimal, int | None, str]:
    """The credit, the record and the state that the best record gives."""
    found = []
    for record in world.records:
        if not record.counts or record.unit != holder or not record.mask & mask:
            continue
        if not first <= record.held <= due:
            continue
        assert record.submitted is not None
        worth, state = Decimal(1), "met"
        if fixed_day is not None and record.held != fixed_day:
            worth, state = rules.off_day, "off_day"
        if record.submitted - record.held > timedelta(days=rules.late_days):
            worth, state = worth * rules.late, "late"
        found.append((-worth, record.held, record.id, state))
    if not found:
        return Decimal(0), None, ""
    worth, _, record_id, state = min(found)
    return -worth, record_id, state


def reference_duties(
    world: World,
    *,
    first: date,
    last: date,
    on: date,
    below: str = "",
    rules: RefRules = RefRules(),
    ranked_only: bool = False,
) -> list[RefDuty]:
    """Every duty due in [first, last] of the branches below a path, in the order of their keys."""
    duties: list[RefDuty] = []
    kinds = RANKED if ranked_only else BRANCHES
    for unit in world.units:
        if unit.kind not in kinds or not unit.path.startswith(below):
            continue
        for kind, mask, cause, start, due, group, event in _owed(world, unit, first, last, rules):
            if not stands(unit, start, due) or exempt(world, unit.id, kind, due):
                continue
            fixed = fixed_day_of(world, unit, start) if kind == "fixed_day" else None
            holder = group if group is not None else unit.id
            worth, record, state = best_record(world, holder, mask, start, due, fixed, rules)
            if record is None:
                state = "open" if due >= on else "unmet"
            duties.append(
                RefDuty(unit.id, due, kind, group, event, cause, start, fixed, worth, record, state)
            )
    return sorted(
        duties, key=lambda d: (d.unit, d.due, ORDER.index(d.kind), d.group or 0, d.event or 0)
    )


def _owed(world: World, unit: RefUnit, first: date, last: date, rules: RefRules) -> list[tuple]:
    """Kind, mask, cause, first day, due day, group, event; still without dates and exemptions."""
    owed: list[tuple] = []
    for year in range(first.year, last.year + 1):
        for start, due in spans(year, 1):
            owed.append(("fixed_day", FIXED, "", start, due, None, None))
        for start, due in spans(year, rules.committee):
            if any(
                t.unit == unit.id
                and t.with_committee
                and t.started <= start
                and (t.ended is None or start <= t.ended)
                for t in world.terms
            ):
                owed.append(("committee", COMMITTEE, "", start, due, None, None))
        for start, due in spans(year, rules.group):
            for group in world.units:
                if group.kind != "group" or group.parent != unit.id:
                    continue
                if stands(group, start, due) and not exempt(world, group.id, "group", due):
                    owed.append(("group", GROUP, "", start, due, group.id, None))
        for start, due in spans(year, rules.members):
            owed.append(("members", MEMBERS, "", start, due, None, None))
        for start, due in spans(year, rules.lecture):
            owed.append(("lecture", LECTURE, "", start, due, None, None))
        for cause, (opens, closes) in (
            ("party_day", rules.party_day),
            ("year_end", rules.year_end),
        ):
            start, due = date(year, *opens), date(year, *closes)
            owed.append(("must_hold", MEMBERS, cause, start, due, None, None))
    for event in world.events:
        if event.unit == unit.id and not event.withdrawn:
            owed.append(
                ("must_hold", MEMBERS, event.cause, event.day, event.window_end, None, event.id)
            )
    return [one for one in owed if first <= one[4] <= last]
