"""The first page: each role has its own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone

from branches.enums import Role
from branches.permissions import STAFF
from config.asks import asked
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
    return page(request, "core/no_scope.html")
