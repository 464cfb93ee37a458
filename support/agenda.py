"""Where each branch's venue and each contact point stands: annotated queries for any number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from branches.models import Unit
from core.dates import Period
from support.enums import CheckState, IssueState
from support.models import ContactLink, ContactVisit, Venue, VenueAnswer, VenueCheck

# How a branch stands in a year; the order is that of urgency.
NONE, UNCHECKED, RETURNED, WAITING, LACKING, WHOLE = (
    "none", "unchecked", "returned", "waiting", "lacking", "whole",
)  # fmt: skip
STANDINGS = {
    NONE: "没有登记阵地",
    UNCHECKED: "今年没有自查",
    RETURNED: "自查被退回",
    WAITING: "待确认",
    LACKING: "有缺项",
    WHOLE: "齐全",
}
TONES = {
    NONE: "bad", UNCHECKED: "late", RETURNED: "late", WAITING: "wait", LACKING: "late",
    WHOLE: "ok",
}  # fmt: skip


def venues(units: Iterable[Unit], *, on: date) -> QuerySet[Any]:
    """The branches of these subtrees, each with its venue and this year's check; one query.

    ``standing`` is a key of :data:`STANDINGS`, ``lacking`` how many items are not there.
    """
    mine = VenueCheck.unscoped.filter(venue__unit=OuterRef("pk"), year=on.year)
    missing = (
        VenueAnswer.unscoped.filter(
            check_of__venue__unit=OuterRef("pk"), check_of__year=on.year, is_there=False
        )
        .order_by()
        .values("check_of")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows: QuerySet[Any] = (
        Unit.objects.within(*units)
        .branches()
        .standing(on=on)
        .annotate(
            venue_uuid=Subquery(Venue.unscoped.filter(unit=OuterRef("pk")).values("uuid")[:1]),
            venue_name=Subquery(Venue.unscoped.filter(unit=OuterRef("pk")).values("name")[:1]),
            check_uuid=Subquery(mine.values("uuid")[:1]),
            check_state=Subquery(mine.values("state")[:1]),
            check_answer=Subquery(mine.values("answer")[:1]),
            lacking=Coalesce(Subquery(missing, output_field=IntegerField()), 0),
        )
        .annotate(
            standing=Case(
                When(venue_uuid__isnull=True, then=Value(NONE)),
                When(check_state__isnull=True, then=Value(UNCHECKED)),
                When(check_state=CheckState.RETURNED, then=Value(RETURNED)),
                When(check_state=CheckState.SUBMITTED, then=Value(WAITING)),
                When(lacking__gt=0, then=Value(LACKING)),
                default=Value(WHOLE),
                output_field=CharField(),
            )
        )
        .order_by("path")
    )
    return rows


def links(units: Iterable[Unit], *, on: date) -> QuerySet[Any]:
    """Contact points in force, each with its visits of the quarter; one query.

    ``visited`` counts this quarter's visits, ``last_day`` is the last one ever, ``open_count`` the
    problems that are not solved.
    """
    return with_visits(ContactLink.objects.within(*units).in_force(on=on), on=on)


def with_visits(rows: Any, *, on: date) -> QuerySet[Any]:
    """Links with what came of them up to the quarter of ``on``."""
    quarter = Period.containing(on, "quarter")
    visits = ContactVisit.unscoped.filter(link=OuterRef("pk")).order_by().values("link")

    def counted(condition: Q) -> Coalesce:
        found = visits.filter(condition).annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(found, output_field=IntegerField()), 0)

    found: QuerySet[Any] = rows.select_related("leader", "unit", "unit__committee").annotate(
        visited=counted(Q(day__range=(quarter.start, quarter.end))),
        open_count=counted(Q(state=IssueState.OPEN)),
        last_day=Subquery(visits.annotate(last=Max("day")).values("last")),
    )
    return found.order_by("unit__path", "pk")
