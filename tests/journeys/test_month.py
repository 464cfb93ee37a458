"""A month of a branch on a phone 390 px wide: under five minutes of typing, and shown to be."""

from __future__ import annotations

import sys
from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Locator, Page

from branches.enums import PostKind, Role
from branches.models import Unit
from dues.enums import DueState
from dues.models import Due
from meetings.enums import Kind, Status
from meetings.models import Meeting
from portal.models import Receipt
from tests.factories.accounts import PASSWORD
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_members,
    make_post,
    make_term,
    make_user,
)
from tests.factories.dues import make_standard, open_months
from tests.factories.portal import make_circular
from tests.journeys.conftest import PHONE, SignIn
from works.models import Pledge

MONTH = date(2026, 11, 1)
# An honest slow thumb: a second and a half to find and hit each button, a third of a second for
# each key. A Chinese sign is four keys: the letters of its pinyin and the choice of the sign.
TAP_SECONDS, KEY_SECONDS, KEYS_OF_A_SIGN = 1.5, 0.35, 4
MOST_SECONDS = 5 * 60


class SlowThumb:
    """Counts the taps and keys of a whole month, matter by matter."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home
        self.taps = 0
        self.keys = 0
        self.lines: list[str] = []

    @property
    def seconds(self) -> float:
        """What the typing took so far."""
        return self.taps * TAP_SECONDS + self.keys * KEY_SECONDS

    def tap(self, found: Locator) -> None:
        """One tap on the first of what was found, when the page's scripts are there."""
        # No thumb is so quick that it beats the page's scripts.
        self.page.wait_for_load_state("load")
        found.first.tap()
        self.taps += 1

    def press(self, role: str, name: str) -> None:
        """One tap on a button or a link."""
        self.tap(self.page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]

    def type(self, selector: str, text: str) -> None:
        """A tap into the field, and the keys of a line."""
        self.tap(self.page.locator(selector))
        self.page.keyboard.type(text)
        self.keys += sum(1 if sign.isascii() else KEYS_OF_A_SIGN for sign in text)

    def arrive(self) -> None:
        """To the first page; the door is part of the work."""
        self.page.goto(self.home)
        if "/accounts/login/" in self.page.url:
            self.type("[name=login]", "shuji")
            self.type("[name=password]", PASSWORD)
            self.press("button", "登录")
            self.page.wait_for_url(self.home)

    def done(self, what: str, said: str) -> None:
        """The page says that it is done, and nothing is wider than the phone."""
        self.page.wait_for_selector(f"text={said}")
        # It is measured when the stylesheets are there.
        self.page.wait_for_load_state("load")
        assert self.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        self.lines.append(f"  {what}：累计 {self.taps} 次点按，{self.keys} 次按键")


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    """A branch of ten in one 党小组, its dues of the month listed, a 通知 that waits."""
    cache.clear()
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    committee = make_committee(district, name="中共城关街道工作委员会")
    branch = make_branch(committee, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    members = make_members(branch, 10, group=make_group(branch, name="第一党小组"))
    make_term(branch, started_on=date(2025, 1, 1), with_committee=True)
    make_post(branch, PostKind.SECRETARY, member=members[0])
    for member in members[1:3]:
        make_post(branch, PostKind.MEMBER, member=member)
    for member in members:
        make_standard(member)
    make_user(Role.SECRETARY, branch, username="shuji", name="赵芳", password=PASSWORD)
    open_months(branch, MONTH)
    make_circular(
        district, issued=True, on=date(2026, 11, 2), title="关于走访慰问的通知", needs_sign=True
    )
    return branch


def _meet(thumb: SlowThumb, line: str, topic: str, *, also: str = "") -> None:
    """One meeting from the first page: who was away, a topic of one's own or one that is offered.

    ``also`` is another kind that the same record serves.
    """
    thumb.tap(thumb.page.locator("#due .rows-item", has_text=line))
    thumb.page.wait_for_selector("form[data-log]")
    if also:
        # The roll is asked for again with the new kind.
        with thumb.page.expect_response("**/meetings/roll/"):
            thumb.tap(thumb.page.locator("#id_kinds label", has_text=also))
        thumb.type("#id_topic", topic)
        thumb.tap(thumb.page.locator(".tick-main").nth(3))
        thumb.tap(thumb.page.locator(".tick-row").nth(3).get_by_role("radio", name="生病"))
    else:
        thumb.press("button", topic)
    thumb.press("button", "提交")
    thumb.done(line, "已提交，等上级审核")
    assert also in thumb.page.locator(".done-note").inner_text()


def _dues(thumb: SlowThumb) -> None:
    thumb.tap(thumb.page.locator("#asks .rows-item", has_text="登记 11 月党费"))
    # All are ticked; one has not paid yet.
    thumb.tap(thumb.page.locator(".tick-main").nth(9))
    thumb.press("button", "登记已交")
    thumb.done("党费", "已登记 9 人，共 135.00 元")


def _notice(thumb: SlowThumb) -> None:
    thumb.press("link", "首页")
    thumb.tap(thumb.page.locator("#asks .rows-item", has_text="看通知"))
    thumb.tap(thumb.page.locator("main .rows-item", has_text="关于走访慰问的通知"))
    thumb.press("button", "签收")
    thumb.done("通知", "已签收")


def _pledge(thumb: SlowThumb) -> None:
    thumb.press("button", "更多")
    thumb.tap(thumb.page.locator("#drawer .sheet-grid a", has_text="承诺"))
    thumb.tap(thumb.page.locator("main .rows-item", has_text="登记承诺"))
    thumb.type("[name=title]", "每月为独居老人上门一次")
    thumb.press("button", "登记")
    thumb.done("承诺", "承诺已登记。")


def test_a_month_of_a_branch_takes_its_secretary_under_five_minutes_of_typing(
    branch: Unit, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel("2026-11-03T19:00+08:00"):
        page = sign_in("shuji", size=PHONE)
        thumb = SlowThumb(page, page.url)
        # That one came in by another hand: three taps, and the keys of name and password.
        thumb.taps, thumb.keys = 3, len("shuji") + len(PASSWORD)
        _meet(thumb, "固定组织生活日", "学习全会精神，书记讲党课", also="党课")
    with time_machine.travel("2026-11-17T19:00+08:00"):
        thumb.arrive()
        _meet(thumb, "支委会", "研究本月支部工作")
    with time_machine.travel("2026-11-18T19:00+08:00"):
        thumb.arrive()
        _meet(thumb, "党小组会", "学习讨论上月重点工作")
    with time_machine.travel("2026-11-20T19:00+08:00"):
        thumb.arrive()
        _dues(thumb)
        _notice(thumb)
        _pledge(thumb)

    filed = Meeting.unscoped.filter(status=Status.SUBMITTED).order_by("held_on")
    # Three records for four duties.
    assert [one.kind_mask for one in filed] == [
        Kind.FIXED_DAY | Kind.LECTURE, Kind.COMMITTEE, Kind.GROUP,
    ]  # fmt: skip
    assert (filed[0].eligible_count, filed[0].present_count) == (10, 9)
    assert Due.unscoped.filter(unit=branch, month=MONTH, state=DueState.PAID).count() == 9
    assert Receipt.unscoped.get(unit=branch).signed_at is not None
    assert Pledge.unscoped.get().member is None
    with capsys.disabled():
        said = "\n".join(thumb.lines)
        sys.stdout.write(
            f"\n一个月：{thumb.taps} 次点按，{thumb.keys} 次按键，"
            f"约 {thumb.seconds:.0f} 秒\n{said}\n"
        )
    assert thumb.seconds < MOST_SECONDS
