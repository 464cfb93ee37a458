"""督查: found, answered, settled; days are working days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from brands.enums import InspectionState, Stage
from brands.models import Inspection, Scheme
from brands.services import inspections
from tests.brands.conftest import Town
from tests.brands.test_services import refusal, told
from tests.factories.brands import DAY, inspect, make_year


@pytest.fixture
def found(town: Town) -> Any:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    return inspect(year, town.people, to_mend=True)


def test_what_is_to_be_mended_is_due_in_working_days(town: Town, found: Any) -> None:
    # 1 July 2026 is a Wednesday; ten working days later is the 15th.
    assert (found.state, found.due_on) == (InspectionState.OPEN, date(2026, 7, 15))
    assert told("inspected") == {"李华"}


def test_a_holiday_moves_the_last_day(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)
    Scheme.unscoped.update(follow_up_days=3)
    day = date(2026, 9, 29)

    late = inspections.inspect(
        year=year, by=town.judge, kind="feedback", on=day, today=day, people="张科长",
        findings="公示栏没有更新", to_mend=True,
    )  # fmt: skip

    assert late.due_on is not None
    assert late.due_on > date(2026, 10, 7)
    assert not late.provisional


def test_the_same_inspection_sent_twice_is_one(town: Town, found: Any) -> None:
    again = inspect(found.year, town.people, to_mend=True)

    assert (again.pk, Inspection.unscoped.count()) == (found.pk, 1)


def test_an_answer_is_settled_by_another(town: Town, found: Any) -> None:
    assert refusal(inspections.settle, inspection=found, by=town.judge, on=DAY).code == "conflict"
    found = inspections.answer(inspection=found, by=town.secretary, on=DAY, text="公示栏已更新")
    assert told("answered") == {"陶春燕"}
    said = refusal(inspections.settle, inspection=found, by=town.secretary, on=DAY)
    assert said.code == "forbidden"

    found = inspections.settle(inspection=found, by=town.judge, on=DAY)

    assert (found.state, found.closed_by) == (InspectionState.CLOSED, town.judge)
    assert inspections.settle(inspection=found, by=town.staff, on=DAY).closed_by == town.judge


def test_an_answer_that_does_not_do_goes_back_with_new_days(town: Town, found: Any) -> None:
    found = inspections.answer(inspection=found, by=town.secretary, on=DAY, text="在改")
    on = date(2026, 7, 20)

    found = inspections.send_back(inspection=found, by=town.judge, on=on, why="没有照片")

    assert (found.state, found.sent_back) == (InspectionState.OPEN, "没有照片")
    assert found.due_on == date(2026, 8, 3)
    assert inspections.answer(inspection=found, by=None, on=on, text="已补照片").state == 2


def test_a_year_that_is_not_under_way_is_not_inspected(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)

    assert refusal(_inspect, year=year, by=town.judge).code == "conflict"


def _inspect(**facts: Any) -> Inspection:
    return inspections.inspect(
        kind="tracking", on=DAY, today=DAY, people="张", findings="好", to_mend=False, **facts
    )
