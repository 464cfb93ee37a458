"""What all pages of membership share: who may be seen, and the branches one works for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from branches.enums import COMMITTEE_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.views.parts import DeskRequest, attempt, attempt_form, demand
from membership.models import Candidate, Step, Transfer
from membership.permissions import SEE_NAMES
from membership.querysets import CandidateQuerySet, TransferQuerySet

__all__ = [
    "DeskRequest", "attempt", "attempt_form", "branch_of", "candidate_of", "candidates", "demand",
    "own_branches", "step_of", "subtree", "transfer_of", "transfers",
]  # fmt: skip

_MOST = 300


def candidates(request: DeskRequest) -> CandidateQuerySet:
    """The candidates whose names the asker may know."""
    found: CandidateQuerySet = Candidate.objects.within(*request.scope.units_as(*SEE_NAMES))
    return found


def candidate_of(request: DeskRequest, uuid: UUID) -> Candidate:
    """One candidate in reach; 404 for what is not there and for what is not his alike."""
    rows = candidates(request).select_related(
        "unit__committee", "rules", "member", "event", "created_by"
    )
    found: Candidate = get_object_or_404(rows, uuid=uuid)
    return found


def step_of(request: DeskRequest, uuid: UUID) -> Step:
    """One step in reach."""
    rows: Any = Step.objects.within(*request.scope.units_as(*SEE_NAMES))
    found: Step = get_object_or_404(
        rows.select_related("candidate__unit__committee", "candidate__rules"), uuid=uuid
    )
    return found


def transfers(request: DeskRequest) -> TransferQuerySet:
    """The transfers from and to branches in reach."""
    found: TransferQuerySet = Transfer.objects.within(*request.scope.units_as(*SEE_NAMES))
    return found


def transfer_of(request: DeskRequest, uuid: UUID) -> Transfer:
    """One transfer in reach."""
    rows = transfers(request).select_related(
        "from_unit__committee", "from_unit__district", "to_unit__committee", "to_unit__district",
        "to_group", "member", "issuer", "asked_by", "agreed_by", "confirmed_by", "ended_by",
    )  # fmt: skip
    found: Transfer = get_object_or_404(rows, uuid=uuid)
    return found


def own_branches(request: DeskRequest, *roles: str) -> QuerySet[Unit]:
    """The standing branches for which the asker works, in tree order."""
    reach = Unit.objects.within(*request.scope.units_as(*(roles or SEE_NAMES)))
    found: QuerySet[Unit] = reach.branches().filter(dissolved_on__isnull=True).order_by("path")
    return found


def branch_of(request: DeskRequest, *roles: str) -> Unit | None:
    """The branch of ``?unit=`` (its code), or the only one he works for; None to choose."""
    rows = own_branches(request, *roles)
    code = (request.POST.get("unit") or request.GET.get("unit", "")).replace("\x00", "")[:40]
    if code:
        return get_object_or_404(rows.select_related("committee"), code=code)
    if request.scope.units_as(*STAFF):
        return None
    few = list(rows.select_related("committee")[:2])
    return few[0] if len(few) == 1 else None


def subtree(request: DeskRequest) -> tuple[Unit | None, list[tuple[str, str]]]:
    """What ``?unit=`` narrows to (None: nothing), and the committees to choose from."""
    reach, text = Unit.objects.within(*request.scope.units), request.GET.get("unit", "")
    chosen = None
    if text:
        whole = text.isascii() and text.isdigit() and len(text) < 19
        chosen = reach.filter(pk=int(text)).first() if whole else None
        if chosen is None:
            raise Http404
    committees = list(reach.filter(kind__in=COMMITTEE_KINDS).order_by("path")[:_MOST])
    units = {str(one.pk): str(one) for one in (*committees, *([chosen] if chosen else []))}
    return chosen, list(units.items())


def is_secretary(request: DeskRequest) -> bool:
    """Whether he keeps a branch himself."""
    return bool(request.scope.units_as(Role.SECRETARY))
