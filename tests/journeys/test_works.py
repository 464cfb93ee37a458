"""作用发挥 in a browser: a project and a pledge from the phone to the committee."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from branches.enums import Role
from branches.models import Unit
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.works import make_pledge
from tests.journeys.conftest import DESK, PHONE, SignIn
from works.enums import PledgeState, WorkState
from works.models import Pledge, Project


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    """A branch with one pledge that is nearly due."""
    cache.clear()
    today = timezone.localdate()
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(street, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    make_user(Role.SECRETARY, branch, username="shuji", name="马桂兰", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, street, username="jiedao", name="陶春燕", password=PASSWORD)
    make_pledge(branch, title="建成代办点", on=today, due_on=today + timedelta(days=5))
    return branch


def test_a_pledge_and_a_project_go_from_the_phone_to_the_committee(
    branch: Unit, sign_in: SignIn
) -> None:
    phone = sign_in("shuji", size=PHONE)
    base = phone.url
    phone.goto(base + "works/mine/")
    phone.get_by_role("link", name="报告完成").tap()
    phone.fill("[name=result]", "两个点都开张了")
    phone.get_by_role("button", name="报告").tap()
    phone.wait_for_selector("text=已报告，等确认。")
    phone.goto(base + "works/projects/mine/")
    phone.get_by_role("link", name="立项").tap()
    phone.select_option("[name=tag]", "three_plus_one")
    for name, words in (("title", "便民代办"), ("goal", "年底前建成"), ("owner", "马桂兰")):
        phone.fill(f"[name={name}]", words)
    phone.get_by_role("button", name="立项").tap()
    phone.wait_for_selector("text=项目已立")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]

    desk = sign_in("jiedao", size=DESK)
    desk.goto(desk.url + "works/queue/")
    desk.get_by_role("link", name="建成代办点").click()
    desk.get_by_role("link", name="确认兑现").click()
    desk.get_by_role("button", name="确认").click()
    desk.wait_for_selector("text=已确认兑现。")

    assert Pledge.unscoped.get().state == PledgeState.KEPT
    assert Project.unscoped.get().state == WorkState.PLANNED
