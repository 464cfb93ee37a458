"""Reading the month's programme, the postponements and the shared examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from branches.models import Unit
from core.dates import Period
from core.models import RuleParameter
from meetings.enums import COUNTING, SET_ITEMS, Item, Kind, Status
from meetings.enums.programme import PostponeState, ProgrammeState, ShareState
from meetings.fixed_days import MonthDay, fixed_days
from meetings.models import Meeting, Postponement, Programme, ProgrammeItem, Share
from meetings.rules.programme import last_postponed_day

POSTPONE_KEY = "meetings.postpone_extra_days"


def places(unit: Unit) -> list[str]:
    """The paths of a unit and of all above it."""
    return [unit.path[:end] for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)]


def extra_days(on: date) -> int:
    """How many days past the fixed day a postponement may reach into the next month."""
    value = (
        RuleParameter.objects.filter(key=POSTPONE_KEY, effective_from__lte=on)
        .exclude(effective_to__lt=on)
        .order_by("-effective_from")
        .values_list("value", flat=True)
        .first()
    )
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


# --- The programme -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One thing to do on the day: asked by whom, and how; several may ask for the same."""

    item: Item
    asked: Sequence[ProgrammeItem] = ()

    @property
    def is_set(self) -> bool:
        """规定动作, done every month."""
        return self.item in SET_ITEMS


@dataclass(frozen=True)
class MonthPlan:
    """The programmes that hold for a unit in a month, the district's first."""

    programmes: Sequence[Programme] = ()
    lines: Sequence[Line] = field(default_factory=tuple)

    @property
    def theme(self) -> str:
        """The theme; the nearest committee's addition stands behind the district's."""
        return "；".join(one.theme for one in self.programmes)


def plan_for(unit: Unit, month: Period) -> MonthPlan:
    """What is published for a unit's month by all above it; two questions to the database.

    The set items are there whether anybody wrote them or not.
    """
    rows = Programme.objects.everywhere("what is published is read by everybody below").filter(
        unit__path__in=places(unit), month=month.start, state=ProgrammeState.PUBLISHED
    )
    programmes = list(rows.select_related("unit").prefetch_related("items").order_by("unit__path"))
    asked: dict[str, list[ProgrammeItem]] = {}
    for programme in programmes:
        for one in programme.items.all():
            one.programme = programme
            asked.setdefault(one.item, []).append(one)
    lines = [
        Line(item, tuple(asked.get(item, ())))
        for item in Item
        if item in asked or item in SET_ITEMS
    ]
    return MonthPlan(tuple(programmes), tuple(lines))


# --- The day of a branch -------------------------------------------------------------------------


@dataclass(frozen=True)
class BranchDay:
    """The day on which a branch means to meet: the district's, or the one it was put off to."""

    fixed: MonthDay
    postponement: Postponement | None = None
    asked: Postponement | None = None
    latest: date | None = None

    @property
    def day(self) -> date:
        """When to meet."""
        return self.postponement.day if self.postponement else self.fixed.day


def branch_day(unit: Unit, month: Period, *, on: date) -> BranchDay:
    """The fixed day of a unit's month with its own, or its committee's, postponement.

    The nearest approved one holds. ``asked`` is the branch's own that waits for a decision.
    """
    district = unit.district
    (fixed,) = fixed_days(district=district, months=[month])
    rows = list(
        Postponement.objects.everywhere("a committee's postponement holds for all below")
        .filter(
            unit__path__in=places(unit),
            month=month.start,
            state__in=(PostponeState.APPROVED, PostponeState.PROPOSED),
        )
        .select_related("unit", "proposed_by", "decided_by")
        .order_by("unit__path")
    )
    approved = [row for row in rows if row.state == PostponeState.APPROVED]
    asked = [row for row in rows if row.state == PostponeState.PROPOSED and row.unit_id == unit.pk]
    return BranchDay(
        fixed=fixed,
        postponement=approved[-1] if approved else None,
        asked=asked[-1] if asked else None,
        latest=last_postponed_day(month, fixed.day, extra_days=extra_days(on)),
    )


# --- The record of the month ---------------------------------------------------------------------


def record_of_month(unit: Unit, month: Period) -> Meeting | None:
    """The branch's own record of the month's day: one that counts before one that does not."""
    rows = (
        Meeting.objects.within(unit)
        .filter(unit=unit)
        .held_in(month.start, month.end)
        .of_kind(Kind.FIXED_DAY)
        .exclude(status=Status.WITHDRAWN)
        .select_related("unit")
        .order_by("held_on", "pk")
    )
    found = sorted(rows, key=lambda one: (one.status not in COUNTING, one.status == Status.DRAFT))
    return found[0] if found else None


# --- Shared examples -----------------------------------------------------------------------------


def open_shares(units: Iterable[Unit]) -> list[int]:
    """The districts in which somebody who works in ``units`` looks at examples."""
    return sorted({unit.district_id for unit in units if unit.district_id})


def gallery(units: Iterable[Unit], month: Period, *, limit: int = 60) -> list[Share]:
    """The month's approved examples of one's own district, the newest first; two questions.

    One whose record is no longer accepted is not shown.
    """
    rows = Share.objects.everywhere("an approved example is open to its district").filter(
        state=ShareState.APPROVED,
        month=month.start,
        meeting__status=Status.ACCEPTED,
        unit__district__in=open_shares(units),
    )
    return list(
        rows.select_related("unit", "unit__committee")
        .prefetch_related("photos__file")
        .order_by("-decided_at", "-pk")[:limit]
    )
