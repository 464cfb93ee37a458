"""阵地与联系 in a browser: the secretary's phone and the committee's desk."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from branches.enums import Role
from branches.models import Unit
from support.enums import CheckState
from support.models import VenueCheck
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    """A branch without a venue, its secretary and its committee."""
    cache.clear()
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(street, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    make_user(Role.SECRETARY, branch, username="shuji", name="马桂兰", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, street, username="jiedao", name="陶春燕", password=PASSWORD)
    return branch


def test_a_venue_is_checked_on_the_phone_and_confirmed_at_the_desk(
    branch: Unit, sign_in: SignIn
) -> None:
    phone = sign_in("shuji", size=PHONE)
    phone.goto(phone.url + "support/mine/")
    phone.get_by_role("link", name="登记阵地").tap()
    phone.fill("[name=name]", "党群服务中心二楼")
    phone.fill("[name=address]", "滨河路 8 号")
    phone.get_by_role("button", name="保存").tap()
    phone.wait_for_selector("text=阵地已登记")
    phone.get_by_role("link", name="年度自查").tap()
    phone.wait_for_selector("text=补充说明")
    for choice in phone.locator("[type=radio][value=yes]").all():
        choice.check()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    phone.get_by_role("button", name="交给党（工）委").tap()
    phone.wait_for_selector("text=自查已交")

    desk = sign_in("jiedao", size=DESK)
    assert desk.locator("text=确认支部的阵地自查").is_visible()
    desk.goto(desk.url + "support/queue/")
    desk.get_by_role("link", name="滨河社区党支部").click()
    desk.get_by_role("link", name="确认自查").click()
    desk.get_by_role("button", name="确认").click()
    desk.wait_for_selector("text=已确认。")

    assert VenueCheck.unscoped.get().state == CheckState.CONFIRMED
