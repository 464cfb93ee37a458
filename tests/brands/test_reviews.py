"""Several reviewers, each alone; what they make together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, transaction

from branches.enums import Role
from brands.enums import Grade, Stage
from brands.models import Review, ReviewScore, Scheme
from brands.services import reviews
from core.errors import Refusal
from core.models import Notice
from tests.brands.conftest import Town
from tests.brands.test_services import refusal
from tests.factories.accounts import make_account
from tests.factories.branches import make_user
from tests.factories.brands import DAY, fill, make_year, review, sheet


@pytest.fixture
def year(town: Town) -> Any:
    return make_year(town.branch, people=town.people, upto=Stage.INSPECTED)


def test_a_reviewer_is_asked_once_and_told(town: Town, year: Any) -> None:
    first = reviews.assign(year=year, reviewer=town.other_judge, by=town.staff, on=DAY)
    again = reviews.assign(year=year, reviewer=town.other_judge, by=town.staff, on=DAY)

    assert first.pk == again.pk
    notice = Notice.objects.get(template="brands/notices/assigned")
    assert (notice.recipient, notice.link) == (town.other_judge, f"/brands/reviews/{first.uuid}/")


def test_nobody_reviews_the_brand_of_his_own_unit(town: Town, year: Any) -> None:
    neighbour = make_user(Role.COMMITTEE_STAFF, town.community)
    for person in (town.judge, town.secretary, neighbour):
        said = refusal(reviews.assign, year=year, reviewer=person, by=town.staff, on=DAY)
        assert "本单位" in said.message
    possible = {user.pk for user in reviews.possible_reviewers(year, DAY)}
    assert possible == {town.other_judge.pk, town.staff.pk, town.second.pk}


def test_nobody_from_another_district_reviews(town: Town, year: Any) -> None:
    for person in (town.stranger, make_account()):
        said = refusal(reviews.assign, year=year, reviewer=person, by=town.staff, on=DAY)
        assert "本区" in said.message


def test_nobody_is_asked_before_the_inspection(town: Town) -> None:
    early = make_year(town.community, people=town.people, upto=Stage.UNDERWAY)

    said = refusal(reviews.assign, year=early, reviewer=town.other_judge, by=town.staff, on=DAY)
    assert said.code == "conflict"


def test_a_sheet_is_filled_by_its_reviewer_alone_and_within_the_points(
    town: Town, year: Any
) -> None:
    paper = sheet(year, town.people, town.other_judge)
    filled = fill(paper, Decimal(80))
    points = dict(filled.scores.values_list("item_id", "points"))
    assert filled.total == Decimal(80)

    said = refusal(reviews.score, review=paper, by=town.staff, points=points)
    assert said.code == "forbidden"
    first = next(iter(points))
    for wrong in (Decimal("15.01"), Decimal("-1"), None):
        given = {**points, first: wrong}
        given = {key: value for key, value in given.items() if value is not None}
        said = refusal(reviews.score, review=paper, by=town.other_judge, points=given)
        assert said.field == f"item_{first}"
    assert ReviewScore.unscoped.filter(review=paper).count() == 6


def test_sheets_are_not_shown_before_the_summing_up(town: Town, year: Any) -> None:
    paper = fill(sheet(year, town.people, town.other_judge), Decimal(80))
    mine = Review.objects.addressed_to(town.other_judge.pk)
    assert list(mine) == [paper]
    assert not Review.objects.within(town.district).shown().exists()

    review(year, town.people, Decimal(90), sheets=2)

    assert Review.objects.within(town.district).shown().count() == 3


def test_a_sum_waits_for_all_and_for_enough(town: Town, year: Any) -> None:
    fill(sheet(year, town.people, make_account()), Decimal(80))
    late = sheet(year, town.people, make_account(name="还没评"))
    assert "还没评" in refusal(reviews.close, year=year, by=town.staff).message
    reviews.excuse(review=late, by=town.staff)
    assert "至少要 3 位" in refusal(reviews.close, year=year, by=town.staff).message
    Scheme.unscoped.update(reviewers=1)

    closed = reviews.close(year=year, by=town.staff)

    assert (closed.score, closed.computed) == (Decimal(80), Grade.GOOD)


@pytest.mark.parametrize(
    ("percents", "score", "grade"),
    [
        ((90, 85, 80), "85.00", "excellent"),
        ((70, 70, 70), "70.00", "good"),
        ((60, 75, 70), "68.33", "ordinary"),
    ],
)  # fmt: skip
def test_the_result_is_the_mean_of_all(
    town: Town, year: Any, percents: tuple[int, ...], score: str, grade: str
) -> None:
    for percent in percents:
        fill(sheet(year, town.people, make_account()), Decimal(percent))

    closed = reviews.close(year=year, by=town.staff)

    assert (closed.score, closed.computed) == (Decimal(score), grade)


def test_the_cut_offs_are_the_districts(town: Town, year: Any) -> None:
    Scheme.unscoped.update(excellent_from=92)

    assert review(year, town.people, Decimal(90)).computed == Grade.GOOD


def test_a_closed_review_is_locked_by_the_database_too(town: Town, year: Any) -> None:
    review(year, town.people, Decimal(90))
    paper = Review.unscoped.first()
    assert paper is not None

    with pytest.raises(Error), transaction.atomic():
        Review.unscoped.filter(pk=paper.pk).update(total=1)
    assert refusal(reviews.excuse, review=paper, by=town.staff).code == "conflict"


def test_an_adjustment_has_a_reason_and_changes_something(town: Town, year: Any) -> None:
    with pytest.raises(Refusal):
        reviews.adjust(year=year, grade="good", by=town.staff, why="先汇总")
    year = review(year, town.people, Decimal(90))
    assert refusal(reviews.adjust, year=year, grade="good", by=town.staff, why="").field == "reason"
    same = refusal(reviews.adjust, year=year, grade="excellent", by=town.staff, why="同")
    assert same.field == "grade"

    year = reviews.adjust(year=year, grade="good", by=town.staff, why="群众满意度测评偏低")

    assert (year.computed, year.adjusted, year.adjusted_by) == ("excellent", "good", town.staff)
