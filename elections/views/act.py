"""One page for every deed: what it is about, its form, its verb."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.htmx import go, page
from elections.enums import CivicStage
from elections.models import Ballot, Election, Shift, WaveBody
from elections.reckoning import verdict_words
from elections.views.deeds import ALL, Deed, Told, unit_behind
from elections.views.parts import DeskRequest, attempt_form, demand


@login_required
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, uuid: UUID, of: str, name: str) -> HttpResponse:
    """Show the form of a deed, or do it."""
    deed, on = ALL[of][name], timezone.localdate()
    thing = deed.find(request, uuid)
    unit = unit_behind(thing)
    demand(deed.allowed(request.scope, _judged(deed, thing)))
    form = _form(request, deed, thing)
    if request.method == "POST" and form.is_valid() and _did(Told(request, thing, form, on), deed):
        return go(request, _behind(deed, thing))
    context: dict[str, Any] = {
        "deed": deed, "form": form, "unit": unit, "thing": thing, "back": _behind(deed, thing),
        "draft": f"election-{of}-{name}-{uuid}", "fields": list(form),
        "facts": deed.facts(thing, on) if deed.facts else [], "title": _title(deed, thing, form),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, deed.template, context, status=status)


def _judged(deed: Deed, thing: Any) -> Any:
    """Whose place decides: a body is taken out by who keeps the wave."""
    return thing.wave.unit if deed.title == "移出批次" else unit_behind(thing)


def _title(deed: Deed, thing: Any, form: Any) -> str:
    if isinstance(thing, WaveBody) and hasattr(form, "stage"):
        return str(CivicStage(form.stage).label)
    if isinstance(thing, Election) and deed.title == "资格审查":
        return {"village": "资格联审", "committee": "组织考察"}.get(thing.route, deed.title)
    return deed.title


def _form(request: DeskRequest, deed: Deed, thing: Any) -> Any:
    posted = request.method == "POST"
    return deed.form(
        request.POST if posted else None,
        request.FILES if posted else None,
        thing=thing,
        on=timezone.localdate(),
        asked=request.GET.get("for", ""),
    )


def _behind(deed: Deed, thing: Any) -> str:
    """Where the asker goes afterwards."""
    if isinstance(thing, Shift):
        return reverse("elections:queue")
    if isinstance(thing, WaveBody):
        if deed.title == "移出批次":
            return reverse("elections:wave", args=[thing.wave.uuid])
        return reverse("elections:body", args=[thing.uuid])
    election = thing if isinstance(thing, Election) else thing.election
    return reverse("elections:election", args=[election.uuid])


def _did(told: Told, deed: Deed) -> bool:
    """Do it and say so, or say why not at its field."""
    made = attempt_form(told.form, lambda: deed.do(told))
    if made is None:
        return False
    if isinstance(made, Ballot) and made.verdict != "filled":
        messages.warning(told.request, f"已登记这一轮：{verdict_words(made)}。")
    else:
        messages.success(told.request, deed.done)
    return True
