"""scoring.md once more as plain Python with fractions: what the ranking is compared with.

Nothing is shared with the code under test: no rule, no SQL, no calendar. It reads the plain values
of ``tests.meetings.reference.World``, which are also what was written to the database.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from tests.meetings.reference import RefRecord, RefUnit, World

WEIGHTS = {
    "members": 25,
    "committee": 15,
    "group": 15,
    "lecture": 10,
    "fixed_day": 25,
    "must_hold": 10,
}
BITS = {
    "members": 1,
    "committee": 2,
    "group": 4,
    "lecture": 8,
    "fixed_day": 16,
    "must_hold": 1,
}
# Months of one period.
CADENCE = {"members": 3, "committee": 1, "group": 1, "lecture": 6}
FULL, OFF_DAY, LATE = Fraction(1), Fraction(6, 10), Fraction(8, 10)


@dataclass
class Duty:
    kind: str
    first: date
    due: date
    credit: Fraction
    record: int | None
    cause: str = ""
    group: int | None = None
    event: int | None = None


@dataclass
class Result:
    unit: RefUnit
    duties: list[Duty] = field(default_factory=list)
    present: int = 0
    eligible: int = 0
    checks: list[Fraction] = field(default_factory=list)
    score: Fraction | None = None
    rank_committee: int | None = None
    rank_field: int | None = None
    rank_district: int | None = None


def month(year: int, number: int) -> tuple[date, date]:
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def fixed_day(world: World, district: int, first: date) -> date:
    for move in world.moves:
        if move.approved and move.district == district and move.month == first:
            return move.day
    days = [first + timedelta(days=n) for n in range(40)]
    return next(d for d in days if d.weekday() == 1 and d not in world.holidays)


def credit_of(record: RefRecord, fixed: date | None) -> Fraction:
    worth = FULL if fixed is None or record.held == fixed else OFF_DAY
    late = record.submitted is not None and record.submitted > record.held + timedelta(days=7)
    return worth * LATE if late else worth


def judge(
    world: World, owner: RefUnit, kind: str, first: date, due: date, fixed: date | None = None
) -> tuple[Fraction, int | None]:
    best: tuple[Fraction, int | None] = (Fraction(0), None)
    held: date | None = None
    for record in sorted(world.records, key=lambda r: (r.held, r.id)):
        if record.status not in (1, 2) or record.unit != owner.id:
            continue
        if record.held < first or record.held > due or record.mask & BITS[kind] == 0:
            continue
        credit = credit_of(record, fixed)
        if held is None or credit > best[0]:
            best, held = (credit, record.id), record.held
    return best


def lives(unit: RefUnit, first: date, due: date) -> bool:
    founded = unit.founded is None or unit.founded <= first
    return founded and (unit.dissolved is None or unit.dissolved >= due)


def is_exempt(world: World, unit: RefUnit, kind: str, due: date) -> bool:
    for exemption in world.exemptions:
        meant = exemption.approved and exemption.unit == unit.id and exemption.kind in ("", kind)
        if meant and exemption.since <= due <= exemption.until:
            return True
    return False


def has_committee(world: World, unit: RefUnit, day: date) -> bool:
    for term in world.terms:
        begun = term.unit == unit.id and term.with_committee and term.started <= day
        if begun and (term.ended is None or term.ended >= day):
            return True
    return False


def ending(year: int, quarter: int, months: int) -> list[tuple[date, date]]:
    """The periods of so many months that end in a quarter."""
    ends = [number for number in range(months, 13, months) if (number - 1) // 3 + 1 == quarter]
    return [(date(year, end - months + 1, 1), month(year, end)[1]) for end in ends]


def duties_of(
    world: World, unit: RefUnit, year: int, quarter: int, cadence: dict[str, int] = CADENCE
) -> list[Duty]:
    months = [month(year, quarter * 3 - 2 + n) for n in range(3)]
    start, end = months[0][0], months[-1][1]
    asked: list[tuple[str, date, date, str, RefUnit | None, int | None]] = []
    for first, due in ending(year, quarter, cadence["members"]):
        asked.append(("members", first, due, "", None, None))
    for first, due in ending(year, quarter, cadence["committee"]):
        if has_committee(world, unit, first):
            asked.append(("committee", first, due, "", None, None))
    for first, due in ending(year, quarter, cadence["group"]):
        for group in world.units:
            own = group.kind == "group" and group.parent == unit.id and lives(group, first, due)
            if own and not is_exempt(world, group, "group", due):
                asked.append(("group", first, due, "", group, None))
    for first, due in months:
        asked.append(("fixed_day", first, due, "", None, None))
    for first, due in ending(year, quarter, cadence["lecture"]):
        asked.append(("lecture", first, due, "", None, None))
    if quarter == 3:
        asked.append(("must_hold", date(year, 6, 24), date(year, 7, 7), "party_day", None, None))
    if quarter == 4:
        asked.append(("must_hold", date(year, 12, 1), end, "year_end", None, None))
    for event in world.events:
        if event.unit == unit.id and not event.withdrawn and start <= event.window_end <= end:
            asked.append(("must_hold", event.day, event.window_end, event.cause, None, event.id))
    duties = []
    for kind, first, due, cause, group, event_id in asked:
        if not lives(unit, first, due) or is_exempt(world, unit, kind, due):
            continue
        fixed = fixed_day(world, unit.district or 0, first) if kind == "fixed_day" else None
        credit, record = judge(world, group or unit, kind, first, due, fixed)
        duty = Duty(kind, first, due, credit, record, cause, group.id if group else None, event_id)
        if is_left_after_rulings(world, unit, duty):
            duties.append(duty)
    return duties


def is_left_after_rulings(world: World, unit: RefUnit, duty: Duty) -> bool:
    """A ruling is the least that a duty gives, or takes it away."""
    for ruling in world.rulings:
        same = (ruling.unit, ruling.kind, ruling.first) == (unit.id, duty.kind, duty.first)
        if not same or not ruling.current or ruling.cause != duty.cause:
            continue
        if (ruling.group, ruling.event) != (duty.group, duty.event):
            continue
        if ruling.credit is None:
            return False
        duty.credit = max(duty.credit, Fraction(ruling.credit))
    return True


def score_of(result: Result) -> Fraction | None:
    means = {}
    for kind in WEIGHTS:
        credits = [duty.credit for duty in result.duties if duty.kind == kind]
        if credits:
            means[kind] = sum(credits, Fraction(0)) / len(credits)
    if not means:
        return None
    duty = sum(WEIGHTS[k] * m for k, m in means.items()) / sum(WEIGHTS[k] for k in means)
    parts = [(85, Fraction(duty))]
    if result.eligible:
        parts.append((10, Fraction(result.present, result.eligible)))
    if result.checks:
        parts.append((5, sum(result.checks, Fraction(0)) / len(result.checks) / 100))
    share = sum(w * p for w, p in parts) / sum(w for w, _ in parts)
    return Fraction(floor(share * 10000 + Fraction(1, 2)), 100)


def rank(scores: list[tuple[int, Fraction | None]], unit: int) -> int | None:
    mine = dict(scores)[unit]
    if mine is None:
        return None
    return 1 + sum(1 for _, other in scores if other is not None and other > mine)


def reference_run(
    world: World, district: int, year: int, quarter: int, cadence: dict[str, int] = CADENCE
) -> dict[int, Result]:
    """Every ranked unit of the district with its duties, score and ranks, by id."""
    start, end = month(year, quarter * 3 - 2)[0], month(year, quarter * 3)[1]
    results = {}
    for unit in world.units:
        if unit.kind not in ("branch", "joint_branch") or unit.district != district:
            continue
        result = Result(unit, duties_of(world, unit, year, quarter, cadence))
        family = {unit.id} | {g.id for g in world.units if g.parent == unit.id}
        for record in world.records:
            if record.unit in family and record.status in (1, 2) and start <= record.held <= end:
                result.present += record.present
                result.eligible += record.eligible
        result.checks = [
            Fraction(check.score)
            for check in world.checks
            if check.unit == unit.id and start <= check.day <= end
        ]
        result.score = score_of(result)
        results[unit.id] = result
    for result in results.values():
        me = result.unit
        result.rank_district = rank([(u, r.score) for u, r in results.items()], me.id)
        result.rank_field = rank(
            [(u, r.score) for u, r in results.items() if r.unit.field == me.field], me.id
        )
        result.rank_committee = rank(
            [(u, r.score) for u, r in results.items() if r.unit.committee == me.committee], me.id
        )
    return results
