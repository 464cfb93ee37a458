"""What all pages of 党费与经费 share: what the asker may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from branches.enums import BRANCH_KINDS, COMMITTEE_KINDS, UnitKind
from branches.models import Unit
from branches.permissions import WRITERS
from branches.querysets import UnitQuerySet
from branches.views.parts import DeskRequest, attempt_form, demand
from dues.permissions import READERS

__all__ = [
    "DeskRequest",
    "attempt_form",
    "branch_of",
    "demand",
    "keeper_units",
    "payer_units",
    "reader_units",
    "subtree",
    "unit_of",
]

_MOST_COMMITTEES = 300


def payer_units(request: DeskRequest) -> tuple[Unit, ...]:
    """Where the asker sees what single members pay."""
    return request.scope.units_as(*WRITERS)


def reader_units(request: DeskRequest) -> tuple[Unit, ...]:
    """Where the asker reads sums and money."""
    return request.scope.units_as(*READERS)


def branch_of(request: DeskRequest, code: str) -> Unit:
    """A branch whose members' dues the asker sees; 404 otherwise."""
    rows = Unit.objects.within(*payer_units(request)).filter(kind__in=BRANCH_KINDS)
    return get_object_or_404(rows.select_related("committee", "district"), code=code)


def keeper_units(request: DeskRequest) -> UnitQuerySet:
    """The units that keep money, in the asker's reach."""
    rows = Unit.objects.within(*reader_units(request))
    return rows.exclude(kind__in=(UnitKind.DISTRICT, UnitKind.GROUP))


def unit_of(request: DeskRequest, code: str) -> Unit:
    """A unit that keeps money; 404 otherwise."""
    rows = keeper_units(request).select_related("committee", "district")
    return get_object_or_404(rows, code=code)


def subtree(request: DeskRequest, roots: tuple[Unit, ...]) -> tuple[Unit | None, Any]:
    """What ``?unit=`` narrows to (None: nothing), and the committees to choose from.

    404 for what is not there and for what is not his alike.
    """
    reach, text = Unit.objects.within(*roots), request.GET.get("unit", "")
    chosen = None
    if text:
        whole = text.isascii() and text.isdigit() and len(text) < 19
        chosen = reach.filter(pk=int(text)).first() if whole else None
        if chosen is None:
            raise Http404
    return chosen, reach.filter(kind__in=COMMITTEE_KINDS).order_by("path")[:_MOST_COMMITTEES]
