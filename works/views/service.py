"""在职党员进社区: who reported where, and what was done there. Rows by day, never by person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from branches.deeds import offered
from branches.permissions import WRITERS
from branches.views.parts import DeskRequest, demand, sheet
from core.htmx import page
from core.pages import Page, page_of
from works.agenda import PLACEMENT_TONES, SERVICE_TONES
from works.enums import PlacementState, ServiceState
from works.models import Placement, Service
from works.sheets import SERVICE_HEAD, service_rows
from works.views.deeds import OF_PLACEMENT, OF_SERVICE, placement_of
from works.views.parts import people, tabs
from works.views.pledges import begin


@login_required
@require_GET
def placement_list(request: DeskRequest) -> HttpResponse:
    """The home branch sees its own members, the community those who came."""
    demand(bool(request.scope.units_as(*WRITERS)))
    rows = people(request, Placement).select_related("member", "home", "community")
    shown: Page[Any] = page_of(rows.order_by("state", "-since", "pk"), request.GET)
    context = {
        "page": shown, "begin": begin(request, "place"),
        "lines": [(row, PLACEMENT_TONES[PlacementState(row.state)]) for row in shown],
        "tabs": tabs(request, "placement_list", "pledge"),
    }  # fmt: skip
    return page(request, "works/placement_list.html", context)


@login_required
@require_GET
def placement_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One 报到 with everything done there, the latest first."""
    row = placement_of(request, uuid)
    done = list(Service.unscoped.filter(placement=row).select_related("by")[:200])
    for one in done:
        one.placement = row
    context = {
        "row": row, "tone": PLACEMENT_TONES[PlacementState(row.state)],
        "lines": [
            (one, SERVICE_TONES[ServiceState(one.state)],
             offered(request, "works", OF_SERVICE, one))
            for one in done
        ],
        "buttons": offered(request, "works", OF_PLACEMENT, row),
        "tabs": tabs(request, "", "pledge"),
    }  # fmt: skip
    return page(request, "works/placement_detail.html", context)


@login_required
@require_GET
def service_export(request: DeskRequest) -> StreamingHttpResponse:
    """What was done, by day, as a workbook."""
    demand(bool(request.scope.units_as(*WRITERS)))
    rows = people(request, Service).select_related(
        "placement__member", "placement__home", "placement__community"
    )
    return sheet(
        request, "在职党员进社区", SERVICE_HEAD, service_rows(rows.order_by("-day", "-pk"))
    )
