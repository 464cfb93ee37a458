"""Who is told of what is said about a branch's record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from branches.enums import Role
from branches.models import Grant, Unit


def keepers(units: Iterable[Unit], on: date) -> list[int]:
    """The accounts that write for these branches and groups on the day: 书记 and 党小组组长."""
    found = (
        Grant.unscoped.filter(
            unit__in=[unit.pk for unit in units],
            role__in=(Role.SECRETARY, Role.GROUP_LEADER),
            since__lte=on,
            user__is_active=True,
        )
        .filter(Q(until__isnull=True) | Q(until__gte=on))
        .order_by("user_id")
        .values_list("user_id", flat=True)
    )
    return list(dict.fromkeys(found))


def writers_of(unit: Unit) -> tuple[Unit, ...]:
    """The units whose keepers are told of a record of ``unit``: itself, and a group's branch."""
    return (unit, unit.parent) if unit.is_group and unit.parent else (unit,)
