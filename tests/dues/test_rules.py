"""The regulation's table and the arithmetic around it."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dues.rules import (
    FixedBand,
    Line,
    RateBand,
    Rounding,
    RuleError,
    alert_level,
    monthly_due,
    months_between,
    quarter_mean,
    quarter_months,
    read_lines,
    running_arrears,
    share,
    within_fixed,
)

D = Decimal
WAGE = [
    RateBand(D(0), D(3000), D("0.5")),
    RateBand(D(3000), D(5000), D(1)),
    RateBand(D(5000), D(10000), D("1.5")),
    RateBand(D(10000), None, D(2)),
]
PENSION = [RateBand(D(0), D(5000), D("0.5")), RateBand(D(5000), None, D(1))]
bases = st.decimals("0.01", "100000", places=2)


@pytest.mark.parametrize(
    ("base", "due"),
    [
        ("3000", "15.00"),
        ("3000.01", "30.00"),
        ("5000", "50.00"),
        ("10000", "150.00"),
        ("10000.01", "200.00"),
    ],
)
def test_one_rate_holds_for_the_whole_base(base: str, due: str) -> None:
    assert str(monthly_due(D(base), WAGE, Rounding())) == due


@pytest.mark.parametrize(("base", "due"), [("5000", "25.00"), ("5000.01", "50.00")])
def test_a_pension_has_a_table_of_its_own(base: str, due: str) -> None:
    assert str(monthly_due(D(base), PENSION, Rounding())) == due


@given(bases)
@settings(max_examples=60)
def test_every_base_pays_the_rate_of_its_own_band(base: Decimal) -> None:
    rate = "0.005" if base <= 3000 else "0.01" if base <= 5000 else "0.015"
    rate = "0.02" if base > 10000 else rate

    due = monthly_due(base, WAGE, Rounding())

    assert due == (base * D(rate)).quantize(D("0.01"), rounding=ROUND_HALF_UP)


@given(bases, bases)
@settings(max_examples=60)
def test_who_earns_more_never_pays_less(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))

    for table in (WAGE, PENSION):
        assert monthly_due(less, table, Rounding()) <= monthly_due(more, table, Rounding())


@given(bases, st.sampled_from([("0.01", 2), ("0.1", 1), ("1", 0)]))
@settings(max_examples=40)
def test_rounding_is_a_multiple_of_its_step_and_never_far_off(
    base: Decimal, step: tuple[str, int]
) -> None:
    exact = monthly_due(base, WAGE, Rounding())
    up, down = (monthly_due(base, WAGE, Rounding(D(step[0]), mode)) for mode in ("up", "down"))

    assert up % D(step[0]) == down % D(step[0]) == 0
    assert down - D("0.01") <= exact <= up + D("0.01")
    assert up - down <= D(step[0])


@pytest.mark.parametrize("base", ["0", "-1", "10000000.01"])
def test_a_base_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(RuleError):
        monthly_due(D(base), WAGE, Rounding())


def test_a_table_with_a_gap_says_so() -> None:
    with pytest.raises(RuleError, match="没有适用的比例"):
        monthly_due(D(4000), [WAGE[0]], Rounding())


def test_rounding_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RuleError):
        Rounding(D("0.5"))
    with pytest.raises(RuleError):
        Rounding(mode="bankers")


def test_no_monthly_income_pays_by_last_quarters_mean() -> None:
    assert monthly_due(quarter_mean(D(9000)), WAGE, Rounding()) == D("15.00")
    assert monthly_due(quarter_mean(D("9000.04")), WAGE, Rounding()) == D("30.00")


def test_a_fixed_amount_keeps_within_its_range() -> None:
    farmer, token = FixedBand(D("0.2"), D(1)), FixedBand(D("0.2"), D("0.2"))

    assert within_fixed(D("0.5"), farmer) == D("0.50")
    for wrong in ("0.19", "1.01"):
        with pytest.raises(RuleError, match=r"0\.20 到 1\.00 元"):
            within_fixed(D(wrong), farmer)
    with pytest.raises(RuleError, match=r"0\.20 元"):
        within_fixed(D("0.3"), token)


def test_months_are_counted_across_the_year() -> None:
    assert months_between(date(2026, 11, 30), date(2027, 1, 1)) == [
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1),
    ]  # fmt: skip
    assert months_between(date(2026, 2, 1), date(2026, 1, 1)) == []
    assert quarter_months(date(2026, 8, 1)) == [
        date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1),
    ]  # fmt: skip


def test_arrears_run_back_from_the_last_full_month() -> None:
    months = months_between(date(2026, 1, 1), date(2026, 7, 1))
    bare = dict.fromkeys(months, True)

    assert running_arrears(list(bare.items()), before=date(2026, 7, 1)) == 6
    bare[date(2026, 4, 1)] = False
    assert running_arrears(list(bare.items()), before=date(2026, 7, 1)) == 2
    assert running_arrears([], before=date(2026, 7, 1)) == 0


@pytest.mark.parametrize(
    ("months", "level"), [(0, 0), (2, 0), (3, 3), (4, 3), (5, 5), (6, 6), (20, 6)]
)
def test_an_alert_has_the_level_that_was_reached(months: int, level: int) -> None:
    assert alert_level(months, (3, 5, 6)) == level


def test_a_share_of_nothing_is_none() -> None:
    assert share(0, 0) is None
    assert share(2, 3) == 66.7


def test_a_budget_is_read_a_line_an_item() -> None:
    assert read_lines("主题党日  3,000\n\n党员教育 2000.50元") == [
        Line("主题党日", D(3000)), Line("党员教育", D("2000.50")),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["主题党日", "3000", "甲 -1", "甲 1.234", "甲 NaN", "甲 1\n甲 2"])
def test_a_line_that_is_no_item_is_named(text: str) -> None:
    with pytest.raises(RuleError, match=r"第 [12] 行"):
        read_lines(text)
