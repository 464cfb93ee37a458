"""后进整顿 in a browser: the secretary's phone, the committee, a resident who votes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from branches.enums import Role
from branches.models import Unit
from rectification import services
from rectification.enums import PollWay, ProblemState, State
from rectification.models import Answer, Case, Problem
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.rectification import make_batch, make_case
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def case(transactional_db: None) -> Case:
    """A branch under rectification since yesterday, its secretary, its committee."""
    cache.clear()
    today = timezone.localdate()
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street: Unit = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(street, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    make_user(Role.SECRETARY, branch, username="shuji", name="马桂兰", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, street, username="jiedao", name="陶春燕", password=PASSWORD)
    batch = make_batch(
        district, deadline=today + timedelta(days=90),
        dues=f"第一次报告 {today + timedelta(days=60)}",
    )  # fmt: skip
    return make_case(State.UNDERWAY, unit=branch, batch=batch, on=today)


def test_a_problem_goes_from_the_phone_to_the_committee_and_back(
    case: Case, sign_in: SignIn
) -> None:
    phone = sign_in("shuji", size=PHONE)
    phone.goto(phone.url + "rectification/mine/")
    phone.get_by_role("link", name="登记问题").first.tap()
    phone.fill("[name=title]", "3 号楼前路灯不亮")
    phone.get_by_role("button", name="登记").tap()
    phone.wait_for_selector("text=问题已登记")
    phone.get_by_role("link", name="定责任人和期限").first.tap()
    phone.fill("[name=owner]", "刘主任")
    phone.fill("[name=measures]", "联系路灯所更换")
    phone.get_by_role("button", name="保存").tap()
    phone.wait_for_selector("text=已进入解决")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    phone.get_by_role("link", name="报办结").first.tap()
    phone.fill("[name=result]", "换了新灯")
    phone.get_by_role("button", name="报办结").tap()
    phone.wait_for_selector("text=已报办结")

    desk = sign_in("jiedao", size=DESK)
    assert desk.locator("text=办理后进整顿的待办事项").is_visible()
    desk.get_by_role("link", name="整顿待办").first.click()
    desk.get_by_role("link", name="确认 1 个问题办结").click()
    desk.get_by_role("link", name="确认办结").click()
    desk.fill("[name=answer]", "到 3 号楼回访，路灯亮了")
    desk.get_by_role("button", name="确认办结").click()
    desk.wait_for_selector("text=已确认办结。")

    assert Problem.unscoped.get().state == ProblemState.CONFIRMED


def test_a_resident_votes_with_a_slip_and_without_an_account(case: Case, sign_in: SignIn) -> None:
    today = timezone.localdate()
    poll = services.open_poll(
        case=case, by=make_user(Role.COMMITTEE_STAFF, case.unit.parent), way=PollWay.LINK,
        opens_on=today, closes_on=today,
    )  # fmt: skip
    code = services.issue_slips(poll=poll, count=1)[0]
    # A context of its own beside the signed-in one; the scanner opens the address with its #.
    known = sign_in("shuji", size=PHONE)
    base, browser = known.url.rstrip("/"), known.context.browser
    assert browser is not None
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{base}/vote/#{code}")
    page.wait_for_function(f"document.querySelector('[name=code]').value === '{code}'")
    assert page.url == f"{base}/vote/"
    page.get_by_role("button", name="满意", exact=True).click()
    page.wait_for_selector("text=谢谢，已经投好了")
    page.goto(f"{base}/vote/#{code}")
    page.get_by_role("button", name="不满意").click()
    page.wait_for_selector("text=这个码不能用")

    assert list(Answer.unscoped.values_list("choice", flat=True)) == ["satisfied"]
