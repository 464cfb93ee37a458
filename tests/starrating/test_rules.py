"""The ladder, the cap of one step, the sheet, and the days of a 公示."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dates import Calendar
from starrating import rules
from starrating.rules import Lines

Q = Decimal
LINES = Lines(Q(90), Q(80), Q(70), Q(60))
WITH_ONE = Lines(Q(90), Q(80), Q(70), Q(60), Q(50))
points = st.decimals(0, 100, places=2)
stars = st.integers(0, 5)
before = st.none() | stars


@pytest.mark.parametrize(
    ("total", "plain", "with_one"),
    [("100", 5, 5), ("90", 5, 5), ("89.99", 4, 4), ("80", 4, 4), ("79.99", 3, 3), ("70", 3, 3),
     ("60", 2, 2), ("59.99", 0, 1), ("50", 0, 1), ("49.99", 0, 0), ("0", 0, 0)],
)  # fmt: skip
def test_stars_by_points(total: str, plain: int, with_one: int) -> None:
    assert rules.stars_of(Q(total), LINES) == plain
    assert rules.stars_of(Q(total), WITH_ONE) == with_one


@settings(max_examples=60)
@given(points, points)
def test_more_points_never_make_fewer_stars(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))

    assert rules.stars_of(low, WITH_ONE) <= rules.stars_of(high, WITH_ONE)


@settings(max_examples=60)
@given(stars, before)
def test_one_step_up_at_most_and_never_more_than_earned(earned: int, was: int | None) -> None:
    kept = rules.capped(earned, was)

    assert kept <= earned
    assert kept == earned if not was else kept <= was + 1
    assert rules.capped(earned, was, exceptional=True) == earned
    assert rules.needs_exception(earned, was) == (kept < earned)


@pytest.mark.parametrize(
    "lines",
    [
        Lines(Q(80), Q(80), Q(70), Q(60)),
        Lines(Q(101), Q(80), Q(70), Q(60)),
        Lines(Q(90), Q(80), Q(70), Q(60), Q(60)),
        Lines(Q(90), Q(80), Q(70), Q(-1)),
    ],
)
def test_lines_that_make_no_ladder_are_named(lines: Lines) -> None:
    assert lines.faults()


def test_the_usual_lines_are_a_ladder() -> None:
    assert LINES.faults() == WITH_ONE.faults() == []


def test_newly_founded_is_counted_in_calendar_months() -> None:
    start = date(2026, 3, 31)

    assert rules.is_newly_founded(date(2025, 4, 1), start, 12)
    assert not rules.is_newly_founded(date(2025, 3, 31), start, 12)
    assert not rules.is_newly_founded(None, start, 12)
    # Clamped to the month's end.
    assert not rules.is_newly_founded(date(2025, 8, 31), date(2026, 2, 28), 6)


def test_a_notice_counts_working_days_with_the_shifted_ones() -> None:
    # 国庆 2026: 1–7 October off, Saturday the 10th worked.
    days = {date(2026, 10, day): True for day in range(1, 8)} | {date(2026, 10, 10): False}
    calendar = Calendar(days, frozenset({2026}))

    assert rules.notice_until(date(2026, 9, 29), 4, calendar=calendar).day == date(2026, 10, 10)
    assert rules.notice_until(date(2026, 9, 29), 5, calendar=calendar).day == date(2026, 10, 12)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_a_sheet_is_one_when_its_points_make_a_hundred(parts: list[int]) -> None:
    rows = [("team", f"指标{at}", Q(part)) for at, part in enumerate(parts)]
    rest = 100 - sum(parts)

    assert bool(rules.item_faults(rows)) == (rest != 0)
    if rest > 0:
        assert rules.item_faults([*rows, ("team", "其余", Q(rest))]) == []


def test_a_sheet_with_an_item_twice_or_without_points_is_none() -> None:
    twice = [("team", "甲", Q(50)), ("team", "甲", Q(50))]
    nothing = [("team", "甲", Q(100)), ("team", "乙", Q(0))]

    assert rules.item_faults(twice) == ["“甲”写了两次，请合并成一项。"]
    assert "大于 0" in rules.item_faults(nothing)[0]
    assert rules.item_faults([("team", "甲", Q(50)), ("society", "甲", Q(50))]) == []


@settings(max_examples=40)
@given(st.lists(stars, max_size=40))
def test_shares_are_of_all_and_four_stars_include_five(held: list[int]) -> None:
    counts = rules.spread(held)
    five, four = rules.shares_at_least(counts, len(held))

    assert sum(counts.values()) == len(held)
    assert 0 <= five <= four <= 100


def test_a_difference_is_what_differs_from_the_step_before() -> None:
    assert rules.needs_reason(Q(5), Q(4))
    assert not rules.needs_reason(Q("5.00"), Q(5))
    assert not rules.needs_reason(Q(5), None)
