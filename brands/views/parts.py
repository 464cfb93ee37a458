"""What all pages about brands share: what the asker may see, and forms that end in a verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from branches.enums import COMMITTEE_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF, WRITERS
from branches.querysets import UnitQuerySet
from branches.views.parts import DeskRequest, attempt, attempt_form, demand, sheet
from brands.models import Brand, BrandYear
from core.htmx import form_page, go

__all__ = [
    "DeskRequest",
    "Words",
    "asked_year",
    "attempt",
    "attempt_form",
    "brand_form",
    "brand_of",
    "committees",
    "demand",
    "filled",
    "looks_on",
    "owners",
    "sent",
    "sheet",
    "this_year",
    "year_of",
]
_MOST_COMMITTEES = 300
_PILLS = (forms.RadioSelect,)


def this_year() -> int:
    """The year that is worked at."""
    return timezone.localdate().year


def asked_year(request: DeskRequest) -> int:
    """``?year=``, this year when nothing sensible was asked for."""
    text = request.GET.get("year", "")
    good = text.isascii() and text.isdigit() and len(text) == 4 and 2000 <= int(text) <= 2100
    return int(text) if good else this_year()


def looks_on(request: DeskRequest) -> bool:
    """Whether the board and the coverage map are his: staff and leaders."""
    return bool(request.scope.units_as(*STAFF, Role.LEADER))


def brand_of(request: DeskRequest, uuid: UUID) -> Brand:
    """One brand in reach; 404 for what is not there and for what is not his alike."""
    rows = Brand.objects.within(*request.scope.units).select_related("unit__committee", "cover")
    found: Brand = get_object_or_404(rows, uuid=uuid)
    return found


def year_of(request: DeskRequest, uuid: UUID) -> BrandYear:
    """One year of a brand in reach, else 404."""
    rows = BrandYear.objects.within(*request.scope.units)
    found: BrandYear = get_object_or_404(
        rows.select_related("brand__unit__committee", "brand__cover"), uuid=uuid
    )
    return found


def owners(request: DeskRequest) -> UnitQuerySet:
    """The units in which the asker holds a writing role himself: whose brands are his to keep."""
    roots = request.scope.units_as(*WRITERS)
    found: UnitQuerySet = Unit.objects.within(*roots).filter(pk__in=[unit.pk for unit in roots])
    return found


def committees(request: DeskRequest, *roles: str) -> UnitQuerySet:
    """The 党(工)委 directly below the district that the asker looks after."""
    roots = request.scope.units_as(*roles) if roles else request.scope.units
    found: UnitQuerySet = (
        Unit.objects.within(*roots).filter(kind__in=COMMITTEE_KINDS, depth=2).order_by("path")
    )
    return found[:_MOST_COMMITTEES]


def sent(request: DeskRequest) -> tuple[Any, Any]:
    """What a form is bound with: all that was sent, were it nothing; (None, None) when opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def filled(
    request: DeskRequest,
    *,
    context: dict[str, Any],
    form: forms.Form,
    verb: Callable[[], Any],
    done: str,
    to: tuple[Any, ...],
    template: str,
) -> HttpResponse:
    """Show a form, or do what it asks for and go on; what is refused stands beside its field."""
    if request.method == "POST" and form.is_valid() and attempt_form(form, verb) is not None:
        messages.success(request, done)
        return go(request, *to)
    chips = [name for name, field in form.fields.items() if isinstance(field.widget, _PILLS)]
    return form_page(request, template, context | {"form": form, "chips": chips})


@dataclass(frozen=True)
class Words:
    """What the common form about a brand says; its button says the title, unless ``submit``."""

    title: str
    note: str
    done: str
    submit: str = field(default="", kw_only=True)


def brand_form(
    request: DeskRequest,
    words: Words,
    form: forms.Form,
    verb: Callable[[], Any],
    *,
    brand: Brand,
    about: Iterable[tuple[str, str]] = (),
    draft: str = "",
    icon: str = "check",
) -> HttpResponse:
    """The common form about a brand; its page follows when it is done.

    ``about`` are pairs of a word and a text to read first, ``draft`` is the key on the device.
    """
    context = {
        "heading": words.title,
        "note": words.note,
        "submit": words.submit or words.title,
        "about": about,
        "draft": draft,
        "icon": icon,
        "brand": brand,
    }
    return filled(
        request, template="brands/form.html", context=context, form=form, verb=verb,
        done=words.done, to=("brands:brand_detail", brand.uuid),
    )  # fmt: skip
