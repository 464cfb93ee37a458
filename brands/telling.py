"""Who is told what: notices written in the transaction of the verb, delivered after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from branches.enums import Role
from branches.models import Grant, Unit
from branches.permissions import STAFF
from brands.models import Brand, BrandYear
from core.outbox import tell

_STEP = 4


def keepers(unit: Unit, on: date) -> set[int]:
    """Who keeps a unit's brand: its secretary, or the staff of a committee that owns it."""
    return _holders([unit.path], (Role.SECRETARY, Role.COMMITTEE_STAFF), on)


def above(unit: Unit, on: date) -> set[int]:
    """The committee staff strictly above a unit; the district's where there is none."""
    paths = [unit.path[:end] for end in range(2 * _STEP, len(unit.path), _STEP)]
    return _holders(paths, STAFF, on) or district(unit, on)


def district(unit: Unit, on: date) -> set[int]:
    """The staff of the district."""
    return _holders([unit.path[:_STEP]], (Role.DISTRICT_STAFF,), on)


def _holders(paths: list[str], roles: Iterable[str], on: date) -> set[int]:
    rows = Grant.unscoped.filter(unit__path__in=paths, role__in=list(roles), since__lte=on)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=on), user__is_active=True)
    return set(rows.values_list("user_id", flat=True))


def tell_about(
    brand: Brand,
    name: str,
    title: str,
    *,
    key: str,
    to: Iterable[int],
    on: date,
    by_id: int | None,
    year: BrandYear | None = None,
    link: str = "",
    **payload: Any,
) -> int:
    """Write one notice ``templates/brands/notices/NAME.txt`` to each but who did it himself."""
    return tell(
        key=f"brand:{name}:{key}",
        to=sorted(set(to) - {by_id}),
        template=f"brands/notices/{name}",
        payload={
            "brand": brand.name,
            "unit": str(brand.unit),
            "year": year.year if year else 0,
            **payload,
        },
        title=title[:200],
        link=link or reverse("brands:brand_detail", args=[brand.uuid]),
        day=on,
    )
