"""发展党员 and 转接 in a browser: the secretary's phone, the committee's desk, and the roster."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from branches.enums import MemberKind, Role
from branches.models import Member, Unit
from core.dates import add_months
from membership.models import Candidate, Step
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.membership import Hands, do, make_candidate, make_hands, walk
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def place(transactional_db: None) -> tuple[Unit, Hands, date]:
    """A branch, its secretary, its committee; the day of today."""
    cache.clear()
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(street, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    make_user(Role.SECRETARY, branch, username="shuji", name="马桂兰", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, street, username="jiedao", name="陶春燕", password=PASSWORD)
    return branch, make_hands(), timezone.localdate()


def test_from_the_application_to_the_oath_and_onto_the_roster(
    place: tuple[Unit, Hands, date], sign_in: SignIn
) -> None:
    branch, hands, today = place
    phone = sign_in("shuji", size=PHONE)
    phone.goto(phone.url + "admissions/mine/")
    phone.get_by_role("link", name="登记入党申请").first.tap()
    phone.fill("[name=name]", "邱晓雯")
    phone.fill("[name=birth_date]", "1996-05-04")
    phone.get_by_role("button", name="登记").tap()
    phone.wait_for_selector("text=入党申请已登记")
    phone.get_by_role("link", name="登记这一步").tap()
    phone.fill("[name=persons]", "马桂兰")
    phone.get_by_role("button", name="登记").tap()
    phone.wait_for_selector("text=“党组织派人谈话”已登记。")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert Step.unscoped.filter(candidate=Candidate.unscoped.get(), number=2).exists()

    # Another one, twenty months on: the meeting's vote on the phone, the approval at the desk.
    applied = add_months(today - timedelta(days=25), -20)
    candidate = walk(
        make_candidate(branch, by=hands.branch, applied_on=applied, on=today, name="阎思远"),
        16, hands, on=today,
    )  # fmt: skip
    phone.goto(phone.url.split("/admissions/")[0] + f"/admissions/cases/{candidate.uuid}/steps/17/")
    for name, value in (("eligible", 9), ("present", 8), ("yes", 8)):
        phone.fill(f"[name={name}]", str(value))
    phone.get_by_role("button", name="登记").tap()
    phone.wait_for_selector("text=“支部大会讨论”已登记。")
    do(candidate, 18, hands, on=today, day=today)

    desk = sign_in("jiedao", size=DESK)
    desk.get_by_role("link", name="发展党员").first.click()
    desk.get_by_role("link", name="上级党委审批 · 阎思远").click()
    desk.get_by_role("link", name="登记这一步").click()
    desk.get_by_role("radio", name="批准", exact=True).check()
    desk.fill("[name=document]", "城党〔2026〕8号")
    desk.get_by_role("button", name="登记").click()
    desk.wait_for_selector("text=“上级党委审批”已登记。")

    member = Member.unscoped.get(name="阎思远")
    assert (member.kind, member.joined_on, member.unit) == (
        MemberKind.PROBATIONARY, today, branch,
    )  # fmt: skip
