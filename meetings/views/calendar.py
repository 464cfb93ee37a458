"""固定日日程: the year's fixed days, what is due by month, and moving a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.enums import BRANCH_KINDS, Role, UnitKind
from branches.models import Unit
from core.dates import Period
from core.errors import Refusal
from core.htmx import go, page
from meetings.duties import Duty, duties
from meetings.enums import MoveState
from meetings.enums.programme import PostponeState
from meetings.fixed_days import MonthDay, fixed_days, next_fixed_day
from meetings.forms.desk import MoveForm
from meetings.models import CalendarFeed, FixedDayMove, Postponement
from meetings.permissions import SUBSCRIBERS
from meetings.programmes import places
from meetings.services.calendar import decide_move, propose_move
from meetings.views.parts import DeskRequest, attempt, demand

_MOST_OWN = 5


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


def _own(request: DeskRequest, year: int, on: date) -> dict[date, list[Duty]]:
    """The duties of the asker's own branch by the month they are due in; staff have none."""
    roots = request.scope.units_as(Role.SECRETARY, Role.GROUP_LEADER)
    branches = [unit.parent if unit.is_group else unit for unit in roots][:_MOST_OWN]
    units = [unit for unit in branches if unit is not None and unit.kind in BRANCH_KINDS]
    if not units or request.scope.is_staff:
        return {}
    period, found = Period.full_year(year), defaultdict(list)
    own = {unit.pk for unit in roots}
    for duty in duties(units=units, first=period.start, last=period.end, on=on):
        # A group leader reads the duties of his group, not the branch's.
        if duty.unit_id in own or duty.group_id in own:
            found[duty.due.replace(day=1)].append(duty)
    return found


def _context(request: DeskRequest, form: MoveForm) -> dict[str, Any]:
    on = timezone.localdate()
    districts = _districts(request)
    district, year = _chosen(request, districts), _year(request, on)
    days = fixed_days(district=district, months=Period.full_year(year).months())
    own = _own(request, year, on)
    put_off = _put_off(request, year)
    may_move = district is not None and request.scope.covers(district.path, Role.DISTRICT_STAFF)
    return {
        "year": year,
        "years": (year - 1, year + 1 if year <= on.year else None),
        "today": on,
        "district": district,
        "districts": districts if len(districts) > 1 else [],
        "months": [
            _month(day, own.get(day.month.start, []), put_off.get(day.month.start), on)
            for day in days
        ],
        "provisional": any(day.provisional for day in days),
        "next": next_fixed_day(district=district, on=on),
        "may_move": may_move,
        "moves": _moves(request, district) if may_move else [],
        "form": form,
        **_feeds(request),
    }


def _feeds(request: DeskRequest) -> dict[str, Any]:
    """订阅: the units whose days the asker may have on his phone, and the addresses he has."""
    units = [one for one in request.scope.units_as(*SUBSCRIBERS) if not one.is_group]
    mine = CalendarFeed.objects.within(*units).filter(
        created_by=request.user.pk, revoked_at__isnull=True
    )
    return {"feed_units": units[:_MOST_OWN], "feeds": mine.select_related("unit")[:_MOST_OWN]}


def _put_off(request: DeskRequest, year: int) -> dict[date, Postponement]:
    """The approved postponements of the asker's own branch, or of those above it, by month."""
    units = request.scope.units_as(Role.SECRETARY, Role.GROUP_LEADER)
    above = {path for unit in units for path in places(unit)}
    rows = Postponement.objects.everywhere("a committee's postponement holds for all below")
    found = rows.filter(
        unit__path__in=above, month__year=year, state=PostponeState.APPROVED
    ).order_by("unit__path")
    return {row.month: row for row in found} if above else {}


def _month(
    day: MonthDay, own: list[Duty], put_off: Postponement | None, on: date
) -> dict[str, Any]:
    return {
        "put_off": put_off,
        "fixed": day,
        "duties": own,
        "past": day.day < on,
        "now": day.month.contains(on),
    }


def _moves(request: DeskRequest, district: Unit | None) -> list[FixedDayMove]:
    """Proposals and decisions, those that wait first."""
    rows = FixedDayMove.objects.within(*request.scope.units_as(Role.DISTRICT_STAFF))
    found = rows.filter(unit=district).select_related("proposed_by", "decided_by")
    recent = sorted(found[:24], key=lambda move: move.state != MoveState.PROPOSED)
    return recent


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
    if form.is_valid():
        try:
            propose_move(
                district=district, by=request.user, on=timezone.localdate(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return _back(request, district, form.cleaned_data["day"].year)
    return page(request, "meetings/calendar.html", _context(request, form), status=422)


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
    return _back(request, found.unit, found.month.year, said=True)


def _back(request: DeskRequest, district: Unit, year: int, *, said: bool = False) -> HttpResponse:

    if not said:
        messages.success(request, "已提出，请另一位组织部同志审批；批准后通知全区各支部。")
    return go(request, f"{reverse('meetings:calendar')}?year={year}&district={district.pk}")
