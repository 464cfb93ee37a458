"""Reminders of pledges and milestones: by working days, to the right people, once."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from branches.enums import Role
from core.models import Notice
from core.outbox import text_of
from tests.factories.branches import make_branch, make_committee, make_user
from tests.factories.works import make_pledge, make_project
from works.enums import PledgeState, WorkState
from works.notices import owed

pytestmark = pytest.mark.django_db


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


def test_a_pledge_is_told_three_working_days_ahead_and_once() -> None:
    branch = make_branch(short_name="滨河社区党支部")
    secretary = make_user(Role.SECRETARY, branch)
    make_user(Role.SECRETARY, make_branch(branch.parent))
    make_pledge(branch, due_on=date(2026, 7, 24), title="上门服务", on=date(2026, 7, 1))
    make_pledge(branch, due_on=date(2026, 7, 24), state=PledgeState.REPORTED)

    assert owed(at(date(2026, 7, 20)))["soon"] == 0
    assert owed(at(date(2026, 7, 21)))["soon"] == 1
    assert owed(at(date(2026, 7, 22)))["soon"] == 0
    notice = Notice.objects.get()
    assert notice.recipient == secretary
    assert text_of(notice).startswith("滨河社区党支部：承诺“上门服务”7月24日到期")


def test_what_is_late_goes_to_the_branch_and_once_a_week_to_the_committee() -> None:
    street = make_committee()
    branch = make_branch(street)
    secretary, staff = make_user(Role.SECRETARY, branch), make_user(Role.COMMITTEE_STAFF, street)
    make_pledge(branch, due_on=date(2026, 7, 20))
    make_project(branch, WorkState.UNDERWAY, due_on=date(2026, 7, 20), milestones=1)
    told = owed(at(date(2026, 7, 21)))

    assert (told["late"], told["behind"]) == (2, 1)
    assert owed(at(date(2026, 7, 22))) == {"soon": 0, "late": 0, "behind": 0}
    late = Notice.objects.exclude(title__startswith="快到期了")
    assert set(late.values_list("recipient", flat=True)) == {secretary.pk, staff.pk}
    behind = text_of(Notice.objects.get(recipient=staff))
    assert behind == "有 1 个党组织、1 项承诺、1 个项目节点过了期限，请督促办理。"
