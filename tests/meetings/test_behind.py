"""谁落后: by name, in reach, and told once a day."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts.models import User
from branches.enums import Role
from branches.models import Unit
from core import outbox
from core.dates import Period
from core.models import Notice
from meetings.behind import Question, Urging, all_behind, behind, count_behind
from meetings.models import Meeting, Urge, Urged
from meetings.services.urges import urge
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_exemption,
    make_group,
    make_user,
)

pytestmark = pytest.mark.django_db
SEPTEMBER = Period.month(2026, 9)


@pytest.fixture
def district() -> Unit:
    return make_district()


@pytest.fixture
def street(district: Unit) -> Unit:
    return make_committee(district, name="中共城关街道党工委", short_name="城关街道")


@pytest.fixture
def branch(street: Unit) -> Unit:
    branch = make_branch(street, name="第一党支部")
    make_group(branch, name="第一党小组")
    return branch


def ask(*units: Unit, on: date, **more: object) -> Question:
    return Question(units, SEPTEMBER, on, **more)  # type: ignore[arg-type]


def held(unit: Unit, mask: int, day: date) -> None:
    Meeting.unscoped.create(
        unit=unit, kind_mask=mask, held_on=day, topic="学习", status=1, first_submitted_on=day
    )


def shown(question: Question) -> dict[str, list[str]]:
    return {row.name: [duty.kind_label for duty in row.missing] for row in behind(question)}


def test_what_has_time_is_not_behind(street: Unit, branch: Unit) -> None:
    assert shown(ask(street, on=date(2026, 9, 1))) == {}


def test_a_fixed_day_is_behind_from_the_day_after(street: Unit, branch: Unit) -> None:
    assert shown(ask(street, on=date(2026, 9, 2))) == {"第一党支部": ["固定组织生活日"]}


def test_a_week_before_its_end_every_missing_duty_is_behind(street: Unit, branch: Unit) -> None:
    assert shown(ask(street, on=date(2026, 9, 23))) == {
        "第一党支部": ["支部党员大会", "党小组会（第一党小组）", "固定组织生活日"]
    }


def test_the_month_after_it_is_overdue(street: Unit, branch: Unit) -> None:
    held(branch, 17, date(2026, 9, 1))
    (row,) = behind(ask(street, on=date(2026, 10, 9)))
    assert [(duty.kind_label, duty.state) for duty in row.missing] == [
        ("党小组会（第一党小组）", "unmet")
    ]


def test_everything_shows_what_has_time_as_well(street: Unit, branch: Unit) -> None:
    question = ask(street, on=date(2026, 9, 1), everything=True)
    assert len(shown(question)["第一党支部"]) == 3
    assert count_behind(question) == (1, 3)


def test_a_kind_leaves_only_itself(street: Unit, branch: Unit) -> None:
    question = ask(street, on=date(2026, 9, 30), kind="group")
    assert shown(question) == {"第一党支部": ["党小组会（第一党小组）"]}


def test_the_exempt_are_not_behind(street: Unit, branch: Unit) -> None:
    make_exemption(branch)
    assert shown(ask(street, on=date(2026, 9, 30))) == {}


def test_pages_follow_the_tree_and_leave_nobody_out(street: Unit) -> None:
    names = [make_branch(street).name for _ in range(7)]
    question = ask(street, on=date(2026, 9, 30))
    assert [row.name for row in all_behind(question, size=3)] == names
    assert count_behind(question) == (7, 14)


def test_the_list_costs_the_same_for_one_and_for_many(street: Unit, branch: Unit) -> None:
    with CaptureQueriesContext(connection) as one:
        behind(ask(street, on=date(2026, 9, 30)))
    for _ in range(4):
        make_branch(street)
    with CaptureQueriesContext(connection) as five:
        behind(ask(street, on=date(2026, 9, 30)))
    assert len(one) == len(five) == 5


# --- 催报 ------------------------------------------------------------------------------------


def test_a_word_names_what_is_missing_and_comes_once_a_day(street: Unit, branch: Unit) -> None:
    secretary = make_user(Role.SECRETARY, branch, email="s@example.cn")
    staff = make_user(Role.COMMITTEE_STAFF, street, name="李主任")
    question = ask(street, on=date(2026, 9, 25))
    assert urge(question=question, unit_ids=[branch.pk], by=staff).people == 1
    assert urge(question=question, unit_ids=[branch.pk], by=staff).people == 0
    notice = Notice.objects.get(recipient=secretary)
    assert outbox.text_of(notice) == (
        "第一党支部：李主任催报，请尽快补上：\n"
        "1. 支部党员大会，截止9月30日\n2. 党小组会（第一党小组），截止9月30日\n"
        "3. 固定组织生活日，截止9月30日"
    )
    tomorrow = ask(street, on=date(2026, 9, 26))
    assert urge(question=tomorrow, unit_ids=None, by=staff).people == 1
    (row,) = behind(tomorrow)
    assert row.told_at == Notice.objects.latest("pk").created_at


def test_a_branch_out_of_reach_is_passed_over(district: Unit, street: Unit, branch: Unit) -> None:
    make_user(Role.SECRETARY, branch)
    other = make_committee(district)
    staff = make_user(Role.COMMITTEE_STAFF, other)
    question = ask(other, on=date(2026, 9, 25))
    assert urge(question=question, unit_ids=[branch.pk], by=staff).people == 0


def test_who_misses_nothing_is_not_bothered(street: Unit, branch: Unit) -> None:
    make_user(Role.SECRETARY, branch)
    staff = make_user(Role.COMMITTEE_STAFF, street)
    question = ask(street, on=date(2026, 9, 1))
    assert urge(question=question, unit_ids=[branch.pk], by=staff).people == 0


def test_a_press_is_noted_with_whom_it_told_and_who_has_read_it(
    client: Client, street: Unit, branch: Unit
) -> None:
    secretary = make_user(Role.SECRETARY, branch)
    second = make_branch(street, name="第二党支部")
    make_user(Role.SECRETARY, second)
    make_branch(street, name="没有账号的党支部")
    staff = make_user(Role.COMMITTEE_STAFF, street, name="李主任")
    question = ask(street, on=date(2026, 9, 25))
    assert urge(question=question, unit_ids=[branch.pk], by=staff) == Urging(1, 1, 0, 0)
    assert urge(question=question, unit_ids=None, by=staff) == Urging(1, 1, 1, 1)
    assert urge(question=question, unit_ids=None, by=staff) == Urging(0, 0, 2, 1)
    first, all_ = Urge.unscoped.order_by("pk")
    assert (all_.told, all_.already, all_.unreachable, all_.unit) == (1, 1, 1, street)
    assert Urged.unscoped.get(urge=first).unit == branch
    outbox.mark_read(user_id=secretary.pk)
    client.force_login(staff)
    rows = client.get("/behind/urges/").context["page"].rows
    assert [(row.notices, row.read) for row in rows] == [(1, 0), (1, 1)]
    page = client.get(f"/behind/urges/{first.pk}/").content.decode()
    assert "1 / 1 人已看" in page
    assert "支部党员大会，截止9月30日" in page


def test_many_branches_are_told_by_as_many_queries_as_one(street: Unit, branch: Unit) -> None:
    make_user(Role.SECRETARY, branch)
    staff = make_user(Role.COMMITTEE_STAFF, street)
    question = ask(street, on=date(2026, 9, 25))
    with CaptureQueriesContext(connection) as one:
        assert urge(question=question, unit_ids=None, by=staff).told == 1
    for _ in range(4):
        make_user(Role.SECRETARY, make_branch(street))
    with CaptureQueriesContext(connection) as many:
        assert urge(question=question, unit_ids=None, by=staff).told == 4
    assert len(one) == len(many)


def test_the_notes_of_others_are_not_there(client: Client, street: Unit, branch: Unit) -> None:
    make_user(Role.SECRETARY, branch)
    staff = make_user(Role.COMMITTEE_STAFF, street)
    urge(question=ask(street, on=date(2026, 9, 25)), unit_ids=None, by=staff)
    press = Urge.unscoped.get()
    client.force_login(make_user(Role.COMMITTEE_STAFF, make_committee()))
    assert client.get("/behind/urges/").context["page"].rows == []
    assert client.get(f"/behind/urges/{press.pk}/").status_code == 404
    client.force_login(make_user(Role.SECRETARY, branch))
    assert client.get("/behind/urges/").status_code == 403


# --- The pages -------------------------------------------------------------------------------


@pytest.fixture
def staff(client: Client, street: Unit) -> User:
    user = make_user(Role.COMMITTEE_STAFF, street)
    client.force_login(user)
    return user


@time_machine.travel("2026-09-25 10:00+08:00", tick=False)
def test_the_page_lists_and_one_press_tells(client: Client, staff: User, branch: Unit) -> None:
    make_user(Role.SECRETARY, branch)
    page = client.get("/behind/")
    assert [row.name for row in page.context["rows"]] == ["第一党支部"]
    answer = client.post("/behind/urge/?kind=group", {"only": branch.pk})
    assert answer["Location"] == "/behind/?kind=group"
    assert Notice.objects.get().payload["missing"] == ["党小组会（第一党小组），截止9月30日"]
    page = client.get("/behind/")
    assert "9月25日 10:00" in page.content.decode()


@time_machine.travel("2026-09-25 10:00+08:00", tick=False)
def test_all_are_told_by_one_press_and_a_second_says_so(
    client: Client, staff: User, branch: Unit
) -> None:
    make_user(Role.SECRETARY, branch)
    assert "全部催报（1 个支部）" in client.get("/behind/").content.decode()
    page = client.post("/behind/urge/", {"everyone": 1}, follow=True)
    assert "已催报 1 个支部" in page.content.decode()
    page = client.post("/behind/urge/", {"everyone": 1}, follow=True)
    assert "今天已催过 1 个" in page.content.decode()


@time_machine.travel("2026-09-25 10:00+08:00", tick=False)
@pytest.mark.parametrize("posted", [{}, {"pk": ["x", "²", "9" * 30]}])
def test_a_press_without_a_branch_says_what_to_do(
    client: Client, staff: User, branch: Unit, posted: dict
) -> None:
    page = client.post("/behind/urge/", posted, follow=True)
    assert "先在名单里打勾" in page.content.decode()
    assert Notice.objects.count() == 0


@time_machine.travel("2026-09-25 10:00+08:00", tick=False)
@pytest.mark.parametrize("query", ["month=x&kind=y&all=z&after=%00", "month=1999-13", "after=ZZZZ"])
def test_nonsense_in_the_address_is_no_error(
    client: Client, staff: User, branch: Unit, query: str
) -> None:
    assert client.get(f"/behind/?{query}").status_code == 200


@pytest.mark.parametrize("unit", ["0", "x", "9" * 30])
def test_a_unit_that_is_not_there_is_404(client: Client, staff: User, unit: str) -> None:
    assert client.get(f"/behind/?unit={unit}").status_code == 404


def test_a_foreign_unit_is_404_everywhere(client: Client, staff: User) -> None:
    foreign = make_branch()
    for address in ("/behind/", "/behind/export/"):
        assert client.get(f"{address}?unit={foreign.pk}").status_code == 404
    assert client.post(f"/behind/urge/?unit={foreign.pk}", {"everyone": 1}).status_code == 404


@time_machine.travel("2026-09-25 10:00+08:00", tick=False)
def test_a_leader_looks_but_does_not_press(client: Client, street: Unit, branch: Unit) -> None:
    client.force_login(make_user(Role.LEADER, street))
    page = client.get("/behind/")
    assert [row.name for row in page.context["rows"]] == ["第一党支部"]
    assert "催报" not in page.content.decode().split("<main")[1]
    assert client.post("/behind/urge/", {"everyone": 1}).status_code == 403


def test_a_secretary_has_no_such_page(client: Client, branch: Unit) -> None:
    client.force_login(make_user(Role.SECRETARY, branch))
    assert client.get("/behind/").status_code == 403


@time_machine.travel("2026-09-25 10:00+08:00", tick=False)
def test_the_workbook_holds_every_branch(client: Client, staff: User, branch: Unit) -> None:
    answer = client.get("/behind/export/")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue()))
    rows = book.get_sheet_by_name("名单").to_python()
    assert rows == [
        ["党（工）委", "党组织代码", "党组织", "未完成数", "缺什么", "最近提醒"],
        [
            "中共城关街道党工委",
            branch.code,
            "第一党支部",
            "3",
            "支部党员大会 2026年第三季度；党小组会（第一党小组） 2026年9月；"
            "固定组织生活日 2026年9月",
            "",
        ],
    ]
