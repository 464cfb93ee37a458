"""Study plans and lectures of the two districts, each with the canary of whom it belongs to."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from meetings.enums.lectures import BookingState
from tests.factories.study import (
    at,
    make_booking,
    make_course,
    make_item,
    make_lecturer,
    make_mark,
    make_phases,
    make_plan,
    make_text,
)


def build(world: Any, branches: tuple[str, ...]) -> None:
    """Lists and courses carry the canaries of names: whoever stands below reads them."""
    year, things = timezone.localdate().year, world.objects
    phases = {}
    for key in ("1", "2"):
        phases[key] = make_phases(world.units[key], year)
        things["study_phase"][key] = phases[key][0]
        things["study_text"][key] = make_text(phases[key][0], f"《zu{key}z》")
    for key in ("1", "2", "1a", "1b", "2a"):
        lecturer = make_lecturer(world.units[key], f"讲师zu{key}z", post=f"单位zu{key}z")
        things["lecturer"][key] = lecturer
        things["course"][key] = make_course(
            world.units[key], f"课程zu{key}z", lecturer=lecturer, year=year
        )
    for hour, key in enumerate(branches, 8):
        branch, course = world.units[key], things["course"][key[:2]]
        plan = make_plan(branch, year, by=things["author"][key])
        things["study_plan"][key] = plan
        item = make_item(plan, phases[key[0]][0], f"自选zo{key}z", leader=f"领学zo{key}z")
        things["study_item"][key] = item
        make_mark(things["meeting"][key], item)
        things["booking"][key] = make_booking(
            branch,
            course,
            wish=f"希望zo{key}z",
            note=f"备注zo{key}z",
            asked_by=things["author"][key],
        )
        things["booking_scheduled"][key] = make_booking(
            branch, course, BookingState.SCHEDULED, starts_at=at(year, 3, 3, hour),
            place=f"地点zo{key}z",
        )  # fmt: skip
