"""Scores, grades and fills, whatever the numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brands import rules
from brands.enums import Grade
from brands.rules import Fill

points = st.decimals(min_value=0, max_value=100, places=2)
CUTS = {"excellent_from": Decimal(85), "good_from": Decimal(70)}


@pytest.mark.parametrize(
    ("score", "grade"),
    [("100", "优"), ("85", "优"), ("84.99", "良"), ("70", "良"), ("69.99", "一般"), ("0", "一般")],
)
def test_the_cut_offs_belong_to_the_better_grade(score: str, grade: str) -> None:
    assert rules.grade_of(Decimal(score), **CUTS).label == grade


@given(st.lists(points, min_size=1, max_size=9))
def test_the_mean_lies_between_the_lowest_and_the_highest_sheet(totals: list[Decimal]) -> None:
    assert min(totals) <= rules.mean(totals) <= max(totals)


@given(st.lists(points, min_size=2, max_size=9))
def test_the_order_of_the_sheets_changes_nothing(totals: list[Decimal]) -> None:
    assert rules.mean(totals) == rules.mean(totals[::-1]) == rules.mean(sorted(totals))


def test_the_mean_is_rounded_half_up_at_the_end_only() -> None:
    assert rules.mean([Decimal("84.99"), Decimal("85.00")]) == Decimal("85.00")
    assert rules.mean([Decimal("0.01"), Decimal(0), Decimal(0)]) == Decimal("0.00")
    with pytest.raises(ValueError, match="no scores"):
        rules.mean([])


@given(points, points)
def test_a_better_score_never_has_a_worse_grade(one: Decimal, other: Decimal) -> None:
    order = [Grade.ORDINARY, Grade.GOOD, Grade.EXCELLENT]
    low, high = sorted((one, other))
    assert order.index(rules.grade_of(low, **CUTS)) <= order.index(rules.grade_of(high, **CUTS))


@given(st.integers(0, 30), st.integers(0, 10), st.one_of(st.none(), st.integers(0, 20)))
def test_a_bar_never_runs_over_its_scale(taken: int, low: int, more: int | None) -> None:
    fill = Fill(taken, low, None if more is None else low + more)
    assert 0 < fill.top >= taken
    assert fill.is_full == (fill.high is not None and taken >= fill.high)
    assert not (fill.is_full and fill.is_short and fill.high)


def test_a_quota_says_how_much_is_asked() -> None:
    assert Fill(3, 5, 8).words == "3 / 5–8 个"
    assert Fill(0, 1, None).words == "0 / 至少 1 个"


def test_blanks_do_not_count_as_characters_of_a_case() -> None:
    assert rules.case_length("背景 一\n二", "　做 法", "") == 6


def test_a_task_is_overdue_from_the_day_after_its_last_day() -> None:
    due = date(2026, 5, 31)
    assert not rules.is_overdue(due, None, due)
    assert rules.is_overdue(due, None, date(2026, 6, 1))
    assert not rules.is_overdue(due, date(2026, 7, 1), date(2026, 8, 1))


def test_what_is_empty_of_the_five_is_named() -> None:
    assert rules.missing_five({"名称": "驿站", "主题": " ", "理念": ""}) == ["主题", "理念"]
