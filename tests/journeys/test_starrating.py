"""星级创评 in a browser: the secretary's phone, the committee, the district, to the plaque."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from branches.enums import Role
from starrating import services
from starrating.enums import State
from starrating.models import Rating
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.starrating import make_organisation, make_round
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def rating(transactional_db: None) -> Rating:
    """A firm in a round that started yesterday, its secretary, its committee, the district."""
    cache.clear()
    today = timezone.localdate()
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(street, name="清流环保公司党支部", short_name="清流环保党支部")
    for role, unit, name in (
        (Role.SECRETARY, branch, "shuji"), (Role.COMMITTEE_STAFF, street, "jiedao"),
        (Role.DISTRICT_STAFF, district, "zuzhibu"),
    ):  # fmt: skip
        make_user(role, unit, username=name, password=PASSWORD)
    make_organisation(branch, name="清流环保公司", on=today)
    round_ = make_round(
        district, starts_on=today, self_until=today + timedelta(days=9),
        check_until=today + timedelta(days=20), review_until=today + timedelta(days=30),
    )  # fmt: skip
    return Rating.unscoped.get(round=round_)


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_from_the_phone_to_the_plaque(rating: Rating, sign_in: SignIn) -> None:
    phone = sign_in("shuji", size=PHONE)
    phone.goto(phone.url + "starrating/mine/")
    fits(phone)
    phone.get_by_role("link", name="逐项自评").tap()
    for place, points in enumerate(("55", "38"), start=1):
        phone.wait_for_selector(f"text=第 {place} 项，共 2 项")
        phone.fill("[name=score]", points)
        fits(phone)
        phone.get_by_role("button", name="保存").tap()
    phone.get_by_role("link", name="核对以后提交自评").tap()
    phone.get_by_role("button", name="提交").tap()
    phone.wait_for_selector("text=自评已提交")
    fits(phone)

    street = sign_in("jiedao", size=DESK)
    street.goto(street.url + "starrating/queue/")
    street.get_by_role("link", name="初核打分").click()
    street.get_by_role("link", name="初核打分").click()
    street.fill("[name^=score_]", "50")
    street.fill("[name^=note_]", "换届批复过期")
    street.get_by_role("button", name="保存").click()
    street.wait_for_url("**part=2")
    street.get_by_role("button", name="保存").click()
    street.get_by_role("link", name="完成初核").click()
    street.get_by_role("button", name="完成初核").click()
    street.wait_for_selector("text=初核已完成")

    desk = sign_in("zuzhibu", size=DESK)
    desk.goto(desk.url + f"starrating/ratings/{rating.uuid}/")
    desk.get_by_role("link", name="审核打分").click()
    desk.get_by_role("button", name="保存").click()
    desk.wait_for_url("**part=2")
    desk.get_by_role("button", name="保存").click()
    desk.get_by_role("link", name="完成审核").click()
    desk.get_by_role("button", name="完成审核").click()
    desk.get_by_role("link", name="公示", exact=True).click()
    desk.get_by_role("button", name="公示").click()
    desk.wait_for_selector("text=已开始公示")
    rating.refresh_from_db()
    assert (rating.state, rating.stars, rating.review_total) == (State.NOTICED, 4, Decimal(88))
    assert rating.notice_until is not None
    services.award(
        rating=rating, by=rating.review_by, on=rating.notice_until + timedelta(days=1)
    )  # fmt: skip

    phone.goto(phone.url.split("/starrating/")[0] + f"/starrating/ratings/{rating.uuid}/")
    assert phone.locator(".verdict-stars").inner_text() == "四星级"
    assert phone.locator("text=换届批复过期").first.is_visible()
    fits(phone)
