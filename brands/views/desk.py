"""The board, what waits for staff, and the coverage map."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.enums import Role
from branches.permissions import STAFF
from brands.board import Bar, Waiting, board, queue
from brands.coverage import coverage
from brands.views.parts import DeskRequest, asked_year, demand, this_year
from core.htmx import page


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """品牌总览: quotas, the way of the year, grades, what waits."""
    units = request.scope.units_as(*STAFF, Role.LEADER)
    demand(bool(units))
    year = asked_year(request)
    found = board(units=units, year=year)
    context = {
        "board": found,
        **_places(found.fist),
        "year": year,
        "years": range(this_year(), this_year() - 4, -1),
        "units": units,
        "waiting": sum(len(one.rows) for one in _waiting(request)),
        "staff": bool(request.scope.units_as(*STAFF)),
    }
    return page(request, "brands/board.html", context)


def _places(bar: Bar | None) -> dict[str, object]:
    """The places of the district as they are drawn: taken, asked for, free."""
    if bar is None:
        return {"places": [], "lacking": 0, "left": 0}
    fill = bar.fill
    words = {"taken": "已选", "asked": "还要选", "free": "可以选"}
    states = [
        "taken" if at < fill.taken else "asked" if at < fill.low else "free"
        for at in range(fill.top)
    ]
    return {
        "places": [{"state": state, "words": words[state]} for state in states],
        "lacking": fill.low - fill.taken,
        "left": (fill.high or fill.taken) - fill.taken,
    }


@login_required
@require_GET
def waiting(request: DeskRequest) -> HttpResponse:
    """品牌待办: everything that waits for the asker's decision."""
    demand(bool(request.scope.units_as(*STAFF)))
    return page(request, "brands/queue.html", {"sorts": _waiting(request)})


def _waiting(request: DeskRequest) -> list[Waiting]:
    return queue(
        judges=request.scope.units_as(*STAFF),
        rules=request.scope.units_as(Role.DISTRICT_STAFF),
        user_id=request.user.pk,
        on=timezone.localdate(),
    )


@login_required
@require_GET
def cover(request: DeskRequest) -> HttpResponse:
    """一办一品牌、一社一特色."""
    units = request.scope.units_as(*STAFF, Role.LEADER)
    demand(bool(units))
    context = {"map": coverage(units=units, on=timezone.localdate()), "units": units}
    return page(request, "brands/coverage.html", context)
