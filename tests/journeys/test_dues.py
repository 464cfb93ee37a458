"""党费 in a browser: the secretary's phone, then the committee."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from branches.enums import Role
from branches.models import Unit
from core.dates import Period
from dues.models import Due, Payment, Remittance, Standard
from tests.factories.accounts import PASSWORD
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_member,
    make_user,
)
from tests.factories.dues import make_standard, open_months
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    """A branch of three, one of them without a standard; its secretary, its committee."""
    cache.clear()
    this = timezone.localdate().replace(day=1)
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(street, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    for name in ("马桂兰", "丁伟"):
        make_standard(make_member(branch, name=name), "15.00", since=this - timedelta(days=1))
    make_member(branch, name="新来")
    make_user(Role.SECRETARY, branch, username="shuji", name="马桂兰", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, street, username="jiedao", name="陶春燕", password=PASSWORD)
    open_months(branch, this)
    return branch


def test_a_month_from_the_phone_to_the_committee(branch: Unit, sign_in: SignIn) -> None:
    phone = sign_in("shuji", size=PHONE)
    phone.goto(phone.url + "dues/mine/")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    phone.get_by_role("link", name="新来").tap()
    phone.get_by_role("radio", name="在职").check()
    phone.fill("[name=base]", "3000.01")
    phone.get_by_role("button", name="核定").tap()
    phone.wait_for_selector("text=已核定")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    phone.goto(phone.url.split("/dues/")[0] + "/dues/mine/")
    phone.get_by_role("checkbox", name="丁伟").uncheck()
    phone.get_by_role("button", name="登记已交").tap()
    phone.wait_for_selector("text=已登记 2 人，共 45.00 元")
    quarter = Period.containing(timezone.localdate(), "quarter")
    phone.get_by_role("link", name=quarter.name).tap()
    phone.get_by_role("button", name="上缴").tap()
    phone.wait_for_selector("text=已报送")

    desk = sign_in("jiedao", size=DESK)
    desk.get_by_role("link", name="党费待办").first.click()
    desk.get_by_role("link", name="确认收到").click()
    desk.get_by_role("button", name="确认收到").click()
    desk.wait_for_selector("text=已确认收到")

    assert Standard.unscoped.get(member__name="新来").amount == 30
    assert set(Due.unscoped.values_list("member__name", "state")) == {
        ("马桂兰", "paid"), ("新来", "paid"), ("丁伟", "owed"),
    }  # fmt: skip
    assert Payment.unscoped.count() == 2
    assert Remittance.unscoped.get().state == "confirmed"
