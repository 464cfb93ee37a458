"""四个必开的事项."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import BRANCH_KINDS
from branches.models import Event, Unit
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of
from meetings import permissions, services
from meetings.forms.record import EventForm
from meetings.views.parts import (
    Choice,
    DeskRequest,
    attempt,
    choice,
    demand,
    unit_of,
    units_to_choose,
)

_CHOICE = Choice(
    "登记必开事项", "先选是哪个支部的事项。", above=("四个必开", "meetings:event_list")
)


@login_required
@require_GET
def events(request: DeskRequest) -> HttpResponse:
    """Registered events in reach, the latest first, with what is left of their windows."""
    rows = Event.objects.within(*request.scope.units).select_related("unit", "unit__committee")
    shown = page_of(rows.order_by("-day", "-pk"), request.GET)
    today = timezone.localdate()
    context = {
        "page": shown,
        "lines": [
            {
                "event": event,
                "left": (event.window_end - today).days,
                "may_withdraw": not event.is_withdrawn
                and permissions.may_register_event(request.scope, event.unit.path),
            }
            for event in shown
        ],
        "may_register": bool(request.scope.units_as(*permissions.EVENT_KEEPERS)),
    }
    return page(request, "meetings/event_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def event_new(request: DeskRequest) -> HttpResponse:
    """Register a 重大决策 or a 预审 for a branch."""
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    units = units_to_choose(request, BRANCH_KINDS) if not asked else []
    if not asked and (len(units) != 1 or "q" in request.GET):
        return choice(request, _CHOICE, units)
    unit = unit_of(request, asked) if asked else units[0]
    demand(permissions.may_register_event(request.scope, unit.path))
    form = EventForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _register(request, unit, form):
        return go(request, "meetings:event_list")
    status = 422 if request.method == "POST" else 200
    return page(request, "meetings/event_form.html", {"form": form, "unit": unit}, status=status)


def _register(request: DeskRequest, unit: Unit, form: EventForm) -> bool:
    try:
        event = services.register_event(unit=unit, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    messages.success(request, f"已登记，请在 {event.window_end:%Y-%m-%d} 前召开党员大会。")
    return True


@login_required
@require_POST
def event_withdraw(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take back an event that was registered by mistake."""
    event = get_object_or_404(
        Event.objects.within(*request.scope.units).select_related("unit"), uuid=uuid
    )
    demand(permissions.may_register_event(request.scope, event.unit.path))
    attempt(
        request,
        lambda: services.withdraw_event(event=event, by=request.user),
        "已撤销，不再要求为它召开党员大会。",
    )
    return go(request, "meetings:event_list")
