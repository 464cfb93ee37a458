"""The pages: the way by hand, what each role may, figures that open, constant queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from accounts.models import User
from branches.enums import Role
from branches.models import Member, Unit
from branches.scope import scope_of
from core.workbooks import read_sheets, stream_rows
from dues.asks import asked
from dues.models import Budget, Due, Gift, Payment, Reduction, Remittance, Spending, Standard
from dues.papers import in_words
from tests.factories.branches import make_branch, make_committee, make_district, make_member
from tests.factories.branches import make_user as user_
from tests.factories.dues import (
    DAY,
    JULY,
    make_allotment,
    make_budget,
    make_paid,
    make_payers,
    make_reduction,
    make_remittance,
    make_spending,
    open_months,
)

pytestmark = pytest.mark.django_db
D = Decimal


@dataclass
class Place:
    """A district with a street, a branch of three, and everybody who works with them."""

    district: Unit
    street: Unit
    branch: Unit
    chief: User
    second: User
    committee: User
    secretary: User
    leader: User
    people: list[Member] = field(default_factory=list)


@pytest.fixture
def place() -> Iterator[Place]:
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        district = make_district()
        street = make_committee(district, short_name="安宁街道")
        branch = make_branch(street, short_name="滨河社区党支部")
        yield Place(
            district, street, branch, user_(Role.DISTRICT_STAFF, district),
            user_(Role.DISTRICT_STAFF, district), user_(Role.COMMITTEE_STAFF, street),
            user_(Role.SECRETARY, branch), user_(Role.LEADER, district), make_payers(branch, 3),
        )  # fmt: skip


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any, **query: str) -> str:
    return reverse(f"dues:{name}", args=args, query=query)


def sheet_of(reply: Any) -> list[list[str]]:
    data = b"".join(reply.streaming_content)
    sheets = read_sheets(data)
    return [[str(cell or "") for cell in row] for row in sheets[-1].rows]


def test_a_month_is_ticked_in_one_screen(place: Place) -> None:
    client, page_url = as_(place.secretary), url("branch", place.branch.code)
    assert client.get(url("mine")).url == page_url
    client.post(url("open", place.branch.code), {"month": "2026-07"})
    page = client.get(page_url)
    lines = page.context["shown"].owing
    assert [line.ticked for line in lines] == [True] * 3

    one, other, third = place.people
    paid = {"pay": [one.uuid, other.uuid], "paid_on": DAY, "span": "month",
            f"proxy_{one.uuid}": "其女儿"}  # fmt: skip
    reply = client.post(f"{page_url}?month=2026-07", paid, follow=True)

    assert "已登记 2 人，共 30.00 元。" in reply.content.decode()
    assert "其女儿代交" in reply.content.decode()
    assert [line.member for line in reply.context["shown"].owing] == [third]
    again = client.post(f"{page_url}?month=2026-07", paid, follow=True)
    assert "没有重复登记" in again.content.decode()
    assert Payment.unscoped.count() == 2


def test_a_screen_that_fails_keeps_the_ticks(place: Place) -> None:
    open_months(place.branch, JULY)
    client, one = as_(place.secretary), place.people[0]
    page_url = url("branch", place.branch.code)

    none = client.post(page_url, {"paid_on": DAY, "span": "month"})
    ahead = client.post(page_url, {"pay": [one.uuid], "paid_on": "2026-07-15", "span": "month"})

    assert (none.status_code, ahead.status_code) == (422, 422)
    assert "请至少勾选一位党员" in none.content.decode()
    ticks = {line.member: line.ticked for line in ahead.context["shown"].owing}
    assert [ticks[person] for person in place.people] == [True, False, False]


def test_spans_show_what_they_would_take(place: Place) -> None:
    open_months(place.branch, date(2026, 6, 1), JULY)
    client = as_(place.secretary)
    sums = {
        span: client.get(url("branch", place.branch.code, span=span)).context["shown"].owing[0]
        for span in ("month", "quarter", "arrears", "nonsense")
    }
    assert {span: str(line.amount) for span, line in sums.items()} == {
        "month": "15.00", "quarter": "45.00", "arrears": "30.00", "nonsense": "15.00",
    }  # fmt: skip
    client.post(
        url("branch", place.branch.code, span="quarter"),
        {"pay": [place.people[0].uuid], "paid_on": DAY, "span": "quarter"},
    )
    assert Payment.unscoped.get().amount == 45


def test_a_wage_is_typed_reckoned_and_gone(place: Place) -> None:
    member = make_member(place.branch, name="新党员")
    open_months(place.branch, JULY)
    form_url = url("member_standard", member.uuid)
    client = as_(place.secretary)
    assert "data-draft" not in client.get(form_url).content.decode()
    wrong = client.post(form_url, {"category": "employed", "since": "2026-07"})
    assert (wrong.status_code, "请填写计算基数" in wrong.content.decode()) == (422, True)

    client.post(form_url, {"category": "employed", "since": "2026-07", "base": "8764.29"})

    assert Standard.unscoped.get(member=member).amount == D("131.46")
    assert Due.unscoped.get(member=member).amount == D("131.46")
    page = client.get(url("member", member.uuid)).content.decode()
    assert "131.46" in page
    assert "8764" not in page


def test_reductions_go_to_the_committee_and_back(place: Place) -> None:
    open_months(place.branch, JULY)
    member = place.people[0]
    asked_for = {"amount": "0", "since": "2026-07", "until": "2026-12", "reason": "家庭遭灾"}
    as_(place.secretary).post(url("member_reduction", member.uuid), asked_for)
    row = Reduction.unscoped.get()
    assert as_(place.secretary).get(url("reduction_approve", row.uuid)).status_code == 403
    queue = as_(place.committee).get(url("queue")).content.decode()
    assert url("reduction_approve", row.uuid) in queue
    asks = asked(scope_of(place.committee, on=DAY), place.committee.pk, DAY)
    assert [ask.note for ask in asks] == ["1 件减免待审批"]

    as_(place.committee).post(url("reduction_approve", row.uuid))

    due = Due.unscoped.get(member=member)
    assert (due.state, due.reason) == ("struck", "经批准免交")


def test_a_quarter_goes_up_by_the_pages(place: Place) -> None:
    make_paid(place.people[0], date(2026, 6, 1), paid_on=date(2026, 6, 9))
    form_url = url("branch_remit", place.branch.code, quarter="2026Q2")
    client = as_(place.secretary)
    assert "系统合计 15.00 元" in client.get(form_url).content.decode()
    asks = asked(scope_of(place.secretary, on=DAY), place.secretary.pk, DAY)
    assert "上缴2026年第二季度党费" in [ask.title for ask in asks]
    short = client.post(form_url, {"amount": "14", "handed_on": DAY})
    assert "少 1.00 元，请写明原因" in short.content.decode()
    client.post(form_url, {"amount": "14", "handed_on": DAY, "note": "零钞"})
    row = Remittance.unscoped.get()
    assert client.get(url("remittance_confirm", row.uuid)).status_code == 403

    as_(place.committee).post(url("remittance_confirm", row.uuid), {"confirmed_on": DAY})
    page = as_(place.committee).get(url("sum_list", quarter="2026Q2"))
    assert page.context["own"][0]["computed"] == 14
    as_(place.committee).post(
        url("branch_remit", place.street.code, quarter="2026Q2"),
        {"amount": "14", "handed_on": DAY},
    )
    upper = Remittance.unscoped.get(unit=place.street)
    assert as_(place.committee).get(url("remittance_confirm", upper.uuid)).status_code == 403
    as_(place.chief).post(url("remittance_confirm", upper.uuid), {"confirmed_on": DAY})
    upper.refresh_from_db()
    assert upper.state == "confirmed"


def test_corrections_by_the_pages_are_logged(place: Place) -> None:
    client, member = as_(place.secretary), place.people[0]
    payment = make_paid(member)
    client.post(url("payment_undo", payment.uuid), {"reason": "记错了人"})
    due = Due.unscoped.get(member=member)
    client.post(url("month_strike", due.uuid), {"reason": "在外区交"})
    client.post(url("month_restore", due.uuid), {"reason": "未交"})
    client.post(url("month_explain", due.uuid), {"reason": "外出务工"})

    page = client.get(url("member", member.uuid)).content.decode()

    for words in ("记错了人", "在外区交", "外出务工", "已撤销"):
        assert words in page


def test_a_gift_is_recorded_apart_and_forwarded_above(place: Place) -> None:
    given = {"amount": "2000", "given_on": DAY, "note": "自愿", "form_key": uuid4()}
    for _ in range(2):
        as_(place.secretary).post(url("member_gift", place.people[0].uuid), given)
    gift = Gift.unscoped.get()
    assert as_(place.secretary).get(url("gift_forward", gift.uuid)).status_code == 403
    as_(place.committee).post(
        url("gift_forward", gift.uuid), {"forwarded_on": DAY, "document": "汇 7"}
    )
    gift.refresh_from_db()
    assert gift.document == "汇 7"


def test_money_goes_its_way_by_the_pages(place: Place) -> None:
    fund = url("fund", place.branch.code, 2026)
    assert as_(place.secretary).get(url("fund_mine")).url == fund
    as_(place.secretary).post(
        url("unit_budget", place.branch.code, year="2026"), {"lines": "主题党日 500"}
    )
    found = as_(place.chief).get(url("allot", q="滨河")).content.decode()
    assert url("unit_allot", place.branch.code) in found
    as_(place.chief).post(
        url("unit_allot", place.branch.code),
        {"year": "2026", "amount": "3000", "purpose": "修缮", "form_key": uuid4()},
    )
    row = place.branch and Budget.unscoped.get()
    allotment = make_allotment(place.branch, by=place.second, upto="proposed")
    as_(place.chief).post(url("allotment_approve", allotment.uuid))
    assert as_(place.secretary).get(url("allotment_approve", allotment.uuid)).status_code == 403
    as_(place.secretary).post(url("allotment_receive", allotment.uuid), {"received_on": DAY})
    line = row.lines.get()
    spent = {"day": DAY, "amount": "800", "purpose": "书籍", "line": line.pk, "form_key": uuid4()}
    for _ in range(2):
        as_(place.secretary).post(url("unit_spend", place.branch.code, year="2026"), spent)
    too_much = spent | {"amount": "9999", "form_key": uuid4()}
    refused = as_(place.secretary).post(url("unit_spend", place.branch.code, year="2026"), too_much)

    assert "还可支出 2700.00 元" in refused.content.decode()
    row.refresh_from_db()
    assert (row.granted, row.spent, row.balance) == (3000, 800, 2700)
    page = as_(place.leader).get(fund).content.decode()
    assert "书籍" in page
    as_(place.secretary).post(
        url("spending_void", Spending.unscoped.get().uuid), {"reason": "票据不合规"}
    )
    row.refresh_from_db()
    assert row.balance == 3500


def test_leaders_read_sums_and_no_member(place: Place) -> None:
    make_paid(place.people[0])
    client = as_(place.leader)

    board = client.get(url("board"))
    (cell,) = board.context["board"].plot.cells
    assert cell.value == 33.3
    rows = client.get(cell.href).content.decode()
    assert "滨河社区党支部" in rows
    for person in place.people:
        assert person.name not in rows + board.content.decode()
    for closed in (
        url("branch", place.branch.code), url("member", place.people[0].uuid),
        url("register", place.branch.code),
    ):  # fmt: skip
        assert client.get(closed).status_code == 404
    assert client.get(url("arrears")).status_code == 403
    assert client.get(url("queue")).status_code == 403


@pytest.mark.parametrize("who", ["committee", "secretary"])
def test_others_find_nothing(place: Place, who: str) -> None:
    stranger = make_branch(make_committee(place.district))
    (member,) = make_payers(stranger, 1)
    payment = make_paid(member)
    client = as_(getattr(place, who))
    for closed in (
        url("branch", stranger.code), url("member", member.uuid),
        url("payment_undo", payment.uuid), url("fund", stranger.code, 2026),
        url("unit_spend", stranger.code), url("standards", stranger.code),
    ):  # fmt: skip
        assert client.get(closed).status_code == 404
    before = Due.unscoped.filter(state="paid").count()
    client.post(
        url("branch", place.branch.code), {"pay": [member.uuid], "paid_on": DAY, "span": "month"}
    )
    assert Due.unscoped.filter(state="paid").count() == before


def test_pages_cost_the_same_whatever_their_length(place: Place) -> None:
    def everything(member: Member) -> None:
        make_paid(member, date(2026, 6, 1))
        make_reduction(member)
        make_remittance(member.unit)
        make_allotment(member.unit)
        make_spending(make_budget(member.unit))
        open_months(member.unit, date(2026, 5, 1), JULY)

    everything(place.people[0])
    pages = [
        url("board"), url("branch_list"), url("arrears"), url("sum_list", quarter="2026Q2"),
        url("queue"), url("fund_list"), url("branch", place.branch.code),
        url("standards", place.branch.code), url("summary", quarter="2026Q3"),
    ]  # fmt: skip
    client = as_(place.chief)
    # The first request of all writes the session down.
    client.get(pages[0])

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as asked_for:
            reply = client.get(address)
            if reply.streaming:
                b"".join(reply.streaming_content)
        assert reply.status_code == 200
        return len(asked_for)

    few = {address: count(address) for address in pages}
    for _ in range(2):
        (member,) = make_payers(make_branch(place.street), 1)
        everything(member)
    make_payers(place.branch, 2)
    open_months(place.branch, JULY)

    assert {address: count(address) for address in pages} == few


def test_the_tables_people_file(place: Place) -> None:
    one = place.people[0]
    make_paid(one, span="quarter")
    open_months(place.branch, JULY)
    rows = sheet_of(as_(place.secretary).get(url("register", place.branch.code, quarter="2026Q3")))
    head, *lines, total = rows
    assert (len(head), head[3:5], total[1], total[9]) == (
        12, ["7月应交（元）", "7月交纳日期"], "合计", "45.00",
    )  # fmt: skip
    mine = next(line for line in lines if line[1] == one.name)
    assert mine[3:10] == ["15.00", "2026-07-14"] * 3 + ["45.00"]
    make_remittance(place.branch, "2026Q3", amount="45", note="")
    summed = sheet_of(as_(place.chief).get(url("summary", quarter="2026Q3")))
    # Ahead paid months are due months of the quarter as well: 3 + 1 + 1.
    assert summed[1][2:9] == [
        place.branch.name, "5", "3", "60.0%", "75.00", "45.00", "45.00",
    ]  # fmt: skip
    assert [row[0] for row in summed][-1] == "合计"


def test_papers_name_who_paid(place: Place) -> None:
    make_paid(place.people[0])
    client = as_(place.secretary)
    for name, words in (
        ("notice_paper", "已交 1 人，共收党费 15.00 元（壹拾伍元整）"),
        ("receipts_paper", place.people[0].name),
    ):
        paper = Document(BytesIO(client.get(url(name, place.branch.code)).content))
        text = "\n".join(p.text for p in paper.paragraphs)
        text += "\n".join(c.text for t in paper.tables for r in t.rows for c in r.cells)
        assert words in text


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.20", "贰角"), ("15.00", "壹拾伍元整"), ("1005.05", "壹仟零伍元零伍分"),
        ("10000.50", "壹万元伍角"), ("203040.00", "贰拾万叁仟零肆拾元整"), ("0", "零元整"),
        ("100080.00", "壹拾万零捌拾元整"),
    ],
)  # fmt: skip
def test_yuan_in_words(amount: str, words: str) -> None:
    assert in_words(D(amount)) == words


def workbook(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    head = ("姓名", "类别", "计算基数（元）", "每月党费（元）", "从哪个月起")
    return SimpleUploadedFile("标准.xlsx", b"".join(stream_rows(head, rows)))


def test_standards_come_from_a_workbook_all_or_none(place: Place) -> None:
    one, other, third = place.people
    client, load = as_(place.secretary), url("import", place.branch.code)
    wrong = workbook(
        (one.name, "在职", "8764.29", "", "2026-07"),
        ("查无此人", "在职", "5000", "", "2026-07"),
        (other.name, "高管", "5000", "", "2026-07"),
        (other.name, "农民", "", "3", "2026-07"),
        (third.name, "在职", "abc", "", "2026-07"),
        (one.name, "在职", "5000", "", "2026-07"),
        (third.name, "在职", "5000", "50", "2026-07"),
    )
    page = client.post(load, {"file": wrong})

    faults = page.context["faults"]
    assert (page.status_code, [fault.row for fault in faults]) == (422, [3, 4, 5, 6, 7, 8])
    text = page.content.decode()
    assert "abc" not in text
    assert "8764" not in text
    assert Standard.unscoped.filter(since=JULY).count() == 0
    right = workbook(
        (one.name, "在职", "8764.29", "", "2026-07"), (other.name, "学生", "", "", "2026-07")
    )
    assert client.post(load, {"file": right}).status_code == 302
    found = dict(Standard.unscoped.filter(since=JULY).values_list("member", "amount"))
    assert found == {one.pk: D("131.46"), other.pk: D("0.20")}
    assert client.get(url("import_template", place.branch.code)).status_code == 200
    rows = sheet_of(client.get(url("standards_export", place.branch.code)))
    assert [other.name, "学生", "0.20", "2026-07"] in rows


def test_the_feeds_hold_sums_and_no_member(place: Place) -> None:
    make_paid(place.people[0])
    open_months(place.branch, JULY)
    make_allotment(place.branch)
    client = as_(place.chief)

    dues = client.get("/api/v1/dues/", {"month_from": "2026-07-01"})
    assert dues.json()["results"] == [
        {
            "unit": place.branch.code, "month": "2026-07-01", "due": 3, "paid": 1,
            "money": "45.00", "received": "15.00",
        }
    ]  # fmt: skip
    for person in place.people:
        assert person.name not in dues.content.decode()
    second = client.get("/api/v1/dues/", {"page_size": "1"}).json()
    assert second["next"] is None
    (row,) = client.get("/api/v1/allotments/", {"state": "proposed"}).json()["results"]
    assert (row["unit"], row["amount"]) == (place.branch.code, "3000.00")


def test_a_secretary_is_asked_for_the_month_and_nothing_when_it_is_done(place: Place) -> None:
    open_months(place.branch, JULY)
    scope = scope_of(place.secretary, on=DAY)
    with CaptureQueriesContext(connection) as asked_for:
        (ask,) = asked(scope, place.secretary.pk, DAY)
    assert (ask.title, ask.until) == ("登记 7 月党费", date(2026, 7, 31))
    assert len(asked_for) <= 5
    for person in place.people:
        make_paid(person)
    assert asked(scope, place.secretary.pk, DAY) == []
