"""What the pages of 通知 share: what the asker may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from branches.enums import COMMITTEE_KINDS
from branches.models import Unit
from branches.permissions import STAFF
from branches.querysets import UnitQuerySet
from branches.views.parts import DeskRequest, attempt, attempt_form, demand, sheet
from portal import permissions
from portal.models import Circular, Receipt
from portal.querysets import CircularQuerySet
from portal.reaching import KEEPERS

__all__ = [
    "DeskRequest",
    "attempt",
    "attempt_form",
    "circular_of",
    "circulars",
    "committees",
    "demand",
    "issuer",
    "own_units",
    "receipt_of",
    "sent",
    "sheet",
]
_MOST_COMMITTEES = 300


def sent(request: DeskRequest) -> tuple[Any, Any]:
    """What a form is bound with: all that was sent, were it nothing; (None, None) when opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def circulars(request: DeskRequest) -> CircularQuerySet:
    """What was issued in the part of the tree whose staff the asker is."""
    found: CircularQuerySet = Circular.objects.within(*request.scope.units_as(*STAFF))
    return found


def circular_of(request: DeskRequest, uuid: UUID) -> Circular:
    """One 通知 that the asker may issue; 404 for what is not there and for what is not his."""
    rows = circulars(request).select_related("unit", "issued_by", "revoked_by", "written_by")
    found: Circular = get_object_or_404(rows, uuid=uuid)
    demand(permissions.may_issue(request.scope, found.unit.path))
    return found


def receipt_of(request: DeskRequest, uuid: UUID) -> Receipt:
    """One receipt in reach, of what was issued; else 404."""
    rows = Receipt.objects.within(*request.scope.units).sent()
    found: Receipt = get_object_or_404(
        rows.select_related("circular__unit", "unit", "read_by", "signed_by"), uuid=uuid
    )
    return found


def own_units(request: DeskRequest) -> tuple[Unit, ...]:
    """The units for which the asker himself receives 通知."""
    return request.scope.units_as(*KEEPERS)


def issuer(request: DeskRequest) -> Unit:
    """The unit in whose name a new 通知 goes out: ``?unit=`` or the first. 403, 404 else."""
    mine = request.scope.units_as(*STAFF)
    demand(bool(mine))
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    chosen = [unit for unit in mine if not asked or unit.code == asked]
    if not chosen:
        raise Http404
    return chosen[0]


def committees(unit: Unit) -> UnitQuerySet:
    """The 党（工）委 and 党总支 below an issuer, to choose from."""
    rows: UnitQuerySet = Unit.objects.within(unit).filter(kind__in=COMMITTEE_KINDS)
    return rows.exclude(pk=unit.pk).order_by("path")[:_MOST_COMMITTEES]
