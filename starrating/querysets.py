"""Words about 两新星级."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Model, Q

from branches.querysets import ScopedQuerySet
from starrating.enums import FINAL, State

if TYPE_CHECKING:
    from branches.models import Unit


class OrganisationQuerySet(ScopedQuerySet[Any]):
    """Words about organisations."""

    def active(self) -> Self:
        """Not struck off."""
        return self.filter(closed_on__isnull=True)

    def search(self, text: str) -> Self:
        """By name, credit code, or the unit it hangs on."""
        text = text.strip()
        if not text:
            return self
        return self.filter(
            Q(name__icontains=text)
            | Q(credit_code__startswith=text.upper())
            | Q(unit__name_key__contains=text.lower())
            | Q(unit__name__icontains=text)
        )

    def asked(self, *, kind: str, stars: str, unit: Unit | None) -> Self:
        """Of a kind, with so many stars (``new`` for never rated), below a unit."""
        rows = self.filter(kind=kind) if kind else self.all()
        if stars == "new":
            rows = rows.filter(stars__isnull=True)
        elif stars == "model":
            rows = rows.filter(sites__ended_on__isnull=True, sites__isnull=False)
        elif stars:
            rows = rows.filter(stars=int(stars))
        return rows.filter(unit__path__startswith=unit.path) if unit is not None else rows


class RatingQuerySet(ScopedQuerySet[Any]):
    """Words about ratings."""

    unit_path = "organisation__unit__path"

    def standing(self, asked: str) -> Self:
        """In the state of that slug; ``running`` and ``final`` are several."""
        groups = {"running": [s for s in State if s not in FINAL], "final": list(FINAL)}
        if asked in groups:
            return self.filter(state__in=groups[asked])
        return self.filter(state=State[asked.upper()]) if asked else self.all()

    def asked(self, *, round_: Model | None, stars: str, unit: Unit | None) -> Self:
        """Of a round, with so many stars, below a unit; nothing narrows nothing."""
        rows = self.filter(round=round_) if round_ is not None else self.all()
        rows = rows.filter(stars=int(stars)) if stars else rows
        return rows.filter(organisation__unit__path__startswith=unit.path) if unit else rows


class ThroughOrganisation(ScopedQuerySet[Any]):
    """Rows that hang on an organisation."""

    unit_path = "organisation__unit__path"


class ThroughRating(ScopedQuerySet[Any]):
    """Rows that hang on a rating."""

    unit_path = "rating__organisation__unit__path"


class ThroughStandard(ScopedQuerySet[Any]):
    """Items of a standard: the district's."""

    unit_path = "standard__unit__path"


class ThroughPlan(ScopedQuerySet[Any]):
    """Targets of a plan: the district's."""

    unit_path = "plan__unit__path"
