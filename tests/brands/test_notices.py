"""Reminders of tasks, findings, applications and sheets: the right people, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from branches.scope import Scope, scope_of
from brands.enums import Stage
from brands.finds import found
from brands.models import BrandYear, Scheme
from brands.notices import owed
from brands.services import inspections, plan, reviews
from core.models import Notice
from core.outbox import text_of
from tests.brands.conftest import Town
from tests.factories.brands import DAY, YEAR, make_year, task

pytestmark = pytest.mark.django_db
SOON = date(YEAR, 6, 18)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


def told(name: str) -> dict[str, list[str]]:
    """Recipient's name → the texts of one sort of reminder."""
    rows = Notice.objects.filter(key__startswith=name).select_related("recipient").order_by("pk")
    texts: dict[str, list[str]] = {}
    for one in rows:
        assert one.recipient is not None
        texts.setdefault(one.recipient.name, []).append(text_of(one))
    return texts


@pytest.fixture
def under_way(town: Town) -> BrandYear:
    made = make_year(town.branch, upto=Stage.UNDERWAY, people=town.people)
    plan.add_item(year=made, by=town.secretary, task=task("办好邻里节", SOON))
    return made


def test_a_task_is_told_three_working_days_ahead_to_its_keeper_and_once(
    town: Town, under_way: BrandYear
) -> None:
    assert owed(at(DAY))["soon"] == 1
    assert owed(at(DAY))["soon"] == 0
    (text,) = told("brand-soon")["李华"]
    assert "任务“办好邻里节”6月18日到期" in text


def test_a_task_past_its_day_is_told_to_the_keeper_and_weekly_to_the_committee_above(
    town: Town, under_way: BrandYear
) -> None:
    first = owed(at(SOON + timedelta(days=1)))
    assert (first["late"], first["behind"]) == (1, 1)
    again = owed(at(SOON + timedelta(days=2)))
    assert (again["late"], again["behind"]) == (0, 0)
    assert sorted(told("brand-behind")) == ["陶春燕"]
    assert "1 项任务逾期未完成" in told("brand-behind")["陶春燕"][0]
    next_week = owed(at(SOON + timedelta(days=5)))
    assert (next_week["late"], next_week["behind"]) == (0, 1)


def test_a_finished_task_is_not_told(town: Town, under_way: BrandYear) -> None:
    item = under_way.plan.get(name="办好邻里节")
    plan.finish_item(item=item, by=town.secretary, on=DAY, today=DAY, evidence="办了三场")
    assert set(owed(at(DAY)).values()) == {0}


def test_a_finding_is_told_until_it_is_answered(town: Town, under_way: BrandYear) -> None:
    made = inspections.inspect(
        year=under_way, by=town.judge, today=DAY, kind="tracking", on=DAY, people="陶春燕",
        findings="公示栏没有更新", to_mend=True,
    )  # fmt: skip
    assert made.due_on is not None
    owed(at(made.due_on))
    assert any("公示栏没有更新" in text for text in told("brand-soon")["李华"])
    inspections.answer(inspection=made, by=town.secretary, on=DAY, text="已更新")
    owed(at(made.due_on + timedelta(days=1)))
    assert "公示栏没有更新" not in "".join(told("brand-late").get("李华", []))


def test_an_application_near_its_last_day_is_told_to_those_who_have_not_applied(
    town: Town,
) -> None:
    make_year(town.branch, people=town.people)
    Scheme.unscoped.filter(unit=town.district, year=YEAR).update(apply_by=SOON)
    owed(at(DAY))
    (text,) = told("brand-soon")["李华"]
    assert "品牌申报6月18日截止" in text


def test_a_reviewer_is_told_of_his_empty_sheet(town: Town) -> None:
    made = make_year(town.branch, upto=Stage.INSPECTED, people=town.people)
    reviews.assign(year=made, reviewer=town.other_judge, by=town.staff, on=DAY)
    Scheme.unscoped.filter(unit=town.district, year=YEAR).update(review_by=SOON)
    assert owed(at(DAY))["sheets"] == 1
    assert owed(at(DAY))["sheets"] == 0
    assert sorted(told("brand-sheet")) == ["方正"]


def test_a_search_finds_ones_own_brands_and_what_is_promoted_in_the_district(town: Town) -> None:
    made = make_year(town.branch, people=town.people)
    name = made.brand.name

    def seen(scope: Scope) -> list[str]:
        return [row.title for finds in found(scope, 0, name) for row in finds.rows]

    other = scope_of(town.other_judge, on=DAY)
    assert (seen(scope_of(town.secretary, on=DAY)), seen(other)) == ([name], [])
