"""One page for every deed: what it is about, its form, its verb, its declaration."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cadres import services
from cadres.models import Appointment, Cadre, Course, Draw
from cadres.views.deeds import ALL, Deed, Told, unit_behind
from cadres.views.door import DeskRequest, attempt_form, is_open, reach, to_open
from core.htmx import form_page, go


@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, of: str, name: str, uuid: UUID | None = None) -> HttpResponse:
    """Show the form of a deed, or do it."""
    deed, on = ALL[of][name], timezone.localdate()
    thing = deed.find(request, uuid)
    cadre = deed.cadre(thing)
    if cadre is not None and not is_open(request, cadre):
        return to_open(request, cadre)
    form = _form(request, deed, thing)
    told = Told(request, thing, form, on)
    if request.method == "POST" and form.is_valid() and (made := _did(told, deed)) is not None:
        return go(request, _back(deed, thing, made))
    back = deed.back(thing)
    context = {
        "deed": deed,
        "form": form,
        "thing": thing,
        "fields": list(form),
        "back": back,
        "step_label": getattr(form, "step_label", ""),
    }
    return form_page(request, "cadres/act_form.html", context)


def _form(request: DeskRequest, deed: Deed, thing: Any) -> Any:
    posted = request.method == "POST"
    return deed.form(
        request.POST if posted else None,
        request.FILES if posted else None,
        thing=thing,
        on=timezone.localdate(),
        reach=reach(request),
        asked=request.GET.get("for", ""),
    )


def _did(told: Told, deed: Deed) -> Any:
    """Do it, note the declaration with it, and say so; None and why not at its field."""

    def verb() -> Any:
        with transaction.atomic():
            made = deed.do(told)
            if told.form.written:
                unit = unit_behind(told.thing if told.thing is not None else made, told.request)
                cadre = told.thing if isinstance(told.thing, Cadre) else deed.cadre(told.thing)
                services.declare(unit=unit, by=told.by, what=deed.title, cadre=cadre)
            return made if made is not None else True

    made = attempt_form(told.form, verb)
    if made is not None:
        messages.success(told.request, deed.done)
    return made


def _back(deed: Deed, thing: Any, made: Any) -> str:
    """Where to go on: to what was made when it has a page of its own."""
    if thing is None and isinstance(made, Appointment | Cadre | Course | Draw):
        return made_page(made)
    return deed.back(thing)


def made_page(made: Appointment | Cadre | Course | Draw) -> str:
    """The page of a row."""
    names = {Appointment: "appointment", Cadre: "file", Course: "course", Draw: "draw"}
    return reverse(f"cadres:{names[type(made)]}", args=[made.uuid])
