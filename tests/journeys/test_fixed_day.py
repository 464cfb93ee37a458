"""固定组织生活日 in a browser: programme, tick-list, a check-in on two phones, an example."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from branches.enums import PostKind, Role
from branches.models import Unit
from core.dates import Period
from meetings.enums import Kind, Status
from meetings.enums.programme import PostponeState, ProgrammeState
from meetings.models import CheckIn, Meeting, Postponement, Programme
from tests.factories.accounts import PASSWORD
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_member,
    make_post,
    make_user,
)
from tests.factories.programme import make_postponement, make_programme
from tests.journeys.conftest import DESK, PHONE, SignIn

NAMES = ("赵芳", "钱伟", "孙丽", "李强")


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    """A branch of four with known numbers, and everybody who works with it."""
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    committee = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道")
    branch = make_branch(
        committee, name="中共城关街道滨河社区支部委员会", short_name="滨河社区党支部"
    )
    members = [
        make_member(branch, name=name, phone=f"1391234{number:04d}")
        for number, name in enumerate(NAMES, start=1001)
    ]
    make_post(branch, PostKind.SECRETARY, member=members[0])
    make_user(Role.SECRETARY, branch, username="shuji", name="赵芳", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, committee, username="jiedao", name="周宁", password=PASSWORD)
    make_user(Role.DISTRICT_STAFF, district, username="zuzhibu", name="吴敏", password=PASSWORD)
    return branch


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_staff_publish_the_month_and_the_branch_ticks_it_off(branch: Unit, sign_in: SignIn) -> None:
    month = Period.containing(timezone.localdate(), "month")
    desk = sign_in("zuzhibu", size=DESK)
    desk.goto(f"{desk.url}fixed-day/{month.label}/programme/")
    desk.fill("#id_theme", "学习贯彻全会精神")
    desk.fill("#id_oath-text", "面向党旗，集体宣誓")
    desk.get_by_role("button", name="保存并发布").click()
    desk.wait_for_selector("text=已发布，已通知所属各支部。")
    assert Programme.unscoped.get().state == ProgrammeState.PUBLISHED

    phone = sign_in("shuji", size=PHONE)
    phone.goto(f"{phone.url}fixed-day/")
    assert phone.locator(".day-theme").first.inner_text() == "学习贯彻全会精神"
    assert phone.get_by_text("面向党旗，集体宣誓").is_visible()
    assert fits(phone)
    phone.get_by_label("全选").check()
    phone.locator(".tick-main").nth(3).tap()
    phone.locator(".tick-row").nth(3).get_by_role("radio", name="生病").tap()
    phone.get_by_role("button", name="提交本月组织生活日").tap()
    phone.wait_for_selector("text=已提交，等上级审核")
    assert phone.locator(".plan-list .is-done").count() == 3
    assert fits(phone)
    meeting = Meeting.unscoped.get()
    assert (meeting.status, meeting.kind_mask) == (
        Status.SUBMITTED, Kind.FIXED_DAY | Kind.THEME_DAY,
    )  # fmt: skip
    assert (meeting.eligible_count, meeting.present_count) == (4, 3)
    assert meeting.topic == "固定组织生活日：学习贯彻全会精神"

    # The day's heat map opens its rows.
    desk.goto(f"{desk.url.split('/fixed-day')[0]}/fixed-day/{month.label}/")
    desk.wait_for_selector('[data-source="coverage-data"][data-ready]')
    desk.locator(".cover tbody tr").first.get_by_role("link", name="1").last.click()
    desk.wait_for_selector("h1:has-text('组织生活日的记录')")
    assert desk.locator("tbody tr").count() == 1


def test_members_check_in_on_their_own_phones(
    branch: Unit, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_programme(branch.district, timezone.localdate())
    codes: list[str] = []
    import meetings.views.checkin as screens

    draw = screens.segno.make

    def drawn(url: str, **options: Any) -> Any:
        codes.append(url)
        return draw(url, **options)

    monkeypatch.setattr(screens.segno, "make", drawn)
    secretary = sign_in("shuji", size=PHONE)
    secretary.goto(f"{secretary.url}fixed-day/")
    secretary.get_by_role("link", name="开始扫码签到").tap()
    secretary.get_by_role("button", name="开始签到").tap()
    secretary.wait_for_selector(".scan-code img")
    assert "应到 4 人" in secretary.locator(".scan-count").inner_text()
    assert fits(secretary)

    # Another phone, without any account.
    browser = secretary.context.browser
    assert browser is not None
    guest = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    guest.goto(codes[-1])
    assert guest.locator(".phone-meeting b").inner_text() == "滨河社区党支部"
    assert not any(name in guest.content() for name in NAMES)
    guest.fill("#id_name", "钱伟")
    guest.fill("#id_digits", "9999")
    guest.get_by_role("button", name="我到了").click()
    guest.wait_for_selector("text=姓名或手机号码后四位不对")
    guest.fill("#id_digits", "1002")
    guest.get_by_role("button", name="我到了").click()
    guest.wait_for_selector("h1:has-text('已签到')")
    assert fits(guest)
    assert CheckIn.unscoped.get().member.name == "钱伟"

    # The count comes by itself; ending leads to the roll.
    secretary.wait_for_selector("[data-came]:text-is('1')")
    secretary.get_by_role("button", name="结束签到，去点名").tap()
    secretary.wait_for_selector("form[data-log]")
    ticked = secretary.locator(".tick-main input:checked")
    assert ticked.count() == 1
    assert "扫码" in secretary.locator(".tick-row", has_text="钱伟").inner_text()
    guest.goto(codes[-1])
    assert guest.get_by_text("二维码已过期，请重新扫屏幕上的码").is_visible()
    secretary.get_by_role("button", name="全到").tap()
    secretary.fill("#id_topic", "固定组织生活日：学习党章")
    secretary.get_by_role("button", name="提交", exact=True).tap()
    secretary.wait_for_selector("text=已提交，等上级审核")
    assert Meeting.unscoped.get().present_count == 4
    guest.context.close()


def test_a_postponement_is_asked_for_and_approved(branch: Unit, sign_in: SignIn) -> None:
    month = Period.containing(timezone.localdate(), "month").next()
    phone = sign_in("shuji", size=PHONE)
    root = phone.url
    phone.goto(f"{root}fixed-day/{month.label}/")
    phone.get_by_role("link", name="申请延期").tap()
    phone.wait_for_selector("text=仍计非固定日")
    phone.fill("#id_day", month.end.isoformat())
    phone.fill("#id_reason", "书记参加轮训")
    phone.get_by_role("button", name="提出申请").tap()
    phone.wait_for_selector("text=已提出，由上级另一位同志审批")
    assert fits(phone)
    make_postponement(
        make_branch(branch.parent), month.start, month.end, state=PostponeState.APPROVED
    )

    desk = sign_in("jiedao", size=DESK)
    assert desk.get_by_text("审批组织生活日延期").is_visible()
    desk.goto(f"{root}fixed-day/desk/")
    desk.get_by_role("button", name="批准", exact=True).first.click()
    desk.wait_for_selector("text=已批准，已通知支部。")
    assert Postponement.unscoped.get(unit=branch).state == PostponeState.APPROVED
    phone.goto(f"{root}fixed-day/{month.label}/")
    assert phone.get_by_text("经批准延期").first.is_visible()
    phone.goto(f"{root}fixed-day/log/?year={month.year}")
    assert phone.get_by_text("书记参加轮训").is_visible()
    assert fits(phone)
