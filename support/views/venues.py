"""阵地: the secretary's page, the board, the list, one venue, the committee's queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.deeds import offered
from branches.enums import Role
from branches.permissions import STAFF
from branches.views.parts import DeskRequest, demand, sheet
from core import attachments
from core.htmx import page
from core.pages import Page, page_of
from support.agenda import NONE, RETURNED, STANDINGS, TONES, UNCHECKED, links, venues
from support.facts import venues_facts
from support.forms.contacts import FilterForm
from support.limits import visits_per_quarter
from support.models import ContactVisit, JointProject, Venue, VenueCheck, VenueFile
from support.overview import board
from support.sheets import VENUE_HEAD, venue_rows
from support.views.deeds import OF_CHECK, OF_UNIT, OF_VENUE
from support.views.parts import asked, tabs, through

# Whoever looks after others; a secretary has a page of his own.
LOOKERS = (*STAFF, Role.LEADER)
STATES = [("", "全部"), ("open", "没有登记或自查"), *STANDINGS.items()]
_NOT_YET = (NONE, UNCHECKED, RETURNED)
_SHOWN = 30
_MOST = 200


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """The secretary's page: what his venue asks for this year."""
    on, roots = timezone.localdate(), request.scope.units_as(Role.SECRETARY)
    branches = list(venues(roots, on=on)[:_SHOWN])
    facts = venues_facts([unit.venue_uuid for unit in branches if unit.venue_uuid], on=on)
    rows = [
        {
            "unit": unit, "word": STANDINGS[unit.standing], "facts": facts.get(unit.venue_uuid),
            "register": offered(request, "support", OF_UNIT, unit, "venue"),
        }
        for unit in branches
    ]  # fmt: skip
    context = {"rows": rows, "year": on.year, "tabs": tabs(request, "mine", "venue")}
    return page(request, "support/mine.html", context)


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Coverage of venues, visits of the quarter, joint projects."""
    demand(bool(request.scope.units_as(*LOOKERS)))
    on = timezone.localdate()
    context = {
        "board": board(units=request.scope.units, on=on), "year": on.year,
        "tabs": tabs(request, "board", "venue"),
    }  # fmt: skip
    return page(request, "support/board.html", context)


def _narrowed(request: DeskRequest) -> tuple[Any, FilterForm]:
    want = asked(request, STATES)
    rows = venues(want.units, on=timezone.localdate()).select_related("committee")
    if want.state:
        rows = rows.filter(standing__in=_NOT_YET if want.state == "open" else (want.state,))
    return rows, want.form


@login_required
@require_GET
def venue_list(request: DeskRequest) -> HttpResponse:
    """The branches behind every figure about venues."""
    rows, form = _narrowed(request)
    shown: Page[Any] = page_of(rows, request.GET)
    context = {
        "page": shown, "form": form, "year": timezone.localdate().year,
        "lines": [(unit, STANDINGS[unit.standing], TONES[unit.standing]) for unit in shown],
        "query": request.GET.urlencode(), "helps": bool(request.scope.units_as(*STAFF)),
        "tabs": tabs(request, "venue_list", "venue"),
    }  # fmt: skip
    return page(request, "support/venue_list.html", context)


@login_required
@require_GET
def venue_export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as a workbook, with what is missing in words."""
    rows, _ = _narrowed(request)
    return sheet(request, "阵地清单", VENUE_HEAD, venue_rows(rows, on=timezone.localdate()))


@login_required
@require_GET
def venue_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One venue: the checklist with photos, and each year's check."""
    venue, on = through(request, Venue, uuid, "unit"), timezone.localdate()
    facts = venues_facts([venue.uuid], on=on)[venue.uuid]
    context = {
        "venue": venue, "facts": facts, "buttons": offered(request, "support", OF_VENUE, venue),
        "decide": offered(request, "support", OF_CHECK, facts.check) if facts.check else [],
        "year": on.year, "tabs": tabs(request, "", "venue"),
    }  # fmt: skip
    return page(request, "support/venue_detail.html", context)


@login_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """What waits for the committee: checks to confirm, problems open, links not visited."""
    on, roots = timezone.localdate(), request.scope.units_as(*STAFF)
    demand(bool(roots))
    checks = (
        VenueCheck.objects.within(*roots).waiting().select_related("venue__unit", "submitted_by")
    )
    context = {
        "checks": checks.order_by("submitted_on", "pk")[:_MOST],
        "visits": ContactVisit.objects.within(*roots).open()
        .select_related("link__unit", "link__leader").order_by("day", "pk")[:_MOST],
        "owed": links(roots, on=on).filter(visited__lt=visits_per_quarter(on))[:_MOST],
        "projects": JointProject.objects.within(*roots).overdue(on=on)
        .select_related("joint").order_by("due_on", "pk")[:_MOST],
        "tabs": tabs(request, "queue", "venue"),
    }  # fmt: skip
    return page(request, "support/queue.html", context)


def _file_of(request: DeskRequest, uuid: UUID) -> VenueFile:
    found: VenueFile = get_object_or_404(VenueFile.objects.within(*request.scope.units), uuid=uuid)
    return found


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One photo, sent only to who may read of its venue (S5)."""
    return attachments.serve(request, _file_of(request, uuid))


@login_required
@require_GET
def thumb(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture, under the same guard."""
    return attachments.serve_small(request, _file_of(request, uuid))
