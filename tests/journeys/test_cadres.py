"""干部工作 in a browser: an appointment to the end of 试用期, a draw twice, a 函询 overdue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from branches.enums import Role
from branches.models import Unit
from cadres import services
from cadres.enums import AuditItemKind, Conclusion, Must, MustOutcome
from cadres.models import Appointment, Audit, Cadre, Draw, Order, ReadLog, Stint
from cadres.notices import owed
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.cadres import make_cadre, make_quota
from tests.journeys.conftest import DESK, PHONE, SignIn


@dataclass
class Place:
    """The invented district's area code: there the door follows the setting for staff."""

    district: Unit
    bureau: Unit
    cadre: Cadre


@pytest.fixture
def place(transactional_db: None) -> Place:
    cache.clear()
    district = make_district(code="990101000000", name="中共云泉区委员会", short_name="云泉区委")
    committee = make_committee(district, code="990101800000", name="直属机关工委")
    bureau = make_branch(committee, code="990101800001", name="区财政局党支部")
    make_user(Role.CADRE_OFFICER, district, username="ganbu", name="贺文岚", password=PASSWORD)
    make_user(Role.CADRE_OFFICER, district, username="ganbu2", name="顾维", password=PASSWORD)
    make_quota(bureau, 1)
    for number in range(9):
        make_cadre(bureau, name=f"乔承{number}")
    return Place(district, bureau, make_cadre(bureau, name="霍若溪", native_place="云泉"))


def _do(page: Page, button: str, said: str, **values: object) -> None:
    """Fill in a form's fields, declare, send, and read what it says."""
    for name, value in values.items():
        field = page.locator(f"[name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(str(value))
        elif field.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value='{value}']").first.check(force=True)
        else:
            field.fill(str(value))
    if page.locator("[name=declared]").count():
        page.locator("[name=declared]").check()
    page.get_by_role("button", name=button).last.click()
    page.wait_for_selector(f"text={said}")


def test_an_appointment_goes_from_motion_to_the_end_of_the_trial(
    place: Place, sign_in: SignIn
) -> None:
    today = timezone.localdate()
    start = today - timedelta(days=520)
    page = sign_in("ganbu", size=PHONE)
    base = page.url.rstrip("/")
    page.goto(f"{base}/cadres/do/motion/")
    _do(page, "预审并登记动议", "职数预审通过", unit=place.bureau.code, post="副局长", level="142",
        day=start)  # fmt: skip
    assert page.locator("text=现配 0 − 拟免 0 + 拟配 1 = 1 ≤ 核定 1").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    home = page.url

    def step(days: int, **values: object) -> date:
        day = start + timedelta(days=days)
        page.goto(home + "step/")
        _do(page, "登记", "已记入纪实", day=day, **values)
        return day

    step(5, invited=20, issued=20, returned=20)
    step(6, talked=12)
    inspected = step(10, cadre=place.cadre.uuid)
    row = Appointment.unscoped.get()
    _open(page, base, place.cadre)
    _audit(row, inspected)
    second = sign_in("ganbu2", size=DESK)
    _open(second, base, place.cadre)
    second.goto(home)
    second.get_by_role("link", name="复审").click()
    _do(second, "复审通过", "已复审", paper="干部科 3 号柜", day=inspected)
    decided = step(20, members=9, present=8, yes=8)
    step(21, until=decided + timedelta(days=15))
    step(40)
    page.goto(home)
    assert page.locator("text=试用期到").first.is_visible()
    step(400, trial="passed")

    row.refresh_from_db()
    assert row.is_over
    assert Stint.unscoped.get(cadre=place.cadre).since == decided
    assert ReadLog.unscoped.filter(kind="opened", cadre=place.cadre).count() == 2


def _open(page: Page, base: str, cadre: Cadre) -> None:
    page.goto(f"{base}/cadres/people/{cadre.uuid}/")
    _do(page, "打开档案", "简历", reason="任前档案审核")


def _audit(row: Appointment, day: date) -> None:
    """Six items and three checks by the first officer; the pages of each are tried elsewhere."""
    audit, by = Audit.unscoped.get(appointment=row), row.created_by
    assert by is not None
    for kind in AuditItemKind:
        services.audit_item(audit=audit, kind=kind, recorded="1985.03", confirmed="", basis="",
                            conclusion=Conclusion.SAME, by=by)  # fmt: skip
    for must in (Must.MATTERS, Must.DISCIPLINE, Must.PETITIONS):
        services.record_must(appointment=row, kind=must, done_on=day, outcome=MustOutcome.CLEAR,
                             paper="干部科 3 号柜", by=by, on=timezone.localdate())  # fmt: skip


def test_a_spot_check_drawn_twice_gives_the_same_people(place: Place, sign_in: SignIn) -> None:
    page = sign_in("ganbu", size=DESK)
    base, year = page.url.rstrip("/"), timezone.localdate().year
    page.goto(f"{base}/cadres/do/year/")
    _do(page, "列出应报告的人", "名单已列出", unit=place.district.code, year=year)
    page.goto(f"{base}/cadres/do/filing/")
    for box in page.locator("[name=reports]").all():
        box.check(force=True)
    _do(page, "登记", "已登记", paper="干部监督科 5 号柜")
    found = []
    for _ in range(2):
        page.goto(f"{base}/cadres/do/draw/")
        _do(page, "抽取", "核验一致", unit=place.district.code, year=year, percent=30,
            witness="机关纪委", seed="20260318")  # fmt: skip
        found.append(re.findall(r"\d\. (\S+)", page.locator("ol.rows").inner_text()))

    assert found[0] == found[1]
    assert (len(found[0]), Draw.unscoped.count()) == (3, 2)


def test_an_inquiry_goes_overdue_and_is_closed_late(place: Place, sign_in: SignIn) -> None:
    today = timezone.localdate()
    page = sign_in("ganbu", size=DESK)
    base = page.url.rstrip("/")
    page.goto(f"{base}/cadres/do/order/")
    _do(page, "登记发出", "已登记", cadre=place.cadre.uuid, kind="inquire", reason="duty",
        approved_by="部长", approved_on=today - timedelta(days=40),
        issued_on=today - timedelta(days=40), paper="1 号柜")  # fmt: skip
    order = Order.unscoped.get()
    assert order.reply_due is not None
    late = order.reply_due + timedelta(days=1)
    owed(timezone.make_aware(datetime(late.year, late.month, late.day, 9)))
    page.goto(f"{base}/")
    assert page.locator("text=三单超过回复期限").first.is_visible()
    page.get_by_role("link", name="三单超过回复期限").click()
    assert page.locator("text=逾期未回复").first.is_visible()
    page.get_by_role("link", name="登记回复").click()
    _do(page, "登记", "已登记")
    page.goto(f"{base}/cadres/oversight/")
    page.get_by_role("link", name="了结", exact=True).click()
    _do(page, "了结", "已了结", outcome="explained")
    page.goto(f"{base}/notices/")
    assert page.locator("text=三单超过回复期限").first.is_visible()
    assert place.cadre.name not in page.content()
