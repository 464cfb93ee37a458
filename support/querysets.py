"""Words about venues, contact points and joint committees."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Q

from branches.querysets import DatedQuerySet, ScopedQuerySet
from support.enums import RUNNING, CheckState, IssueState


class VenueQuerySet(ScopedQuerySet[Any]):
    """Words about venues."""


class ThroughVenue(ScopedQuerySet[Any]):
    """Files of a venue, and its yearly checks."""

    unit_path = "venue__unit__path"

    def waiting(self) -> Self:
        """Checks that wait for the committee."""
        return self.filter(state=CheckState.SUBMITTED)


class ThroughCheck(ScopedQuerySet[Any]):
    """Answers of a check."""

    unit_path = "check_of__venue__unit__path"


class LinkQuerySet(DatedQuerySet[Any]):
    """Words about contact points: a leader and an organisation, over a span."""


class VisitQuerySet(ScopedQuerySet[Any]):
    """Words about visits."""

    unit_path = "link__unit__path"

    def between(self, first: date, last: date) -> Self:
        """Visits of these days, both included."""
        return self.filter(day__range=(first, last))

    def open(self) -> Self:
        """Those whose problem is not solved."""
        return self.filter(state=IssueState.OPEN)


class ThroughVisit(ScopedQuerySet[Any]):
    """What was done about a visit's problem."""

    unit_path = "visit__link__unit__path"


class ThroughJoint(ScopedQuerySet[Any]):
    """Members, lists and projects of a joint committee."""

    unit_path = "joint__unit__path"

    def running(self) -> Self:
        """Projects that are not done."""
        return self.filter(state__in=RUNNING)

    def overdue(self, *, on: date) -> Self:
        """Running projects after their last day."""
        return self.filter(Q(state__in=RUNNING), due_on__lt=on)


class ThroughProject(ScopedQuerySet[Any]):
    """Reports of progress."""

    unit_path = "project__joint__unit__path"
