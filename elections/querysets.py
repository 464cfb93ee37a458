"""Words about elections."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Q

from branches.querysets import ScopedQuerySet
from elections.enums import OVER, Stage


class ElectionQuerySet(ScopedQuerySet[Any]):
    """Words about elections."""

    def running(self) -> Self:
        """Neither finished nor ended."""
        return self.exclude(state__in=OVER)

    def standing(self, asked: str) -> Self:
        """At the step of that slug; ``running`` is several, "" all."""
        if asked == "running":
            return self.running()
        return self.filter(state=Stage[asked.upper()]) if asked else self.all()


class ThroughElection(ScopedQuerySet[Any]):
    """Rows that hang on an election and reach the unit through it."""

    unit_path = "election__unit__path"


class ThroughBallot(ScopedQuerySet[Any]):
    """Lines of a tally."""

    unit_path = "ballot__election__unit__path"


class ThroughBody(ScopedQuerySet[Any]):
    """Steps of a 自治组织 in a wave."""

    unit_path = "body__unit__path"


class ShiftQuerySet(ScopedQuerySet[Any]):
    """Words about 提前 and 延期."""

    def waiting(self) -> Self:
        """Not decided yet."""
        return self.filter(state="proposed")

    def in_force(self, *, on: date) -> Self:
        """Approved, and the new day has not passed."""
        return self.filter(Q(state="approved"), moved_to__gte=on)
