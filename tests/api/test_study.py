"""Study plans, courses and bookings in the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.enums import Role
from branches.models import Unit
from meetings.enums.lectures import BookingState
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.meetings import make_meeting
from tests.factories.study import (
    at,
    make_booking,
    make_course,
    make_mark,
    make_phases,
    make_plan,
    make_text,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(time_machine: Any) -> Unit:
    time_machine.move_to("2026-08-10T10:00:00+08:00")
    return make_branch(make_committee(make_district()))


def read(role: str, unit: Unit, address: str) -> list[dict[str, Any]]:
    client = Client()
    client.force_login(make_user(role, unit))
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def planned(branch: Unit) -> None:
    district = branch.district
    assert district is not None
    first, *_ = make_phases(district)
    for _ in range(3):
        make_text(first)
    item = make_plan(branch).items.order_by("pk").first()
    assert item is not None
    make_mark(make_meeting(branch, held_on=date(2026, 2, 3), attendance=(1, 1)), item)


def test_a_plan_comes_with_its_progress(branch: Unit) -> None:
    planned(branch)
    (row,) = read(Role.SECRETARY, branch, "study-plans/?year=2026")
    assert (row["unit"], row["total"], row["done"], row["late"]) == (branch.code, 3, 1, 2)
    assert read(Role.SECRETARY, branch, "study-plans/?year=2025") == []
    assert read(Role.SECRETARY, make_branch(), "study-plans/") == []


def test_one_plan_and_three_cost_the_same(branch: Unit) -> None:
    planned(branch)
    client = Client()
    client.force_login(make_user(Role.DISTRICT_STAFF, branch.district))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/study-plans/").status_code == 200
        return len(queries)

    client.get("/api/v1/study-plans/")
    few = cost()
    for _ in range(2):
        make_plan(make_branch(branch.parent))
    assert cost() == few


def test_courses_above_are_offered_and_those_beside_are_not(branch: Unit) -> None:
    above = make_course(branch.district)  # type: ignore[arg-type]
    make_course(make_committee(branch.district))
    (row,) = read(Role.SECRETARY, branch, "courses/?kind=micro")
    assert (row["title"], row["lecturer"]) == (above.title, above.lecturer.name)


def test_bookings_are_found_by_state_and_day(branch: Unit) -> None:
    course = make_course(branch.district)  # type: ignore[arg-type]
    make_booking(branch, course)
    held = make_booking(branch, course, BookingState.SCHEDULED, starts_at=at(2026, 8, 12, 0))
    for query in ("state=scheduled", "starts_from=2026-08-12&starts_to=2026-08-12"):
        (row,) = read(Role.SECRETARY, branch, f"lecture-bookings/?{query}")
        assert (row["uuid"], row["course"]) == (str(held.uuid), str(course.uuid))
    assert read(Role.SECRETARY, branch, "lecture-bookings/?starts_from=2026-08-13") == []
