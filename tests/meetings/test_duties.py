"""Duties: the SQL against the plainest reading of scoring.md."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Unit
from core.dates import Period
from core.scoring import CreditRules, DutyRules
from meetings.duties import BadCursor, count_duties, duties, standing
from meetings.models import RuleVersion
from tests.meetings.reference import RefDuty, RefRules, reference_duties
from tests.meetings.worlds import random_world, store

pytestmark = pytest.mark.django_db

QUARTERS = [
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
    (date(2026, 7, 1), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2026, 12, 31)),
    (date(2025, 2, 1), date(2025, 10, 31)),
    (date(2026, 9, 30), date(2026, 9, 30)),
]


def as_reference(rows: list) -> list[RefDuty]:
    return [
        RefDuty(
            d.unit_id,
            d.due,
            d.kind.value,
            d.group_id,
            d.event_id,
            d.cause,
            d.first,
            d.fixed_day,
            d.credit,
            d.record_id,
            d.state.value,
        )
        for d in rows
    ]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(min_value=0, max_value=2**32),
    span=st.sampled_from(QUARTERS),
    today=st.integers(min_value=-40, max_value=120),
    ranked_only=st.booleans(),
    rules=st.sampled_from(
        [
            RefRules(),
            RefRules(Decimal("0.9"), Decimal("0.5"), 3, members=1, lecture=12, group=6),
            RefRules(Decimal(1), Decimal(0), committee=3, group=3, lecture=3),
            RefRules(members=6, committee=12, party_day=((6, 1), (6, 30))),
        ]
    ),
)
def test_every_duty_and_credit_of_a_random_district_is_as_the_reference_says(
    seed: int, span: tuple[date, date], today: int, ranked_only: bool, rules: RefRules
) -> None:
    first, last = span
    on = first + timedelta(days=today)
    world = random_world(random.Random(seed), first=first, last=last)
    with transaction.atomic():
        units = store(world)
        below = random.Random(seed).choice(world.units)
        in_force(rules, first)
        found = duties(
            units=[units[below.id]],
            first=first,
            last=last,
            on=on,
            ranked_only=ranked_only,
        )
        expected = reference_duties(
            world,
            first=first,
            last=last,
            on=on,
            below=below.path,
            rules=rules,
            ranked_only=ranked_only,
        )
        assert as_reference(found) == expected
        counted = standing(
            units=[units[below.id]],
            first=first,
            last=last,
            on=on,
            ranked_only=ranked_only,
            by_unit=True,
        )
        assert _counts(counted) == _expected_counts(world, expected)
        transaction.set_rollback(True)


def in_force(rules: RefRules, day: date) -> None:
    """Rules other than the default, from the quarter of a day on."""
    if rules != RefRules():
        RuleVersion.objects.create(
            valid_from=Period.containing(day, "quarter").start,
            title="区里定的",
            parameters=DutyRules(
                cadence={
                    "members": rules.members, "committee": rules.committee,
                    "group": rules.group, "lecture": rules.lecture,
                },
                windows={"party_day": rules.party_day, "year_end": rules.year_end},
                credit=CreditRules(rules.off_day, rules.late, rules.late_days),
            ).to_json(),
        )  # fmt: skip


def _counts(rows: list) -> dict:
    return {
        (row.committee_id, row.unit_id, row.month): (
            row.owed,
            row.met,
            row.late,
            row.off_day,
            row.unmet,
            row.open,
        )
        for row in rows
    }


def _expected_counts(world, expected: list[RefDuty]) -> dict:
    committee = {unit.id: unit.committee for unit in world.units}
    counts: dict = {}
    states = ("met", "late", "off_day", "unmet", "open")
    for duty in expected:
        place = (committee[duty.unit], duty.unit, duty.due.replace(day=1))
        row = counts.setdefault(place, [0] * 6)
        row[0] += 1
        row[1 + states.index(duty.state)] += 1
    return {place: tuple(row) for place, row in counts.items()}


@pytest.fixture
def district() -> list[Unit]:
    world = random_world(random.Random(7), first=date(2026, 7, 1), last=date(2026, 9, 30))
    return [unit for unit in store(world).values() if unit.depth == 1]


SPAN = {"first": date(2026, 7, 1), "last": date(2026, 9, 30), "on": date(2026, 8, 15)}


def test_pages_joined_by_their_keys_are_the_whole_list(district: list[Unit]) -> None:
    whole = duties(units=district, **SPAN)
    assert len(whole) > 20
    pages, after = [], None
    while page := duties(units=district, **SPAN, after=after, limit=7):
        pages += page
        after = page[-1].key
    assert pages == whole
    assert len({duty.key for duty in whole}) == len(whole)


def test_states_and_kinds_filter_the_list_and_its_count(district: list[Unit]) -> None:
    whole = duties(units=district, **SPAN)
    wanted = [d for d in whole if d.state == "unmet" and d.kind in ("fixed_day", "must_hold")]
    given_ = {"states": ["unmet"], "kinds": ["fixed_day", "must_hold"]}
    assert duties(units=district, **SPAN, **given_) == wanted
    assert count_duties(units=district, **SPAN, **given_) == len(wanted)


@pytest.mark.parametrize(
    "after", ["x", "1-2", "1-20261399-1-0-0", "", "9" * 30 + "-20260701-1-0-0"]
)
def test_a_key_that_is_none_is_refused_with_a_sentence(district: list[Unit], after: str) -> None:
    with pytest.raises(BadCursor, match="请从第一页重新读取"):
        duties(units=district, **SPAN, after=after)


def test_the_number_of_queries_does_not_grow(district: list[Unit]) -> None:
    leaf = Unit.unscoped.filter(kind="branch").first()
    assert leaf is not None
    for units in ([leaf], district):
        for question in (duties, count_duties, standing):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                question(units=units, **SPAN)
            assert len(asked) == 2


def test_no_units_owe_nothing() -> None:
    assert duties(units=[], **SPAN) == []
    assert standing(units=[], **SPAN) == []


def test_the_random_districts_reach_every_kind_cause_state_and_credit() -> None:
    first, last = date(2026, 4, 1), date(2026, 12, 31)
    seen: set = set()
    for seed in range(60):
        world = random_world(random.Random(seed), first=first, last=last)
        world.holidays = {date(2026, 5, 5), date(2026, 10, 6)}
        for d in reference_duties(world, first=first, last=last, on=date(2026, 8, 15)):
            seen |= {d.kind, d.cause, d.state, d.credit, d.group is not None}
    assert seen == {
        *("members", "committee", "group", "lecture", "fixed_day", "must_hold"),
        *("", "party_day", "year_end", "decision", "admission"),
        *("met", "late", "off_day", "open", "unmet"),
        *(Decimal(1), Decimal("0.8"), Decimal("0.6"), Decimal("0.48"), Decimal(0)),
        *(True, False),
    }
