"""The figures of the boards, set-based: quotas, oversight, matters, training, 五型队伍."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse

from branches.models import Unit
from branches.querysets import ScopedQuerySet, UnitQuerySet
from cadres.counting import sums
from cadres.enums import Level, OrderKind, OrderState, Step, TagKind
from cadres.limits import shown_limits
from cadres.models import Cadre, DutyNotice, Order, Tag, TagCriterion, Training
from cadres.querysets import CadreQuerySet
from cadres.rules import quota
from cadres.rules.training import YEARS, Standing, standing
from cadres.rules.words import workplace
from core.pages import Plot, lying_bars

SOON = timedelta(days=7)


def label_of(step: str) -> str:
    """A step in words; "" for none."""
    return str(Step(step).label) if step else ""


@dataclass(frozen=True)
class QuotaLine:
    """One unit and level with its sum."""

    unit: Unit
    level: str
    level_label: str
    sum: quota.Sum

    @property
    def workplace(self) -> str:
        """The unit as a place of work."""
        return workplace(str(self.unit))


def quota_lines(units: UnitQuerySet, *, on: date) -> list[QuotaLine]:
    """All units and levels with posts, in tree order; those over quota first."""
    known = {unit.pk: unit for unit in units}
    lines = [
        QuotaLine(known[unit_id], level, str(Level(level).label), found)
        for (unit_id, level), found in sums(known, on=on).items()
    ]
    return sorted(lines, key=lambda line: (line.sum.fits, line.unit.path, line.level))


def oversight_figures(units: Sequence[Unit], *, on: date) -> dict[str, int]:
    """How many are open, overdue, due soon; receipts owed."""
    found: dict[str, int] = Order.objects.within(*units).aggregate(
        open=Count("pk", filter=~Q(state=OrderState.CLOSED)),
        overdue=Count("pk", filter=Q(state=OrderState.ISSUED, reply_due__lt=on)),
        soon=Count("pk", filter=Q(state=OrderState.ISSUED, reply_due__range=(on, on + SOON))),
        inquiries=Count("pk", filter=Q(kind=OrderKind.INQUIRE) & ~Q(state=OrderState.CLOSED)),
        effects=Count("pk", filter=Q(effect_until__gte=on)),
    )
    owed = DutyNotice.objects.within(*units).filter(received_on=None)
    return {**found, "receipts": owed.count(), "late": owed.filter(receipt_due__lt=on).count()}


def matter_figures(rows: ScopedQuerySet[Any], *, on: date) -> dict[str, int]:
    """How many must report, did, and are late."""
    found: dict[str, int] = rows.order_by().aggregate(
        all=Count("pk"),
        filed=Count("pk", filter=Q(filed_on__isnull=False)),
        late=Count("pk", filter=Q(filed_on=None, due_on__lt=on)),
    )
    return found


@dataclass(frozen=True)
class TrainingLine:
    """One person's hours."""

    cadre: Cadre
    year_hours: Decimal
    five_hours: Decimal
    standing: Standing


def training_lines(people: CadreQuerySet, *, year: int, on: date) -> list[TrainingLine]:
    """Everybody's hours of the year and of the five that end with it; two queries."""
    limits, everybody = shown_limits(on), list(people)
    hours: dict[int, tuple[Decimal, Decimal]] = {}
    for row in (
        Training.unscoped.filter(
            cadre__in=[one.pk for one in everybody],
            course__ends_on__range=(date(year - YEARS + 1, 1, 1), date(year, 12, 31)),
        )
        .values("cadre")
        .order_by()
        .annotate(
            five=Sum("hours"), one=Sum("hours", filter=Q(course__ends_on__gte=date(year, 1, 1)))
        )
    ):
        hours[row["cadre"]] = (row["one"] or Decimal(0), row["five"] or Decimal(0))
    lines = []
    for one in everybody:
        this, five = hours.get(one.pk, (Decimal(0), Decimal(0)))
        found = standing(level=one.level, this_year=this, five_years=five, limits=limits)
        lines.append(TrainingLine(one, this, five, found))
    return sorted(lines, key=lambda line: (line.standing.met, line.cadre.unit.path, line.cadre.pk))


def training_board(people: CadreQuerySet, *, year: int, on: date) -> dict[str, Any]:
    """The lines, how many met what is asked, and the plot by unit."""
    lines = training_lines(people, year=year, on=on)
    by_unit: dict[Unit, list[bool]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.cadre.unit.path):
        by_unit[line.cadre.unit].append(line.standing.met)
    return {
        "lines": lines,
        "met": sum(line.standing.met for line in lines),
        "plot": _plot(by_unit, year),
    }


def _plot(by_unit: dict[Unit, list[bool]], year: int) -> Plot:
    link = f"{reverse('cadres:training')}?year={year}"
    bars = [
        (workplace(str(unit)), round(sum(met) * 100 / len(met), 1), f"{link}#people")
        for unit, met in by_unit.items()
    ]
    return lying_bars(
        f"{year}年各单位学时达标率", "达标率", bars[:40], unit="%", tone="ok", top=100
    )


def tag_board(units: Iterable[Unit], *, year: int) -> dict[str, Any]:
    """The standards in reach, and how many have each tag of the year."""
    reach = tuple(units)
    counts = dict(
        Tag.objects.within(*reach)
        .filter(year=year)
        .order_by()
        .values_list("criterion__kind")
        .annotate(n=Count("pk"))
    )
    return {
        "criteria": TagCriterion.objects.within(*reach).select_related("unit"),
        "tags": [(kind.label, counts.get(kind.value, 0)) for kind in TagKind],
    }
