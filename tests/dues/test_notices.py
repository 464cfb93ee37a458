"""The clocks: 3, 5 and 6 months in a row, each told once, never an act."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from branches.enums import MemberState, Role
from branches.models import Unit
from core.models import Notice, RuleParameter
from core.outbox import text_of
from dues import services
from dues.models import Due
from dues.notices import owed
from dues.overview import arrears_lines
from dues.rules import months_between, running_arrears
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.dues import make_paid, make_payers, open_months

pytestmark = pytest.mark.django_db


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


@pytest.fixture
def branch() -> Unit:
    district = make_district()
    street = make_committee(district)
    branch = make_branch(street, short_name="滨河社区党支部")
    make_user(Role.SECRETARY, branch, name="书记")
    make_user(Role.COMMITTEE_STAFF, street, name="街道")
    make_user(Role.SECRETARY, make_branch(street), name="邻居")
    make_user(Role.COMMITTEE_STAFF, make_committee(district), name="别处")
    return branch


def test_the_secretary_hears_at_three_the_committee_at_five_and_six_each_once(
    branch: Unit,
) -> None:
    (member,) = make_payers(branch, 1)
    open_months(branch, *months_between(date(2026, 1, 1), date(2026, 7, 1)))
    told = {
        month: (found["arrears"], found["above"])
        for month in (3, 4, 5, 6, 7)
        for found in [owed(at(date(2026, month, 2)))]
        if owed(at(date(2026, month, 3)))["arrears"] == 0
    }

    assert told == {3: (0, 0), 4: (1, 0), 5: (0, 0), 6: (1, 1), 7: (1, 1)}
    heard = Notice.objects.filter(title__startswith="有党员连续")
    assert set(heard.values_list("recipient__name", flat=True)) == {"书记", "街道"}
    text = text_of(heard.order_by("pk")[0])
    assert text.startswith("滨河社区党支部：有一名党员从2026年1月起已连续 3 个月没有交党费")
    assert member.name not in text
    member.refresh_from_db()
    assert member.state == MemberState.ACTIVE


def test_a_missed_half_year_is_told_at_the_level_reached(branch: Unit) -> None:
    make_payers(branch, 1)
    open_months(branch, *months_between(date(2026, 1, 1), date(2026, 7, 1)))

    found = owed(at(date(2026, 7, 2)))

    assert (found["arrears"], found["above"]) == (1, 1)


def test_a_reason_a_payment_or_a_struck_month_stops_the_clock(branch: Unit) -> None:
    people = make_payers(branch, 4)
    months = months_between(date(2026, 1, 1), date(2026, 6, 1))
    open_months(branch, *months)
    by = make_account()
    due = {one.pk: Due.unscoped.get(member=one, month=date(2026, 5, 1)) for one in people}
    services.explain(due=due[people[0].pk], by=by, reason="外出务工，已联系")
    make_paid(people[1], date(2026, 5, 1))
    services.strike(due=due[people[2].pk], by=by, reason="在外区交纳")

    rows = arrears_lines([branch], on=date(2026, 7, 2))

    assert (rows[0]["member_id"], rows[0]["months"]) == (people[3].pk, 6)
    for person in people:
        states = [
            (row.month, row.state == "owed" and not row.reason)
            for row in Due.unscoped.filter(member=person)
        ]
        listed = next((r["months"] for r in rows if r["member_id"] == person.pk), 0)
        assert listed == running_arrears(states, before=date(2026, 7, 1))
    assert owed(at(date(2026, 7, 2)))["arrears"] == 1


def test_the_months_of_alarm_are_staffs_to_set(branch: Unit) -> None:
    make_payers(branch, 1)
    open_months(branch, *months_between(date(2026, 5, 1), date(2026, 6, 1)))
    RuleParameter.objects.filter(key="dues.alert_months").update(value=[2, 4])

    assert owed(at(date(2026, 7, 2)))["arrears"] == 1


def test_a_month_without_a_tick_is_told_from_the_25th_on_and_opens_by_itself(
    branch: Unit,
) -> None:
    (member,) = make_payers(branch, 1)

    assert owed(at(date(2026, 7, 24)))["opened"] == 1
    assert Notice.objects.filter(title="7月党费还没有登记").count() == 0
    assert [owed(at(date(2026, 7, 25)))["month"] for _ in range(2)] == [1, 0]
    make_paid(member, date(2026, 8, 1), paid_on=date(2026, 8, 2))
    assert owed(at(date(2026, 8, 26)))["month"] == 0


def test_a_quarter_that_was_not_handed_up_is_told_after_ten_days(branch: Unit) -> None:
    (member,) = make_payers(branch, 1)
    make_paid(member, date(2026, 6, 1), paid_on=date(2026, 6, 9))

    assert owed(at(date(2026, 7, 10)))["sum"] == 0
    assert [owed(at(date(2026, 7, 11)))["sum"] for _ in range(2)] == [1, 0]
    assert Notice.objects.filter(title="2026年第二季度党费还没有上缴").count() == 1
