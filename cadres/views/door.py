"""The door of 干部工作: officers only, second factor, fresh sign-in, and files opened by reason.

A file is opened by a POST that gives a reason and writes the log; for ten minutes after it the same
session reads that one file. GET never writes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from branches.models import Unit
from branches.sample import ROOT_CODE
from branches.views.parts import DeskRequest, attempt_form
from cadres.models import Cadre
from cadres.permissions import officer_units
from core.htmx import go

__all__ = [
    "DeskRequest",
    "attempt_form",
    "cadre_of",
    "is_fresh",
    "is_open",
    "officers_only",
    "open_for_a_while",
    "reach",
    "sign_in_again",
    "to_open",
]

FRESH_SECONDS = 600
_OPEN = "cadres_open"
# The invented district has no real people: there the door follows STAFF_SECOND_FACTOR.
_SAMPLE = ROOT_CODE[:6]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def reach(request: DeskRequest) -> tuple[Unit, ...]:
    """The subtrees of this officer."""
    return officer_units(request.scope)


def needs_second_factor(request: DeskRequest) -> bool:
    """Always in production; in DEBUG and for the sample district as for other staff."""
    trial = settings.DEBUG or all(unit.code.startswith(_SAMPLE) for unit in reach(request))
    return settings.STAFF_SECOND_FACTOR or not trial


def officers_only(view: View) -> View:
    """404 for whoever is no cadre officer, a superuser included; then the second factor."""

    @login_required
    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reach(request):
            raise Http404
        if needs_second_factor(request) and not is_mfa_enabled(request.user):
            messages.info(request, "干部工作人员须先启用动态口令，再开始使用。")
            return redirect("mfa_activate_totp")
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def cadre_of(request: DeskRequest, uuid: UUID) -> Cadre:
    """One cadre in reach; 404 for what is not there and for what is not his alike."""
    found: Cadre = get_object_or_404(
        Cadre.objects.within(*reach(request)).select_related("unit"), uuid=uuid
    )
    return found


def is_fresh(request: DeskRequest) -> bool:
    """Whether he signed in, or confirmed who he is, within the last ten minutes."""
    records = get_authentication_records(request, request.user)
    return any(time.time() - float(one.get("at", 0)) < FRESH_SECONDS for one in records)


def sign_in_again(request: DeskRequest, back: str = "") -> HttpResponse:
    """To the page that asks for the password again, and ``back`` (where he was when empty)."""
    query = urlencode({"next": back or request.get_full_path()})
    return go(request, f"{reverse('account_reauthenticate')}?{query}")


def is_open(request: DeskRequest, cadre: Cadre) -> bool:
    """Whether this session opened the file less than ten minutes ago."""
    until = request.session.get(_OPEN, {}).get(str(cadre.uuid), 0)
    return float(until) > time.time()


def open_for_a_while(request: DeskRequest, cadre: Cadre) -> None:
    """Remember that the file was opened; what has run out is forgotten."""
    now = time.time()
    known = {key: until for key, until in request.session.get(_OPEN, {}).items() if until > now}
    request.session[_OPEN] = known | {str(cadre.uuid): now + FRESH_SECONDS}


def to_open(request: DeskRequest, cadre: Cadre) -> HttpResponse:
    """To the form that asks for the reason, and back to where he was going."""
    back = request.path if request.method == "GET" else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return go(request, f"{reverse('cadres:open', args=[cadre.uuid])}{query}")
