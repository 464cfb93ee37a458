"""A district's ranking against scoring.md read as plainly as can be."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.models import Run, RunRow, Scheme
from assessment.rules import SchemeParameters
from assessment.services import compute, start_run
from branches.models import Unit
from core.dates import Period
from meetings.models import SpotCheck
from meetings.scores import group_periods
from tests.assessment.reference import CADENCE, Duty, Result, duties_of, ending, reference_run
from tests.factories.assessment import make_rulings
from tests.meetings.reference import RefCheck, RefRuling, World
from tests.meetings.worlds import random_world, store

pytestmark = pytest.mark.django_db
QUARTERS = [Period.quarter(2026, n) for n in (1, 2, 3, 4)]


class Undo(Exception):
    """Leaves no world behind for the next one."""


def a_world(seed: int, quarter: Period, cadence: dict[str, int] = CADENCE) -> World:
    dice = random.Random(seed)
    world = random_world(dice, first=quarter.start, last=quarter.end)
    days = (quarter.start, quarter.end, quarter.previous().end, quarter.next().start)
    for unit in world.units:
        for _ in range(dice.choice((0, 0, 1, 3))):
            world.checks.append(
                RefCheck(unit.id, dice.choice(days), Decimal(dice.randint(0, 10000)) / 100)
            )
    rule(world, dice, quarter, cadence)
    return world


def rule(world: World, dice: random.Random, quarter: Period, cadence: dict[str, int]) -> None:
    """Rulings on some duties of some branches, and on duties that do not apply."""
    seen = set()
    for unit in world.units:
        if unit.kind not in ("branch", "joint_branch") or dice.random() < 0.5:
            continue
        duties = duties_of(world, unit, quarter.year, quarter.number, cadence)
        for absent in ending(quarter.year, quarter.number, cadence["committee"])[-1:]:
            duties.append(Duty("committee", *absent, Fraction(0), None))
        for duty in duties:
            key = (unit.id, duty.kind, duty.cause, duty.first, duty.group, duty.event)
            if dice.random() < 0.4 and key not in seen:
                seen.add(key)
                credit = dice.choice((None, Decimal(1), Decimal("0.8"), Decimal("0.55")))
                current = dice.random() < 0.8
                world.rulings.append(RefRuling(*key, credit, current))


def label_of(first: date, months: int) -> str:
    number = (first.month - 1) // months + 1
    labels = {1: f"{first:%Y-%m}", 3: f"{first.year}Q{number}", 6: f"{first.year}H{number}"}
    return labels.get(months, str(first.year))


def key_of(ruling: RefRuling, cadence: dict[str, int]) -> str:
    if ruling.event is not None:
        return f"event:{ruling.event}"
    label = label_of(ruling.first, {**cadence, "must_hold": 12}.get(ruling.kind, 1))
    if ruling.group is not None:
        return f"group:{ruling.group}:{label}"
    return f"{ruling.kind}:{ruling.cause}:{label}"


def store_all(world: World, quarter: Period, cadence: dict[str, int] = CADENCE) -> dict[int, Unit]:
    units = store(world)
    make_rulings(
        (units[one.unit], quarter.label, key_of(one, cadence), one.credit, one.current)
        for one in world.rulings
    )
    SpotCheck.unscoped.bulk_create(
        SpotCheck(unit_id=check.unit, checked_on=check.day, score=check.score)
        for check in world.checks
    )
    return units


def run_it(district: Unit, quarter: Period) -> Run:
    with time_machine.travel("2027-02-01", tick=False):
        run, _ = start_run(unit=district, period=quarter)
        return compute(run=run)


def compare(row: RunRow, wanted: Result, run: Run) -> None:
    assert (None if row.score is None else Fraction(row.score)) == wanted.score, row.code
    assert (row.rank_committee, row.rank_field, row.rank_district) == (
        wanted.rank_committee,
        wanted.rank_field,
        wanted.rank_district,
    )
    assert (row.present, row.eligible) == (wanted.present, wanted.eligible)
    assert row.checks == len(wanted.checks)
    got = [
        (slot["kind"], slot["cause"], slot["first"], credit, record)
        for slot, credit, record in zip(run.slots, row.credits, row.records, strict=True)
        if credit is not None
    ]
    extras = row.extras or {"groups": [], "events": []}
    rules = SchemeParameters.from_json(run.scheme.parameters).asked
    months = [one.start.isoformat() for one in group_periods(Period.parse(run.period), rules)]
    grouped = [
        (group, first, credit, record)
        for group, _, _, credits, records in extras["groups"]
        for first, credit, record in zip(months, credits, records, strict=True)
        if credit is not None
    ]
    events = [(event[0], event[5], event[6]) for event in extras["events"] if event[5] is not None]
    own = [d for d in wanted.duties if d.group is None and d.event is None]
    assert sorted(got, key=str) == sorted(
        ((d.kind, d.cause, d.first.isoformat(), int(d.credit * 10000), d.record) for d in own),
        key=str,
    )
    assert sorted(grouped, key=str) == sorted(
        (
            (d.group, d.first.isoformat(), int(d.credit * 10000), d.record)
            for d in wanted.duties
            if d.group is not None
        ),
        key=str,
    )
    assert sorted(events) == sorted(
        (d.event, int(d.credit * 10000), d.record) for d in wanted.duties if d.event is not None
    )


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(min_value=0, max_value=2**32),
    quarter=st.sampled_from(QUARTERS),
    cadence=st.one_of(
        st.just(CADENCE),
        st.fixed_dictionaries({kind: st.sampled_from([1, 3, 6, 12]) for kind in CADENCE}),
    ),
)
def test_every_score_rank_credit_and_record_of_a_random_district_is_as_the_reference_says(
    seed: int, quarter: Period, cadence: dict[str, int]
) -> None:
    world = a_world(seed, quarter, cadence)
    try:
        with transaction.atomic():
            units = store_all(world, quarter, cadence)
            if cadence != CADENCE:
                Scheme.objects.create(
                    version=2,
                    title="区里定的",
                    valid_from=quarter.start,
                    parameters=SchemeParameters(cadence=cadence).to_json(),
                )
            for district in (u for u in world.units if u.kind == "district"):
                run = run_it(units[district.id], quarter)
                wanted = reference_run(world, district.id, quarter.year, quarter.number, cadence)
                rows = {row.unit_id: row for row in RunRow.unscoped.filter(run=run)}
                assert sorted(rows) == sorted(wanted)
                for unit_id, row in rows.items():
                    compare(row, wanted[unit_id], run)
                assert run.ranked == sum(1 for one in wanted.values() if one.score is not None)
                assert run.ranked + run.unranked == len(wanted)
            raise Undo
    except Undo:
        pass
