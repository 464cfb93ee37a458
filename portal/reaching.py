"""To whom a 通知 goes: the units, and whether anybody there can be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from branches.enums import Role, UnitKind
from branches.models import Grant, Unit
from branches.querysets import UnitQuerySet
from portal.enums import Reach
from portal.models import Circular

# Who is told for a unit: its secretary; of a committee its own staff.
KEEPERS = (Role.SECRETARY, Role.COMMITTEE_STAFF)


def below(unit: Unit, on: date) -> UnitQuerySet:
    """What stands below an issuer on a day; 党小组 are told by their branch."""
    rows: UnitQuerySet = Unit.objects.within(unit).standing(on=on)
    return rows.exclude(pk=unit.pk).exclude(kind=UnitKind.GROUP)


def reached(circular: Circular, on: date) -> UnitQuerySet:
    """The units that a 通知 goes to."""
    rows = below(circular.unit, on)
    if circular.reach == Reach.KIND:
        return rows.filter(kind__in=circular.kinds)
    if circular.reach == Reach.FIELD:
        return rows.filter(field__in=circular.fields)
    if circular.reach == Reach.CHOSEN:
        return rows.filter(code__in=circular.places)
    if circular.reach == Reach.COMMITTEES:
        found = Q(pk__in=())
        for path in below(circular.unit, on).filter(code__in=circular.places).values_list(
            "path", flat=True
        ):  # fmt: skip
            found |= Q(path__startswith=path)
        return rows.filter(found)
    return rows


@dataclass(frozen=True)
class Count:
    """How many units, and how many of them have nobody with an account."""

    units: int
    silent: int


def count(circular: Circular, on: date) -> Count:
    """What the issuer should know before he issues; two queries."""
    held = Grant.unscoped.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        unit=OuterRef("pk"), role__in=KEEPERS, since__lte=on, user__is_active=True,
    )  # fmt: skip
    rows = reached(circular, on)
    return Count(rows.count(), rows.filter(~Exists(held)).count())
