"""The guards of 发展党员 and 转接 as pure functions (《发展党员工作细则》 2014 and 2026).

Too early is an error, a missing 政审, 培训 or 预审 blocks, too late is a warning with a reason. The
limits come in as data; months are calendar months clamped to the month's end; working days follow
the State Council's notices (调休).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import Calendar, add_months
from membership.enums import (
    REPEATED,
    TRANSFER_MOVES,
    TRANSITIONS,
    Number,
    Stage,
    TransferState,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One step of a rule set.

    ``base`` is the step whose day the months count from; ``times`` how often a repeated step is
    asked for before the next, ``every_months`` how far apart at most.
    """

    number: int
    name: str
    actor: str
    needs: tuple[int, ...] = ()
    base: int | None = None
    least_months: int = 0
    least_days: int = 0
    least_workdays: int = 0
    most_months: int = 0
    special_months: int = 0
    times: int = 1
    every_months: int = 0
    required: bool = True


Book = Mapping[int, Limit]


@dataclass(frozen=True)
class Done:
    """A step that was done and holds: its day, its outcome ("" where a step has none)."""

    number: int
    day: date
    outcome: str = ""


@dataclass(frozen=True)
class Checked:
    """What stands against a step on a day: ``errors`` forbid it, ``late`` asks for a reason."""

    errors: tuple[str, ...] = ()
    late: str = ""


@dataclass(frozen=True)
class Upcoming:
    """A step that is open: from when, until when, the how-manieth time."""

    limit: Limit
    earliest: date | None
    latest: date | None
    time: int = 1

    def is_ripe(self, on: date) -> bool:
        """Whether it may be done on the day."""
        return self.earliest is None or self.earliest <= on

    def is_late(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.latest is not None and self.latest < on


def can_move(before: int, after: int) -> bool:
    """Whether a candidate may go from one stage to another."""
    return (before, after) in TRANSITIONS


def can_transfer(before: int, after: int) -> bool:
    """Whether a transfer may go from one state to another."""
    return (TransferState(before), TransferState(after)) in TRANSFER_MOVES


def holds(done: Iterable[Done], number: int) -> list[Done]:
    """The good ones of a step."""
    return [one for one in done if one.number == number and one.outcome != "bad"]


def is_met(book: Book, done: Sequence[Done], number: int) -> bool:
    """Whether a step is done as often as asked; what a rule set does not ask for is met."""
    limit = book[number]
    found = len(holds(done, number))
    return found >= limit.times if found or limit.required else True


def missing(book: Book, done: Sequence[Done], number: int) -> list[Limit]:
    """The steps that must come before this one and have not."""
    return [book[need] for need in book[number].needs if not is_met(book, done, need)]


def base_day(book: Book, done: Sequence[Done], number: int) -> date | None:
    """The day that a step's limits count from; None while its base is not done."""
    base = book[number].base
    found = [one.day for one in holds(done, base)] if base is not None else []
    return max(found) if found else None


def earliest(book: Book, done: Sequence[Done], number: int, *, extended: int = 0) -> date | None:
    """The first day on which a step may be done; None while nothing says so.

    Not before any step that it needs. ``extended`` are the months by which 预备期 was extended.
    """
    limit = book[number]
    days = [max(one.day for one in holds(done, n)) for n in limit.needs if holds(done, n)]
    start = base_day(book, done, number)
    if start is not None:
        more = extended if number == Number.CONFIRM else 0
        days.append(add_months(start, limit.least_months + more) + timedelta(days=limit.least_days))
    return max(days, default=None)


def latest(
    book: Book,
    done: Sequence[Done],
    number: int,
    *,
    special: bool = False,
) -> date | None:
    """The last day of a step; None where the rule set names none or its base is not done."""
    limit = book[number]
    if number in REPEATED:
        before = [one.day for one in done if one.number == number]
        start = max(before) if before else base_day(book, done, number)
        return add_months(start, limit.every_months) if start and limit.every_months else None
    months = limit.special_months if special and limit.special_months else limit.most_months
    start = base_day(book, done, number)
    return add_months(start, months) if start is not None and months else None


def check(
    book: Book,
    done: Sequence[Done],
    number: int,
    day: date,
    *,
    on: date,
    extended: int = 0,
    special: bool = False,
) -> Checked:
    """What stands against doing a step on ``day``, as of today (``on``)."""
    limit, errors = book[number], []
    if day > on:
        errors.append("日期不能晚于今天。")
    lacking = missing(book, done, number)
    if lacking:
        names = "、".join(f"“{one.number} {one.name}”" for one in lacking)
        errors.append(f"还缺{names}，办完以后才能办“{limit.name}”。")
    if number not in REPEATED and holds(done, number):
        errors.append(f"“{limit.name}”已经办过。")
    first = earliest(book, done, number, extended=extended)
    if first is not None and day < first:
        errors.append(f"“{limit.name}”最早 {first:%Y-%m-%d} 才能办，早于规定时间不能登记。")
    last = latest(book, done, number, special=special)
    late = f"“{limit.name}”应在 {last:%Y-%m-%d} 前办，请写明原因。" if last and day > last else ""
    return Checked(tuple(errors), late)


def upcoming(book: Book, done: Sequence[Done], *, extended: int = 0) -> list[Upcoming]:
    """The steps that are open now, in the order of their numbers.

    A repeated step is open until the step after it is done; what a rule set does not ask for is
    not offered.
    """
    found = []
    for number, limit in sorted(book.items()):
        again = number in REPEATED
        over = any(holds(done, later) for later in after(book, number)) if again else False
        if over or (not again and holds(done, number)) or missing(book, done, number):
            continue
        if not limit.required:
            continue
        times = len(holds(done, number)) + 1
        if again and times > limit.times and not limit.every_months:
            continue
        found.append(
            Upcoming(
                limit,
                earliest(book, done, number, extended=extended),
                latest(book, done, number),
                times,
            )
        )
    return found


def after(book: Book, number: int) -> list[int]:
    """The steps that ask for this one."""
    return [later for later, limit in book.items() if number in limit.needs]


def workdays(first: date, last: date, *, calendar: Calendar) -> int:
    """Working days from first to last, both included."""
    days = (last - first).days + 1
    return sum(calendar.is_workday(first + timedelta(days=step)) for step in range(max(days, 0)))


def publicity_end(first: date, days: int, *, calendar: Calendar) -> date:
    """The day on which a 公示 that begins on ``first`` has lasted so many working days."""
    if days <= 0:
        return first
    return calendar.add_workdays(first - _DAY, days).day


def is_quorate(present: int, eligible: int) -> bool:
    """支部大会: at least half of those with a vote are there."""
    return eligible > 0 and present * 2 >= eligible


def is_passed(yes: int, eligible: int) -> bool:
    """More than half of 应到会 (not of those present) said yes."""
    return yes * 2 > eligible


def age_on(born: date, day: date) -> int:
    """Full years on a day (周岁): on the birthday itself one has that age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_expired(issued: date, valid_days: int, on: date) -> bool:
    """Whether a 介绍信 is past its days: the day of issue is not counted."""
    return on > issued + timedelta(days=valid_days)


def stage_before(stage: int) -> Stage:
    """The stage that a taken back step leaves a candidate in."""
    return Stage(stage - 1)
