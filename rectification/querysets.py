"""Words about rectification."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from branches.querysets import ScopedQuerySet
from rectification.enums import INSIDE, OPEN_PROBLEMS, RUNNING, WITH_BRANCH

if TYPE_CHECKING:
    from branches.models import Unit


class CaseQuerySet(ScopedQuerySet[Any]):
    """Words about cases."""

    def readable(self, *above: Unit) -> Self:
        """Without what is not decided (拟列, 未列入), unless the asker stands ``above``."""
        return self.filter(readable_by(above))

    def running(self) -> Self:
        """Not closed yet."""
        return self.filter(state__in=RUNNING)

    def overdue(self, *, on: date) -> Self:
        """Being worked at after their last day."""
        return self.filter(state__in=RUNNING, deadline__lt=on)


class ThroughCase(ScopedQuerySet[Any]):
    """Rows that hang on a case and reach the unit through it."""

    unit_path = "case__unit__path"

    def readable(self, *above: Unit) -> Self:
        """Of cases that the asker may read of."""
        return self.filter(readable_by(above, "case__"))


class ProblemQuerySet(ThroughCase):
    """Words about problems."""

    def open(self) -> Self:
        """Not settled on both sides."""
        return self.filter(state__in=OPEN_PROBLEMS)

    def overdue(self, *, on: date) -> Self:
        """With the branch after their last day."""
        return self.filter(state__in=WITH_BRANCH, due_on__lt=on)


class ThroughBatch(ScopedQuerySet[Any]):
    """Rows that hang on a batch: the district's."""

    unit_path = "batch__unit__path"


class ThroughPoll(ScopedQuerySet[Any]):
    """Slips and answers: reached through the poll."""

    unit_path = "poll__case__unit__path"


class ThroughAcceptance(ScopedQuerySet[Any]):
    """Points of a score sheet."""

    unit_path = "acceptance__case__unit__path"


def readable_by(above: Iterable[Unit], lead: str = "") -> Q:
    """The condition: decided, or below one of those units."""
    condition = ~Q(**{f"{lead}state__in": INSIDE})
    for unit in above:
        condition |= Q(**{f"{lead}unit__path__startswith": unit.path})
    return condition
