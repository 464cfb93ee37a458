"""The first page of committee, district and leaders: this month at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone

from branches.enums import Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from core.asks import Ask
from core.htmx import page
from core.pages import page_of
from meetings.fixed_days import next_fixed_day
from meetings.models import Meeting
from meetings.overview import overview
from meetings.views.parts import DeskRequest

# Beyond this the queue is only called long: counting it all would cost more than the page.
MANY = 1000


@login_required
def staff_home(request: DeskRequest, asks: Sequence[Ask]) -> HttpResponse:
    """Met and owed, by kind and by committee (a district's desk) or by branch (a committee's)."""
    on = timezone.localdate()
    units = request.scope.units_as(*STAFF, Role.LEADER)
    by_unit = all(unit.kind != UnitKind.DISTRICT for unit in units)
    found = overview(units=units, on=on, by_unit=by_unit)
    context = {
        "asks": asks,
        "today": on,
        "units": units,
        "by_unit": by_unit,
        "overview": found,
        "page": page_of(found.places, request.GET),
        "next": next_fixed_day(district=_district(units[0]), on=on),
        **_waiting(request),
    }
    return page(request, "meetings/desk.html", context)


def _district(unit: Unit) -> Unit | None:
    return unit if unit.kind == UnitKind.DISTRICT else unit.district


def _waiting(request: DeskRequest) -> dict[str, int | bool]:
    """The records that wait for the asker's decision."""
    records = Meeting.objects.within(*request.scope.units_as(*STAFF)).waiting()
    return {
        # A leader who only looks on reviews nothing: no queue is his.
        "reviews": bool(request.scope.units_as(*STAFF)),
        "waiting": records[:MANY].count(),
    }
