"""随机抽取: start a draw, see how it goes on, repeat it, take it home as a paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import COMMITTEE_KINDS, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from core.dates import Period
from core.downloads import file_download
from core.errors import Refusal
from core.holidays import calendar_around
from core.htmx import go, page
from core.pages import page_of
from core.papers import DOCX_TYPE
from meetings import permissions, services
from meetings.checking import drawn_lines, sheet_for, with_progress
from meetings.forms.checks import DrawForm
from meetings.forms.record import new_key
from meetings.models import CheckDraw, DrawnRecord
from meetings.papers_checks import draw_paper
from meetings.rules.checks import agrees
from meetings.views.checks import LOOKERS
from meetings.views.parts import DeskRequest, demand

_MOST_UNITS = 300
_MOST_SHOWN = 200


def _draw_of(request: DeskRequest, uuid: UUID) -> CheckDraw:
    """One draw in reach of those above; 404 otherwise, for the branch too."""
    draws = CheckDraw.objects.within(*request.scope.units_as(*LOOKERS))
    found: CheckDraw = get_object_or_404(draws.select_related("unit", "by"), uuid=uuid)
    return found


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Draws in reach, the latest first, with how far the reading is."""
    demand(bool(request.scope.units_as(*LOOKERS)))
    draws = CheckDraw.objects.within(*request.scope.units_as(*LOOKERS))
    shown = page_of(with_progress(draws).select_related("unit", "by"), request.GET)
    context = {"page": shown, "may_draw": request.scope.is_staff}
    return page(request, "meetings/draw_list.html", context)


def _choices(request: DeskRequest) -> list[Unit]:
    """Where the asker may draw: what he looks after, and the committees in it."""
    reach = Unit.objects.within(*request.scope.units_as(*STAFF))
    kinds = (UnitKind.DISTRICT, *COMMITTEE_KINDS)
    return list(reach.filter(kind__in=kinds).order_by("path")[:_MOST_UNITS])


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Draw at random."""
    demand(request.scope.is_staff)
    units = _choices(request)
    posted = request.POST if request.method == "POST" else None
    form = DrawForm(posted, units=units, initial=_initial(units))
    if posted is not None and form.is_valid():
        draw = _start(request, form, units)
        if draw is not None:
            return go(request, "meetings:draw_detail", draw.uuid)
    status = 422 if posted is not None else 200
    return page(request, "meetings/draw_form.html", {"form": form}, status=status)


def _initial(units: list[Unit]) -> dict[str, Any]:
    """Last month's records and this one's, and the sheet's own term for reading."""
    today = timezone.localdate()
    days = sheet_for(units[0], today).read_days if units else 0
    return {
        "since": Period.containing(today, "month").previous().start,
        "until": today,
        "due_on": calendar_around(today).add_workdays(today, days).day,
        "form_key": new_key(),
    }


def _start(request: DeskRequest, form: DrawForm, units: list[Unit]) -> CheckDraw | None:
    unit = next(one for one in units if str(one.pk) == form.cleaned_data["unit"])
    demand(permissions.may_draw(request.scope, unit.path))
    try:
        draw = services.start_draw(unit=unit, by=request.user, **form.facts)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    messages.success(request, f"已从 {draw.listed_count} 条记录中抽出 {draw.wanted} 条。")
    return draw


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The drawn records, and how each stands."""
    draw = _draw_of(request, uuid)
    lines = drawn_lines(draw)
    scored = [line.check.score for line in lines if line.check]
    context = {
        "draw": draw,
        "lines": lines,
        "read": len(scored),
        "average": round(sum(scored) / len(scored), 1) if scored else None,
        "found": sum(len(line.findings) for line in lines),
        "unsettled": sum(one.state != "closed" for line in lines for one in line.findings),
        "may_check": permissions.may_draw(request.scope, draw.unit.path),
        "today": timezone.localdate(),
    }
    return page(request, "meetings/draw_detail.html", context)


@login_required
@require_GET
def seed(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """List, digest, seed and way of the draw; ``?verify=1`` draws again and compares."""
    draw = _draw_of(request, uuid)
    lines = draw.listed.splitlines()
    drawn = _drawn(draw)
    context = {
        "draw": draw,
        "lines": lines[:_MOST_SHOWN],
        "more": max(len(lines) - _MOST_SHOWN, 0),
        "drawn": drawn,
        "verdict": _again(draw, lines, drawn) if request.GET.get("verify") else None,
    }
    return page(request, "meetings/draw_seed.html", context)


def _drawn(draw: CheckDraw) -> list[str]:
    """The drawn uuids in their order."""
    rows = DrawnRecord.unscoped.filter(draw=draw).order_by("place")
    return [str(uuid) for uuid in rows.values_list("meeting__uuid", flat=True)]


def _again(draw: CheckDraw, lines: list[str], drawn: list[str]) -> bool:
    return agrees(
        lines=lines,
        digest=draw.list_sha256,
        seed=draw.seed,
        wanted=draw.wanted,
        risk_percent=draw.risk_percent,
        drawn=drawn,
    )


@login_required
@require_GET
def listed(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The list as a text file: whoever holds it can repeat the draw without us."""
    draw = _draw_of(request, uuid)
    name = f"调阅名单{timezone.localtime(draw.at):%Y%m%d}.txt"
    return file_download(draw.listed.encode(), name, "text/plain; charset=utf-8")


@login_required
@require_GET
def paper(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """调阅情况通报 as a Word file."""
    draw = _draw_of(request, uuid)
    data = draw_paper(draw, drawn_lines(draw), on=timezone.localdate())
    name = f"{draw.unit}调阅情况通报{timezone.localtime(draw.at):%Y%m%d}.docx"
    return file_download(data, name, DOCX_TYPE)
