"""The first page: each role has its own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone

from branches.enums import Role
from branches.permissions import STAFF
from cadres.views.home import officer_home
from config.asks import asked
from config.finding import found
from core.htmx import page
from meetings.views.home import secretary_home
from meetings.views.overview import staff_home
from meetings.views.parts import DeskRequest


@login_required
def home(request: DeskRequest) -> HttpResponse:
    """The desk of staff and leaders, the secretary's month, or a word to whoever holds no role."""
    scope = request.scope
    asks = asked(scope, request.user.pk, timezone.localdate())
    if scope.units_as(*STAFF, Role.LEADER):
        return staff_home(request, asks)
    if scope.units:
        return secretary_home(request, asks)
    if offices := scope.units_as(Role.CADRE_OFFICER):
        return officer_home(request, asks, offices)
    return page(request, "core/no_scope.html")


@login_required
def search(request: DeskRequest) -> HttpResponse:
    """Everything in reach that answers to a few letters, a few of each kind."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    finds = found(request.scope, request.user.pk, text) if text else []
    return page(
        request,
        "config/search.html",
        {"text": text, "finds": finds},
        fragment="config/_search_rows.html",
    )
