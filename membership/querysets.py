"""Words about candidates and transfers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Q

from branches.querysets import ScopedQuerySet, minimal_prefixes
from membership.enums import RUNNING, UNDER_WAY, Stage, TransferState

if TYPE_CHECKING:
    from branches.models import Unit


_STEPS = {"activist": 5, "target": 10}


class CandidateQuerySet(ScopedQuerySet[Any]):
    """Words about candidates."""

    def running(self) -> Self:
        """Neither filed nor ended."""
        return self.filter(stage__in=RUNNING)

    def standing(self, slug: str) -> Self:
        """In the stage of that slug; "" all that run, ``all`` everybody."""
        if slug == "all":
            return self.all()
        return self.filter(stage=Stage[slug.upper()]) if slug else self.running()

    def did(self, what: str, year: str) -> Self:
        """Who did that in the year: a field of his, or a step; "" narrows nothing."""
        if not what or not year.isdecimal():
            return self
        if what in _STEPS:
            return self.filter(
                steps__number=_STEPS[what], steps__state=1, steps__outcome__in=("", "good"),
                steps__day__year=int(year),
            )  # fmt: skip
        return self.filter(**{f"{what}_on__year": int(year)})

    def search(self, text: str) -> Self:
        """By name, pinyin or initials."""
        text = text.replace("\x00", "").strip()
        if not text:
            return self
        return self.filter(Q(name__icontains=text) | Q(name_key__contains=text.lower()))


class ThroughCandidate(ScopedQuerySet[Any]):
    """Rows that hang on a candidate."""

    unit_path = "candidate__unit__path"


class TransferQuerySet(ScopedQuerySet[Any]):
    """Words about transfers; both sides see one."""

    unit_path = "from_unit__path"

    def within(self, *units: Unit) -> Self:
        """Transfers from or to a branch in reach."""
        clone = self.all()
        clone._scoped = True
        if not units:
            return clone.none()
        condition = Q()
        for path in minimal_prefixes(unit.path for unit in units):
            condition |= Q(from_unit__path__startswith=path) | Q(to_unit__path__startswith=path)
        return clone.filter(condition)

    def under_way(self) -> Self:
        """Not ended."""
        return self.filter(state__in=UNDER_WAY)

    def overdue(self, *, on: date) -> Self:
        """A letter that is past its days without 回执."""
        return self.filter(state=TransferState.ISSUED, expires_on__lt=on)

    def standing(self, slug: str, *, on: date) -> Self:
        """In the state of that slug; ``under_way`` and ``overdue`` are no states."""
        if slug == "under_way":
            return self.under_way()
        if slug == "overdue":
            return self.overdue(on=on)
        return self.filter(state=TransferState[slug.upper()]) if slug else self.all()

    def crossing(self) -> Self:
        """Between branches of different committees."""
        return self.exclude(from_unit__committee=F("to_unit__committee"))
