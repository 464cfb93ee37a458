"""One page for every deed: what it is about, its form, its verb."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.htmx import go, page
from rectification.views.deeds import ALL, Deed, Told, case_behind
from rectification.views.parts import DeskRequest, attempt_form, demand


@login_required
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, uuid: UUID, of: str, name: str) -> HttpResponse:
    """Show the form of a deed, or do it."""
    deed, on = ALL[of][name], timezone.localdate()
    thing = deed.find(request, uuid)
    case = case_behind(thing)
    demand(deed.allowed(request.scope, case.unit.path))
    form = _form(request, deed, thing)
    if request.method == "POST" and form.is_valid() and _did(Told(request, thing, form, on), deed):
        return go(request, f"{resolve_url('rectification:case_detail', case.uuid)}#{deed.anchor}")
    context = {
        "deed": deed, "form": form, "case": case, "thing": thing, "draft": f"{of}-{name}-{uuid}",
        "is_case": thing is case, "fields": list(form),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "rectification/act_form.html", context, status=status)


def _form(request: DeskRequest, deed: Deed, thing: Any) -> Any:
    path = case_behind(thing).unit.path
    form = deed.form_for(request.scope, path) if deed.form_for else deed.form
    posted = request.method == "POST"
    return form(
        request.POST if posted else None,
        request.FILES if posted else None,
        thing=thing,
        on=timezone.localdate(),
        asked=request.GET.get("for", ""),
    )


def _did(told: Told, deed: Deed) -> bool:
    """Do it and say so, or say why not at its field."""
    made = attempt_form(told.form, lambda: deed.do(told))
    if made is None:
        return False
    if getattr(made, "passed", True) is False:
        messages.warning(told.request, f"验收未通过，已退回整顿：{'；'.join(made.faults)}。")
    else:
        messages.success(told.request, deed.done)
    return True
