"""What all pages of 换届 share: what the asker may see, and how a refusal is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from branches.enums import COMMITTEE_KINDS, UnitKind
from branches.models import Unit
from branches.querysets import UnitQuerySet
from branches.views.parts import DeskRequest, attempt_form, demand
from elections.agenda import with_last_day
from elections.forms.desk import Choices, FilterForm
from elections.models import Election, Wave, WaveBody
from elections.querysets import ElectionQuerySet

__all__ = [
    "DeskRequest",
    "attempt_form",
    "body_of",
    "demand",
    "election_of",
    "elections",
    "filters",
    "subtree",
    "through",
    "unit_of",
    "wave_of",
    "waves",
]

_MOST_COMMITTEES = 300


def elections(request: DeskRequest) -> ElectionQuerySet:
    """The elections the asker may see."""
    found: ElectionQuerySet = Election.objects.within(*request.scope.units)
    return found


def election_of(request: DeskRequest, uuid: UUID) -> Election:
    """One election in reach; 404 for what is not there and for what is not his alike."""
    found: Election = get_object_or_404(
        with_last_day(elections(request)).select_related(
            "unit", "unit__committee", "unit__parent", "term", "wave", "new_term"
        ),
        uuid=uuid,
    )
    return found


def through(request: DeskRequest, model: Any) -> Any:
    """Rows that hang on elections the asker may see."""
    return model.objects.within(*request.scope.units)


def unit_of(request: DeskRequest, code: str) -> Unit:
    """One organisation in reach, by its code; 404 otherwise."""
    reach = Unit.objects.within(*request.scope.units).select_related("committee", "parent")
    return get_object_or_404(reach, code=code[:40])


def waves(request: DeskRequest) -> QuerySet[Wave]:
    """The waves of the districts in which the asker works: named to everybody there."""
    units = request.scope.units
    districts = {u.pk if u.kind == UnitKind.DISTRICT else u.district_id or 0 for u in units}
    rows = Wave.objects.everywhere("a wave is named to everybody in its district")
    found: QuerySet[Wave] = rows.filter(unit__in=districts).order_by("-starts_on", "-pk")
    return found


def wave_of(request: DeskRequest, uuid: UUID) -> Wave:
    """One wave of his district; 404 otherwise."""
    found: Wave = get_object_or_404(waves(request).select_related("unit"), uuid=uuid)
    return found


def body_of(request: DeskRequest, uuid: UUID) -> WaveBody:
    """One village or community of a wave, in reach; 404 otherwise."""
    rows = WaveBody.objects.within(*request.scope.units)
    found: WaveBody = get_object_or_404(
        rows.select_related("unit", "unit__committee", "wave", "wave__unit"), uuid=uuid
    )
    return found


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


def filters(
    request: DeskRequest, label: str, choices: Choices
) -> tuple[FilterForm, Unit | None]:  # fmt: skip
    """The filters of a list, filled from the address, and the subtree chosen."""
    chosen, committees = subtree(request)
    form = FilterForm(
        request.GET, label=label, choices=choices, committees=committees, chosen=chosen
    )
    return form, chosen
