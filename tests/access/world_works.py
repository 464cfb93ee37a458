"""作用发挥 full of canaries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from works.enums import PlacementState, PledgeState, WorkState
from works.models import (
    Milestone,
    ModelPost,
    Placement,
    Pledge,
    PledgeFile,
    Project,
    ProjectFile,
    ProjectStep,
    SchemeTag,
    Service,
)

_DAY = date(2026, 7, 1)


def build(world: Any, branches: Iterable[str]) -> None:
    """One of everything in each branch."""
    for key in branches:
        _pledges(world, key)
        _placement(world, key)
        _project(world, key)


def _photo(key: str) -> dict[str, Any]:
    return {
        "name": f"佐证zo{key}z.jpg", "path": f"{uuid.uuid4()}.jpg",
        "thumbnail": f"{uuid.uuid4()}.jpg", "content_type": "image/jpeg", "sha256": "0" * 64,
        "size": 10,
    }  # fmt: skip


def _pledges(world: Any, key: str) -> None:
    things, author = world.objects, world.objects["author"][key]
    unit, member = world.units[key], things["member"][key]
    Pledge.unscoped.create(
        unit=unit, member=member, above=False, title=f"承诺zo{key}z", pledged_on=_DAY,
        due_on=date(2026, 9, 1), by=author,
    )  # fmt: skip
    pledge = Pledge.unscoped.create(
        unit=unit, title=f"支部承诺zo{key}z", pledged_on=_DAY, due_on=date(2026, 9, 1), by=author
    )
    Pledge.unscoped.filter(pk=pledge.pk).update(
        state=PledgeState.REPORTED, done_on=_DAY, result=f"践诺zo{key}z", reported_by=author
    )
    pledge.refresh_from_db()
    things["pledge"][key] = pledge
    things["pledge_file"][key] = PledgeFile.unscoped.create(pledge=pledge, by=author, **_photo(key))
    things["model_post"][key] = ModelPost.unscoped.create(
        unit=unit, name=f"示范岗zo{key}z", member=member, stands_for=f"示范zo{key}z", since=_DAY,
        by=author,
    )  # fmt: skip


def _placement(world: Any, key: str) -> None:
    """Both sides in the same hands, so that every canary has one owner."""
    things, author = world.objects, world.objects["author"][key]
    row = Placement.unscoped.create(
        member=things["member"][key], home=world.units[key], community=world.units[key],
        since=_DAY, offer=f"能做zo{key}z", by=author,
    )  # fmt: skip
    Placement.unscoped.filter(pk=row.pk).update(state=PlacementState.ACCEPTED)
    row.refresh_from_db()
    things["placement"][key] = row
    things["service"][key] = Service.unscoped.create(
        placement=row, day=_DAY, what=f"做了zo{key}z", by=author
    )


def _project(world: Any, key: str) -> None:
    things, author = world.objects, world.objects["author"][key]
    project = Project.unscoped.create(
        unit=world.units[key], tag=SchemeTag.objects.order_by("pk")[0], title=f"项目zo{key}z",
        goal=f"目标zo{key}z", owner=f"负责zo{key}z", starts_on=_DAY, due_on=date(2026, 9, 1),
        by=author,
    )  # fmt: skip
    Project.unscoped.filter(pk=project.pk).update(state=WorkState.UNDERWAY)
    project.refresh_from_db()
    things["project"][key] = project
    milestone = Milestone.unscoped.create(
        project=project, title=f"节点zo{key}z", due_on=date(2026, 8, 1)
    )
    things["milestone"][key] = milestone
    ProjectStep.unscoped.create(
        project=project, after=WorkState.PLANNED, day=_DAY, note=f"步骤zo{key}z", by=author
    )
    things["project_file"][key] = ProjectFile.unscoped.create(
        project=project, milestone=milestone, by=author, **_photo(key)
    )
