"""What all pages of the part share: what the asker may see, and what a list is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from branches.enums import COMMITTEE_KINDS, Role, UnitKind
from branches.models import Unit
from branches.querysets import UnitQuerySet
from branches.views.parts import DeskRequest, attempt_form, demand
from starrating.agenda import with_progress
from starrating.facts import Reader
from starrating.forms.desk import FilterForm
from starrating.models import Organisation, Rating, Round, Standard
from starrating.querysets import OrganisationQuerySet, RatingQuerySet

__all__ = [
    "DeskRequest",
    "asked_organisations",
    "asked_ratings",
    "asked_round",
    "attempt_form",
    "demand",
    "district_of",
    "organisation_of",
    "organisations",
    "rating_of",
    "ratings",
    "reader_of",
    "round_of",
    "rounds",
    "standard_of",
    "standards",
]

_MOST = 300
_MOST_ROUNDS = 40


def organisations(request: DeskRequest) -> OrganisationQuerySet:
    """The organisations in reach."""
    found: OrganisationQuerySet = Organisation.objects.within(*request.scope.units)
    return found


def organisation_of(request: DeskRequest, uuid: UUID) -> Organisation:
    """One organisation in reach; 404 for what is not there and for what is not his alike."""
    rows = organisations(request).select_related("unit__committee", "manager", "district")
    found: Organisation = get_object_or_404(rows, uuid=uuid)
    return found


def ratings(request: DeskRequest) -> RatingQuerySet:
    """The ratings of organisations in reach."""
    found: RatingQuerySet = Rating.objects.within(*request.scope.units)
    return found


def rating_of(request: DeskRequest, uuid: UUID) -> Any:
    """One rating in reach, with its progress; 404 otherwise."""
    return get_object_or_404(with_progress(ratings(request)), uuid=uuid)


def _districts(request: DeskRequest) -> set[int]:
    units = request.scope.units
    return {u.pk if u.kind == UnitKind.DISTRICT else u.district_id or 0 for u in units}


def rounds(request: DeskRequest) -> QuerySet[Round]:
    """The rounds of the districts in which the asker works: named to everybody there."""
    rows = Round.objects.everywhere("a round is named to everybody in its district")
    found: QuerySet[Round] = rows.filter(unit__in=_districts(request)).select_related("unit")
    return found.order_by("-starts_on", "-pk")


def round_of(request: DeskRequest, uuid: UUID) -> Round:
    """One round of his district; 404 otherwise."""
    return get_object_or_404(rounds(request).select_related("standard"), uuid=uuid)


def asked_round(request: DeskRequest) -> Round | None:
    """The round of ``?round=``; None for none or nonsense."""
    try:
        uuid = UUID(request.GET.get("round", ""))
    except ValueError:
        return None
    return rounds(request).filter(uuid=uuid).first()


def standards(request: DeskRequest) -> QuerySet[Standard]:
    """The standards of his district: whoever is rated by one may read it."""
    rows = Standard.objects.everywhere("a standard is open to everybody in its district")
    found: QuerySet[Standard] = rows.filter(unit__in=_districts(request)).select_related("unit")
    return found.order_by("-version", "-pk")


def standard_of(request: DeskRequest, uuid: UUID) -> Standard:
    """One standard of his district; 404 otherwise."""
    return get_object_or_404(standards(request), uuid=uuid)


def district_of(request: DeskRequest) -> Unit:
    """The district for which the asker keeps rounds; 403 without one."""
    mine = request.scope.units_as(Role.DISTRICT_STAFF)
    demand(bool(mine))
    return mine[0]


def reader_of(request: DeskRequest, path: str) -> Reader:
    """Who reads what hangs on the unit at ``path``."""
    return Reader(request.scope, request.user.pk, path, timezone.localdate())


def _subtree(request: DeskRequest) -> tuple[Unit | None, UnitQuerySet]:
    """What ``?unit=`` narrows to (None: nothing), and the committees to choose from."""
    reach, text = Unit.objects.within(*request.scope.units), request.GET.get("unit", "")
    chosen = None
    if text:
        whole = text.isascii() and text.isdigit() and len(text) < 19
        chosen = reach.filter(pk=int(text)).first() if whole else None
        if chosen is None:
            raise Http404
    return chosen, reach.filter(kind__in=COMMITTEE_KINDS).order_by("path")[:_MOST]


@dataclass(frozen=True)
class Asked:
    """What the filters of a list ask for: its form, and the rows that are left."""

    form: FilterForm
    rows: Any


def asked_organisations(request: DeskRequest) -> Asked:
    """Organisations by kind, stars, subtree and words."""
    chosen, committees = _subtree(request)
    form = FilterForm(
        request.GET, keep=("q", "kind", "stars", "unit"), committees=committees, chosen=chosen
    )
    rows = organisations(request).asked(
        kind=form.value("kind"), stars=form.value("stars"), unit=chosen
    )
    return Asked(form, rows.search(form.value("q")))


def asked_ratings(request: DeskRequest) -> Asked:
    """Ratings by round, state, stars and subtree."""
    chosen, committees = _subtree(request)
    form = FilterForm(
        request.GET, keep=("round", "state", "stars", "unit"),
        rounds=rounds(request)[:_MOST_ROUNDS], committees=committees, chosen=chosen,
    )  # fmt: skip
    rows = ratings(request).standing(form.value("state"))
    rows = rows.asked(round_=asked_round(request), stars=form.value("stars"), unit=chosen)
    return Asked(form, rows)
