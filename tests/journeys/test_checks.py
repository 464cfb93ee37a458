"""A draw from its list to a settled finding: the committee at its desk, the branch on the phone."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from branches.enums import Role
from branches.models import Unit
from meetings.models import CheckDraw, Comment, Finding, SpotCheck
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.meetings import make_meeting
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def street(transactional_db: None) -> Unit:
    """A committee with one branch and three records of this month."""
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共雁北街道工作委员会", short_name="雁北街道")
    branch = make_branch(street, name="滨河社区党支部")
    make_user(Role.COMMITTEE_STAFF, street, username="tao", name="陶同志", password=PASSWORD)
    make_user(Role.SECRETARY, branch, username="liang", name="梁书记", password=PASSWORD)
    make_user(Role.LEADER, district, username="lu", name="卢常委", password=PASSWORD)
    for days in range(1, 4):
        held = timezone.localdate() - timedelta(days=days)
        make_meeting(branch, held_on=held, topic=f"第{days}次会议", attendance=(5, 6))
    return street


def test_a_draw_is_read_answered_settled_and_verified(street: Unit, sign_in: SignIn) -> None:
    desk = sign_in("tao", size=DESK)
    desk.get_by_role("link", name="调阅").first.click()
    desk.wait_for_selector("h1:has-text('不定期调阅')")
    desk.get_by_role("link", name="随机抽取").first.click()
    desk.fill("[name=wanted]", "1")
    desk.get_by_role("button", name="抽取").click()
    desk.wait_for_selector("text=已从 3 条记录中抽出 1 条。")
    draw = CheckDraw.unscoped.get()

    # Read and score it, with one finding.
    desk.get_by_role("link", name="调阅打分").click()
    for at, points in enumerate(("18", "25", "15", "20", "10")):
        desk.fill(f"[name=item{at}]", points)
    desk.fill("[name=finding-0-text]", "讨论发言没有记到人")
    desk.fill("[name=finding-0-ask]", "补记发言要点")
    desk.get_by_role("button", name="登记调阅").click()
    desk.wait_for_selector("text=调阅已登记")
    assert SpotCheck.unscoped.get().score == 88

    # The secretary finds it on the first page and answers.
    phone = sign_in("liang", size=PHONE)
    phone.get_by_role("link", name=re.compile("答复调阅发现的问题")).click()
    phone.get_by_role("link", name="讨论发言没有记到人").click()
    phone.fill("[name=result]", "已补记三位同志的发言要点")
    phone.get_by_role("button", name="答复").click()
    phone.wait_for_selector("text=已答复，等上级核实。")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]

    # Returned once, answered again, settled.
    desk.goto(desk.url)
    desk.get_by_role("button", name="退回再改").click()
    desk.fill("dialog [name=reason]", "还差两位同志的")
    desk.get_by_role("button", name="退回", exact=True).click()
    desk.wait_for_selector("text=已退回支部再改。")
    phone.goto(phone.url)
    phone.fill("[name=result]", "已全部补齐")
    phone.get_by_role("button", name="答复").click()
    phone.wait_for_selector("text=已答复，等上级核实。")
    desk.goto(desk.url)
    desk.get_by_role("button", name="核实办结").click()
    desk.wait_for_selector("text=这个问题已办结。")
    assert Finding.unscoped.get().state == "closed"

    # A leader looks, verifies the draw and takes the paper home.
    leader = sign_in("lu", size=DESK)
    leader.get_by_role("link", name="调阅").first.click()
    leader.get_by_role("link", name="抽取情况").click()
    leader.locator("tbody th a").first.click()
    assert leader.locator("text=已办结").first.is_visible()
    with leader.expect_download() as download:
        leader.get_by_role("link", name="情况通报（Word）").click()
    assert download.value.suggested_filename.endswith(".docx")
    leader.get_by_role("link", name="种子和核验").click()
    leader.get_by_role("link", name="核验", exact=True).click()
    leader.wait_for_selector("text=一致。")
    assert leader.locator(f"text={draw.seed}").is_visible()


def test_a_leader_says_a_word_and_the_branch_answers(street: Unit, sign_in: SignIn) -> None:
    leader = sign_in("lu", size=DESK)
    leader.get_by_role("link", name="会议记录").first.click()
    leader.get_by_role("link", name="第1次会议").click()
    leader.fill("#comment-text", "发言可以记得更细")
    leader.get_by_role("button", name="留下意见").click()
    leader.wait_for_selector("text=审阅意见已留下")
    assert UUID(leader.url.split("/meetings/")[1].split("/")[0])

    phone = sign_in("liang", size=PHONE)
    phone.get_by_role("link", name="消息").first.click()
    phone.get_by_role("button", name="审阅意见").click()
    phone.wait_for_selector("text=发言可以记得更细")
    phone.locator("#comments summary").click()
    phone.fill("#comments [name=text]", "下次逐人记录")
    phone.get_by_role("button", name="答复").click()
    phone.wait_for_selector("text=已答复。")
    assert Comment.unscoped.count() == 2

    leader.reload()
    assert leader.locator("text=下次逐人记录").is_visible()
    leader.get_by_role("button", name="撤回").click()
    leader.locator("#confirm").get_by_role("button", name="撤回").click()
    leader.wait_for_selector("text=已由本人撤回")
