"""What assessment may ask of 换届 (scoring.md, half-year composite: 换届 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from branches.models import CommitteeTerm, Unit
from elections.enums import ShiftState
from elections.models import Shift

FULL, NOTHING = Decimal(100), Decimal(0)


@dataclass(frozen=True)
class TermStanding:
    """A unit with a term in the period: 100, or 0 when it was overdue without approval.

    ``ends_on`` is the last day of the term that decides (an approved 延期 counted), ``late_days``
    how many days of the period lay after it.
    """

    unit_id: int
    score: Decimal
    ends_on: date
    late_days: int

    @property
    def is_overdue(self) -> bool:
        """Whether a day of the period was overdue."""
        return self.late_days > 0


def term_standings(
    *, units: Iterable[Unit], first: date, last: date
) -> dict[int, TermStanding]:  # fmt: skip
    """By unit id, for units in the subtrees of ``units`` that had a term from first to last.

    A term counts for the days on which it ran; an approval counts however late it was given.
    Units without any term have no row: the part does not apply to them. One query.
    """
    approved = Shift.unscoped.filter(term=OuterRef("pk"), state=ShiftState.APPROVED)
    rows = (
        CommitteeTerm.objects.within(*units)
        .filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=first),
            Q(unit__dissolved_on__isnull=True) | Q(unit__dissolved_on__gte=first),
            started_on__lte=last,
        )
        .annotate(ends=Coalesce(Subquery(approved.values("moved_to")[:1]), "due_on"))
        .values_list("unit_id", "started_on", "ended_on", "ends", "unit__dissolved_on")
    )
    found: dict[int, TermStanding] = {}
    for unit_id, started, ended, ends, gone in rows:
        until = min(day for day in (last, ended, gone) if day is not None)
        since = max(first, started, ends + timedelta(days=1))
        late = max((until - since).days + 1, 0)
        known = found.get(unit_id)
        if known is None or late > known.late_days:
            found[unit_id] = TermStanding(unit_id, NOTHING if late else FULL, ends, late)
    return found


def overdue_units(*, units: Iterable[Unit], first: date, last: date) -> set[int]:
    """The units whose committee was overdue without approval on some day of the period."""
    standings = term_standings(units=units, first=first, last=last)
    return {pk for pk, one in standings.items() if one.is_overdue}
