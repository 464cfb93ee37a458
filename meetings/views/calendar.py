"""固定日日程: the year's fixed days, what is due by month, and moving a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.enums import Role, UnitKind
from branches.models import Unit
from core.htmx import form_page, go, page
from meetings.fixed_days import next_fixed_day
from meetings.forms.desk import MoveForm
from meetings.models import FixedDayMove
from meetings.services.calendar import decide_move, propose_move
from meetings.views.parts import DeskRequest, attempt, demand, taken
from meetings.year_days import MOST_OWN, feed_units, feeds_of, moves_of, year_months

_ASKED = "已提出，请另一位组织部同志审批；批准后通知全区各支部。"


def _districts(request: DeskRequest) -> list[Unit]:
    """The districts that the asker stands in."""
    ids = {unit.district_id for unit in request.scope.units if unit.district_id}
    found = Unit.objects.everywhere("the calendar belongs to everybody in the district")
    return list(found.filter(pk__in=ids).order_by("path"))


def _chosen(request: DeskRequest, districts: list[Unit]) -> Unit | None:
    text = request.GET.get("district", "")
    named = [one for one in districts if str(one.pk) == text]
    if text and not named:
        raise Http404
    return next(iter(named or districts), None)


def _year(request: DeskRequest, on: date) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else on.year
    return min(max(year, on.year - 10), on.year + 1)


def _context(request: DeskRequest, form: MoveForm) -> dict[str, Any]:
    on, scope = timezone.localdate(), request.scope
    districts = _districts(request)
    district, year = _chosen(request, districts), _year(request, on)
    months = year_months(scope, district, year, on=on)
    return {
        "year": year,
        "years": (year - 1, year + 1 if year <= on.year else None),
        "today": on,
        "district": district,
        "districts": districts if len(districts) > 1 else [],
        "months": months,
        "provisional": any(one.fixed.provisional for one in months),
        "next": next_fixed_day(district=district, on=on),
        "form": form,
        **_moves(request, district),
        **_feeds(request),
    }


def _moves(request: DeskRequest, district: Unit | None) -> dict[str, Any]:
    """Whether the asker may propose another day, and what was proposed."""
    if district is None or not request.scope.covers(district.path, Role.DISTRICT_STAFF):
        return {"may_move": False, "moves": []}
    moves = moves_of(district, request.scope.units_as(Role.DISTRICT_STAFF))
    return {"may_move": True, "moves": moves}


def _feeds(request: DeskRequest) -> dict[str, Any]:
    """订阅: the units whose days the asker may have on his phone, and the addresses he has."""
    units = feed_units(request.scope)
    return {"feed_units": units[:MOST_OWN], "feeds": feeds_of(units, request.user.pk)}


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """The year at a glance."""
    demand(bool(request.scope.units))
    return page(request, "meetings/calendar.html", _context(request, MoveForm()))


@login_required
@require_POST
def move(request: DeskRequest, pk: int) -> HttpResponse:
    """Propose another fixed day for a district."""
    roots = request.scope.units_as(Role.DISTRICT_STAFF)
    district = get_object_or_404(Unit.objects.within(*roots).filter(kind=UnitKind.DISTRICT), pk=pk)
    form = MoveForm(request.POST)
    known: dict[str, Any] = {"district": district, "by": request.user, "on": timezone.localdate()}
    if taken(request, form, lambda: propose_move(**known, **form.cleaned_data), _ASKED):
        return _back(request, district, form.cleaned_data["day"].year)
    return form_page(request, "meetings/calendar.html", _context(request, form))


@login_required
@require_POST
def decide(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Approve or refuse a proposal of another."""
    rows = FixedDayMove.objects.within(*request.scope.units_as(Role.DISTRICT_STAFF))
    found = get_object_or_404(rows.select_related("unit"), pk=pk)
    approve = verb == "approve"
    attempt(
        request,
        lambda: decide_move(move=found, approve=approve, by=request.user, on=timezone.localdate()),
        "已批准，已通知全区各支部。" if approve else "已记为不批准。",
    )
    return _back(request, found.unit, found.month.year)


def _back(request: DeskRequest, district: Unit, year: int) -> HttpResponse:
    return go(request, f"{reverse('meetings:calendar')}?year={year}&district={district.pk}")
