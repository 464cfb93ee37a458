"""The rules of 三会一课 as pure functions (《支部工作条例（试行）》 2018, scoring.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from branches.enums import DutyKind
from core.dates import MONTHS_IN, Period, PeriodKind
from core.scoring import CreditRules, DutyRules
from meetings.enums import (
    GROUP_KINDS,
    TRANSITIONS,
    Cause,
    Kind,
    Status,
    VoteVerdict,
)

# Which kind of record meets which kind of duty; 四个必开 is met by a 党员大会.
DUTY_MASK: dict[DutyKind, Kind] = {
    DutyKind.MEMBERS: Kind.MEMBERS,
    DutyKind.COMMITTEE: Kind.COMMITTEE,
    DutyKind.GROUP: Kind.GROUP,
    DutyKind.LECTURE: Kind.LECTURE,
    DutyKind.FIXED_DAY: Kind.FIXED_DAY,
    DutyKind.MUST_HOLD: Kind.MEMBERS,
}

PERIOD_OF: dict[int, PeriodKind] = {months: kind for kind, months in MONTHS_IN.items()}


def can_move(before: int, after: int) -> bool:
    """Whether a record may go from one status to the other."""
    return (before, after) in TRANSITIONS


def is_quorate(*, present: int, eligible: int) -> bool:
    """党员大会: at least half of those with the vote are present (Art. 11)."""
    return eligible > 0 and present * 2 >= eligible


def is_committee_quorate(*, present: int, eligible: int) -> bool:
    """支委会: more than half of the 委员 are present (Art. 12)."""
    return eligible > 0 and present * 2 > eligible


def verdict(*, eligible: int, present: int, yes: int) -> VoteVerdict:
    """表决: passed with more than half of 应到会 (not 实到会) voting members (Art. 11)."""
    if not is_quorate(present=present, eligible=eligible):
        return VoteVerdict.NO_QUORUM
    return VoteVerdict.PASSED if yes * 2 > eligible else VoteVerdict.REJECTED


def votes_needed(eligible: int) -> int:
    """The fewest 赞成 that pass: the next whole number above half of 应到会."""
    return eligible // 2 + 1


def presence_needed(eligible: int) -> int:
    """The fewest present voting members that make a quorum of a 党员大会."""
    return ceil(eligible / 2)


def kinds_allowed(*, is_group: bool) -> tuple[Kind, ...]:
    """What a branch, or a 党小组, may record."""
    return GROUP_KINDS if is_group else tuple(kind for kind in Kind if kind != Kind.GROUP)


@dataclass(frozen=True)
class Slot:
    """A duty that every branch has alike: kind, cause, span of days, and the fixed day.

    ``due`` is the span's last day. Spans are inclusive at both ends.
    """

    kind: DutyKind
    cause: str
    label: str
    first: date
    due: date
    fixed_day: date | None = None


def periods_due(quarter: Period, months: int) -> tuple[Period, ...]:
    """The periods of 1, 3, 6 or 12 months that end in a quarter; they are scored in it."""
    kind = PERIOD_OF[months]
    if months <= MONTHS_IN["quarter"]:
        return quarter.split(kind)
    longer = Period.containing(quarter.end, kind)
    return (longer,) if longer.end == quarter.end else ()


def quarter_slots(
    quarter: Period, *, fixed_days: Mapping[date, date], rules: DutyRules
) -> list[Slot]:
    """The duties that are scored in a quarter, those of groups and events left out.

    ``fixed_days`` maps the first day of each of the three months to that month's 固定组织生活日.
    What lasts longer than a quarter is scored in the quarter that ends it, 建党日 and 年底 in the
    one in which their window ends (scoring.md, Duties).
    """
    slots = [
        Slot(kind, "", one.label, one.start, one.end)
        for kind in (DutyKind.MEMBERS, DutyKind.COMMITTEE, DutyKind.LECTURE)
        for one in periods_due(quarter, rules.cadence[kind.value])
    ]
    slots += [
        Slot(DutyKind.FIXED_DAY, "", m.label, m.start, m.end, fixed_days[m.start])
        for m in quarter.months()
    ]
    for cause in (Cause.PARTY_DAY, Cause.YEAR_END):
        first, due = rules.window(cause.value, quarter.year)
        if quarter.contains(due):
            slots.append(Slot(DutyKind.MUST_HOLD, cause, str(quarter.year), first, due))
    return slots


def group_slots(quarter: Period, *, rules: DutyRules) -> list[Slot]:
    """The duties 党小组会 that are scored in a quarter, alike for every group."""
    return [
        Slot(DutyKind.GROUP, "", one.label, one.start, one.end)
        for one in periods_due(quarter, rules.cadence[DutyKind.GROUP.value])
    ]


@dataclass(frozen=True)
class Rulebook:
    """The rules in force, each from the first day of a quarter: (day, rules), by day.

    Before the first of them the default of scoring.md holds.
    """

    versions: tuple[tuple[date, DutyRules], ...] = ()

    def at(self, day: date) -> DutyRules:
        """The rules that hold on a day; for a duty that is its due day."""
        found = DutyRules()
        for since, rules in self.versions:
            if since <= day:
                found = rules
        return found

    def spans(self) -> list[tuple[date, date, DutyRules]]:
        """All days as spans without a gap, each with its rules, both ends included."""
        starts = [date.min, *(since for since, _ in self.versions)]
        ends = [since - timedelta(days=1) for since, _ in self.versions] + [date.max]
        rules = [DutyRules(), *(rules for _, rules in self.versions)]
        return list(zip(starts, ends, rules, strict=True))


def credit(
    *,
    kind: DutyKind,
    held_on: date,
    first_submitted_on: date,
    fixed_day: date | None,
    rules: CreditRules,
) -> Decimal:
    """What one counted record is worth for one duty, 0–1 (scoring.md, Credit).

    A 固定组织生活日 held on another day of its month is worth ``rules.off_day``; a record first
    submitted more than ``rules.late_days`` days after the meeting is worth ``rules.late`` of that.
    """
    worth = Decimal(1)
    if kind == DutyKind.FIXED_DAY and held_on != fixed_day:
        worth = rules.off_day
    if (first_submitted_on - held_on).days > rules.late_days:
        worth *= rules.late
    return worth


def is_late(*, held_on: date, first_submitted_on: date, late_days: int) -> bool:
    """Whether a record is 补录: first submitted more than ``late_days`` after the meeting."""
    return (first_submitted_on - held_on).days > late_days


def is_editable(status: int) -> bool:
    """Draft or returned: the branch may write in it."""
    return status in (Status.DRAFT, Status.RETURNED)
