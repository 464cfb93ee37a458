"""Appeals and drafts of schemes in the world of canaries."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from assessment.enums import AppealState, DraftState, Remedy
from assessment.models import Appeal, AppealFile, Ruling, Scheme, SchemeDraft, Trial, TrialRow

if TYPE_CHECKING:
    from tests.access.world import World

_BRANCHES = ("1a1", "1a2", "1b1", "2a1")


def add_appeals(world: World) -> None:
    """For each branch an open appeal and an answered one; for each district a draft and a trial."""
    for key in _BRANCHES:
        _appeals(world, key)
    for number in ("1", "2"):
        _drafts(world, number)


def _appeals(world: World, key: str) -> None:
    things, run = world.objects, world.objects["run"][key[0]]
    now = timezone.now()
    shared = {
        "unit": world.units[key],
        "run": run,
        "filed_by": things["author"][key],
        "filed_at": now,
        "answer_by": date(2026, 12, 1),
    }
    things["appeal"][key] = Appeal.unscoped.create(
        duty_name=f"整个得分zo{key}z", reason=f"申诉zo{key}z", **shared
    )
    answered = Appeal.unscoped.create(
        duty="fixed_day::2026-07", duty_name=f"固定组织生活日zo{key}z", reason=f"理由zo{key}z",
        state=AppealState.UPHELD, remedy=Remedy.ON_TIME, answer=f"答复zo{key}z",
        opinion=f"意见zo{key}z", decided_at=now, **shared,
    )  # fmt: skip
    things["answered"][key] = answered
    things["ruling"][key] = Ruling.unscoped.create(
        unit=world.units[key], quarter=run.period, duty=answered.duty, kind="fixed_day",
        period="2026-07", first=date(2026, 7, 1), due=date(2026, 7, 31), remedy=Remedy.ON_TIME,
        title=f"事项zo{key}z", credit=10000, appeal=answered, at=now,
    )  # fmt: skip
    things["appeal_file"][key] = AppealFile.unscoped.create(
        appeal=things["appeal"][key],
        name=f"材料zo{key}z.jpg",
        path=f"{uuid.uuid4()}.jpg",
        content_type="image/jpeg",
        sha256=f"{len(things['appeal_file']):064d}",
        size=10,
    )


def _drafts(world: World, number: str) -> None:
    scheme = Scheme.objects.order_by("version").first()
    assert scheme is not None
    things, staff = world.objects, world.users[f"district_{number}"]
    shared = {
        "unit": world.units[number],
        "based_on": scheme,
        "valid_from": date(2099, 1, 1),
        "parameters": scheme.parameters,
        "edited_by": staff,
    }
    draft = SchemeDraft.unscoped.create(
        title=f"草案zo{number}z", reason=f"说明zo{number}z", **shared
    )
    things["draft"][number] = draft
    things["draft_proposed"][number] = SchemeDraft.unscoped.create(
        title=f"送审zo{number}z", state=DraftState.PROPOSED, proposed_by=staff,
        proposed_at=timezone.now(), **shared,
    )  # fmt: skip
    trial = Trial.unscoped.create(
        draft=draft,
        run=things["run"][number],
        parameters=scheme.parameters,
        data_at=timezone.now(),
    )
    things["trial"][number] = trial
    branch = world.units["1a1" if number == "1" else "2a1"]
    TrialRow.unscoped.create(
        trial=trial, unit_id=branch.pk, path=branch.path, code=branch.code, name=branch.name,
        field=branch.field, rank=1, old_rank=2,
    )  # fmt: skip
