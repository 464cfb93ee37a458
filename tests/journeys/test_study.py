"""A year of study on the phone, and the lecture service at the desk."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from branches.enums import PostKind, Role
from branches.models import Unit
from meetings.enums.lectures import BookingState
from meetings.models import Booking, Meeting, StudyMark, StudyPlan
from tests.factories.accounts import PASSWORD
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_members,
    make_post,
    make_user,
)
from tests.factories.study import make_booking, make_course, make_lecturer, make_phases, make_text
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    """A branch of five whose district has listed four texts and offers a course."""
    year = timezone.localdate().year
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    committee = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(committee, name="滨河社区党支部")
    make_branch(committee, name="南关社区党支部")
    members = make_members(branch, 5)
    make_post(branch, PostKind.SECRETARY, member=members[0])
    for number, phase in enumerate(make_phases(district, year), 1):
        make_text(phase, f"《必学篇目{number}》")
    lecturer = make_lecturer(district, "李敏")
    make_course(district, "党章里的规矩", lecturer=lecturer, year=year)
    make_user(Role.SECRETARY, branch, username="shuji", name="赵芳", password=PASSWORD)
    make_user(Role.DISTRICT_STAFF, district, username="wang", name="王处长", password=PASSWORD)
    return branch


def fits(page: Any) -> bool:
    """Whether nothing is wider than the phone."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_secretary_plans_studies_and_asks_for_a_lecture_by_thumb(
    branch: Unit, sign_in: SignIn
) -> None:
    page = sign_in("shuji", size=PHONE)
    page.get_by_role("link", name="制定今年的学习计划").tap()
    page.get_by_role("button", name="照此制定计划").tap()
    page.wait_for_selector("text=学习计划已定")
    assert StudyPlan.unscoped.get().unit == branch
    assert fits(page)

    # The next text, logged with one line already written and its chip ticked.
    page.get_by_role("main").get_by_role("link", name="记录学习", exact=True).first.tap()
    page.wait_for_selector("form[data-log]")
    assert page.locator("#id_topic").input_value().startswith("集体学习《必学篇目")
    assert page.locator("[name=study]:checked").count() == 1
    page.get_by_role("checkbox", name="主题党日").tap()
    assert fits(page)
    page.get_by_role("button", name="提交").tap()
    page.wait_for_selector("text=已提交，等上级审核")
    assert StudyMark.unscoped.get().meeting == Meeting.unscoped.get()

    # A course out of the catalogue, in two taps and a line.
    page.goto(page.url.split("/meetings/")[0] + "/lectures/")
    assert fits(page)
    page.get_by_role("link", name=re.compile("点课.*党章里的规矩")).tap()
    page.fill("#id_wish", "下周三下午，支部活动室")
    assert fits(page)
    page.get_by_role("button", name="点这门课").tap()
    page.wait_for_selector("text=已点课")
    assert Booking.unscoped.get().state == BookingState.REQUESTED
    assert fits(page)

    # It was given; its record is one tap and 提交.
    start = timezone.now() - timedelta(hours=2)
    Booking.unscoped.update(
        state=BookingState.SCHEDULED,
        lecturer=Booking.unscoped.get().course.lecturer,
        starts_at=start,
        ends_at=start + timedelta(minutes=20),
        place="支部活动室",
    )
    page.reload()
    page.get_by_role("link", name="记录这次党课").tap()
    page.wait_for_selector("form[data-log]")
    assert page.locator("#id_topic").input_value() == "微党课《党章里的规矩》，主讲：李敏"
    page.get_by_role("button", name="提交").tap()
    page.wait_for_selector("text=已提交，等上级审核")
    assert Booking.unscoped.get().state == BookingState.DELIVERED


def test_staff_see_who_lags_and_give_a_lecture_its_time(branch: Unit, sign_in: SignIn) -> None:
    course = make_course(branch.district, "家风就是作风")  # type: ignore[arg-type]
    make_booking(branch, course, wish="下周三下午")
    page = sign_in("wang", size=DESK)
    page.get_by_role("link", name="学习计划").first.click()
    page.wait_for_selector("h1:has-text('学习计划')")
    assert page.locator("tbody tr").count() == 2
    page.get_by_role("link", name="学习清单").click()
    page.get_by_role("link", name="加一篇", exact=True).first.click()
    page.fill("#id_title", "《支部工作条例》")
    page.get_by_role("radio", name="条例").check()
    page.select_option("#id_phase", index=1)
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector("text=已保存：《支部工作条例》")

    page.get_by_role("link", name="党课", exact=True).first.click()
    page.get_by_role("link", name="安排", exact=True).first.click()
    page.get_by_role("link", name=re.compile(f"安排.*{branch}")).click()
    day = timezone.localdate() + timedelta(days=7)
    page.fill("#id_day", day.isoformat())
    page.fill("#id_start", "15:00")
    page.fill("#id_place", "支部活动室")
    page.get_by_role("button", name="安排并通知").click()
    page.wait_for_selector("text=已安排，已通知支部。")
    page.get_by_role("link", name="下一周").click()
    assert page.locator(".week li").inner_text().startswith("15:00–15:20")

    # The same hour is nobody else's.
    page.goto(page.url.split("/lectures/")[0] + f"/lectures/courses/{course.uuid}/visit/")
    page.fill("#id_day", day.isoformat())
    page.fill("#id_start", "15:10")
    page.fill("#id_place", "街道礼堂")
    page.get_by_role("checkbox", name="南关社区党支部").check()
    page.get_by_role("button", name="安排并通知").click()
    page.wait_for_selector(".error-summary")
    assert "已安排到滨河社区党支部" in page.locator(".error-summary").inner_text()
    page.fill("#id_start", "16:00")
    page.get_by_role("button", name="安排并通知").click()
    page.wait_for_selector("text=已安排 1 个支部")
    assert Booking.unscoped.filter(state=BookingState.SCHEDULED).count() == 2
