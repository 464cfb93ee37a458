"""What lies before a branch: the one thing to do next, what is due by when, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from branches.enums import DutyKind, PostKind
from branches.models import Post, Unit
from core.dates import Period, add_months
from meetings.duties import DONE, Duty, duties
from meetings.enums import KIND_SLUGS, DutyState, Kind, Status
from meetings.models import Meeting, MeetingStep
from meetings.rules import DUTY_MASK

# How far back a duty without a record is still worth a reminder: it may only need 补录.
BACK_DAYS = 31
RECENT = 5


@dataclass(frozen=True)
class Task:
    """One duty as the secretary meets it: until when, how long still, and where to log it."""

    duty: Duty
    until: date
    days: int
    url: str

    @property
    def countdown(self) -> str:
        """今天, 明天, 还有 9 天, 已过 3 天."""
        if self.days < 0:
            return f"已过 {-self.days} 天"
        return {0: "就是今天", 1: "明天到期"}.get(self.days, f"还有 {self.days} 天")

    @property
    def tone(self) -> str:
        """How pressing: bad, late (within three days), info."""
        return "bad" if self.days < 0 else "late" if self.days <= 3 else "info"

    @property
    def is_fixed_day(self) -> bool:
        """Whether it is the 固定组织生活日 that has not passed yet."""
        return self.duty.fixed_day is not None and self.until == self.duty.fixed_day


@dataclass(frozen=True)
class Agenda:
    """A page's worth: ``next`` is None when nothing is open."""

    next: Task | None
    open: tuple[Task, ...]
    overdue: tuple[Task, ...]
    done: tuple[Duty, ...]
    fixed_day: date | None
    fixed_days_left: int
    fixed_done: bool
    period: Period

    @property
    def total(self) -> int:
        """Duties of the running month and quarter that are owed by now."""
        return len(self.done) + len(self.open)


def log_url(duty: Duty, *, on: date) -> str:
    """The log form, filled in as far as the duty knows."""
    mask = DUTY_MASK[duty.kind]
    day = on
    if duty.fixed_day is not None and duty.fixed_day <= on:
        day = duty.fixed_day
    known = {
        "unit": duty.group_id or duty.unit_id,
        "kind": KIND_SLUGS[Kind(mask)],
        # A period that is over: the day must be looked up, today would be wrong.
        "day": "" if duty.due < on and duty.fixed_day is None else day.isoformat(),
    }
    return f"{reverse('meetings:meeting_new')}?{urlencode(known)}"


def agenda(*, units: Sequence[Unit], on: date) -> Agenda:
    """What the units below ``units`` owe around a day, in two questions to the database.

    Whoever looks after a 党小组 only sees its own duty, and the fixed day of its branch; that costs
    a third question.
    """
    month = Period.containing(on, "month")
    ahead = add_months(month.start, 7)
    groups = {unit.pk for unit in units if unit.is_group}
    whole = [unit for unit in units if not unit.is_group]
    # A duty belongs to the branch; of a group's branch only what is the group's is kept below.
    above = Unit.unscoped.filter(pk__in={unit.parent_id for unit in units if unit.is_group})
    asked = [*whole, *(above if groups else ())]
    rows = duties(units=asked, first=on - timedelta(days=BACK_DAYS), last=ahead, on=on)
    running = [
        one
        for one in rows
        if one.first <= on
        and one.state != DutyState.EXEMPT
        and (one.group_id in groups or any(one.unit_path.startswith(root.path) for root in whole))
    ]
    open_, overdue = [], []
    for duty in running:
        if duty.state == DutyState.OPEN:
            open_.append(_task(duty, on))
        elif duty.state == DutyState.UNMET:
            overdue.append(_task(duty, on))
    open_.sort(key=lambda task: (task.until, task.duty.due, task.duty.kind_label))
    overdue.sort(key=lambda task: task.until, reverse=True)
    done = tuple(one for one in running if one.state in DONE and one.due >= on)
    fixed = sorted(
        (one.fixed_day, one.state)
        for one in rows
        if one.kind == DutyKind.FIXED_DAY and one.fixed_day is not None and one.fixed_day >= on
    )
    day, state = fixed[0] if fixed else (None, None)
    return Agenda(
        next=open_[0] if open_ else None,
        open=tuple(open_),
        overdue=tuple(overdue),
        done=done,
        fixed_day=day,
        fixed_days_left=(day - on).days if day else 0,
        fixed_done=state in DONE,
        period=month,
    )


def _task(duty: Duty, on: date) -> Task:
    until = duty.due
    if duty.fixed_day is not None and duty.fixed_day >= on:
        until = duty.fixed_day
    return Task(duty=duty, until=until, days=(until - on).days, url=log_url(duty, on=on))


@dataclass(frozen=True)
class Returned:
    """A record that came back, and why."""

    meeting: Meeting
    reason: str
    by: str


def came_back(units: Sequence[Unit]) -> list[Returned]:
    """Returned records below ``units`` with the latest reason, in two queries."""
    records = list(
        Meeting.objects.within(*units)
        .filter(status=Status.RETURNED)
        .select_related("unit")
        .order_by("-reviewed_at", "-pk")[:10]
    )
    steps = {
        step.meeting_id: step
        for step in MeetingStep.objects.within(*units)
        .filter(meeting__in=[record.pk for record in records], after=Status.RETURNED)
        .select_related("by")
        .order_by("pk")
    }
    return [
        Returned(
            meeting=record,
            reason=steps[record.pk].reason if record.pk in steps else "",
            by=_name(steps.get(record.pk)),
        )
        for record in records
    ]


def _name(step: MeetingStep | None) -> str:
    return step.by.name if step is not None and step.by is not None else ""


def recent(units: Sequence[Unit]) -> list[Meeting]:
    """The latest records below ``units``, returned ones left out."""
    rows = Meeting.objects.within(*units).exclude(status=Status.RETURNED)
    return list(rows.select_related("unit").order_by("-held_on", "-pk")[:RECENT])


def usual(unit: Unit, *, kind_mask: int, on: date) -> dict[str, str]:
    """Place, chair and recorder as they were last time; the chair is the secretary by default."""
    rows = Meeting.objects.within(unit).filter(unit=unit).exclude(status=Status.WITHDRAWN)
    last = list(
        rows.order_by("-held_on", "-pk").values("place", "chair", "recorder", "kind_mask")[:8]
    )
    last.sort(key=lambda row: row["kind_mask"] != kind_mask)

    def known(name: str) -> str:
        return next((row[name] for row in last if row[name]), "")

    post = PostKind.GROUP_LEADER if unit.is_group else PostKind.SECRETARY
    leader = (
        Post.objects.within(unit)
        .filter(unit=unit, kind=post, since__lte=on, until__isnull=True)
        .values_list("member__name", flat=True)
        .first()
    )
    return {
        "place": known("place"),
        "chair": leader or known("chair"),
        "recorder": known("recorder"),
    }
