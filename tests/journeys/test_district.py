"""A day at the district's desk, 1440 px wide."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from branches.enums import Role
from branches.models import Unit
from core import outbox
from core.dates import Period
from core.models import Notice
from meetings.models import FixedDayMove
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def district(transactional_db: None) -> Unit:
    """Two committees, four branches, none of them with a record this month."""
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    for street in ("城关街道", "雁北街道"):
        committee = make_committee(district, name=f"中共{street}工作委员会", short_name=street)
        for number in "一二":
            branch = make_branch(committee, name=f"{street}第{number}党支部")
            make_user(Role.SECRETARY, branch, username=f"{street}{number}", password=PASSWORD)
    make_user(Role.DISTRICT_STAFF, district, username="wang", name="王处长", password=PASSWORD)
    make_user(Role.DISTRICT_STAFF, district, username="zhao", name="赵科长", password=PASSWORD)
    return district


def another_day() -> date:
    """A day of the month after next that is no Tuesday."""
    month = Period.containing(timezone.localdate(), "month").next().next()
    return month.start.replace(day=24 if month.start.replace(day=24).weekday() != 1 else 25)


def test_staff_see_who_is_behind_say_so_and_move_a_fixed_day(
    district: Unit, sign_in: SignIn
) -> None:
    page = sign_in("wang", size=DESK)
    assert page.locator("h1").inner_text().endswith("工作台")
    page.wait_for_selector('[data-source="trend-data"][data-ready]')
    page.get_by_role("link", name="中共雁北街道工作委员会").first.click()
    page.wait_for_selector("h1:has-text('职责清单')")
    page.get_by_role("main").get_by_role("link", name="谁落后").click()
    page.wait_for_selector("h1:has-text('谁落后')")
    assert page.locator("tbody tr").count() == 2

    # 催报 one, then the rest at once; the one told already is not told again.
    page.locator("tbody tr", has_text="雁北街道第一党支部").get_by_role("button").click()
    page.wait_for_selector("text=已催报 1 个支部")
    page.get_by_role("checkbox", name="全选本页").check()
    assert page.locator("[data-tick-count]").inner_text() == "2"
    page.get_by_role("button", name="催报所选").click()
    page.wait_for_selector("text=已催报 1 个支部")
    assert Notice.objects.count() == 2
    with page.expect_download() as download:
        page.get_by_role("link", name="导出名单").click()
    assert download.value.suggested_filename.endswith(".xlsx")

    # Another fixed day is proposed …
    day = another_day()
    page.get_by_role("link", name="日程").first.click()
    page.wait_for_selector(".months")
    page.fill("[name=day]", day.isoformat())
    page.fill("[name=reason]", "与区委全会时间冲突")
    page.get_by_role("button", name="提出调整").click()
    page.wait_for_selector("text=已提出，请另一位组织部同志审批")
    assert page.locator("text=等待另一位同志审批").is_visible()

    # … and decided by another.
    other = sign_in("zhao", size=DESK)
    assert other.locator("text=审批固定组织生活日调整").is_visible()
    other.get_by_role("link", name="消息").first.click()
    other.get_by_role("button", name="待审批").click()
    other.wait_for_url("**/calendar/**")
    other.get_by_role("button", name="批准", exact=True).click()
    other.locator("#confirm").get_by_role("button", name="批准").click()
    other.wait_for_selector("text=已批准，已通知全区各支部。")
    assert FixedDayMove.unscoped.get().day == day

    # The secretary reads both on the phone.
    phone = sign_in("雁北街道一", size=PHONE)
    phone.goto(phone.url + "notices/")
    texts = phone.locator(".inbox b").all_inner_texts()
    assert [text.split("：")[0][:2] for text in texts] == [f"{day.year}"[:2], "催报"]
    phone.locator(".inbox button").last.click()
    phone.wait_for_url("**/")
    assert (
        outbox.unread(
            Notice.objects.get(template__endswith="urged", read_at__isnull=False).recipient_id
        )
        == 1
    )
