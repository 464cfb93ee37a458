"""A 通知 in a browser: drafted at the desk, signed on the phone, hung on the wall."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from branches.enums import PostKind, Role
from portal.models import Receipt
from tests.factories.accounts import PASSWORD
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_member,
    make_post,
    make_user,
)
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def people(transactional_db: None) -> None:
    """A district, a street, a branch with a group, its secretary and the staff."""
    cache.clear()
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(street, name="滨河社区党支部")
    make_group(branch, name="第一党小组")
    make_post(branch, PostKind.SECRETARY, member=make_member(branch, name="马桂兰"))
    make_user(Role.SECRETARY, branch, username="shuji", name="马桂兰", password=PASSWORD)
    make_user(Role.DISTRICT_STAFF, district, username="zuzhibu", name="周明", password=PASSWORD)


def test_a_notice_is_issued_signed_on_the_phone_and_hung_on_the_wall(
    people: None, sign_in: SignIn
) -> None:
    desk = sign_in("zuzhibu", size=DESK)
    base = desk.url
    desk.get_by_role("link", name="通知下发").first.click()
    desk.get_by_role("link", name="起草通知").first.click()
    desk.fill("[name=title]", "关于走访慰问的通知")
    desk.fill("[name=text]", "请各支部安排走访。")
    desk.check("[name=needs_sign]")
    desk.get_by_role("button", name="存草稿，下一步").click()
    desk.wait_for_selector("text=将发给 2 个党组织")
    desk.get_by_role("button", name="下发", exact=True).click()
    desk.locator("dialog[open] button.btn-primary").click()
    desk.wait_for_selector("text=通知已下发")

    phone = sign_in("shuji", size=PHONE)
    phone.get_by_role("link", name="看通知").first.tap()
    phone.get_by_role("link", name="关于走访慰问的通知").first.tap()
    assert Receipt.unscoped.filter(read_at__isnull=False).count() == 0
    phone.get_by_role("button", name="签收").tap()
    phone.wait_for_selector("text=已签收")
    phone.get_by_role("button", name="转发并公开").tap()
    phone.wait_for_selector("text=列入公开栏")
    phone.goto(base + "page/")
    phone.wait_for_selector("text=网络党小组")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    phone.get_by_role("link", name="编辑公开栏").tap()
    phone.fill("[name=introduction]", "街坊邻里的支部")
    phone.locator("label.chip", has_text="通知").tap()
    phone.get_by_role("button", name="保存").tap()
    phone.wait_for_selector("text=公开栏已保存")
    assert phone.locator(".board >> text=关于走访慰问的通知").is_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]

    desk.reload()
    desk.wait_for_selector("text=其中签收 1 个")
