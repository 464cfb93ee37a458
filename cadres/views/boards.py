"""职数, 选拔任用, 监督, 个人事项, 教育培训: the boards and the pages of one thing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.enums import UnitKind
from branches.models import Unit
from cadres import boards, services
from cadres.enums import Step
from cadres.facts import audit_lines, must_lines, stations
from cadres.models import Appointment, Audit, Cadre, Course, Draw, DutyNotice, MatterReport, Order
from cadres.papers import draw_sheet, process_sheet
from cadres.rules import draw as draw_rules
from cadres.rules.appointments import next_step
from cadres.views.door import DeskRequest, is_fresh, is_open, reach, sign_in_again, to_open
from cadres.views.files import watermark
from core.downloads import file_download
from core.htmx import page
from core.pages import page_of
from core.papers import DOCX_TYPE


@require_GET
def quota(request: DeskRequest) -> HttpResponse:
    """Units and levels: approved, filled, leaving, planned, and whether it fits."""
    units = Unit.objects.within(*reach(request)).exclude(kind=UnitKind.GROUP)
    lines = boards.quota_lines(units, on=timezone.localdate())
    over = sum(not line.sum.fits for line in lines)
    context = {"page": page_of(lines, request.GET), "over": over, "lines": len(lines)}
    return page(request, "cadres/quota.html", context)


@require_GET
def appointments(request: DeskRequest) -> HttpResponse:
    """Appointments by where they stand, the latest first."""
    rows = Appointment.objects.within(*reach(request)).select_related("unit", "cadre")
    asked = request.GET.get("state", "running")
    shown = rows.filter(is_over=asked == "over") if asked in ("running", "over") else rows
    today = timezone.localdate()
    found = page_of(shown, request.GET)
    lines = [
        {"row": row, "next": boards.label_of(next_step(row.sequence, row.step)) if not row.is_over
         else "", "left": row.trial_left(today)}
        for row in found
    ]  # fmt: skip
    context = {"page": found, "lines": lines, "asked": asked}
    return page(request, "cadres/appointments.html", context)


def _appointment(request: DeskRequest, uuid: UUID) -> Appointment:
    rows = Appointment.objects.within(*reach(request)).select_related("unit", "cadre__unit")
    found: Appointment = get_object_or_404(rows, uuid=uuid)
    return found


@require_GET
def appointment(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One appointment: its timeline, the four checks, the audit."""
    row, on = _appointment(request, uuid), timezone.localdate()
    audit = Audit.unscoped.filter(appointment=row).select_related("by", "reviewed_by").first()
    shown = row.cadre is not None and is_open(request, row.cadre)
    coming = "" if row.is_over else next_step(row.sequence, row.step)
    context = {
        "row": row, "stations": stations(row), "musts": must_lines(row), "audit": audit,
        "audit_lines": audit_lines(audit, shown=shown), "shown": shown,
        "coming": boards.label_of(coming), "left": row.trial_left(on),
        "inspecting": row.step == Step.INSPECT and not row.is_over,
        "effects": services.effects(row.cadre, on) if row.cadre and not row.is_over else [],
    }  # fmt: skip
    return page(request, "cadres/appointment.html", context)


@require_POST
def process_paper(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """选拔任用全程纪实表 as Word: with the audit's values, so the file must be open."""
    row = _appointment(request, uuid)
    if not is_fresh(request):
        return sign_in_again(request, reverse("cadres:appointment", args=[uuid]))
    if row.cadre is not None and not is_open(request, row.cadre):
        return to_open(request, row.cadre)
    line = services.export(
        unit=row.unit, by=request.user, what="选拔任用全程纪实表", reason="打印纪实表",
        cadre=row.cadre,
    )  # fmt: skip
    data = process_sheet(row, mark=watermark(line))
    return file_download(data, "选拔任用全程纪实表.docx", DOCX_TYPE)


@require_GET
def oversight(request: DeskRequest) -> HttpResponse:
    """三单 with their last days, 三责 with their receipts."""
    units, on = reach(request), timezone.localdate()
    orders = Order.objects.within(*units).select_related("cadre__unit")
    asked = request.GET.get("state", "open")
    rows = orders.overdue(on=on) if asked == "overdue" else orders.open()
    context = {
        "page": page_of(orders if asked == "all" else rows, request.GET), "asked": asked,
        "today": on, "figures": boards.oversight_figures(units, on=on),
        "notices": DutyNotice.objects.within(*units)
        .select_related("cadre__unit")
        .order_by(F("received_on").asc(nulls_first=True), "receipt_due")[:60],
    }  # fmt: skip
    return page(request, "cadres/oversight.html", context)


@require_GET
def matters(request: DeskRequest) -> HttpResponse:
    """Who is due, filed on; the draws."""
    units, on = reach(request), timezone.localdate()
    rows = MatterReport.objects.within(*units).select_related("cadre__unit")
    years = sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else (years or [on.year])[0]
    listed = rows.filter(year=year).order_by(
        F("filed_on").asc(nulls_first=True), "cadre__unit__path", "pk"
    )
    draws = Draw.objects.within(*units).filter(year=year).select_related("unit", "by")
    context = {
        "years": years, "year": year, "page": page_of(listed, request.GET), "draws": draws[:20],
        "today": on, "figures": boards.matter_figures(rows.filter(year=year), on=on),
    }  # fmt: skip
    return page(request, "cadres/matters.html", context)


def _draw(request: DeskRequest, uuid: UUID) -> Draw:
    rows = Draw.objects.within(*reach(request)).select_related("unit", "by")
    found: Draw = get_object_or_404(rows, uuid=uuid)
    return found


@require_GET
def draw(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One draw: who was drawn, the seed and the digest, and the 核验 by repeating it."""
    row = _draw(request, uuid)
    drawn = list(row.drawn.select_related("report__cadre__unit").order_by("place"))
    numbers = [str(one.report.uuid) for one in drawn]
    verdict = draw_rules.agrees(
        lines=row.lines, digest=row.list_sha256, seed=row.seed, percent=row.percent, drawn=numbers
    )
    context = {"draw": row, "drawn": drawn, "verdict": verdict}
    return page(request, "cadres/draw.html", context)


@require_POST
def draw_list(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The list as a text, with which anybody repeats the draw; counted as an export."""
    row = _draw(request, uuid)
    if not is_fresh(request):
        return sign_in_again(request, reverse("cadres:draw", args=[uuid]))
    services.export(
        unit=row.unit, by=request.user, what=f"{row}名单", reason="核验抽查", rows=row.listed_count
    )
    return file_download(row.listed.encode(), "抽查名单.txt", "text/plain; charset=utf-8")


@require_POST
def draw_paper(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """随机抽查表 as Word."""
    row = _draw(request, uuid)
    if not is_fresh(request):
        return sign_in_again(request, reverse("cadres:draw", args=[uuid]))
    line = services.export(
        unit=row.unit, by=request.user, what=f"{row}表", reason="打印抽查表", rows=row.wanted
    )
    return file_download(draw_sheet(row, mark=watermark(line)), "随机抽查表.docx", DOCX_TYPE)


@require_GET
def training(request: DeskRequest) -> HttpResponse:
    """Hours against what is asked, by unit and by person; courses; 五型队伍."""
    units, on = reach(request), timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else on.year
    if not on.year - 10 <= year <= on.year:
        raise Http404
    people = Cadre.objects.within(*units).serving().select_related("unit")
    context = {
        **boards.training_board(people, year=year, on=on),
        "courses": Course.objects.within(*units).select_related("unit")[:30],
        **boards.tag_board(units, year=year),
        "year": year, "years": range(on.year, on.year - 5, -1),
    }  # fmt: skip
    context["page"] = page_of(context["lines"], request.GET)
    return page(request, "cadres/training.html", context)


@require_GET
def course(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One course and who took part."""
    rows = Course.objects.within(*reach(request)).select_related("unit")
    row: Any = get_object_or_404(rows, uuid=uuid)
    people = (
        row.people.filter(cadre__in=Cadre.objects.within(*reach(request)))
        .select_related("cadre__unit")
        .order_by("cadre__unit__path")
    )
    return page(request, "cadres/course.html", {"course": row, "people": people})
