"""What pages and verbs ask about the district's year: its scheme, its lists, its quotas."""

from __future__ import annotations

from branches.enums import UnitKind
from branches.models import Unit
from brands.models import Quota, Scheme, StandardItem
from brands.rules import Fill


def district_id(unit: Unit) -> int:
    """The 区委 above a unit, or the unit itself."""
    return unit.pk if unit.kind == UnitKind.DISTRICT else unit.district_id or 0


def scheme_of(unit: Unit, year: int) -> Scheme:
    """The scheme that holds for a unit's district in a year; an unsaved one with defaults if none.

    One query. Reading never writes: the first brand of a year opens the scheme.
    """
    root = district_id(unit)
    rows = Scheme.objects.everywhere("the district's scheme holds for everybody in it")
    return rows.filter(unit_id=root, year=year).first() or Scheme(unit_id=root, year=year)


def items_of(unit: Unit, year: int, which: str) -> list[StandardItem]:
    """One list of the standard of a year, in its order."""
    rows = StandardItem.objects.everywhere("the standard holds for everybody in the district")
    return list(
        rows.filter(unit_id=district_id(unit), year=year, set=which).order_by("position", "pk")
    )


def fill_of(quota: Quota) -> Fill:
    """How full a quota is."""
    return Fill(taken=quota.taken, low=quota.low, high=quota.high)
