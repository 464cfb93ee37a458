"""One's own brands, each with its next step: a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from branches.models import Unit
from brands.enums import InspectionState, ItemSet, Stage
from brands.models import (
    Brand,
    BrandYear,
    CreationAnswer,
    Inspection,
    PlanItem,
    Scheme,
    StandardItem,
)
from brands.reading import district_id
from brands.steps import NextStep, YearFacts, next_step


@dataclass(frozen=True)
class Line:
    """One brand of one's own: its latest year and what comes next."""

    brand: Brand
    year: BrandYear | None
    next: NextStep | None
    done: int = 0
    total: int = 0

    @property
    def progress(self) -> str:
        """2 / 5 项"""
        return f"{self.done} / {self.total} 项"


def mine(units: Sequence[Unit], *, on: date) -> list[Line]:
    """The brands of exactly these units, what presses most in front."""
    brands = list(
        Brand.objects.within(*units)
        .filter(unit__in=units)
        .select_related("unit__committee", "cover")
        .order_by("-updated_at")
    )
    if not brands:
        return []
    years = _latest(brands)
    plan, inspections, answered = _work(list(years.values()))
    schemes, asked = _districts(brands)
    lines = []
    for brand in brands:
        year = years.get(brand.pk)
        if year is None:
            lines.append(Line(brand, None, None))
            continue
        year.brand = brand
        place = (district_id(brand.unit), year.year)
        scheme = schemes.get(place)
        items = plan[year.pk]
        facts = YearFacts(
            items, inspections[year.pk], max(0, asked[place] - answered.get(year.pk, 0)),
            scheme.apply_by if scheme else None,
        )  # fmt: skip
        done = sum(item.done_on is not None for item in items)
        lines.append(Line(brand, year, next_step(year, facts, on), done, len(items)))
    return sorted(lines, key=_pressing)


def _pressing(line: Line) -> tuple[bool, date]:
    step = line.next
    return (not (step and step.url), (step and step.until) or date.max)


def _latest(brands: Sequence[Brand]) -> dict[int, BrandYear]:
    rows = BrandYear.unscoped.filter(brand__in=brands).exclude(stage=Stage.WITHDRAWN)
    return {year.brand_id: year for year in rows.order_by("year")}


def _work(
    years: Sequence[BrandYear],
) -> tuple[dict[int, list[PlanItem]], dict[int, list[Inspection]], dict[int, int]]:
    plan: dict[int, list[PlanItem]] = defaultdict(list)
    for item in PlanItem.unscoped.filter(year__in=years):
        plan[item.year_id].append(item)
    found: dict[int, list[Inspection]] = defaultdict(list)
    for one in Inspection.unscoped.filter(year__in=years, state=InspectionState.OPEN):
        found[one.year_id].append(one)
    answered = CreationAnswer.unscoped.filter(year__in=years).order_by().values_list("year")
    return plan, found, dict(answered.annotate(Count("pk")))


def _districts(
    brands: Sequence[Brand],
) -> tuple[dict[tuple[int, int], Scheme], dict[tuple[int, int], int]]:
    roots = {district_id(brand.unit) for brand in brands}
    schemes = {(one.unit_id, one.year): one for one in Scheme.unscoped.filter(unit__in=roots)}
    rows = StandardItem.unscoped.filter(unit__in=roots, set=ItemSet.CREATION)
    counted: dict[tuple[int, int], int] = defaultdict(int)
    for unit_id, year, many in rows.order_by().values_list("unit_id", "year").annotate(Count("pk")):
        counted[unit_id, year] = many
    return schemes, counted
