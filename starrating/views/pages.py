"""The board, the secretary's page, the queue, and the pages of a rating and of an organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.enums import Role
from branches.permissions import STAFF
from core.htmx import page
from core.pages import Page, page_of
from starrating.agenda import BRANCH, lines, running, waiting, with_progress
from starrating.asks import sides_of
from starrating.facts import TONES, organisation_facts, rating_facts, ticks
from starrating.models import Organisation, Rating
from starrating.overview import board as board_of
from starrating.overview import percent
from starrating.querysets import RatingQuerySet
from starrating.views.parts import (
    DeskRequest,
    asked_organisations,
    asked_ratings,
    asked_round,
    demand,
    organisation_of,
    rating_of,
    rounds,
)

_SHOWN = 30
_MOST = 300


@login_required
@require_GET
def board(request: DeskRequest) -> HttpResponse:
    """Stars, progress, fund, 示范点 and targets of everything in reach."""
    known = list(rounds(request)[:40])
    round_ = asked_round(request) or next((r for r in known if r.is_running), None)
    round_ = round_ or (known[0] if known else None)
    keeps = request.scope.units_as(Role.DISTRICT_STAFF)
    district = round_.unit if round_ else (keeps[0] if keeps else None)
    context: dict[str, Any] = {"rounds": known, "round": round_, "may_keep": bool(keeps)}
    context["board"] = board_of(
        round_=round_, district=district, units=request.scope.units, on=timezone.localdate()
    )
    context["spent"] = percent(round_.granted, round_.fund) if round_ else 0
    return page(request, "starrating/board.html", context)


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """What is asked of the branch now, for each of its organisations; the phone first."""
    on, roots = timezone.localdate(), request.scope.units_as(Role.SECRETARY)
    found = list(
        Organisation.objects.within(*roots).active().select_related("unit", "manager")[:_SHOWN]
    )
    going: RatingQuerySet = Rating.objects.within(*roots).filter(organisation__in=found)
    latest: dict[int, Any] = {}
    for line in lines(with_progress(going).order_by("round__starts_on", "pk"), on=on):
        latest[line.rating.organisation_id] = line
    five = ticks(found, on.year)
    cards = [
        {"organisation": one, "line": latest.get(one.pk), "ticks": five[one.pk]} for one in found
    ]
    return page(request, "starrating/mine.html", {"cards": cards, "today": on, "branch": BRANCH})


@login_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """What waits for committee and district, the nearest last day first."""
    on, roots = timezone.localdate(), request.scope.units_as(*STAFF)
    demand(bool(roots))
    rows = with_progress(running(Rating.objects.within(*roots)))[:_MOST]
    shown = waiting(rows, on=on, sides=sides_of(request.scope), user_id=request.user.pk)
    context = {"lines": shown, "today": on}
    return page(request, "starrating/queue.html", context)


@login_required
@require_GET
def rating_list(request: DeskRequest) -> HttpResponse:
    """The rows behind every figure about a round."""
    want = asked_ratings(request)
    shown: Page[Any] = page_of(with_progress(want.rows), request.GET)
    context = {
        "page": shown,
        "lines": lines(shown, on=timezone.localdate()),
        "tones": {state.value: tone for state, tone in TONES.items()},
        "form": want.form,
        "query": request.GET.urlencode(),
    }
    return page(request, "starrating/rating_list.html", context)


@login_required
@require_GET
def rating_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One organisation in one round: three scores side by side, what happens next, its history."""
    rating, on = rating_of(request, uuid), timezone.localdate()
    context = rating_facts(rating, scope=request.scope, user_id=request.user.pk, on=on)
    context["today"] = on
    return page(request, "starrating/rating_detail.html", context)


@login_required
@require_GET
def organisation_list(request: DeskRequest) -> HttpResponse:
    """The register."""
    want = asked_organisations(request)
    context = {
        "page": page_of(want.rows.select_related("unit__committee"), request.GET),
        "form": want.form,
        "query": request.GET.urlencode(),
        "may_add": bool(request.scope.units_as(*STAFF)),
    }
    return page(request, "starrating/organisation_list.html", context)


@login_required
@require_GET
def organisation_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One organisation: what it is, its stars over the years, the “五个一”."""
    on, one = timezone.localdate(), organisation_of(request, uuid)
    context = organisation_facts(one, scope=request.scope, user_id=request.user.pk, on=on)
    return page(request, "starrating/organisation_detail.html", context)
