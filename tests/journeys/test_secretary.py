"""Ten minutes of a branch secretary, on a phone 390 px wide."""

from __future__ import annotations

import sys
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page

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
    make_user,
)
from tests.factories.meetings import make_meeting
from tests.journeys.conftest import DESK, PHONE, SignIn

MOST_TAPS = 8


class Thumb:
    """Counts what a thumb does; typing a line is one tap into the field and the text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.typed = 0

    def tap(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.tap()  # type: ignore[arg-type]
        self.taps += 1

    def type(self, selector: str, text: str) -> None:
        self.page.locator(selector).tap()
        self.taps += 1
        self.page.keyboard.type(text)
        self.typed += len(text)


@pytest.fixture
def group(transactional_db: None) -> Unit:
    """A branch whose only open duty of the month is the meeting of a group of ten."""
    today = timezone.localdate()
    committee = make_committee(make_district(), name="中共城关街道工作委员会")
    branch = make_branch(
        committee, name="中共城关街道滨河社区支部委员会", short_name="滨河社区党支部"
    )
    group = make_group(branch, name="第一党小组")
    members = make_members(branch, 10, group=group)
    make_post(branch, PostKind.SECRETARY, member=members[0])
    make_user(Role.SECRETARY, branch, username="shuji", name="赵芳", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, committee, username="jiedao", name="钱伟", password=PASSWORD)
    # Everything else of these months is done.
    for kind in (Kind.MEMBERS, Kind.FIXED_DAY, Kind.LECTURE):
        make_meeting(branch, kind, today, attendance=(10, 10))
    return group


def test_a_monthly_group_meeting_is_logged_in_eight_taps_and_one_line(
    group: Unit, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    page = sign_in("shuji", size=PHONE)
    assert "党小组会" in page.locator(".next-title").inner_text()
    thumb = Thumb(page)
    thumb.tap("link", "记录这次会议")
    page.wait_for_selector("form[data-log]")
    assert page.locator("[data-tick-there]").inner_text() == "10"
    thumb.type("#id_topic", "学习党章第一章")
    thumb.tap("button", "提交")
    page.wait_for_selector("text=已提交，等上级审核")

    meeting = Meeting.unscoped.get(unit=group)
    assert (meeting.status, meeting.kind_mask) == (Status.SUBMITTED, Kind.GROUP)
    assert (meeting.topic, meeting.held_on) == ("学习党章第一章", timezone.localdate())
    assert (meeting.eligible_count, meeting.present_count) == (10, 10)
    assert page.locator(".serves").inner_text().startswith("党小组会")
    with capsys.disabled():
        sys.stdout.write(f"\n党小组会：{thumb.taps} 次点按，{thumb.typed} 个字\n")
    assert thumb.taps <= MOST_TAPS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_absent_are_unticked_with_a_reason_and_votes_are_counted_at_once(
    group: Unit, sign_in: SignIn
) -> None:
    page = sign_in("shuji", size=PHONE)
    page.goto(f"{page.url}meetings/new/?unit={group.parent_id}&kind=members")
    page.locator(".tick-main").nth(3).tap()
    page.locator(".tick-row").nth(3).get_by_role("radio", name="生病").tap()
    page.get_by_role("button", name="传达学习上级会议精神").tap()
    page.get_by_text("添加表决").tap()
    page.fill("#id_votes-0-subject", "接收预备党员")
    page.fill("#id_votes-0-yes", "5")
    assert "未通过" in page.locator("[data-vote-say]").first.inner_text()
    page.fill("#id_votes-0-yes", "6")
    assert "通过（条例第十一条）" in page.locator("[data-vote-say]").first.inner_text()
    page.get_by_role("button", name="提交").tap()
    page.wait_for_selector("text=已提交，等上级审核")
    meeting = Meeting.unscoped.get(topic="传达学习上级会议精神")
    assert (meeting.eligible_count, meeting.present_count) == (10, 9)
    vote = meeting.votes.get()
    assert (vote.eligible, vote.present, vote.yes) == (10, 9, 6)


def test_a_returned_record_stands_on_top_and_nothing_typed_is_lost(
    group: Unit, sign_in: SignIn
) -> None:
    make_meeting(
        group, Kind.GROUP, timezone.localdate(), status=Status.RETURNED, attendance=(10, 10)
    )
    page = sign_in("shuji", size=PHONE)
    page.get_by_role("link", name="去修改").tap()
    page.wait_for_selector("form[data-log]")
    page.fill("#id_held_on", "2099-01-01")
    page.fill("#id_topic", "改过的主题")
    page.locator("form[data-log]").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="提交").tap()
    page.wait_for_selector(".error-summary")
    assert page.locator("#id_topic").input_value() == "改过的主题"


def test_the_committee_decides_with_one_key(group: Unit, sign_in: SignIn) -> None:
    for number in range(3):
        make_meeting(group, Kind.GROUP, date(2026, 9, 1 + number), topic=f"第{number}条")
    page = sign_in("jiedao", size=DESK)
    before = Meeting.unscoped.filter(status=Status.SUBMITTED).count()
    page.goto(f"{page.url}review/")
    page.keyboard.press("a")
    page.wait_for_selector("text=已通过：")
    page.keyboard.press("j")
    page.wait_for_url("**/review/?record=*")
    page.keyboard.press("r")
    page.locator("dialog[open] .hint").first.click()
    page.locator("dialog[open]").get_by_role("button", name="退回", exact=True).click()
    page.wait_for_selector("text=已退回：")
    left = Meeting.unscoped.filter(status=Status.SUBMITTED).count()
    assert (before - left, Meeting.unscoped.filter(status=Status.RETURNED).count()) == (2, 1)
    page.locator("[data-tick-group=pk]").check()
    page.get_by_role("button", name="批量通过").click()
    page.locator("#confirm").get_by_role("button", name="确定").click()
    page.wait_for_selector("text=全部审核完了")
    assert not Meeting.unscoped.filter(status=Status.SUBMITTED).exists()
