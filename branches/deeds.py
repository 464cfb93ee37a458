"""One page for every deed: what it is about, its form, its verb.

A programme lists its deeds by kind of thing (:class:`About`); :func:`addresses` makes an address
of each, :func:`offered` the buttons that somebody is shown. Where is ``find`` (404 for what is not
within reach), what is ``allowed`` (403), the state is the verb's: it refuses in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.views.parts import DeskRequest, attempt_form, demand
from core.deed_forms import DeedForm, SureForm
from core.htmx import go, page


@dataclass(frozen=True)
class Told:
    """What a deed is done with."""

    request: DeskRequest
    thing: Any
    form: Any
    on: date

    @property
    def data(self) -> dict[str, Any]:
        """The checked input."""
        found: dict[str, Any] = dict(self.form.cleaned_data)
        return found

    @property
    def by(self) -> Any:
        """Who does it."""
        return self.request.user


@dataclass(frozen=True)
class Deed:
    """One thing that may be done. ``fits`` says whether its time has come (its button shows)."""

    title: str
    button: str
    form: type[DeedForm]
    allowed: Callable[[DeskRequest, Any], bool]
    do: Callable[[Told], Any]
    done: str
    fits: Callable[[Any], bool] = field(default=lambda thing: True)
    note: str = ""
    icon: str = "check"
    # Where it leads, from what was made; None back to the thing's own page.
    goes: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class About:
    """A kind of thing and its deeds; ``of`` begins their addresses, ``key`` is a path converter."""

    of: str
    find: Callable[[DeskRequest, Any], Any]
    key_of: Callable[[Any], object]
    where: Callable[[Any], str]
    home: Callable[[Any], str]
    deeds: Mapping[str, Deed]
    key: str = "uuid"


@dataclass(frozen=True)
class Button:
    """A deed on offer."""

    title: str
    url: str
    icon: str


def _named(about: About, name: str) -> str:
    return f"{about.of}_{name}".replace("-", "_")


def verb(do: Callable[..., Any], thing: str) -> Callable[[Told], Any]:
    """The verb with the thing (so it calls it), who, which day, and the checked input."""
    return lambda told: do(**{thing: told.thing}, by=told.by, on=told.on, **told.data)


def offered(request: DeskRequest, app: str, about: About, thing: Any, *names: str) -> list[Button]:
    """The buttons for the deeds (all, or those named) that he may do now; no query."""
    return [
        Button(
            deed.title,
            reverse(f"{app}:{_named(about, name)}", args=[about.key_of(thing)]),
            deed.icon,
        )
        for name, deed in about.deeds.items()
        if (not names or name in names) and deed.fits(thing) and deed.allowed(request, thing)
    ]


def addresses(*abouts: About) -> list[URLPattern]:
    """An address for each deed."""
    return [
        path(
            f"{about.of}/<{about.key}:key>/{name}/",
            act,
            {"about": about, "deed": deed},
            name=_named(about, name),
        )
        for about in abouts
        for name, deed in about.deeds.items()
    ]


@login_required
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, key: Any, about: About, deed: Deed) -> HttpResponse:
    """Show the form of a deed, or do it."""
    thing, on = about.find(request, key), timezone.localdate()
    demand(deed.allowed(request, thing))
    posted = request.method == "POST"
    data = (request.POST, request.FILES) if posted else (None, None)
    form = deed.form(*data, thing=thing, on=on, asked=request.GET.get("for", "")[:40])
    made = _did(Told(request, thing, form, on), deed) if posted and form.is_valid() else None
    if made is not None:
        return go(request, deed.goes(made) if deed.goes else about.home(thing))
    context = {
        "deed": deed, "form": form, "fields": list(form), "where": about.where(thing),
        "back": about.home(thing), "draft": f"{about.of}-{key}-{deed.button}",
        "sure": isinstance(form, SureForm),
    }  # fmt: skip
    return page(request, "branches/deed_form.html", context, status=422 if posted else 200)


def _did(told: Told, deed: Deed) -> Any:
    made = attempt_form(told.form, lambda: deed.do(told))
    if made is not None:
        messages.success(told.request, deed.done)
    return made
