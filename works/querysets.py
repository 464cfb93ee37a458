"""Words about pledges, model posts, members in communities, projects."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, Q

from branches.querysets import ScopedQuerySet, minimal_prefixes
from works.enums import RUNNING, PledgeState

if TYPE_CHECKING:
    from branches.models import Unit


class PledgeQuerySet(ScopedQuerySet[Any]):
    """Words about pledges."""

    def standing(self, asked: str, *, on: date) -> Self:
        """In the state of that slug; ``overdue`` are open after their last day."""
        if asked == "overdue":
            return self.overdue(on=on)
        return self.filter(state=PledgeState[asked.upper()]) if asked else self.all()

    def overdue(self, *, on: date) -> Self:
        """Not reported after the last day."""
        return self.filter(state=PledgeState.OPEN, due_on__lt=on)


class ThroughPledge(ScopedQuerySet[Any]):
    """Files of a pledge."""

    unit_path = "pledge__unit__path"


class PostQuerySet(ScopedQuerySet[Any]):
    """Words about model posts."""

    def current(self, *, on: date) -> Self:
        """Those that stand on the day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


class ThroughPost(ScopedQuerySet[Any]):
    """The yearly confirmation of a model post."""

    unit_path = "post__unit__path"


class TwoSided(ScopedQuerySet[Any]):
    """Rows that a home branch and a community share: each side sees them."""

    unit_path = "home__path"
    sides = ("home__path", "community__path")

    def within(self, *units: Unit) -> Self:
        """Rows of which one side lies in reach."""
        clone = self.all()
        clone._scoped = True
        if not units:
            return clone.none()
        condition = Q()
        for path in minimal_prefixes(unit.path for unit in units):
            for side in self.sides:
                condition |= Q(**{f"{side}__startswith": path})
        return clone.filter(condition)


class ThroughPlacement(TwoSided):
    """What was done in the community."""

    unit_path = "placement__home__path"
    sides = ("placement__home__path", "placement__community__path")


class ProjectQuerySet(ScopedQuerySet[Any]):
    """Words about projects."""

    def running(self) -> Self:
        """Not finished."""
        return self.filter(state__in=RUNNING)

    def overdue(self, *, on: date) -> Self:
        """Running after the last day, or with a milestone after its own."""
        late = self.model.milestones.rel.related_model.unscoped.filter(
            project=OuterRef("pk"), done_on__isnull=True, due_on__lt=on
        )
        return self.running().filter(Q(due_on__lt=on) | Exists(late))


class ThroughProject(ScopedQuerySet[Any]):
    """Milestones, files and steps of a project."""

    unit_path = "project__unit__path"
