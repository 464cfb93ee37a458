"""Reminders of the quarter's visits: to the leader and to the committee, once a quarter."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from branches.enums import Role
from core.models import Notice
from core.outbox import text_of
from support.notices import owed
from tests.factories.branches import make_branch, make_committee, make_user
from tests.factories.support import make_link, make_visit

pytestmark = pytest.mark.django_db


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


def test_a_leader_is_told_of_what_he_has_not_visited_this_quarter() -> None:
    street = make_committee()
    district = street.district
    assert district is not None
    leader = make_user(Role.LEADER, district)
    staff = make_user(Role.COMMITTEE_STAFF, street)
    seen, unseen = make_branch(street), make_branch(street, short_name="滨河一支部")
    make_visit(make_link(seen, user=leader), day=date(2026, 7, 8))
    make_link(unseen, user=leader)

    assert owed(at(date(2026, 8, 20))) == {"own": 0, "above": 0}
    assert owed(at(date(2026, 9, 20))) == {"own": 1, "above": 1}
    assert owed(at(date(2026, 9, 25))) == {"own": 0, "above": 0}
    own = text_of(Notice.objects.get(recipient=leader))
    assert own.startswith("您的联系点还有 1 个本季度没有走访：滨河一支部。")
    above = text_of(Notice.objects.get(recipient=staff))
    assert above.startswith("还有 1 个联系点本季度没有走访，9月30日截止。")


def test_nobody_is_told_when_all_was_visited() -> None:
    branch = make_branch()
    leader = make_user(Role.LEADER, branch)
    make_visit(make_link(branch, user=leader), day=date(2026, 9, 2), on=date(2026, 9, 2))

    assert owed(at(date(2026, 9, 20))) == {"own": 0, "above": 0}
