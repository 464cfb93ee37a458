"""The pages: who sees what, what a click does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from brands.enums import Stage, Step
from brands.models import Brand, BrandFile, BrandYear, PlanItem, Review
from brands.services import brands, career, reviews
from tests.brands.conftest import Town
from tests.core.samples.files import photo
from tests.factories.brands import DAY, YEAR, fill, inspect, make_year, review, sheet

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def clock(time_machine: Any) -> None:
    time_machine.move_to("2026-07-20 09:00:00+08:00", tick=False)


def at(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"brands:{name}", args=args)


FIVE = {
    "name": "四点半学校",
    "kind": "community",
    "theme": "放学有去处",
    "concept": "孩子的事就是支部的事",
    "meaning": "每天放学后两小时",
    "goal": "服务三百人次",
}
TASK = {
    "name": "建好课堂",
    "owner": "王小明",
    "due_on": "2026-07-31",
    "measure": "腾出一间房",
    "answerable": "李华",
}


def test_a_secretary_takes_a_brand_from_an_idea_to_its_application(town: Town) -> None:
    client = at(town.secretary)
    page = client.get(url("mine"))
    assert "还没有品牌" in page.content.decode()

    client.post(url("brand_new"), {**FIVE, "unit": town.branch.code})
    year = BrandYear.unscoped.get()
    assert "定“五定”计划" in client.get(url("mine")).content.decode()
    assert client.post(url("plan_new", year.uuid), {**TASK, "owner": ""}).status_code == 422
    client.post(url("plan_new", year.uuid), TASK)
    assert url("year_apply", year.uuid) in client.get(url("mine")).content.decode()
    reply = client.post(url("year_apply", year.uuid), {"document": ""})
    assert (reply.status_code, "文件依据" in reply.content.decode()) == (422, True)
    client.post(url("year_apply", year.uuid), {"document": "品牌申报表"})

    year.refresh_from_db()
    assert (year.stage, year.brand.step) == (Stage.APPLIED, Step.NOMINATED)
    assert "等上级党（工）委审核" in client.get(url("mine")).content.decode()


def test_a_committee_sees_what_waits_and_decides(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)
    client = at(town.judge)
    assert year.brand.name in client.get(url("queue")).content.decode()
    detail = client.get(url("brand_detail", year.brand.uuid)).content.decode()
    assert url("year_approve", year.uuid) in detail
    assert url("year_decide", year.uuid) not in detail

    client.post(url("year_approve", year.uuid), {"document": "批复1号"})

    year.refresh_from_db()
    assert year.stage == Stage.UNDERWAY
    assert "都办完了" in client.get(url("queue")).content.decode()


def test_a_move_that_is_not_his_is_forbidden_and_what_is_not_his_is_not_there(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)

    assert at(town.secretary).post(url("year_approve", year.uuid)).status_code == 403
    assert at(town.judge).post(url("year_decide", year.uuid)).status_code == 403
    assert at(town.leader).post(url("year_approve", year.uuid)).status_code == 403
    assert at(town.other_judge).get(url("brand_detail", year.brand.uuid)).status_code == 404
    assert at(town.stranger).post(url("year_approve", year.uuid)).status_code == 404
    year.refresh_from_db()
    assert year.stage == Stage.APPLIED


def test_a_committee_does_not_approve_its_own_brand(town: Town) -> None:
    year = make_year(town.street, upto=Stage.APPLIED)

    assert at(town.judge).post(url("year_approve", year.uuid)).status_code == 403
    reply = at(town.staff).post(url("year_approve", year.uuid), {"document": "批复1号"})
    assert reply.status_code == 302


def test_a_reading_writes_nothing(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)

    assert at(town.judge).get(url("year_approve", year.uuid)).status_code == 200

    year.refresh_from_db()
    assert year.stage == Stage.APPLIED


def test_a_task_is_done_with_what_came_of_it(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    item = year.plan.get()
    client = at(town.secretary)
    assert "5月31日已逾期" in client.get(url("brand_detail", year.brand.uuid)).content.decode()
    assert "补办：建好服务驿站" in client.get("/").content.decode()
    picture = SimpleUploadedFile("课堂.jpg", photo())

    facts = {"on": "2026-07-19", "evidence": "已开课", "file": picture}
    client.post(url("plan_done", item.uuid), facts)

    item = PlanItem.unscoped.get()
    assert (item.evidence, item.file is not None) == ("已开课", True)


def test_reviewers_score_alone_and_see_nothing_of_each_other(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)
    client = at(town.staff)
    chosen = [str(user.pk) for user in (town.other_judge, town.staff, town.second)]
    client.post(url("reviewers", year.uuid), {"reviewers": chosen})
    sheets = {one.reviewer_id: one for one in Review.unscoped.all()}
    assert len(sheets) == 3
    his = at(town.other_judge)
    assert "待评分" in his.get(url("review_list")).content.decode()
    page = his.get(url("review_sheet", sheets[town.other_judge.pk].uuid))
    assert year.brand.meaning in page.content.decode()
    fill(sheets[town.other_judge.pk], Decimal(77))

    # His sheet is nobody else's, and the brand's page does not tell its points.
    assert client.get(url("review_sheet", sheets[town.other_judge.pk].uuid)).status_code == 404
    detail = client.get(url("brand_detail", year.brand.uuid)).content.decode()
    assert "77.00" not in detail
    assert "已评，汇总后可看" in detail
    for user in (town.staff, town.second):
        fill(sheets[user.pk], Decimal(90))
    client.post(url("year_sum", year.uuid))

    detail = client.get(url("brand_detail", year.brand.uuid)).content.decode()
    assert "77.00" in detail
    assert "拟评“优”" in detail


def test_a_reviewer_sees_the_pictures_of_what_he_judges_and_no_other_file(
    town: Town, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)
    at(town.secretary).post(
        url("pictures", year.brand.uuid),
        {"kind": "cover", "file": SimpleUploadedFile("封面.jpg", photo())},
    )
    cover = BrandFile.unscoped.get()
    client = at(town.other_judge)
    assert client.get(url("thumb", cover.uuid)).status_code == 404
    reviews.assign(year=year, reviewer=town.other_judge, by=town.staff, on=DAY)

    shown = client.get(url("thumb", cover.uuid))
    assert (shown.status_code, b"".join(shown.streaming_content)[:2]) == (200, b"\xff\xd8")
    BrandFile.unscoped.update(kind="document")
    assert client.get(url("file", cover.uuid)).status_code == 404


def test_a_sheet_with_too_many_points_is_shown_again(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)
    paper = sheet(year, town.people, town.other_judge)

    reply = at(town.other_judge).post(url("review_sheet", paper.uuid), {"item_1": "99"})

    assert reply.status_code == 422


def test_the_whole_year_by_clicks_of_the_district(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.INSPECTED)
    inspect(year, town.people)
    review(year, town.people, Decimal(82))
    second = at(town.second)
    at(town.staff).post(url("year_adjust", year.uuid), {"grade": "excellent", "why": "群众很满意"})
    assert at(town.staff).post(
        url("year_decide", year.uuid), {"document": "审定1号"}
    ).status_code == 422  # fmt: skip
    second.post(url("year_decide", year.uuid), {"document": "审定1号"})
    year.refresh_from_db()
    assert (year.grade, year.computed) == ("excellent", "good")

    brand = year.brand
    second.post(url("brand_recognise", brand.uuid), {"document": "云组发〔2026〕8号"})
    case = {"background": "背景", "practice": "做法", "results": "成效"}
    at(town.secretary).post(url("case_edit", brand.uuid), case)
    second.post(url("brand_promote", brand.uuid), {"document": "云组发〔2026〕9号"})

    brand.refresh_from_db()
    assert brand.step == Step.PROMOTED


def promoted(town: Town) -> Brand:
    year = make_year(town.branch, people=town.people, upto=Stage.CLOSED)
    brand = career.recognise(brand=year.brand, by=town.staff, on=DAY, document="8号")
    case = {"background": "老人多", "practice": "设课堂", "results": "三百人次"}
    brands.write_case(brand=brand, by=town.secretary, year=YEAR, **case)
    return career.promote(brand=brand, by=town.staff, on=DAY, document="9号")


def test_a_promoted_brand_shows_its_case_to_the_district_and_keeps_its_papers(town: Town) -> None:
    brand = promoted(town)
    client = at(town.other_judge)
    assert brand.name in client.get(url("brand_list")).content.decode()

    detail = client.get(url("brand_detail", brand.uuid)).content.decode()

    assert "设课堂" in detail
    assert "批复1号" not in detail
    assert "五定计划" not in detail
    assert at(town.stranger).get(url("brand_detail", brand.uuid)).status_code == 404
    assert brand.name not in at(town.stranger).get(url("brand_list")).content.decode()


@pytest.mark.parametrize("asked", ["四点半学校", "sdbxx", "sidianban", "anning"])
def test_the_gallery_finds_by_name_pinyin_and_owner(town: Town, asked: str) -> None:
    make_year(town.street, name="四点半学校", theme="放学有去处")
    make_year(town.other_branch, name="银龄课堂", theme="老有所学")

    text = at(town.staff).get(url("brand_list"), {"q": asked}).content.decode()

    assert "四点半学校" in text
    assert "银龄课堂" not in text


def test_the_gallery_narrows_by_kind_year_grade_step_and_committee(town: Town) -> None:
    one = make_year(town.branch, people=town.people, upto=Stage.CLOSED, name="四点半学校")
    make_year(town.other_branch, name="银龄课堂", kind="office")
    client = at(town.staff)

    for query in (
        {"kind": "community"},
        {"grade": "excellent"},
        {"year": str(YEAR), "grade": "excellent"},
        {"step": "trained"},
        {"stage": "closed"},
        {"committee": town.street.code},
        {"unit": town.community.code},
    ):
        text = client.get(url("brand_list"), query).content.decode()
        assert (one.brand.name in text, "银龄课堂" in text) == (True, False), query
    assert "银龄课堂" in client.get(url("brand_list"), {"kind": "office"}).content.decode()
    assert "没有找到品牌" in client.get(url("brand_list"), {"fist": "on"}).content.decode()


@pytest.mark.parametrize(
    "name",
    ["brand_list", "mine", "board", "queue", "coverage", "inspection_list", "media_list",
     "showing_list", "review_list", "brand_new", "showing_new", "brand_import"],
)  # fmt: skip
def test_every_list_opens_with_nothing_in_it(town: Town, name: str) -> None:
    assert at(town.staff).get(url(name)).status_code == 200


def test_a_board_counts_what_its_links_open(town: Town) -> None:
    make_year(town.branch, people=town.people, upto=Stage.CLOSED)
    make_year(town.other_branch, upto=Stage.UNDERWAY)
    client = at(town.leader)

    page = client.get(url("board"))

    board = page.context["board"]
    assert [one["count"] for one in board.funnel] == [0, 0, 1, 0, 1]
    for one in (
        *board.funnel,
        *[{"href": bar.href, "count": bar.fill.taken} for bar in board.bars],
    ):
        rows = client.get(one["href"]).context["page"].rows
        assert len(rows) == one["count"], one
    assert board.excellent == len(
        client.get(f"{url('brand_list')}?grade=excellent").context["cards"]
    )


def test_the_coverage_map_shows_what_is_missing(town: Town) -> None:
    make_year(town.branch, people=town.people, upto=Stage.UNDERWAY, name="四点半学校")

    found = at(town.staff).get(url("coverage")).context["map"]

    assert [(one.office.count, [tile.count for tile in one.places]) for one in found.streets] == [
        (1, [1]),
        (0, [0]),
    ]
    assert (found.offices_done, found.places_done, found.places) == (1, 1, 2)
    rows = at(town.staff).get(found.streets[0].places[0].href).context["page"].rows
    assert [row.name for row in rows] == ["四点半学校"]
