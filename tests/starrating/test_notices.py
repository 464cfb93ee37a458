"""Reminders: to the right people, by working days, once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from branches.enums import Role
from core.models import Notice
from core.outbox import text_of
from starrating import services
from starrating.enums import Stage, State
from starrating.notices import owed
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.starrating import forward, give, make_hands, make_organisation, make_round

pytestmark = pytest.mark.django_db


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


def newest() -> Notice:
    return Notice.objects.order_by("-pk")[0]


@pytest.fixture
def people() -> dict[str, Any]:
    district = make_district()
    street = make_committee(district)
    branch = make_branch(street)
    make_organisation(branch, name="清流环保公司")
    # 自评 until Thursday 30 April, 初核 until 30 June, 审核 until 31 August 2026.
    round_ = make_round(district, name="2026 年度星级创评")
    make_user(Role.SECRETARY, make_branch(street))
    make_user(Role.COMMITTEE_STAFF, make_committee(district))
    return {
        "rating": round_.ratings.get(),
        "secretary": make_user(Role.SECRETARY, branch),
        "committee": make_user(Role.COMMITTEE_STAFF, street),
        "district": make_user(Role.DISTRICT_STAFF, district),
    }


def test_a_self_assessment_is_told_three_working_days_ahead_and_when_late(
    people: dict[str, Any],
) -> None:
    assert owed(at(date(2026, 4, 26)))["soon"] == 0
    assert owed(at(date(2026, 4, 27)))["soon"] == 1
    assert owed(at(date(2026, 4, 28)))["soon"] == 0
    assert owed(at(date(2026, 5, 1)))["late"] == 1
    assert owed(at(date(2026, 5, 2)))["late"] == 0

    first, late = Notice.objects.order_by("pk")
    assert first.recipient == late.recipient == people["secretary"]
    assert text_of(first).startswith("清流环保公司：2026 年度星级创评的自评4月30日截止")
    assert first.link == f"/starrating/ratings/{people['rating'].uuid}/"


def test_what_lies_above_is_told_once_a_week_to_whose_turn_it_is(people: dict[str, Any]) -> None:
    hands, rating = make_hands(), people["rating"]
    forward(rating, State.FILED, hands)
    assert owed(at(date(2026, 6, 30)))["check"] == 0
    assert [owed(at(date(2026, 7, day)))["check"] for day in (1, 2, 6)] == [1, 0, 1]
    assert newest().recipient == people["committee"]

    published(rating, hands, date(2026, 7, 14))
    assert owed(at(date(2026, 7, 21)))["award"] == 0
    told = owed(at(date(2026, 7, 22)))
    assert (told["check"], told["award"]) == (0, 1)
    assert newest().recipient == people["district"]
    assert "1 家组织公示期满" in text_of(newest())


def published(rating: Any, hands: Any, day: date) -> None:
    give(rating, Stage.CHECK, hands.street)
    services.finish_check(rating=rating, by=hands.street, on=day)
    give(rating, Stage.REVIEW, hands.staff)
    services.finish_review(rating=rating, by=hands.staff, on=day)
    services.publish(round_=rating.round, by=hands.staff, on=day)


def test_a_round_that_has_ended_reminds_nobody(people: dict[str, Any]) -> None:
    services.close_round(round_=people["rating"].round, by=make_hands().staff, on=date(2026, 4, 1))

    assert set(owed(at(date(2026, 4, 28))).values()) == {0}
