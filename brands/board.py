"""The board of the district and of a committee: quotas that fill, what waits for whom, figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from branches.enums import COMMITTEE_KINDS
from branches.models import Unit
from brands.enums import (
    STAGE_SLUGS,
    STAGES,
    TRAINED,
    BrandKind,
    Grade,
    InspectionState,
    MediaLevel,
    ReviewState,
    Stage,
    Step,
)
from brands.models import Brand, BrandYear, Inspection, MediaReport, Quota, Scheme
from brands.reading import district_id
from brands.rules import Fill
from core.pages import Cell, Plot, Series

_YEARS_SHOWN = 4
_TONES = {Grade.EXCELLENT: "ok", Grade.GOOD: "gold", Grade.ORDINARY: "exempt"}


@dataclass(frozen=True)
class Bar:
    """One quota as it fills: whose, how full, and the rows behind it."""

    name: str
    fill: Fill
    href: str


@dataclass(frozen=True)
class Board:
    """What the page shows; each figure with its link."""

    fist: Bar | None
    bars: list[Bar]
    funnel: list[dict[str, Any]]
    grades: Plot
    kinds: Plot
    media_above: int
    excellent: int
    total: int
    short: int


def rows_href(**query: object) -> str:
    """The gallery, narrowed to what a figure counts."""
    return f"{reverse('brands:brand_list')}?{urlencode(query)}"


def board(*, units: Sequence[Unit], year: int) -> Board:
    """The year of whoever looks after ``units``; a constant number of queries."""
    rows = BrandYear.objects.within(*units).of_year(year)
    stages = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
    bars = _bars(units, year)
    media = MediaReport.objects.within(*units).filter(on__year=year)
    above = media.exclude(level=MediaLevel.DISTRICT).count()
    return Board(
        fist=_fist(units, year),
        bars=bars,
        funnel=[
            {
                "label": stage.label,
                "count": stages.get(stage, 0),
                "href": rows_href(year=year, stage=STAGE_SLUGS[stage]),
            }
            for stage in (*STAGES, Stage.CLOSED)
        ],
        grades=_grades(units, year),
        kinds=_kinds(units, year),
        media_above=above,
        excellent=rows.filter(grade=Grade.EXCELLENT).count(),
        total=sum(stages.values()),
        short=sum(bar.fill.is_short for bar in bars),
    )


def _fist(units: Sequence[Unit], year: int) -> Bar | None:
    """The district's quota; read by everybody in it, since all compete for its places."""
    if not units:
        return None
    root = district_id(units[0])
    quota = Quota.objects.everywhere("the district's places are everybody's").filter(
        unit_id=root, year=year
    )
    found = quota.first()
    if found is None:
        scheme = Scheme.objects.everywhere("as above").filter(unit_id=root, year=year).first()
        scheme = scheme or Scheme()
        fill = Fill(0, scheme.fist_low, scheme.fist_high)
    else:
        fill = Fill(found.taken, found.low, found.high)
    return Bar("拳头品牌", fill, rows_href(year=year, fist="on"))


def _bars(units: Sequence[Unit], year: int) -> list[Bar]:
    committees = list(
        Unit.objects.within(*units).filter(kind__in=COMMITTEE_KINDS, depth=2).order_by("path")
    )
    known = {one.unit_id: one for one in Quota.unscoped.filter(unit__in=committees, year=year)}
    roots = {district_id(unit) for unit in committees}
    lows = dict(
        Scheme.unscoped.filter(unit__in=roots, year=year).values_list("unit_id", "nurture_low")
    )
    bars = []
    for unit in committees:
        quota = known.get(unit.pk)
        low = quota.low if quota else lows.get(unit.district_id or 0, Scheme().nurture_low)
        fill = Fill(quota.taken if quota else 0, low, quota.high if quota else None)
        bars.append(Bar(str(unit), fill, rows_href(year=year, committee=unit.code, step="trained")))
    return bars


def _grades(units: Sequence[Unit], year: int) -> Plot:
    first = year - _YEARS_SHOWN + 1
    rows = BrandYear.objects.within(*units).filter(
        grade__isnull=False, year__gte=first, year__lte=year
    )
    counted = {
        (one["year"], one["grade"]): one["many"]
        for one in rows.order_by().values("year", "grade").annotate(many=Count("pk"))
    }
    years = list(range(first, year + 1))
    return Plot(
        kind="bar",
        title="历年等次",
        labels=[f"{one}年" for one in years],
        unit="个",
        stacked=True,
        series=[
            Series(
                grade.label,
                [counted.get((one, grade.value), 0) for one in years],
                tone=_TONES[grade],
                hrefs=[rows_href(year=one, grade=grade.value) for one in years],
            )
            for grade in Grade
        ],
    )


def _kinds(units: Sequence[Unit], year: int) -> Plot:
    rows = Brand.objects.within(*units).filter(step__in=TRAINED)
    counted = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
    return Plot(
        kind="donut",
        title="培育以上的品牌",
        labels=[str(kind.label) for kind in BrandKind],
        unit="个",
        cells=[
            Cell(at, 0, counted.get(kind.value, 0), rows_href(kind=kind.value, step="trained"))
            for at, kind in enumerate(BrandKind)
        ],
    )


# --- What waits ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """Work of one sort that waits for the asker."""

    title: str
    hint: str
    icon: str
    rows: list[dict[str, Any]]


def queue(
    *, judges: Sequence[Unit], rules: Sequence[Unit], user_id: int, on: date
) -> list[Waiting]:
    """What waits for whoever judges in ``judges`` and rules in ``rules``; empty sorts left out.

    Two queries. What he applied for or wrote himself is another's to judge.
    """
    years = list(
        BrandYear.objects.within(*judges, *rules)
        .exclude(stage__in=(Stage.TOPIC, Stage.WITHDRAWN, Stage.UNDERWAY))
        # What a brand's earlier years left undone is settled by its latest.
        .exclude(Exists(_later()))
        .annotate(
            sheets=Count("reviews", distinct=True),
            scored=Count("reviews", filter=Q(reviews__submitted_at__isnull=False), distinct=True),
        )
        .select_related("brand__unit__committee")
        .order_by("stage_on", "pk")
    )
    findings = list(
        Inspection.objects.within(*judges)
        .filter(state=InspectionState.ANSWERED)
        .exclude(answered_by=user_id)
        .select_related("year__brand__unit")
        .order_by("answered_on", "pk")
    )
    sorts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for year in years:
        for sort in _sorts(year, judges, rules, user_id):
            sorts[sort].append(_line(year, on, sort))
    for one in findings:
        if _strictly_below(one.year.brand.unit, judges):
            sorts["settle"].append(_finding(one))
    return [
        Waiting(title, hint, icon, sorts[name])
        for name, (title, hint, icon) in _SORTS.items()
        if sorts[name]
    ]


def _later() -> Any:
    rows = BrandYear.unscoped.filter(brand=OuterRef("brand"), year__gt=OuterRef("year"))
    return rows.exclude(stage=Stage.WITHDRAWN)


_SORTS = {
    "approve": ("待审核的申报", "批准实施，或者退回并写明理由", "clipboard-check"),
    "settle": ("待核查的整改", "看整改情况，销号或者退回", "checks"),
    "assign": ("待指定评委", "评委各自打分，互相看不到", "user-plus"),
    "sum": ("待汇总的评审", "评委都已打分", "report"),
    "decide": ("待审定的等次", "由汇总、调整以外的另一位同志审定", "rubber-stamp"),
    "recognise": ("待认定的品牌", "当年审定为“优”或“良”", "certificate"),
    "promote": ("可以推广的品牌", "已认定，典型案例已写好", "speakerphone"),
    "reposition": ("要重新定位的品牌", "当年审定为“一般”", "refresh"),
}


_PRESSING = ("approve", "assign", "sum", "decide")


def _strictly_below(unit: Unit, roots: Iterable[Unit]) -> bool:
    return any(unit.path.startswith(one.path) and unit.path != one.path for one in roots)


def _sorts(
    year: BrandYear, judges: Sequence[Unit], rules: Sequence[Unit], user_id: int
) -> list[str]:
    brand, own = year.brand, {year.applied_by_id, year.brand.created_by_id}
    if year.stage == Stage.APPLIED:
        mine = _strictly_below(brand.unit, judges) and user_id not in own
        return ["approve"] if mine else []
    if not any(brand.unit.path.startswith(unit.path) for unit in rules):
        return []
    if year.stage == Stage.INSPECTED:
        return _under_review(year, user_id)
    if year.grade == Grade.ORDINARY:
        return ["reposition"] if brand.step != Step.REPOSITIONED and user_id not in own else []
    if brand.step == Step.NURTURED:
        return ["recognise"]
    return ["promote"] if brand.step == Step.RECOGNISED and brand.is_told else []


def _under_review(year: Any, user_id: int) -> list[str]:
    if year.review_state == ReviewState.NONE:
        return ["assign"]
    if year.review_state == ReviewState.OPEN:
        return ["sum"] if year.sheets and year.sheets == year.scored else []
    return [] if user_id in (year.review_closed_by_id, year.adjusted_by_id) else ["decide"]


def _line(year: Any, on: date, sort: str) -> dict[str, Any]:
    return {
        "brand": year.brand,
        "year": year.year,
        "days": (on - year.stage_on).days if sort in _PRESSING else 0,
        "url": reverse("brands:brand_detail", args=[year.brand.uuid]),
        "note": f"评委 {year.scored} / {year.sheets}" if sort == "sum" else "",
    }


def _finding(one: Inspection) -> dict[str, Any]:
    brand = one.year.brand
    return {
        "brand": brand,
        "year": one.year.year,
        "days": 0,
        "url": reverse("brands:brand_detail", args=[brand.uuid]) + "#inspections",
        "note": one.get_kind_display(),
    }
