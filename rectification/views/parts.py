"""What all pages of rectification share: what the asker may see, and how a refusal is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from branches.enums import COMMITTEE_KINDS, UnitKind
from branches.models import Unit
from branches.querysets import UnitQuerySet
from branches.views.parts import DeskRequest, attempt_form, demand
from rectification.forms.desk import Choices, FilterForm
from rectification.models import Batch, Case
from rectification.permissions import LOOKERS
from rectification.querysets import CaseQuerySet, ThroughCase

__all__ = [
    "Asked",
    "DeskRequest",
    "above",
    "asked",
    "asked_batch",
    "attempt_form",
    "batch_of",
    "batches",
    "case_of",
    "cases",
    "demand",
    "subtree",
    "through",
]

_MOST_COMMITTEES = 300
_MOST_BATCHES = 40
Rows = TypeVar("Rows", CaseQuerySet, ThroughCase)


def above(request: DeskRequest) -> tuple[Unit, ...]:
    """Where the asker also reads of what is not decided yet."""
    return request.scope.units_as(*LOOKERS)


def cases(request: DeskRequest) -> CaseQuerySet:
    """The cases the asker may see."""
    found: CaseQuerySet = Case.objects.within(*request.scope.units)
    return found.readable(*above(request))


def case_of(request: DeskRequest, uuid: UUID) -> Case:
    """One case in reach; 404 for what is not there and for what is not his alike."""
    found: Case = get_object_or_404(
        cases(request).select_related("unit", "unit__committee", "batch", "batch__unit"), uuid=uuid
    )
    return found


def through(request: DeskRequest, model: Any) -> Any:
    """Rows that hang on cases the asker may see."""
    return model.objects.within(*request.scope.units).readable(*above(request))


def batches(request: DeskRequest) -> QuerySet[Batch]:
    """The batches of the districts in which the asker works: named to everybody there."""
    units = request.scope.units
    districts = {u.pk if u.kind == UnitKind.DISTRICT else u.district_id or 0 for u in units}
    rows = Batch.objects.everywhere("a batch is named to everybody in its district")
    found: QuerySet[Batch] = rows.filter(unit__in=districts).order_by("-number", "-pk")
    return found


def batch_of(request: DeskRequest, uuid: UUID) -> Batch:
    """One batch of his district; 404 otherwise."""
    found: Batch = get_object_or_404(batches(request).select_related("unit"), uuid=uuid)
    return found


def asked_batch(request: DeskRequest) -> Batch | None:
    """The batch of ``?batch=``; None for none or nonsense."""
    try:
        uuid = UUID(request.GET.get("batch", ""))
    except ValueError:
        return None
    return batches(request).filter(uuid=uuid).first()


def subtree(request: DeskRequest) -> tuple[Unit | None, UnitQuerySet]:
    """What ``?unit=`` narrows to (None: nothing), and the committees to choose from.

    404 for what is not there and for what is not his alike.
    """
    reach, text = Unit.objects.within(*request.scope.units), request.GET.get("unit", "")
    chosen = None
    if text:
        whole = text.isascii() and text.isdigit() and len(text) < 19
        chosen = reach.filter(pk=int(text)).first() if whole else None
        if chosen is None:
            raise Http404
    return chosen, reach.filter(kind__in=COMMITTEE_KINDS).order_by("path")[:_MOST_COMMITTEES]


@dataclass(frozen=True)
class Asked:
    """What the filters of a list ask for: its form, the batch and the subtree chosen, if any."""

    form: FilterForm
    batch: Batch | None
    unit: Unit | None

    @property
    def below(self) -> tuple[Unit, ...]:
        """The subtree chosen; () for all in reach."""
        return (self.unit,) if self.unit is not None else ()

    def narrow(self, rows: Rows) -> Rows:
        """Cases, or rows that hang on cases, of that batch and subtree."""
        return rows.asked(batch=self.batch, unit=self.unit)


def asked(
    request: DeskRequest, *, states: Choices = (), form: type[FilterForm] = FilterForm
) -> Asked:
    """The filters of the address; 404 for a unit out of reach."""
    chosen, committees = subtree(request)
    filled = form(
        request.GET, batches=batches(request)[:_MOST_BATCHES], states=states,
        committees=committees, chosen=chosen,
    )  # fmt: skip
    return Asked(filled, asked_batch(request), chosen)
