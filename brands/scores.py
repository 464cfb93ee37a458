"""What assessment may ask of 党建品牌: the grade of each committee and branch that owns a brand.

scoring.md, half-year composite: 优 100, 良 80, 一般 60, none 0; whoever owns no brand is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min

from branches.models import Unit
from brands.enums import Grade, Stage
from brands.models import BrandYear
from core.dates import Period

# Versioned with the scheme of assessment, which may give others.
POINTS: dict[str, Decimal] = {
    Grade.EXCELLENT: Decimal(100),
    Grade.GOOD: Decimal(80),
    Grade.ORDINARY: Decimal(60),
}
NONE = Decimal(0)


@dataclass(frozen=True)
class BrandScore:
    """One unit's part of the composite, 0–100, and the row that gave it.

    ``brand`` is the brand's name as text, ``year`` the year of its grade; "" and 0 when the unit
    owns a brand that has no grade yet.
    """

    unit_id: int
    points: Decimal
    brand: str = ""
    year: int = 0
    grade: str = ""


def score(
    *, units: Sequence[Unit], period: Period, points: dict[str, Decimal] | None = None
) -> list[BrandScore]:
    """The units in the subtrees of ``units`` that own a brand, by id; one query.

    A unit owns a brand when a year of it that was not withdrawn began by the period's end. Its
    best grade counts that was decided by then for the period's year; while that year has none (in
    the first half of a year it has not), last year's. A grade decided later changes nothing.
    """
    worth = points or POINTS
    rows = (
        BrandYear.objects.within(*units)
        .exclude(stage=Stage.WITHDRAWN)
        .annotate(began=Min("moves__on"))
        .filter(year__lte=period.end.year, began__lte=period.end)
        .order_by("brand__unit_id", "-year", "pk")
        .values_list("brand__unit_id", "year", "grade", "decided_on", "brand__name")
    )
    found: dict[int, BrandScore] = {}
    for unit_id, year, grade, decided_on, name in rows:
        known = found.setdefault(unit_id, BrandScore(unit_id, NONE))
        if grade is None or not _counts(year, decided_on, period.end):
            continue
        fresh = BrandScore(unit_id, worth[grade], name, year, grade)
        if (fresh.year, fresh.points) > (known.year, known.points):
            found[unit_id] = fresh
    return [found[unit_id] for unit_id in sorted(found)]


def _counts(year: int, decided_on: date | None, end: date) -> bool:
    return decided_on is not None and decided_on <= end and year >= end.year - 1
