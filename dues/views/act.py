"""One page for every deed: what it is about, its form, its verb."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.htmx import form_page, go
from dues.models import Remittance
from dues.permissions import may_confirm
from dues.summing import is_committee
from dues.views.deeds import ALL, Deed, Told, back_to, find, path_of, unit_of
from dues.views.parts import DeskRequest, attempt_form, demand


@login_required
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, key: Any, of: str, name: str) -> HttpResponse:
    """Show the form of a deed, or do it."""
    deed, on, thing = ALL[of][name], timezone.localdate(), find(request, of, key)
    demand(_allowed(request, deed, thing))
    form = _form(request, deed, thing, on)
    told = Told(request, thing, form, on)
    if request.method == "POST" and form.is_valid() and _did(told, deed):
        return go(request, back_to(of, thing, on, request.GET))
    context = {
        "deed": deed, "form": form, "thing": thing, "unit": unit_of(thing), "fields": list(form),
        "draft": f"dues-{of}-{name}-{key}" if deed.draft else "",
        "is_unit": thing == unit_of(thing),
        "back": back_to(of, thing, on, request.GET),
    }  # fmt: skip
    return form_page(request, "dues/act_form.html", context)


def _allowed(request: DeskRequest, deed: Deed, thing: Any) -> bool:
    if isinstance(thing, Remittance):
        above = is_committee(thing.unit)
        return may_confirm(request.scope, thing.unit.path, of_committee=above)
    return deed.allowed(request.scope, path_of(thing))


def _form(request: DeskRequest, deed: Deed, thing: Any, on: date) -> Any:
    posted = request.method == "POST"
    return deed.form(
        request.POST if posted else None,
        request.FILES if posted else None,
        thing=thing,
        on=on,
        asked=request.GET,
    )


def _did(told: Told, deed: Deed) -> bool:
    """Do it and say so, or say why not at its field."""
    if attempt_form(told.form, lambda: deed.do(told)) is None:
        return False
    messages.success(told.request, deed.done)
    return True
