"""One page for every deed: what it is about, its form, its verb."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.htmx import go, page
from starrating.views.deeds import ALL, Deed, Told, find, home_of, path_of
from starrating.views.parts import DeskRequest, attempt_form, demand


@login_required
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, uuid: UUID, of: str, name: str) -> HttpResponse:
    """Show the form of a deed, or do it."""
    deed, thing = ALL[of][name], find(request, of, uuid)
    demand(deed.allowed(request.scope, path_of(thing)))
    form = _form(request, deed, thing)
    if request.method == "POST" and form.is_valid() and _did(request, deed, thing, form):
        return go(request, home_of(thing))
    context = {
        "deed": deed, "form": form, "thing": thing, "home": home_of(thing), "fields": list(form),
        "draft": f"{of}-{name}-{uuid}",
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "starrating/act_form.html", context, status=status)


def _form(request: DeskRequest, deed: Deed, thing: Any) -> Any:
    posted = request.method == "POST"
    return deed.form(
        request.POST if posted else None,
        request.FILES if posted else None,
        thing=thing,
        on=timezone.localdate(),
        asked=request.GET.get("for", "").replace("\x00", ""),
    )


def _did(request: DeskRequest, deed: Deed, thing: Any, form: Any) -> bool:
    """Do it and say so, or say why not at its field."""
    told = Told(request, thing, form, timezone.localdate())
    if attempt_form(form, lambda: deed.do(told)) is None:
        return False
    messages.success(request, deed.done)
    return True
