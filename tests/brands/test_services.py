"""The way of a brand: who may do what, with what in hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brands.enums import Ladder, Stage, Step
from brands.models import Brand, BrandMove, PlanItem, Quota, Scheme, StandardItem
from brands.services import brands, career, plan, schemes, years
from core.errors import Refusal
from core.models import Notice
from tests.brands.conftest import Town
from tests.core.samples.files import pdf
from tests.factories.branches import make_branch, make_group
from tests.factories.brands import (
    DAY,
    YEAR,
    finish,
    five,
    inspect,
    make_brand,
    make_year,
    review,
    take,
    task,
)


def refusal(verb: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verb(**facts)
    return caught.value


def told(name: str) -> set[str]:
    rows = Notice.objects.filter(template=f"brands/notices/{name}")
    return set(rows.values_list("recipient__name", flat=True))


# --- 选题 ----------------------------------------------------------------------------------------


def test_the_first_brand_of_a_year_opens_the_districts_scheme(town: Town) -> None:
    make_brand(town.branch)

    scheme = Scheme.unscoped.get()
    assert (scheme.unit, scheme.year) == (town.district, YEAR)
    assert [(one.fist_low, one.fist_high) for one in [scheme]] == [(5, 8)]
    items = StandardItem.unscoped.filter(set="standard")
    assert (items.count(), sum(item.points for item in items)) == (6, 100)
    assert StandardItem.unscoped.filter(set="creation").count() == 6


def test_next_years_scheme_takes_over_this_years_numbers(town: Town) -> None:
    make_brand(town.branch)
    Scheme.unscoped.update(fist_high=6, good_from=75)
    StandardItem.unscoped.filter(title="社会影响").delete()

    after = schemes.open_scheme(district=town.district, year=YEAR + 1)

    assert (after.fist_high, after.good_from) == (6, 75)
    assert StandardItem.unscoped.filter(year=YEAR + 1).count() == 11


def test_the_same_brand_sent_twice_is_one(town: Town) -> None:
    facts = five(name="四点半学校")
    first = brands.create_brand(unit=town.branch, by=town.secretary, year=YEAR, on=DAY, five=facts)
    again = brands.create_brand(unit=town.branch, by=town.secretary, year=YEAR, on=DAY, five=facts)

    assert (first.pk, first.years.count()) == (again.pk, 1)


def test_neither_a_district_nor_a_group_owns_a_brand(town: Town) -> None:
    for unit in (town.district, make_group(town.branch)):
        said = refusal(brands.create_brand, unit=unit, by=None, year=YEAR, on=DAY, five=five())
        assert said.field == "unit"


def test_a_name_that_carries_a_mark_of_secrecy_is_refused(town: Town) -> None:
    said = refusal(
        brands.create_brand,
        unit=town.branch,
        by=None,
        year=YEAR,
        on=DAY,
        five=five(name="机密★1年"),
    )
    assert said.field == "name"


# --- 申报, 退回, 批准 -----------------------------------------------------------------------------


def test_an_application_takes_the_brand_to_its_first_step_and_tells_the_committee(
    town: Town,
) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)

    moves = BrandMove.unscoped.filter(brand=year.brand).values_list(
        "ladder", "before", "after", "document", "by"
    )
    assert list(moves) == [
        (Ladder.STAGE, None, Stage.TOPIC, "", town.secretary.pk),
        (Ladder.STAGE, Stage.TOPIC, Stage.APPLIED, "申报表1号", town.secretary.pk),
        (Ladder.STEP, Step.NONE, Step.NOMINATED, "申报表1号", town.secretary.pk),
    ]
    assert told("applied") == {"陶春燕"}


@pytest.mark.parametrize(
    ("missing", "field"), [("theme", "five"), ("plan", "plan"), ("document", "document")]
)
def test_an_application_says_what_it_lacks(town: Town, missing: str, field: str) -> None:
    facts = {"theme": ""} if missing == "theme" else {}
    brand = make_brand(town.branch, by=town.secretary, **facts)
    year = brand.years.get()
    if missing != "plan":
        plan.add_item(year=year, by=town.secretary, task=task())
    document = "" if missing == "document" else "申报表1号"

    said = refusal(years.apply, year=year, by=town.secretary, on=DAY, document=document)

    assert said.field == field
    year.refresh_from_db()
    assert year.stage == Stage.TOPIC


def test_a_file_does_as_a_document(town: Town) -> None:
    year = make_year(town.branch, people=town.people)
    upload = SimpleUploadedFile("申报表.pdf", pdf())

    years.apply(year=year, by=town.secretary, on=DAY, upload=upload)

    move = BrandMove.unscoped.filter(year=year, after=Stage.APPLIED).first()
    assert move is not None
    assert move.file is not None
    assert move.file.name == "申报表.pdf"


def test_who_applied_does_not_approve(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)

    said = refusal(years.approve, year=year, by=town.secretary, on=DAY, document="批复1号")

    assert said.code == "forbidden"


def test_an_application_comes_back_with_its_reason_and_may_be_made_again(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)
    assert refusal(years.return_, year=year, by=town.judge, on=DAY, why=" ").field == "reason"

    year = years.return_(year=year, by=town.judge, on=DAY, why="主题太笼统")
    assert (year.stage, year.returned, year.brand.step) == (
        Stage.TOPIC,
        "主题太笼统",
        Step.NOMINATED,
    )
    assert told("returned") == {"李华"}
    year = years.apply(year=year, by=town.secretary, on=DAY, document="申报表2号")
    assert (year.stage, year.returned) == (Stage.APPLIED, "")
    assert Notice.objects.filter(template="brands/notices/applied").count() == 2


def test_an_approval_trains_the_brand_and_fills_a_place(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)

    assert (year.stage, year.brand.step) == (Stage.UNDERWAY, Step.NURTURED)
    quota = Quota.unscoped.get(unit=town.street)
    assert (quota.taken, quota.low, quota.high) == (1, 1, None)


def test_a_committees_quota_is_not_overrun(town: Town) -> None:
    schemes.set_quota(unit=town.street, year=YEAR, low=1, high=1)
    make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    year = make_year(town.community, people=town.people, upto=Stage.APPLIED)

    said = refusal(years.approve, year=year, by=town.judge, on=DAY, document="批复2号")

    assert said.code == "conflict"
    assert "已经用完" in said.message
    year.refresh_from_db()
    assert year.stage == Stage.APPLIED


def test_a_withdrawn_year_may_be_begun_anew(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)
    years.withdraw(year=year, by=town.secretary, on=DAY)
    brand = Brand.unscoped.get()
    assert brand.step == Step.NONE

    again = brands.open_year(brand=brand, year=YEAR, by=town.secretary, on=DAY)

    assert (again.stage, again.pk != year.pk) == (Stage.TOPIC, True)


def test_what_is_being_judged_is_not_rewritten(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)

    said = refusal(brands.change_brand, brand=year.brand, by=town.secretary, five=five())
    assert said.code == "conflict"
    assert (
        refusal(plan.add_item, year=year, by=town.secretary, task=task("另一项")).code == "conflict"
    )


# --- 实施, 督查 -----------------------------------------------------------------------------------


def test_a_year_is_reported_when_the_plan_is_done_and_the_list_answered(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    facts: dict[str, Any] = {"by": town.secretary, "on": DAY, "document": "总结1号"}
    assert refusal(years.report, year=year, **facts).field == "plan"
    item = PlanItem.unscoped.get()
    plan.finish_item(item=item, by=town.secretary, on=DAY, today=DAY, evidence="已建成")
    said = refusal(years.report, year=year, **facts)
    assert said.message.startswith("创建清单还缺：规范要求、创建思路")
    finish(year, town.people, DAY)

    assert years.report(year=year, **facts).stage == Stage.INSPECTED
    assert told("reported") == {"陶春燕", "周明", "沈静"}


def test_all_five_of_a_task_are_asked_for(town: Town) -> None:
    year = make_year(town.branch, people=town.people)
    for name in ("owner", "measure", "answerable"):
        said = refusal(plan.add_item, year=year, by=None, task=task("新任务", **{name: ""}))
        assert said.field == name
    said = refusal(plan.add_item, year=year, by=None, task=task("新任务", date(YEAR + 1, 1, 1)))
    assert said.field == "due_on"


def test_what_was_reported_too_early_goes_on(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)

    year = years.rework(year=year, by=town.judge, on=DAY, why="佐证不足")

    assert (year.stage, year.brand.step) == (Stage.UNDERWAY, Step.NURTURED)


# --- 拳头品牌 -------------------------------------------------------------------------------------


def test_the_district_picks_no_more_than_its_places(town: Town) -> None:
    first = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    second = make_year(town.community, people=town.people, upto=Stage.UNDERWAY)
    schemes.set_quota(unit=town.district, year=YEAR, low=1, high=1)

    assert years.pick(year=first, by=town.staff, on=DAY).is_fist
    assert years.pick(year=first, by=town.staff, on=DAY).is_fist
    assert refusal(years.pick, year=second, by=town.staff, on=DAY).code == "conflict"
    years.unpick(year=first, by=town.staff, on=DAY)
    assert years.pick(year=second, by=town.staff, on=DAY).is_fist
    assert Quota.unscoped.get(unit=town.district).taken == 1


def test_a_quota_is_not_set_below_what_is_taken(town: Town) -> None:
    make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    make_year(town.community, people=town.people, upto=Stage.UNDERWAY)

    said = refusal(schemes.set_quota, unit=town.street, year=YEAR, low=1, high=1)
    assert said.field == "high"


# --- 审定, 认定, 推广, 重新定位 -------------------------------------------------------------------


def test_a_grade_is_decided_by_another_than_who_summed_up(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)
    facts: dict[str, Any] = {"on": DAY, "document": "审定1号"}
    assert refusal(years.decide, year=year, by=town.second, **facts).code == "conflict"
    year = review(year, town.people, Decimal(90))
    assert "先督查" in refusal(years.decide, year=year, by=town.second, **facts).message
    inspect(year, town.people)

    assert refusal(years.decide, year=year, by=town.staff, **facts).code == "forbidden"
    year = years.decide(year=year, by=town.second, **facts)
    assert (year.stage, year.grade, year.score) == (Stage.CLOSED, "excellent", 90)


def test_a_brand_climbs_to_recognition_and_is_shown_to_the_district(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.CLOSED)
    brand = career.recognise(brand=year.brand, by=town.staff, on=DAY, document="云组发〔2026〕8号")
    assert (
        refusal(career.promote, brand=brand, by=town.staff, on=DAY, document="9号").field == "case"
    )
    brands.write_case(
        brand=brand,
        by=town.secretary,
        background="背景",
        practice="做法",
        results="成效",
        year=YEAR,
    )
    assert not Brand.objects.library(town.other_branch).exists()

    brand = career.promote(brand=brand, by=town.staff, on=DAY, document="云组发〔2026〕9号")

    assert brand.step == Step.PROMOTED
    assert list(Brand.objects.library(town.other_branch)) == [brand]
    assert not Brand.objects.library(make_branch()).exists()


def test_an_ordinary_brand_says_something_else_before_it_is_applied_for_again(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.CLOSED, points=Decimal(60))
    assert year.grade == "ordinary"
    assert refusal(career.recognise, brand=year.brand, by=town.staff, on=DAY, document="1").code
    brand = career.reposition(brand=year.brand, by=town.staff, on=DAY, why="与单位职能不符")
    assert (brand.step, told("repositioned")) == (Step.REPOSITIONED, {"李华"})
    later = brands.open_year(brand=brand, year=YEAR + 1, by=town.secretary, on=DAY)
    plan.add_item(year=later, by=town.secretary, task=task(due_on=date(YEAR + 1, 5, 1)))
    facts: dict[str, Any] = {"by": town.secretary, "on": DAY, "document": "申报表2号"}
    assert refusal(years.apply, year=later, **facts).field == "five"

    brands.change_brand(brand=brand, by=town.secretary, five=five(name="银龄课堂"))
    later = years.apply(year=later, **facts)

    assert later.brand.step == Step.NOMINATED


def test_an_application_below_the_standard_goes_back_to_be_repositioned(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)

    brand = career.reposition(brand=year.brand, by=town.judge, on=DAY, why="与上年重复")

    year.refresh_from_db()
    assert (year.stage, brand.step) == (Stage.TOPIC, Step.REPOSITIONED)


def test_a_good_brand_is_not_repositioned(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.CLOSED)

    assert refusal(career.reposition, brand=year.brand, by=town.staff, on=DAY, why="不行").code


def test_a_second_year_keeps_the_career_and_the_first_years_grade(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.CLOSED)
    career.recognise(brand=year.brand, by=town.staff, on=DAY, document="8号")
    later = brands.open_year(brand=year.brand, year=YEAR + 1, by=town.secretary, on=DAY)

    later = take(later, upto=Stage.UNDERWAY, people=town.people)

    assert later.brand.step == Step.RECOGNISED
    year.refresh_from_db()
    assert year.grade == "excellent"


def test_a_case_is_no_longer_than_the_scheme_allows(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    facts: dict[str, Any] = {"brand": year.brand, "by": None, "background": "一", "year": YEAR}

    said = refusal(brands.write_case, practice="字" * 2999, results="字", **facts)

    assert "超过 3000 字；请再精炼 1 字" in said.message
    brands.write_case(practice="字" * 2998, results="字", **facts)
