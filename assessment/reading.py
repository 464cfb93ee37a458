"""What the pages read of a run: visible runs, the rows in reach, and their figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Max, Min, Q, QuerySet
from django.db.models.functions import Floor
from django.urls import reverse

from assessment.enums import RunState
from assessment.explain import DutyLine, lines_of
from assessment.forms import BAND, RankingForm
from assessment.models import Run, RunRow
from assessment.permissions import may_run
from branches.enums import Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from branches.scope import Scope
from core.dates import Period
from core.pages import Plot, Series, lying_bars

MOST_BARS = 20
TONES = {
    RunState.COMPUTING: "wait",
    RunState.COMPUTED: "info",
    RunState.PUBLISHED: "ok",
    RunState.SUPERSEDED: "exempt",
}


def districts_of(units: Iterable[Unit]) -> set[int]:
    """The districts in which units lie: a run hangs on the district, above most scopes."""
    ids = (unit.pk if unit.kind == UnitKind.DISTRICT else unit.district_id for unit in units)
    return {pk for pk in ids if pk is not None}


def runs_for(scope: Scope) -> QuerySet[Run]:
    """The runs somebody may open: staff all of their district's, others what was published."""
    staff = districts_of(scope.units_as(*STAFF))
    everybody = districts_of(scope.units)
    found: QuerySet[Run] = Run.objects.everywhere("found by the districts of the scope").filter(
        Q(unit_id__in=staff) | Q(unit_id__in=everybody, published_at__isnull=False)
    )
    return found.select_related("unit", "scheme", "started_by", "published_by")


def districts_to_run(scope: Scope) -> list[Unit]:
    """The districts whose ranking somebody may start."""
    units = scope.units_as(Role.DISTRICT_STAFF)
    return [unit for unit in units if unit.kind == UnitKind.DISTRICT]


def shown(run: Run) -> dict[str, Any]:
    """A run with the colour of its state."""
    return {"run": run, "tone": TONES[RunState(run.state)]}


def head(scope: Scope, run: Run) -> dict[str, Any]:
    """What stands at the top of every page of a run."""
    runs = may_run(scope, run.unit.path)
    return {
        **shown(run),
        "quarter": Period.parse(run.period),
        "older": version_before(scope, run),
        "may_run": runs,
        "may_publish": run.state == RunState.COMPUTED and runs,
    }


def rows_for(scope: Scope, run: Run) -> QuerySet[RunRow]:
    """The rows of a run in reach, by rank; those not ranked come last."""
    found: QuerySet[RunRow] = RunRow.objects.within(*scope.units).filter(run=run)
    return found.order_by("rank_district", "code")


def narrowed(rows: QuerySet[RunRow], form: RankingForm) -> QuerySet[RunRow]:
    """The rows that a form asks for."""
    text, committee = form.asked("q"), form.asked("committee")
    field, band = form.asked("field"), form.asked("band")
    if text:
        # By the frozen name and code; by pinyin through the unit as it is called now.
        named = Unit.objects.everywhere("only narrows rows that are in reach").search(text)
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(code__icontains=text)
            | Q(unit_id__in=named.order_by().values("pk"))
        )
    if committee:
        rows = rows.filter(committee_code=committee)
    if field:
        rows = rows.filter(field=field)
    if band == "none":
        rows = rows.filter(score__isnull=True)
    elif band:
        low = int(band)
        rows = rows.filter(score__gte=low, score__lt=low + BAND if low + BAND < 100 else 101)
    return rows


@dataclass(frozen=True)
class CommitteeLine:
    """One committee's figures in a run; scores out of 100, two decimals; None: nobody ranked."""

    code: str
    name: str
    units: int
    ranked: int
    mean: Decimal | None
    best: Decimal | None
    worst: Decimal | None
    href: str


def committees(rows: QuerySet[RunRow], run: Run) -> list[CommitteeLine]:
    """Every committee in reach with mean, best and worst, the best mean first; one query."""
    found = (
        rows.order_by()
        .values("committee_code", "committee_name")
        .annotate(
            units=Count("pk"),
            ranked=Count("score"),
            mean=Avg("score"),
            best=Max("score"),
            worst=Min("score"),
        )
    )
    lines = [
        CommitteeLine(
            code=row["committee_code"],
            name=row["committee_name"] or "区委直属",
            units=row["units"],
            ranked=row["ranked"],
            mean=_hundredths(row["mean"]),
            best=row["best"],
            worst=row["worst"],
            href=_ranking(run, committee=row["committee_code"]),
        )
        for row in found
    ]
    return sorted(lines, key=lambda line: (-(line.mean or Decimal(-1)), line.code))


def _hundredths(value: Any) -> Decimal | None:
    if value is None:
        return None
    return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _ranking(run: Run, **query: object) -> str:
    address = reverse("assessment:run_detail", kwargs={"uuid": run.uuid})
    return f"{address}?{urlencode(query)}#ranking"


def committee_plot(lines: Sequence[CommitteeLine]) -> Plot:
    """Mean score by committee; each bar opens the committee's rows."""
    scored = [line for line in lines if line.mean is not None][:MOST_BARS]
    bars = [(line.name, float(line.mean or 0), line.href) for line in scored]
    return lying_bars("各党（工）委平均得分", "平均得分", bars, unit="分", tone="info", top=100)


def score_plot(rows: QuerySet[RunRow], run: Run) -> Plot:
    """How many units in each band of five points; each bar opens its rows; one query."""
    counts: dict[int, int] = {}
    bands = rows.filter(score__isnull=False).order_by().annotate(band=Floor("score") / BAND)
    for band, count in bands.values_list("band").annotate(n=Count("pk")):
        low = min(int(band) * BAND, 100 - BAND)
        counts[low] = counts.get(low, 0) + count
    lows = list(range(min(counts, default=95), 100, BAND))
    return Plot(
        kind="bar",
        title="得分分布（每 5 分一段）",
        labels=[f"{low}–{low + BAND}" for low in lows],
        unit="个",
        series=[
            Series(
                "支部",
                [counts.get(low, 0) for low in lows],
                tone="ok",
                hrefs=[_ranking(run, band=low) for low in lows],
            )
        ],
    )


@dataclass(frozen=True)
class Placed:
    """A row with its place a quarter before; ``move`` > 0 means so many places up."""

    row: RunRow
    before: int | None

    @property
    def move(self) -> int | None:
        """Places gained; None when one of the two quarters has no place."""
        if self.before is None or self.row.rank_district is None:
            return None
        return self.before - self.row.rank_district

    @property
    def places(self) -> int:
        """How many places up or down."""
        return abs(self.move or 0)


def figures(run: Run, rows: QuerySet[RunRow], lines: Sequence[CommitteeLine]) -> dict[str, Any]:
    """The figures and plots of a ranking; a plot only where there is something to compare."""
    ranked = sum(line.ranked for line in lines)
    return {
        "lines": lines,
        "ranked": ranked,
        "unranked": sum(line.units for line in lines) - ranked,
        "several": ranked > 1,
        "scores": score_plot(rows, run) if ranked > 1 else None,
        "means": committee_plot(lines) if len(lines) > 1 else None,
    }


def run_before(scope: Scope, run: Run) -> Run | None:
    """The run of the quarter before that counts: the published one, else the newest computed."""
    before = Period.parse(run.period).previous().label
    found = runs_for(scope).filter(unit_id=run.unit_id, period=before)
    return (
        found.filter(state=RunState.PUBLISHED).first()
        or found.filter(state=RunState.COMPUTED).order_by("-version").first()
    )


def placed(scope: Scope, rows: Sequence[RunRow], before: Run | None) -> list[Placed]:
    """Rows with their places of the quarter before; one query."""
    ranks: dict[int, int | None] = {}
    if before is not None:
        ids = [row.unit_id for row in rows]
        ranks = dict(
            rows_for(scope, before).filter(unit_id__in=ids).values_list("unit_id", "rank_district")
        )
    return [Placed(row, ranks.get(row.unit_id)) for row in rows]


def places(scope: Scope, run: Run, rows: Iterable[RunRow]) -> dict[str, Any]:
    """Rows with their places and how these moved, and the run they are compared with."""
    before = run_before(scope, run)
    return {"before": before, "placed": placed(scope, list(rows), before)}


def version_before(scope: Scope, run: Run) -> Run | None:
    """The version that this one followed."""
    found = runs_for(scope).filter(
        unit_id=run.unit_id, period=run.period, version__lt=run.version, data_at__isnull=False
    )
    return found.order_by("-version").first()


def lines_by_key(run: Run, row: RunRow) -> dict[str, DutyLine]:
    """The duties of a row by their keys."""
    return {line.ref.key: line for line in lines_of(run, row)}
