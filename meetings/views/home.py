"""The secretary's first page: the one thing to do next."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone

from branches.enums import Role
from core.asks import Ask
from core.htmx import page
from core.models import Notice
from meetings.agenda import agenda, came_back, recent
from meetings.views.parts import DeskRequest
from meetings.views.records import lines

_GREETINGS = ((5, "夜深了"), (11, "上午好"), (13, "中午好"), (18, "下午好"), (24, "晚上好"))


@login_required
def secretary_home(request: DeskRequest, asks: Sequence[Ask]) -> HttpResponse:
    """What is due by when, what came back, what was logged; for one unit of several at a time."""
    on = timezone.localdate()
    units = request.scope.units_as(Role.SECRETARY, Role.GROUP_LEADER) or request.scope.units
    asked = request.GET.get("unit", "")
    shown = [unit for unit in units if str(unit.pk) == asked] or list(units)
    unread = Notice.objects.filter(recipient=request.user, read_at=None).order_by("-pk")
    context = {
        "greeting": next(word for hour, word in _GREETINGS if timezone.localtime().hour < hour),
        "units": units if len(units) > 1 else (),
        "asked": asked if len(shown) == 1 else "",
        "shown": shown,
        "agenda": agenda(units=shown, on=on),
        "returned": came_back(shown),
        "recent": lines(recent(shown)),
        "notices": list(unread[:3]),
        "asks": asks,
        "today": on,
    }
    return page(request, "meetings/secretary_home.html", context)
