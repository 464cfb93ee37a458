"""A whole quarter of a branch on a phone 390 px wide, with a connection that breaks as it likes."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from random import Random

import pytest
import time_machine
from playwright.sync_api import Error, Page, Route

from branches.enums import PostKind, Role
from branches.models import Unit
from meetings.enums import Kind, Status
from meetings.models import Meeting
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
from tests.journeys.conftest import PHONE, SignIn
from tests.journeys.test_offline import BROKEN
from tests.journeys.test_secretary import Thumb

# The day, the row of the first page, the tap of the topic. 6 October 2026 is a public holiday:
# the month's fixed day is a week later.
QUARTER: tuple[tuple[date, str, str], ...] = (
    (date(2026, 10, 13), "固定组织生活日", "集体学习《中国共产党章程》"),
    (date(2026, 10, 16), "支委会", "研究本月支部工作"),
    (date(2026, 10, 20), "党小组会（第一党小组）", "学习讨论上月重点工作"),
    (date(2026, 10, 21), "党小组会（第二党小组）", "学习讨论上月重点工作"),
    (date(2026, 11, 3), "固定组织生活日", "重温入党誓词，交纳党费"),
    (date(2026, 11, 10), "党课", "微党课：身边的先锋"),
    (date(2026, 11, 17), "支委会", "讨论党费使用"),
    (date(2026, 11, 18), "党小组会（第一党小组）", "开展批评和自我批评"),
    (date(2026, 11, 19), "党小组会（第二党小组）", "开展批评和自我批评"),
    (date(2026, 12, 1), "固定组织生活日", "集体学习《中国共产党章程》"),
    (date(2026, 12, 8), "支委会", "研究发展党员工作"),
    (date(2026, 12, 15), "党小组会（第一党小组）", "集体学习《中国共产党章程》"),
    (date(2026, 12, 16), "党小组会（第二党小组）", "集体学习《中国共产党章程》"),
    (date(2026, 12, 22), "支部党员大会", "听取支委会工作报告"),
)
SEED = int(os.environ.get("JOURNEY_SEED", "20261001"))
BREAKS = ("none", "while writing", "nothing arrives", "answer lost", "page closed")


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    committee = make_committee(make_district(), name="中共城关街道工作委员会")
    branch = make_branch(committee, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    groups = [make_group(branch, name=f"第{number}党小组") for number in "一二"]
    members = [one for group in groups for one in make_members(branch, 5, group=group)]
    make_term(branch, started_on=date(2025, 1, 1), with_committee=True)
    make_post(branch, PostKind.SECRETARY, member=members[0])
    for member in members[1:3]:
        make_post(branch, PostKind.MEMBER, member=member)
    make_user(Role.SECRETARY, branch, username="shuji", name="赵芳", password=PASSWORD)
    return branch


def _arrive(page: Page, url: str) -> None:
    """To the first page, through the door when the session has run out; that is not counted."""
    page.goto(url)
    if "/accounts/login/" in page.url:
        page.fill("[name=login]", "shuji")
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(url)


def _swallow(page: Page, *, arrives: bool) -> Callable[[], None]:
    """The form goes out once and no answer comes back; whether it got there or not."""

    def handle(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        with suppress(Error):
            if arrives:
                route.fetch(max_redirects=0)
            route.abort()

    page.route("**/meetings/new/**", handle)
    return lambda: page.unroute("**/meetings/new/**")


def _log(page: Page, thumb: Thumb, url: str, line: str, topic: str, broken: str) -> None:
    """One meeting, from the first page to its record, whatever the connection does."""
    page.locator("#due .rows-item", has_text=line).first.tap()
    thumb.taps += 1
    page.wait_for_selector("form[data-send]")
    # No thumb is so quick that it beats the page's scripts.
    page.wait_for_load_state("load")
    if broken == "while writing":
        page.context.set_offline(True)
    thumb.tap("button", topic)
    mend = _swallow(page, arrives=broken == "answer lost") if broken in BREAKS[2:4] else None
    if broken == "page closed":
        page.context.set_offline(True)
    thumb.tap("button", "提交")
    if broken != "none":
        # The browser itself may have sent it from behind before one could look.
        page.wait_for_selector("#kept:not([hidden]), main .done-title:has-text('已提交')")
        if mend:
            mend()
        elif broken == "page closed":
            page.goto("about:blank")
            page.context.set_offline(False)
            page.goto(url)
            page.wait_for_selector("text=已自动提交")
            return
        else:
            page.context.set_offline(False)
    page.wait_for_selector("text=已提交，等上级审核")


def test_every_record_of_the_quarter_is_there_exactly_once(
    branch: Unit, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    random = Random(SEED)
    breaks = [*BREAKS, *random.choices(BREAKS, k=len(QUARTER) - len(BREAKS))]
    random.shuffle(breaks)
    with time_machine.travel("2026-10-13T19:00+08:00"):
        page = sign_in("shuji", size=PHONE, may_say=BROKEN)
    thumb, url = Thumb(page), page.url
    for (day, line, topic), broken in zip(QUARTER, breaks, strict=True):
        with time_machine.travel(f"{day}T19:00+08:00"):
            _arrive(page, url)
            _log(page, thumb, url, line, topic, broken)

    filed = Meeting.unscoped.filter(status=Status.SUBMITTED)
    assert Counter(filed.values_list("held_on", flat=True)) == Counter(day for day, *_ in QUARTER)
    assert not Meeting.unscoped.exclude(status=Status.SUBMITTED).exists()
    kinds = Counter(filed.values_list("kind_mask", flat=True))
    assert kinds == {
        Kind.FIXED_DAY: 3,
        Kind.COMMITTEE: 3,
        Kind.GROUP: 6,
        Kind.MEMBERS: 1,
        Kind.LECTURE: 1,
    }
    with time_machine.travel("2026-12-31T09:00+08:00"):
        _arrive(page, url)
        assert page.locator(".done-title").inner_text().endswith("该做的都做完了")
    with capsys.disabled():
        said = "、".join(f"{name} {count}" for name, count in Counter(breaks).items())
        sys.stdout.write(
            f"\n一个季度 {len(QUARTER)} 次会议：{thumb.taps} 次点按，{thumb.typed} 个字"
            f"（断网：{said}；JOURNEY_SEED={SEED}）\n"
        )
    assert thumb.taps == 3 * len(QUARTER)
