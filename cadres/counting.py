"""职数 counted in the database: 核定, 现配, 拟免, 拟配 of units and levels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Sum

from branches.models import Unit
from cadres.enums import NAMELESS, Step
from cadres.models import Appointment, Quota, Stint
from cadres.rules import quota

# Planned, and not yet in office.
PENDING = (*NAMELESS, Step.INSPECT, Step.DECIDE, Step.PUBLICITY)
Place = tuple[int, str]


def sums(unit_ids: Iterable[int], *, on: date) -> dict[Place, quota.Sum]:
    """(unit, level) → the sum of today, for all that have a quota, a holder or a plan.

    Three queries, whatever the number of units.
    """
    ids = list(unit_ids)
    approved: dict[Place, int] = {}
    for unit_id, level, number in (
        Quota.unscoped.filter(unit__in=ids, valid_from__lte=on)
        .order_by("valid_from", "id")
        .values_list("unit_id", "level", "approved")
    ):
        approved[unit_id, level] = number
    filled: dict[Place, int] = {
        (row["unit_id"] or 0, row["level"]): row["n"]
        for row in Stint.unscoped.filter(unit__in=ids, in_quota=True, until=None)
        .values("unit_id", "level")
        .order_by()
        .annotate(n=Count("pk"))
    }
    plans: dict[Place, tuple[int, int]] = {
        (row["unit_id"], row["level"]): (row["frees"] or 0, row["n"])
        for row in Appointment.unscoped.filter(unit__in=ids, is_over=False, step__in=PENDING)
        .values("unit_id", "level")
        .order_by()
        .annotate(frees=Sum("frees"), n=Count("pk"))
    }
    return {
        place: quota.Sum(approved.get(place, 0), filled.get(place, 0), *plans.get(place, (0, 0)))
        for place in sorted({*approved, *filled, *plans})
    }


def sum_of(unit: Unit, level: str, *, on: date) -> quota.Sum:
    """The sum of one unit and level."""
    return sums([unit.pk], on=on).get((unit.pk, level), quota.Sum(0, 0))
