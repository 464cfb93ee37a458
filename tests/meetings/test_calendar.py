"""固定组织生活日: the year, a move by two people, and everybody told."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from branches.enums import Role
from branches.models import Unit
from core.dates import Period
from core.errors import Refusal
from core.models import Holiday, Notice
from meetings.duties import duties
from meetings.enums import MoveState
from meetings.fixed_days import fixed_days, next_fixed_day
from meetings.models import FixedDayMove
from meetings.services.calendar import decide_move, propose_move
from tests.factories.branches import make_branch, make_committee, make_district, make_user

pytestmark = pytest.mark.django_db
ON = date(2026, 8, 20)


@pytest.fixture
def district() -> Unit:
    return make_district()


@pytest.fixture
def branch(district: Unit) -> Unit:
    return make_branch(make_committee(district))


@pytest.fixture
def staff(district: Unit) -> User:
    return make_user(Role.DISTRICT_STAFF, district, name="王处长", email="w@example.cn")


@pytest.fixture
def other(district: Unit) -> User:
    return make_user(Role.DISTRICT_STAFF, district, name="赵科长")


def propose(district: Unit, by: User, day: date = date(2026, 9, 8), **more: object) -> FixedDayMove:
    facts = {"reason": "与区委全会冲突", "on": ON, **more}
    return propose_move(district=district, day=day, by=by, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "moved"),
    [
        (2020, {5: 12, 10: 13}),
        (2021, {5: 11, 10: 12}),
        (2022, {2: 8, 4: 12, 5: 10, 10: 11}),
        (2023, {5: 9, 10: 10}),
        (2024, {10: 8}),
        (2025, {2: 11, 10: 14}),
        (2026, {5: 12, 10: 13}),
    ],
)
def test_first_tuesdays_on_a_holiday_move_to_the_next_tuesday(
    year: int, moved: dict[int, int]
) -> None:
    days = fixed_days(district=None, months=Period.full_year(year).months())
    assert {one.month.number: one.day.day for one in days if one.postponed} == moved
    assert not any(one.provisional for one in days)


def test_a_year_without_notice_is_provisional_until_staff_enter_one(district: Unit) -> None:
    months = Period.full_year(2027).months()
    assert all(one.provisional for one in fixed_days(district=district, months=months))
    Holiday.objects.create(day=date(2027, 10, 5), is_off=True, name="国庆节")
    days = fixed_days(district=district, months=months)
    assert (days[9].day, days[9].provisional) == (date(2027, 10, 12), False)


def test_an_approved_move_holds_for_the_duties_and_is_told_to_all(
    district: Unit, branch: Unit, staff: User, other: User
) -> None:
    secretary = make_user(Role.SECRETARY, branch)
    make_user(Role.SECRETARY, make_branch())
    move = propose(district, staff)
    assert set(Notice.objects.values_list("recipient", "title")) == {
        (other.pk, "待审批：2026年9月固定组织生活日调整")
    }
    assert next_fixed_day(district=district, on=ON).day == date(2026, 9, 1)
    decide_move(move=move, approve=True, by=other, on=ON)
    assert next_fixed_day(district=district, on=ON).day == date(2026, 9, 8)
    told = Notice.objects.filter(template__endswith="move_approved")
    assert set(told.values_list("recipient", "title")) == {
        (staff.pk, "2026年9月固定组织生活日改为9月8日"),
        (secretary.pk, "2026年9月固定组织生活日改为9月8日"),
    }
    (duty,) = duties(
        units=[branch],
        first=date(2026, 9, 1),
        last=date(2026, 9, 30),
        on=ON,
        kinds=["fixed_day"],
    )
    assert duty.fixed_day == date(2026, 9, 8)


def test_nobody_decides_on_his_own_proposal(district: Unit, staff: User) -> None:
    move = propose(district, staff)
    with pytest.raises(Refusal, match="另一位同志"):
        decide_move(move=move, approve=True, by=staff, on=ON)


def test_a_decision_is_taken_once(district: Unit, staff: User, other: User) -> None:
    move = propose(district, staff)
    decide_move(move=move, approve=False, by=other, on=ON)
    with pytest.raises(Refusal, match="已经有人审批过"):
        decide_move(move=move, approve=True, by=other, on=ON)
    assert FixedDayMove.unscoped.get().state == MoveState.REFUSED


def test_a_later_decision_takes_the_place_of_an_earlier(
    district: Unit, staff: User, other: User
) -> None:
    decide_move(move=propose(district, staff), approve=True, by=other, on=ON)
    again = propose(district, staff, date(2026, 9, 15))
    decide_move(move=again, approve=True, by=other, on=ON)
    states = list(FixedDayMove.unscoped.order_by("pk").values_list("state", flat=True))
    assert states == [MoveState.REPLACED, MoveState.APPROVED]
    assert next_fixed_day(district=district, on=ON).day == date(2026, 9, 15)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"day": date(2026, 8, 20)}, "今天之后"),
        ({"day": date(2026, 9, 1)}, "本来就是这一天"),
        ({"day": date(2026, 8, 25)}, "已经过了"),
        ({"reason": "  "}, "写明调整的理由"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(
    district: Unit, staff: User, facts: dict, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        propose(district, staff, **facts)


def test_one_proposal_for_a_month_at_a_time(district: Unit, staff: User, other: User) -> None:
    propose(district, staff)
    with pytest.raises(Refusal, match="待审批"):
        propose(district, other, date(2026, 9, 15))


def test_a_proposal_overtaken_by_its_day_cannot_be_approved(
    district: Unit, staff: User, other: User
) -> None:
    move = propose(district, staff)
    with pytest.raises(Refusal, match="已经过了"):
        decide_move(move=move, approve=True, by=other, on=date(2026, 9, 8))


def test_only_a_district_has_a_calendar_of_its_own(branch: Unit, staff: User) -> None:
    with pytest.raises(Refusal, match="请选择区委"):
        propose(branch, staff)


# --- The page --------------------------------------------------------------------------------


@time_machine.travel("2026-08-20 10:00+08:00", tick=False)
def test_proposing_and_approving_in_the_page(
    client: Client, district: Unit, staff: User, other: User
) -> None:
    client.force_login(staff)
    page = client.post(
        f"/calendar/{district.pk}/move/", {"day": "2026-09-08", "reason": "会议"}, follow=True
    )
    assert "已提出，请另一位组织部同志审批" in page.content.decode()
    move = FixedDayMove.unscoped.get()
    page = client.post(f"/calendar/moves/{move.pk}/approve/", follow=True)
    assert "提出人不能审批自己的调整" in page.content.decode()
    client.force_login(other)
    page = client.post(f"/calendar/moves/{move.pk}/approve/", follow=True)
    assert "已批准，已通知全区各支部。" in page.content.decode()
    assert "原为 9月1日：会议" in page.content.decode()


@time_machine.travel("2026-08-20 10:00+08:00", tick=False)
@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "请选择调整后的日期。"),
        ({"day": "32.13", "reason": "x"}, "请写成 2026-07-14 这样的日期。"),
        ({"day": "2026-08-01", "reason": "会议"}, "请把日子改到今天之后"),
        ({"day": "2026-09-08", "reason": "长" * 300}, "理由请控制在 200 字以内。"),
    ],
)
def test_a_faulty_move_keeps_what_was_typed(
    client: Client, district: Unit, staff: User, posted: dict, words: str
) -> None:
    client.force_login(staff)
    page = client.post(f"/calendar/{district.pk}/move/", posted)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert posted.get("reason", "") in page.content.decode()


def test_a_secretary_sees_the_year_but_moves_nothing(
    client: Client, district: Unit, branch: Unit, staff: User
) -> None:
    move = FixedDayMove.unscoped.create(
        unit=district, month=date(2027, 1, 1), day=date(2027, 1, 12), reason="x", proposed_by=staff
    )
    client.force_login(make_user(Role.SECRETARY, branch))
    page = client.get("/calendar/?year=2026")
    assert len(page.context["months"][0].duties) == 1
    assert page.context["may_move"] is False
    for address in (f"/calendar/{district.pk}/move/", f"/calendar/moves/{move.pk}/approve/"):
        assert client.post(address, {"day": "2026-09-08", "reason": "x"}).status_code == 404


def test_another_district_is_not_there(client: Client, staff: User) -> None:
    foreign = make_district()
    client.force_login(staff)
    assert client.get(f"/calendar/?district={foreign.pk}").status_code == 404
    assert client.post(f"/calendar/{foreign.pk}/move/", {}).status_code == 404


@pytest.mark.parametrize("year", ["x", "0", "99999", "-1", "²²²²"])
def test_a_year_that_is_none_is_this_year(client: Client, staff: User, year: str) -> None:
    client.force_login(staff)
    assert client.get(f"/calendar/?year={year}").status_code == 200


def test_the_page_costs_the_same_with_one_move_and_with_three(
    client: Client, district: Unit, staff: User
) -> None:
    client.force_login(staff)
    client.get("/calendar/")

    def move(month: int) -> None:
        FixedDayMove.unscoped.create(
            unit=district,
            month=date(2026, month, 1),
            day=date(2026, month, 20),
            reason="x",
            proposed_by=staff,
            state="approved",
        )

    move(1)
    with CaptureQueriesContext(connection) as one:
        client.get("/calendar/?year=2026")
    move(2)
    move(3)
    with CaptureQueriesContext(connection) as three:
        client.get("/calendar/?year=2026")
    assert len(one) == len(three)
