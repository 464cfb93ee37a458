"""A secretary's 组织生活 on the phone, and the committee that decides at its desk."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from branches.enums import PostKind, Role
from branches.models import Member, Unit
from meetings.enums import Kind
from meetings.enums.life import AppraisalState, ReviewState
from meetings.models import Appraisal, LifeReview, Talk
from tests.factories.accounts import PASSWORD
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_members,
    make_post,
    make_user,
)
from tests.factories.life import make_appraisal, make_review
from tests.factories.meetings import make_meeting
from tests.journeys.conftest import PHONE, SignIn


@dataclass
class Place:
    """A branch of four, its committee, and who works there."""

    branch: Unit
    members: list[Member]


@pytest.fixture
def place(transactional_db: None) -> Place:
    committee = make_committee(make_district(), name="中共城关街道工作委员会")
    branch = make_branch(
        committee, name="中共城关街道滨河社区支部委员会", short_name="滨河社区党支部"
    )
    members = make_members(branch, 4)
    make_post(branch, PostKind.SECRETARY, member=members[0])
    make_user(Role.SECRETARY, branch, username="shuji", name="赵芳", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, committee, username="jiedao", name="钱伟", password=PASSWORD)
    return Place(branch, members)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_three_talks_are_noted_with_five_taps(place: Place, sign_in: SignIn) -> None:
    page = sign_in("shuji", size=PHONE)
    page.goto(f"{page.url}life/")
    assert fits(page)
    page.get_by_role("link", name="记谈心谈话").tap()
    page.wait_for_selector("[name=others]")
    assert fits(page)
    for member in place.members[1:]:
        page.locator(f"label[for=other-{member.pk}]").tap()
    page.get_by_role("button", name="记下").tap()
    page.wait_for_selector("text=该谈的都谈到了")

    assert Talk.unscoped.filter(unit=place.branch, day=timezone.localdate()).count() == 3
    assert fits(page)


def test_grades_are_proposed_on_the_phone_and_approved_at_the_desk(
    place: Place, sign_in: SignIn
) -> None:
    on = timezone.localdate()
    end = on.replace(month=12, day=31)
    found = make_appraisal(place.branch, AppraisalState.GRADING, year=on.year, on=end)
    make_meeting(place.branch, Kind.APPRAISAL, on)
    page = sign_in("shuji", size=PHONE)
    page.goto(f"{page.url}life/appraisals/{found.uuid}/")
    assert fits(page)
    grades = ["excellent", "competent", "competent", "poor"]
    for entry, grade in zip(found.entries.order_by("pk"), grades, strict=True):
        page.locator(f"label[for=grade-{entry.pk}-{grade}]").tap()
    page.locator(".life-poor select").last.select_option("work")
    page.get_by_role("button", name="报党（工）委审定").tap()
    page.wait_for_selector("text=已报党（工）委审定")

    desk = sign_in("jiedao")
    desk.get_by_role("link", name="审定民主评议等次").click()
    desk.locator("#branches").get_by_role("link", name="待审定").click()
    desk.fill("[name=poor_decided_on]", on.isoformat())
    desk.get_by_role("button", name="审定通过").click()
    desk.wait_for_selector("text=把告知单当面交给本人")
    assert Appraisal.unscoped.get().state == AppraisalState.APPROVED


def test_a_returned_review_is_mended_and_closed(place: Place, sign_in: SignIn) -> None:
    on = timezone.localdate()
    review = make_review(
        place.branch, ReviewState.SUBMITTED, year=on.year, on=on.replace(month=12, day=31)
    )
    desk = sign_in("jiedao")
    address = f"{desk.url}life/reviews/{review.uuid}/"
    desk.goto(address)
    desk.get_by_role("button", name="退回支部").click()
    desk.fill("#return-reason", "整改结果写得再具体一些")
    desk.locator("dialog").get_by_role("button", name="退回", exact=True).click()
    desk.wait_for_selector("text=已退回支部")

    page = sign_in("shuji", size=PHONE)
    page.goto(address)
    page.wait_for_selector("text=整改结果写得再具体一些")
    assert fits(page)
    page.get_by_role("button", name="报党（工）委审核").tap()
    page.wait_for_selector("text=已报党（工）委审核")

    desk.goto(address)
    desk.get_by_role("button", name="审核通过，办结").click()
    desk.wait_for_selector("text=今年的组织生活会已办结")
    assert LifeReview.unscoped.get().state == ReviewState.CLOSED
