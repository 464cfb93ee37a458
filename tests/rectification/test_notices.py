"""Reminders of reports and problems: by working days, to the right people, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from branches.enums import Role
from core.models import Notice
from core.outbox import text_of
from rectification.enums import ProblemState, State
from rectification.notices import owed
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.rectification import make_batch, make_case, make_problem

pytestmark = pytest.mark.django_db


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


@pytest.fixture
def people() -> dict[str, object]:
    district = make_district()
    street = make_committee(district)
    branch = make_branch(street, short_name="滨河社区党支部")
    case = make_case(State.UNDERWAY, unit=branch, batch=make_batch(district))
    return {
        "case": case,
        "secretary": make_user(Role.SECRETARY, branch),
        "committee": make_user(Role.COMMITTEE_STAFF, street),
        "neighbour": make_user(Role.SECRETARY, make_branch(street)),
        "stranger": make_user(Role.COMMITTEE_STAFF, make_committee(district)),
    }


def test_a_report_is_told_three_working_days_ahead_and_once(people: dict[str, object]) -> None:
    # Due on Tuesday 30 June: three working days before is Thursday the 25th.
    assert owed(at(date(2026, 6, 24)))["soon"] == 0
    assert owed(at(date(2026, 6, 25)))["soon"] == 1
    assert owed(at(date(2026, 6, 25)))["soon"] == 0
    assert owed(at(date(2026, 6, 29)))["soon"] == 0

    notice = Notice.objects.get(title__startswith="快到期了")
    assert notice.recipient == people["secretary"]
    assert text_of(notice).startswith("滨河社区党支部：第二次报告6月30日截止")


def test_what_is_late_goes_to_the_branch_and_once_a_week_to_the_committee(
    people: dict[str, object],
) -> None:
    day = date(2026, 7, 1)
    told = owed(at(day))
    assert (told["late"], told["behind"]) == (1, 1)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {
        people["secretary"].pk,  # type: ignore[attr-defined]
        people["committee"].pk,  # type: ignore[attr-defined]
    }

    assert owed(at(day + timedelta(days=1)))["behind"] == 0
    assert owed(at(day + timedelta(days=6)))["behind"] == 1
    assert owed(at(day + timedelta(days=30))) == {"soon": 0, "late": 0, "behind": 0}


def test_a_problem_is_told_while_it_is_being_solved_only(people: dict[str, object]) -> None:
    case = people["case"]
    make_problem(case, ProblemState.SOLVING, title="路灯", due_on=date(2026, 8, 20))  # type: ignore[arg-type]
    make_problem(case, ProblemState.DONE, title="井盖", due_on=date(2026, 8, 20))  # type: ignore[arg-type]

    assert owed(at(date(2026, 8, 18)))["soon"] == 1
    assert owed(at(date(2026, 8, 21)))["late"] == 1
    titles = set(Notice.objects.values_list("title", flat=True))
    assert {"快到期了：路灯", "已逾期：路灯"} <= titles
    assert not any("井盖" in title for title in titles)
