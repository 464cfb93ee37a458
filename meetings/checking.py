"""What the pages about 调阅 read: the sheet in force, draws and how they stand, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from branches.enums import UnitKind
from branches.models import Unit
from core.dates import Period
from core.pages import Plot, lying_bars
from meetings.enums import COUNTING
from meetings.enums.checks import TO_ANSWER, UNSETTLED, DrawnState
from meetings.models import CheckDraw, CheckSheet, DrawnRecord, Finding, SpotCheck
from meetings.rules.checks import SheetItem, drawn_state

_MOST_BARS = 20


# --- The sheet -------------------------------------------------------------------------------


def sheet_for(unit: Unit, on: date) -> CheckSheet:
    """The score sheet in force on the day: the district's own, else the common one."""
    district = unit.pk if unit.kind == UnitKind.DISTRICT else unit.district_id
    sheets = CheckSheet.objects.everywhere("a district's sheet holds for all below it")
    return sheets.filter(Q(unit=district) | Q(unit=None), valid_from__lte=on).order_by(
        F("unit").asc(nulls_last=True), "-valid_from"
    )[0]


def items_of(sheet: CheckSheet) -> list[SheetItem]:
    """The items of a sheet, in order."""
    return [
        SheetItem(str(one["name"]), Decimal(str(one["points"])), str(one.get("look", "")))
        for one in sheet.items
    ]


# --- Checks ----------------------------------------------------------------------------------


def _counted(rows: Any) -> Coalesce:
    counts = rows.filter(check_of=OuterRef("pk")).order_by().values("check_of")
    return Coalesce(Subquery(counts.annotate(n=Count("pk")).values("n")), 0)


def with_findings(rows: QuerySet[SpotCheck]) -> QuerySet[SpotCheck]:
    """Checks with ``found`` and ``unsettled``, the numbers of their findings."""
    findings = Finding.unscoped.all()
    return rows.annotate(
        found=_counted(findings), unsettled=_counted(findings.filter(state__in=UNSETTLED))
    )


# --- Draws -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnLine:
    """One drawn record as the draw's page shows it."""

    record: DrawnRecord
    check: SpotCheck | None
    state: DrawnState
    findings: tuple[Finding, ...]


def drawn_lines(draw: CheckDraw) -> list[DrawnLine]:
    """The drawn records in the order of drawing, each with what became of it: three questions."""
    records = list(
        DrawnRecord.unscoped.filter(draw=draw)
        .select_related("meeting__unit__committee")
        .order_by("place")
    )
    checks = {
        check.drawn_id: check
        for check in SpotCheck.unscoped.filter(drawn__in=records).select_related("by")
    }
    found: dict[int, list[Finding]] = {}
    for one in Finding.unscoped.filter(check_of__in=checks.values()).order_by("pk"):
        found.setdefault(one.check_of_id, []).append(one)
    lines = []
    for record in records:
        check = checks.get(record.pk)
        findings = tuple(found.get(check.pk, ())) if check else ()
        state = drawn_state(
            counts=record.meeting.status in COUNTING,
            read=check is not None,
            states=[one.state for one in findings],
        )
        lines.append(DrawnLine(record, check, state, findings))
    return lines


def with_progress(rows: QuerySet[CheckDraw]) -> QuerySet[CheckDraw]:
    """Draws with ``read`` and ``unsettled``: records read, findings that are not settled."""
    read = SpotCheck.unscoped.filter(drawn__draw=OuterRef("pk")).order_by().values("drawn__draw")
    open_ = (
        Finding.unscoped.filter(check_of__drawn__draw=OuterRef("pk"), state__in=UNSETTLED)
        .order_by()
        .values("check_of__drawn__draw")
    )
    return rows.annotate(
        read=Coalesce(Subquery(read.annotate(n=Count("pk")).values("n")), 0),
        unsettled=Coalesce(Subquery(open_.annotate(n=Count("pk")).values("n")), 0),
    ).defer("listed")


def waiting_for(meeting_id: int, units: Sequence[Unit]) -> DrawnRecord | None:
    """The oldest draw of these subtrees for which the record is still to be read."""
    draws = CheckDraw.objects.within(*units).order_by().values("pk")
    rows = DrawnRecord.objects.within(*units).filter(draw__in=draws, reading=None)
    found: DrawnRecord | None = rows.filter(meeting=meeting_id).order_by("draw_id").first()
    return found


# --- Figures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """One committee (or branch) of the figures; the addresses open exactly what is counted."""

    name: str
    checks: int
    average: float | None
    found: int
    unsettled: int
    overdue: int
    href: str
    findings_href: str


@dataclass(frozen=True)
class Figures:
    """The figures by committee, as rows and as two plots."""

    places: list[Place]
    scores: Plot
    findings: Plot


def figures(*, units: Sequence[Unit], period: Period | None, on: date, by_unit: bool) -> Figures:
    """Average score and unsettled findings by committee (by branch for a committee's desk).

    ``period`` narrows to the checks of these days. Two questions, whatever the number of rows.
    """
    key = "unit" if by_unit else "unit__committee"
    checks = SpotCheck.objects.within(*units)
    findings = Finding.objects.within(*units)
    if period is not None:
        checks = checks.filter(checked_on__range=(period.start, period.end))
        findings = findings.filter(check_of__checked_on__range=(period.start, period.end))
    names = [f"{key}__short_name", f"{key}__name"]
    scored = checks.order_by().values_list(key, *names).annotate(n=Count("pk"), mean=Avg("score"))
    open_ = Q(state__in=UNSETTLED)
    late = Q(state__in=TO_ANSWER, due_on__lt=on)
    found = {
        row[0]: row[1:]
        for row in findings.order_by()
        .values_list(key)
        .annotate(n=Count("pk"), n_open=Count("pk", filter=open_), n_late=Count("pk", filter=late))
    }
    places = []
    for pk, short, name, count, average in scored:
        total, unsettled, overdue = found.get(pk, (0, 0, 0))
        query = {"unit": pk, "period": period.label if period else ""}
        shown = urlencode({k: v for k, v in query.items() if v})
        places.append(
            Place(
                short or name or "区直属",
                count,
                None if average is None else round(float(average), 2),
                total,
                unsettled,
                overdue,
                f"{reverse('meetings:check_list')}?{shown}#checks",
                f"{reverse('meetings:finding_list')}?{shown}&state=unsettled",
            )
        )
    places.sort(key=lambda place: (place.average is None, place.average, place.name))
    return Figures(places, _scores(places), _findings(places))


def _scores(places: Sequence[Place]) -> Plot:
    bars = [(place.name, place.average, place.href) for place in places[:_MOST_BARS]]
    return lying_bars("平均得分（低的在前）", "平均得分", bars, unit="分", tone="ok", top=100)


def _findings(places: Sequence[Place]) -> Plot:
    most = sorted(places, key=lambda place: (-place.unsettled, place.name))[:_MOST_BARS]
    bars = [(place.name, place.unsettled, place.findings_href) for place in most]
    return lying_bars("未办结的问题（多的在前）", "未办结", bars, unit="个", tone="late")
