"""Words about rectification."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Model, Q

from branches.querysets import ScopedQuerySet
from rectification.enums import (
    AT_WORK,
    INSIDE,
    OPEN_PROBLEMS,
    RUNNING,
    WATCHING,
    WITH_BRANCH,
    ProblemState,
    State,
)

if TYPE_CHECKING:
    from branches.models import Unit


class CaseQuerySet(ScopedQuerySet[Any]):
    """Words about cases."""

    def readable(self, *above: Unit) -> Self:
        """Without what is not decided (拟列, 未列入), unless the asker stands ``above``."""
        return self.filter(readable_by(above))

    def asked(self, *, batch: Model | None, unit: Unit | None) -> Self:
        """Of a batch, below a unit; None narrows nothing."""
        return self.filter(asked_for(batch, unit))

    def standing(self, asked: str, *, on: date) -> Self:
        """In the state of that slug; ``at_work``, ``overdue`` and ``done`` are several."""
        if asked == "overdue":
            return self.overdue(on=on).filter(state__in=AT_WORK)
        groups = {"at_work": AT_WORK, "done": (*WATCHING, State.SETTLED)}
        if asked in groups:
            return self.filter(state__in=groups[asked])
        return self.filter(state=State[asked.upper()]) if asked else self.all()

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

    def asked(self, *, batch: Model | None, unit: Unit | None) -> Self:
        """Of the cases of a batch, below a unit; None narrows nothing."""
        return self.filter(asked_for(batch, unit, "case__"))


class ProblemQuerySet(ThroughCase):
    """Words about problems."""

    def open(self) -> Self:
        """Not settled on both sides."""
        return self.filter(state__in=OPEN_PROBLEMS)

    def overdue(self, *, on: date) -> Self:
        """With the branch after their last day."""
        return self.filter(state__in=WITH_BRANCH, due_on__lt=on)

    def standing(self, asked: str, *, on: date) -> Self:
        """In the state of that slug; ``open`` and ``overdue`` are several."""
        if asked == "overdue":
            return self.overdue(on=on)
        if asked == "open":
            return self.open()
        return self.filter(state=ProblemState[asked.upper()]) if asked else self.all()


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


def asked_for(batch: Model | None, unit: Unit | None, lead: str = "") -> Q:
    """The condition of what a list is narrowed to."""
    condition = Q()
    if batch is not None:
        condition &= Q(**{f"{lead}batch": batch})
    if unit is not None:
        condition &= Q(**{f"{lead}unit__path__startswith": unit.path})
    return condition
