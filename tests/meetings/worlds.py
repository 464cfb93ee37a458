"""Small random districts, kept once as plain values and once in the database."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from branches.models import CommitteeTerm, Event, Exemption, Unit
from branches.rules import segment
from core.dates import add_months
from core.models import Holiday
from meetings.models import FixedDayMove, Meeting
from tests.meetings.reference import (
    BRANCHES,
    RefEvent,
    RefExemption,
    RefMove,
    RefRecord,
    RefTerm,
    RefUnit,
    World,
    month_days,
)

KINDS = ("", "members", "committee", "group", "lecture", "fixed_day", "must_hold")
FIELDS = ("street", "community", "office")
NOON = datetime(2026, 1, 1, 4, tzinfo=UTC)


def random_world(dice: random.Random, *, first: date, last: date) -> World:
    """A few branches with everything that can happen to them, crowded around the edges."""
    world = World()
    edges = _edges(first, last)

    def some_day() -> date:
        return dice.choice(edges) + timedelta(days=dice.choice((-2, -1, 0, 0, 0, 1, 2, 5)))

    def maybe(chance: float) -> bool:
        return dice.random() < chance

    number = iter(range(1, 10_000))

    def unit(kind: str, parent: RefUnit | None, nth: int) -> RefUnit:
        made = RefUnit(
            id=next(number),
            path=(parent.path if parent else "") + segment(nth),
            kind=kind,
            parent=parent.id if parent else None,
            field=dice.choice(FIELDS),
        )
        made.code = f"U{made.id:05d}"
        made.district = made.id if parent is None else parent.district
        if parent is not None:
            made.committee = made.id if parent.kind == "district" else parent.committee
        world.units.append(made)
        return made

    for d in range(dice.choice((1, 1, 2))):
        root = unit("district", None, d + 1)
        for c in range(dice.randint(1, 2)):
            committee = unit(dice.choice(("working_committee", "committee")), root, c + 1)
            for b in range(dice.randint(1, 3)):
                branch = unit(dice.choice(BRANCHES), committee, b + 1)
                for g in range(dice.choice((0, 0, 1, 3))):
                    unit("group", branch, g + 1)
        if maybe(0.3):
            unit("branch", root, 30)
        for month in {some_day().replace(day=1) for _ in range(2)}:
            start, end = month_days(month.year, month.month)
            world.moves.append(
                RefMove(root.id, start, start + timedelta(dice.randrange(end.day)), maybe(0.7))
            )
    holders = [u for u in world.units if u.kind in (*BRANCHES, "group")]
    for holder in holders:
        if maybe(0.3):
            holder.founded = some_day()
        if maybe(0.25):
            holder.dissolved = max(some_day(), holder.founded or date.min)
        for _ in range(dice.choice((0, 0, 0, 1, 2))):
            since = some_day()
            world.exemptions.append(
                RefExemption(
                    holder.id,
                    dice.choice(KINDS),
                    since,
                    since + timedelta(days=dice.choice((0, 1, 31, 90))),
                    maybe(0.8),
                )
            )
    event_ids = iter(range(1, 10_000))
    for branch in (u for u in holders if u.kind != "group"):
        started = some_day() - timedelta(days=dice.choice((0, 30, 400)))
        for _ in range(dice.choice((0, 1, 2))):
            ended = started + timedelta(days=dice.choice((0, 20, 60)))
            world.terms.append(RefTerm(branch.id, started, ended, maybe(0.8)))
            started = ended + timedelta(days=dice.choice((0, 1, 10)))
        if maybe(0.5):
            world.terms.append(RefTerm(branch.id, started, None, maybe(0.8)))
        for _ in range(dice.choice((0, 0, 1, 2))):
            day, cause = some_day(), dice.choice(("decision", "admission"))
            end = day + timedelta(days=30) if cause == "decision" else add_months(day, 1)
            world.events.append(RefEvent(next(event_ids), branch.id, cause, day, end, maybe(0.15)))
    records = iter(range(1, 100_000))
    for holder in holders:
        for _ in range(dice.choice((0, 1, 4, 12))):
            held = some_day()
            status = dice.choice((0, 1, 1, 2, 2, 2, 3, 4))
            waited = timedelta(days=dice.choice((0, 1, 7, 7, 8, 20)))
            eligible = dice.randint(0, 9)
            world.records.append(
                RefRecord(
                    id=next(records),
                    unit=holder.id,
                    mask=dice.choice((1, 2, 4, 8, 16, 17, 25, 3, 32, 64 + 1)),
                    held=held,
                    status=status,
                    submitted=None if status == 0 else held + waited,
                    eligible=eligible,
                    present=dice.randint(0, eligible),
                )
            )
    return world


def _edges(first: date, last: date) -> list[date]:
    days: list[date] = []
    for year in range(first.year, last.year + 1):
        for month in range(1, 13):
            start, end = month_days(year, month)
            if first - timedelta(days=40) <= start <= last + timedelta(days=40):
                tuesday = start + timedelta(days=(1 - start.weekday()) % 7)
                days += [start, end, tuesday, tuesday + timedelta(days=7)]
        days += [date(year, 6, 24), date(year, 7, 7)]
    return days


def store(world: World) -> dict[int, Unit]:
    """Write a world as it is, ids and all; the units by id.

    The ids start far above what anything else has, so that worlds stand beside other rows.
    """
    world.holidays = set(Holiday.objects.filter(is_off=True).values_list("day", flat=True))
    children: dict[int | None, int] = {}
    for one in world.units:
        children[one.parent] = children.get(one.parent, 0) + 1
    Unit.unscoped.bulk_create(
        Unit(
            id=one.id,
            path=one.path,
            depth=len(one.path) // 4,
            numchild=children.get(one.id, 0),
            parent_id=one.parent,
            district_id=one.district,
            committee_id=one.committee,
            code=one.code,
            name=f"党组织{one.id}",
            kind=one.kind,
            field=one.field,
            founded_on=one.founded,
            dissolved_on=one.dissolved,
        )
        for one in world.units
    )
    CommitteeTerm.unscoped.bulk_create(
        CommitteeTerm(
            unit_id=one.unit,
            started_on=one.started,
            ended_on=one.ended,
            due_on=one.started + timedelta(days=1000),
            with_committee=one.with_committee,
        )
        for one in world.terms
    )
    Exemption.unscoped.bulk_create(
        Exemption(
            unit_id=one.unit,
            kind=one.kind,
            since=one.since,
            until=one.until,
            reason="理由",
            state="approved" if one.approved else "proposed",
        )
        for one in world.exemptions
    )
    Event.unscoped.bulk_create(
        Event(
            id=one.id,
            unit_id=one.unit,
            cause=one.cause,
            day=one.day,
            window_end=one.window_end,
            title=f"事项{one.id}",
            is_withdrawn=one.withdrawn,
        )
        for one in world.events
    )
    FixedDayMove.unscoped.bulk_create(
        FixedDayMove(
            unit_id=one.district,
            month=one.month,
            day=one.day,
            reason="理由",
            state="approved" if one.approved else "proposed",
        )
        for one in world.moves
    )
    Meeting.unscoped.bulk_create(
        Meeting(
            id=one.id,
            unit_id=one.unit,
            kind_mask=one.mask,
            held_on=one.held,
            topic="主题",
            status=one.status,
            first_submitted_on=one.submitted,
            submitted_at=NOON if one.submitted else None,
            eligible_count=one.eligible,
            present_count=one.present,
        )
        for one in world.records
    )
    return {one.id: one for one in Unit.unscoped.all()}
