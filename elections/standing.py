"""届次 as they stand: when each really ends, whether it is overdue, what goes on about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from branches.enums import UnitKind
from branches.models import CommitteeTerm, Unit
from elections.enums import OVER, ShiftState, Stage, Window
from elections.models import Election, Shift
from elections.rules import latest_due

# 党小组 elect nobody under these rules, 党工委 are appointed.
_ELECTED_KINDS = (
    UnitKind.COMMITTEE, UnitKind.GENERAL_BRANCH, UnitKind.BRANCH, UnitKind.JOINT_BRANCH,
)  # fmt: skip


def running_terms(*units: Unit, on: date) -> Any:
    """Open terms of the subtrees' standing organisations, each with ``ends_on``.

    ``ends_on`` is the last day: the approved 提前 or 延期 where there is one, else 届满.
    ``vote_state`` is the step of the election that runs (None: none is begun); one query.
    """
    approved = Shift.unscoped.filter(term=OuterRef("pk"), state=ShiftState.APPROVED)
    waiting = Shift.unscoped.filter(term=OuterRef("pk"), state=ShiftState.PROPOSED)
    running = Election.unscoped.filter(unit=OuterRef("unit")).exclude(state__in=OVER)
    return (
        CommitteeTerm.objects.within(*units)
        .filter(
            Q(unit__dissolved_on__isnull=True) | Q(unit__dissolved_on__gte=on),
            ended_on__isnull=True, unit__kind__in=_ELECTED_KINDS,
        )
        .annotate(
            moved_to=Subquery(approved.values("moved_to")[:1]),
            asked_to=Subquery(waiting.values("moved_to")[:1]),
            vote_state=Subquery(running.values("state")[:1]),
            vote_uuid=Subquery(running.values("uuid")[:1]),
        )
        .annotate(ends_on=Coalesce(F("moved_to"), F("due_on")))
    )  # fmt: skip


def window_bounds(window: str, *, on: date) -> dict[str, date]:
    """The condition of a window as lookups of ``ends_on``; {} for all."""
    if window == Window.OVERDUE:
        return {"ends_on__lt": on}
    if window in Window.values:
        return {"ends_on__gte": on, "ends_on__lte": latest_due(on, int(window))}
    return {}


def counts(terms: Any, *, on: date) -> Mapping[str, int]:
    """How many are overdue, and end within 1, 3 and 6 months (each holds the one before)."""
    found: Mapping[str, int] = terms.aggregate(
        total=Count("pk"),
        **{
            f"w_{window}": Count("pk", filter=Q(**window_bounds(window, on=on)))
            for window in Window.values
        },
    )
    return found


def by_committee(terms: QuerySet[Any], *, on: date) -> list[dict[str, Any]]:
    """Per committee: overdue, and within 1, 1–3 and 3–6 months; only those with any."""
    cuts = [on, latest_due(on, 1), latest_due(on, 3), latest_due(on, 6)]
    day = timedelta(days=1)
    rows = (
        terms.filter(ends_on__lte=cuts[3])
        .order_by()
        .values("unit__committee", "unit__committee__name", "unit__committee__short_name")
        .annotate(
            overdue=Count("pk", filter=Q(ends_on__lt=on)),
            one=Count("pk", filter=Q(ends_on__range=(on, cuts[1]))),
            three=Count("pk", filter=Q(ends_on__range=(cuts[1] + day, cuts[2]))),
            six=Count("pk", filter=Q(ends_on__range=(cuts[2] + day, cuts[3]))),
        )
        .order_by("unit__committee__path")
    )
    return list(rows)


def state_words(term: Any, *, on: date) -> str:
    """What goes on about a term of :func:`running_terms`."""
    if term.vote_state is not None:
        return str(Stage(term.vote_state).label)
    if term.asked_to:
        return "已申请提前或延期"
    return "已超期，还没有启动" if term.ends_on < on else "还没有启动"
