"""村（社区）“两委”换届: the district's wave, who is in it, the steps of the 自治组织."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from branches.querysets import UnitQuerySet
from core.errors import Refusal
from elections.enums import CIVIC_COUNTS, CivicStage, Stage
from elections.models import CivicStep, Election, Wave, WaveBody
from elections.services.common import checked, past, sane, text
from elections.settings import VILLAGES

_BODIES = (
    UnitKind.COMMITTEE, UnitKind.GENERAL_BRANCH, UnitKind.BRANCH, UnitKind.JOINT_BRANCH,
)  # fmt: skip


@transaction.atomic
def save_wave(
    *,
    unit: Unit,
    by: User | None,
    name: str,
    year: int,
    starts_on: date,
    party_by: date,
    civic_by: date,
    regulation: str = "",
    demands: str = "",
    wave: Wave | None = None,
) -> Wave:
    """Register a wave with all villages and communities of the district, or correct one.

    Raises Refusal: no district, a name twice, days that do not follow each other.
    """
    if unit.kind != UnitKind.DISTRICT:
        raise Refusal("批次由区委组织部登记，请选择区委。", field="unit")
    found = wave and Wave.unscoped.select_for_update().get(pk=wave.pk)
    fresh = found or Wave(unit=unit, by=by)
    fresh.name = text(name, "批次名称", field="name", longest=80)
    fresh.year = year
    fresh.starts_on = sane(starts_on, field="starts_on")
    fresh.party_by = sane(party_by, field="party_by")
    fresh.civic_by = sane(civic_by, field="civic_by")
    fresh.regulation = text(regulation, "依据", field="regulation", longest=200, needed=False)
    fresh.demands = text(demands, "工作要求", field="demands", longest=5000, needed=False)
    checked(fresh)
    fresh.save()
    if found is None:
        add_bodies(wave=fresh, units=list(village_units(unit, on=starts_on)))
    return fresh


def village_units(district: Unit, *, on: date) -> UnitQuerySet:
    """The topmost Party organisation of each village and community that stands on the day."""
    return (
        Unit.objects.everywhere("the district's own wave")
        .standing(on=on)
        .filter(path__startswith=district.path, kind__in=_BODIES, field__in=VILLAGES)
        .exclude(Q(parent__kind__in=_BODIES) & Q(parent__field__in=VILLAGES))
        .order_by("path")
    )


@transaction.atomic
def add_bodies(*, wave: Wave, units: Sequence[Unit]) -> int:
    """Take organisations into a wave; those in it stay; how many are new. Two statements."""
    for unit in units:
        if unit.district_id != wave.unit_id or unit.kind not in _BODIES:
            raise Refusal(f"“{unit}”不是本区村、社区的党组织，不能列入。", field="unit")
    known = set(WaveBody.unscoped.filter(wave=wave).values_list("unit_id", flat=True))
    fresh = [WaveBody(wave=wave, unit=unit) for unit in units if unit.pk not in known]
    WaveBody.unscoped.bulk_create(fresh, ignore_conflicts=True)
    # An election that goes on already becomes part of the wave.
    Election.unscoped.filter(
        unit__in=[body.unit_id for body in fresh], wave__isnull=True, state__lt=Stage.CONFIRMED
    ).update(wave=wave)
    return len(fresh)


@transaction.atomic
def remove_body(*, body: WaveBody, by: User) -> WaveBody:
    """Take one out again, as long as nothing is registered for it."""
    used = Election.unscoped.filter(wave=body.wave_id, unit=body.unit_id).exists()
    if used or CivicStep.unscoped.filter(body=body).exists():
        raise Refusal("这个村（社区）已经登记了换届步骤，不能移出。", code="conflict")
    WaveBody.unscoped.filter(pk=body.pk).delete()
    return body


@transaction.atomic
def record_civic(
    *, body: WaveBody, stage: int, day: date, by: User | None, on: date,
    first: int | None = None, second: int | None = None,
) -> CivicStep:  # fmt: skip
    """One step of the 自治组织: its day and counts; said again it is corrected.

    Raises:
        Refusal: out of order, or a vote before the Party organisation's (先党组织，后自治组织).
    """
    body = WaveBody.unscoped.select_for_update(of=("self",)).select_related("unit").get(pk=body.pk)
    what = CivicStage(stage).label
    past(day, on, f"{what}日期", field="day")
    _in_order(body, stage, day)
    if stage >= CivicStage.VOTED:
        _party_first(body, day, what)
    names = CIVIC_COUNTS[stage]
    counts = [first if names else None, second if len(names) > 1 else None]
    for at, name in enumerate(names):
        if counts[at] is None:
            raise Refusal(f"请填写{name}。", field=("first", "second")[at])
    if len(names) > 1 and (second or 0) > (first or 0):
        raise Refusal(f"{names[1]}不能多于{names[0]}。", field="second")
    made: CivicStep
    made, _ = CivicStep.unscoped.update_or_create(
        body=body, stage=stage,
        defaults={"day": day, "first": counts[0], "second": counts[1], "by": by},
    )  # fmt: skip
    return made


def _in_order(body: WaveBody, stage: int, day: date) -> None:
    days = dict(CivicStep.unscoped.filter(body=body).values_list("stage", "day"))
    before, after = days.get(stage - 1), days.get(stage + 1)
    if stage > 1 and before is None:
        raise Refusal(f"请先登记“{CivicStage(stage - 1).label}”。", code="conflict")
    if before is not None and day < before:
        raise Refusal(f"不能早于上一步“{CivicStage(stage - 1).label}”的 {before}。", field="day")
    if after is not None and day > after:
        raise Refusal(f"不能晚于下一步“{CivicStage(stage + 1).label}”的 {after}。", field="day")


def _party_first(body: WaveBody, day: date, what: str) -> None:
    party = (
        Election.unscoped.filter(
            wave=body.wave_id, unit=body.unit_id, state__range=(Stage.VOTED, Stage.CONFIRMED)
        )
        .order_by("-pk")
        .first()
    )
    if party is None or party.voted_on is None:
        raise Refusal(
            f"先党组织换届、后自治组织换届：{body.unit}的党组织还没有选举，不能登记“{what}”。",
            code="conflict",
        )
    if day < party.voted_on:
        raise Refusal(f"不能早于党组织选举的 {party.voted_on}。", field="day")


@transaction.atomic
def record_all(*, steps: Sequence[Any], by: User | None, on: date) -> int:
    """Many steps from a sheet, all or none; how many. The refusal names the row.

    ``steps`` are :class:`elections.imports.CivicLine`, or look like them.
    """
    for one in steps:
        try:
            record_civic(
                body=one.body, stage=one.stage, day=one.day, by=by, on=on, first=one.first,
                second=one.second,
            )  # fmt: skip
        except Refusal as fault:
            raise Refusal(f"{one.place}：{fault.message}", field="file") from None
    return len(steps)
