"""全年学习计划 as it is read: a branch's plan by phase, and what the log form offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from branches.models import Unit
from meetings.enums import COUNTING
from meetings.enums.study import ITEM_TONES, STUDIED, ItemState
from meetings.models import StudyItem, StudyMark, StudyPhase, StudyPlan, StudyText
from meetings.rules.study import Progress, Span, item_state, offer_rank, running, tally

# So many texts the log form shows at once; the others stand behind 更多.
SHOWN_AT_ONCE = 4


@dataclass(frozen=True)
class Studied:
    """A record that counts and studied a text."""

    uuid: UUID
    held_on: date


@dataclass(frozen=True)
class Line:
    """One text of a plan, or one that the district proposes (``item`` is None)."""

    title: str
    kind: str
    pages: str
    description: str
    state: ItemState
    item: StudyItem | None = None
    records: tuple[Studied, ...] = ()

    @property
    def is_studied(self) -> bool:
        """Whether a record that counts has it."""
        return self.state in STUDIED

    @property
    def tone(self) -> str:
        """How its state is shown."""
        return ITEM_TONES[self.state]

    @property
    def log_url(self) -> str:
        """The log form with this text ticked."""
        if self.item is None:
            return ""
        known = {"unit": self.item.plan.unit_id, "study": self.item.uuid}
        return f"{reverse('meetings:meeting_new')}?{urlencode(known)}"


@dataclass(frozen=True)
class PhaseView:
    """A phase with its texts."""

    phase: StudyPhase
    lines: tuple[Line, ...]
    is_running: bool
    is_over: bool

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return tally(line.state for line in self.lines)


@dataclass(frozen=True)
class PlanView:
    """A branch's year. Without a plan the lines are what the district proposes.

    ``fresh`` are texts that the district has listed and the plan does not have yet.
    """

    unit: Unit
    year: int
    plan: StudyPlan | None
    phases: tuple[PhaseView, ...]
    fresh: int

    @property
    def progress(self) -> Progress:
        """How far the year has come."""
        return sum((phase.progress for phase in self.phases), Progress())

    @property
    def next(self) -> Line | None:
        """What to study next: of the running phase first, then what was missed, then what comes."""
        lines = [line for phase in self.phases for line in phase.lines if not line.is_studied]
        return min(lines, key=lambda line: offer_rank(line.state), default=None)


def phases_of(district_id: int | None, year: int) -> list[StudyPhase]:
    """The phases of a year, in order."""
    rows = StudyPhase.objects.everywhere("the phases hold for everybody in the district")
    return list(rows.filter(unit=district_id, year=year).order_by("starts_on"))


def spans_of(phases: Iterable[StudyPhase]) -> list[Span]:
    """Phases for the rules."""
    return [Span(row.number, row.name, row.starts_on, row.ends_on) for row in phases]


def plan_of(unit: Unit, year: int, *, on: date) -> PlanView:
    """The plan of a branch in five queries, whatever its size."""
    phases = phases_of(unit.district_id, year)
    plan = StudyPlan.objects.within(unit).filter(unit=unit, year=year).select_related("by").first()
    rows = StudyText.objects.everywhere("the district's list is meant for all its branches")
    listed = rows.filter(unit=unit.district_id, year=year, is_active=True)
    texts = list(listed.select_related("phase").order_by("phase__starts_on", "pk"))
    fresh = 0
    if plan is None:
        lines = [(text.phase_id, _proposed(text, on)) for text in texts]
    else:
        items = _items(plan)
        there = {item.text_id for item in items}
        fresh = sum(text.pk not in there for text in texts)
        records = _records(plan)
        lines = [(item.phase_id, _line(item, records.get(item.pk, ()), on)) for item in items]
    now = running(spans_of(phases), on)
    return PlanView(
        unit=unit,
        year=year,
        plan=plan,
        fresh=fresh,
        phases=tuple(
            PhaseView(
                phase=phase,
                lines=tuple(line for phase_id, line in lines if phase_id == phase.pk),
                is_running=now is not None and now.first == phase.starts_on <= on,
                is_over=phase.ends_on < on,
            )
            for phase in phases
        ),
    )


def _items(plan: StudyPlan) -> list[StudyItem]:
    rows = StudyItem.objects.within(plan.unit).filter(plan=plan).standing()
    return list(rows.select_related("phase", "text", "plan").order_by("phase__starts_on", "pk"))


def _records(plan: StudyPlan) -> dict[int, tuple[Studied, ...]]:
    """Item → the records that count and studied it, the earliest first."""
    rows = StudyMark.objects.within(plan.unit).filter(item__plan=plan, meeting__status__in=COUNTING)
    found: dict[int, tuple[Studied, ...]] = {}
    for item_id, uuid, held_on in rows.order_by("meeting__held_on", "pk").values_list(
        "item_id", "meeting__uuid", "meeting__held_on"
    ):
        found[item_id] = (*found.get(item_id, ()), Studied(uuid, held_on))
    return found


def _line(item: StudyItem, records: tuple[Studied, ...], on: date) -> Line:
    return Line(
        title=item.title,
        kind=item.get_kind_display(),
        pages=item.text.pages if item.text else "",
        description=item.text.description if item.text else "",
        state=item_state(
            first=item.phase.starts_on,
            last=item.phase.ends_on,
            studied_on=records[0].held_on if records else None,
            on=on,
        ),
        item=item,
        records=records,
    )


def _proposed(text: StudyText, on: date) -> Line:
    return Line(
        title=text.title,
        kind=text.get_kind_display(),
        pages=text.pages,
        description=text.description,
        state=item_state(
            first=text.phase.starts_on, last=text.phase.ends_on, studied_on=None, on=on
        ),
    )


# --- The log form --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A text as the log form offers it."""

    id: int
    title: str
    phase: str
    state: ItemState
    ticked: bool


@dataclass(frozen=True)
class Offer:
    """What the log form shows at once, and behind 更多; nothing without a plan."""

    shown: tuple[Choice, ...] = ()
    more: tuple[Choice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.shown or self.more)


def offer(unit: Unit, day: date, *, ticked: Iterable[int], on: date) -> Offer:
    """The texts of the branch's plan of that day's year; those of the running phase stand first.

    A 党小组 studies for itself: its records tick off nothing of the branch's plan.
    """
    if not unit.is_branch:
        return Offer()
    chosen = set(ticked)
    rows = StudyItem.objects.within(unit).filter(plan__unit=unit, plan__year=day.year).standing()
    found = [
        Choice(
            id=item.pk,
            title=item.title,
            phase=item.phase.name,
            state=item_state(
                first=item.phase.starts_on,
                last=item.phase.ends_on,
                studied_on=item.studied_on,
                on=on,
            ),
            ticked=item.pk in chosen,
        )
        for item in rows.with_studied().select_related("phase").order_by("phase__starts_on", "pk")
    ]
    found.sort(key=lambda one: (not one.ticked, offer_rank(one.state)))
    least = sum(one.ticked for one in found)
    pressing = [one for one in found if one.ticked or one.state in _PRESSING]
    shown = pressing[: max(SHOWN_AT_ONCE, least)]
    return Offer(tuple(shown), tuple(one for one in found if one not in shown))


_PRESSING = (ItemState.OPEN, ItemState.LATE)


def item_of(unit: Unit, uuid: UUID) -> StudyItem | None:
    """A text of the branch's plan by the identifier in an address; None for anything else."""
    rows = StudyItem.objects.within(unit).filter(plan__unit=unit, uuid=uuid).standing()
    found: StudyItem | None = rows.select_related("plan").first()
    return found


def marked(meeting_id: int, unit: Unit) -> set[int]:
    """The texts that a record names."""
    rows = StudyMark.objects.within(unit).filter(meeting=meeting_id)
    return set(rows.values_list("item_id", flat=True))


def of_record(meeting_id: int, unit: Unit) -> Sequence[str]:
    """The titles of the texts that a record names, for its page."""
    rows = StudyMark.objects.within(unit).filter(meeting=meeting_id)
    return list(
        rows.order_by("item__phase__starts_on", "item").values_list("item__title", flat=True)
    )
