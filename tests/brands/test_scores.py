"""What assessment gets: one row for each unit that owns a brand, from one query."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brands.enums import Stage
from brands.scores import score
from brands.services import brands, years
from core.dates import Period
from tests.brands.conftest import Town
from tests.factories.brands import DAY, YEAR, make_brand, make_year

SECOND_HALF = Period.half(YEAR, 2)


@pytest.mark.parametrize(("percent", "points"), [(90, 100), (75, 80), (50, 60)])
def test_a_grade_is_worth_what_the_scheme_says(town: Town, percent: int, points: int) -> None:
    make_year(town.branch, people=town.people, upto=Stage.CLOSED, points=Decimal(percent))

    (row,) = score(units=[town.district], period=SECOND_HALF)

    assert (row.unit_id, row.points, row.year) == (town.branch.pk, points, YEAR)


def test_a_brand_without_a_grade_is_worth_nothing_and_no_brand_is_left_out(town: Town) -> None:
    make_brand(town.branch)

    (row,) = score(units=[town.district], period=SECOND_HALF)

    assert (row.unit_id, row.points, row.brand) == (town.branch.pk, 0, "")


def test_the_first_half_counts_last_years_grade(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.CLOSED)
    brands.open_year(brand=year.brand, year=YEAR + 1, by=town.secretary, on=date(YEAR + 1, 1, 9))

    (row,) = score(units=[town.branch], period=Period.half(YEAR + 1, 1))
    assert (row.points, row.year) == (100, YEAR)
    (row,) = score(units=[town.branch], period=Period.half(YEAR + 2, 1))
    assert row.points == 0


def test_a_grade_decided_after_the_period_changes_nothing(town: Town) -> None:
    make_year(town.branch, people=town.people, upto=Stage.CLOSED)

    (row,) = score(units=[town.district], period=Period.half(YEAR, 1))

    assert row.points == 0


def test_the_best_of_several_brands_counts_and_a_withdrawn_one_does_not(town: Town) -> None:
    make_year(town.branch, people=town.people, upto=Stage.CLOSED, points=Decimal(75))
    best = make_year(town.branch, people=town.people, upto=Stage.CLOSED)
    gone = make_year(town.other_branch)
    years.withdraw(year=gone, by=town.secretary, on=DAY)

    (row,) = score(units=[town.district], period=SECOND_HALF)

    assert (row.points, row.brand) == (100, best.brand.name)


def test_it_costs_one_query_however_many_units(town: Town) -> None:
    make_brand(town.branch)
    make_brand(town.other_branch)
    make_brand(town.street)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(score(units=[town.district], period=SECOND_HALF)) == 3

    assert len(queries) == 1
    assert score(units=[], period=SECOND_HALF) == []
