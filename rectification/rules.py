"""The reckoning of 后进整顿: pure functions, numbers and days come in.

Process: 自查、复查、会审 → 会议定名单 → 台账 → 一支部一策 → 帮扶 → 汇报督查 → 验收 → 销号 → 回头看.
The pass lines are the batch's own (local practice); nothing here knows a number of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.dates import Calendar, Reckoned, add_months, parse_date
from rectification.enums import (
    PROBLEM_TRANSITIONS,
    TRANSITIONS,
    HelperKind,
    ProblemState,
)

_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
FULL_MARKS = Decimal(100)
_ITEM = re.compile(r"(?P<name>.+?)[\s,，:：|]+(?P<points>\d{1,3}(?:\.\d{1,2})?)\s*分?\Z")


def can_move(before: int, after: int) -> bool:
    """Whether a case may go from one state to the other."""
    return (before, after) in TRANSITIONS


def can_move_problem(before: int, after: int) -> bool:
    """Whether a problem may go from one state to the other."""
    return (before, after) in PROBLEM_TRANSITIONS


def missing_helpers(kinds: Iterable[str]) -> list[HelperKind]:
    """Who of the 四位一体 is not there yet, in the usual order."""
    there = set(kinds)
    return [kind for kind in HelperKind if kind.value not in there]


@dataclass(frozen=True)
class Lines:
    """The pass lines of a batch: points of 100 and shares in percent.

    ``fair_counts`` says that 基本满意 counts as satisfied; ``least_answers`` is the number of valid
    answers below which a poll shows nothing.
    """

    score: Decimal
    satisfaction: Decimal
    dissatisfaction: Decimal
    least_answers: int
    fair_counts: bool = True


@dataclass(frozen=True)
class Tally:
    """Valid answers of a poll."""

    satisfied: int
    fair: int
    dissatisfied: int

    @property
    def valid(self) -> int:
        """How many there are."""
        return self.satisfied + self.fair + self.dissatisfied


def share(part: int, whole: int) -> Decimal:
    """Percent with two decimals, half up; 0 of 0 is 0."""
    if not whole:
        return Decimal("0.00")
    return (Decimal(part) * _HUNDRED / Decimal(whole)).quantize(_CENT, ROUND_HALF_UP)


def satisfaction(tally: Tally, lines: Lines) -> Decimal:
    """满意率 in percent, of the valid answers."""
    good = tally.satisfied + (tally.fair if lines.fair_counts else 0)
    return share(good, tally.valid)


def poll_faults(tally: Tally, lines: Lines) -> list[str]:
    """Why a poll does not pass; empty when it does.

    Compared as whole numbers, so that no rounding lets 89.996 % pass for 90 %.
    """
    valid = tally.valid
    if valid < lines.least_answers:
        return [f"有效票 {valid} 张，不足 {lines.least_answers} 张，测评不能作为依据"]
    faults = []
    good = tally.satisfied + (tally.fair if lines.fair_counts else 0)
    if good * _HUNDRED < lines.satisfaction * valid:
        faults.append(
            f"群众满意率 {satisfaction(tally, lines)}%，未达到 {plain(lines.satisfaction)}%"
        )
    if tally.dissatisfied * _HUNDRED > lines.dissatisfaction * valid:
        faults.append(
            f"不满意 {share(tally.dissatisfied, valid)}%，超过 {plain(lines.dissatisfaction)}%，"
            "一票否决"
        )
    return faults


def acceptance_faults(
    *, total: Decimal, tally: Tally | None, open_problems: int, lines: Lines
) -> list[str]:
    """Why a case does not pass its 验收; empty when it does.

    Score at the line or above, 满意率 at the line or above, 不满意 not above its line, no problem
    open: all four, each named.
    """
    faults = []
    if total < lines.score:
        faults.append(f"验收得分 {plain(total)} 分，未达到 {plain(lines.score)} 分")
    if tally is None:
        faults.append("这一轮整顿还没有计票的民意测评")
    else:
        faults += poll_faults(tally, lines)
    if open_problems:
        faults.append(f"还有 {open_problems} 个问题没有办结")
    return faults


def plain(number: Decimal) -> str:
    """A decimal as people write it: 70, 88.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def watch_end(closed_on: date, months: int) -> date:
    """The last day of 回头看: so many calendar months after 销号."""
    return add_months(closed_on, months)


def due_after(day: date, workdays: int, *, calendar: Calendar) -> Reckoned:
    """The day so many working days after ``day``, 调休 observed; 暂算 where none is published."""
    return calendar.add_workdays(day, workdays)


def workdays_left(on: date, due: date, *, calendar: Calendar) -> int:
    """How many working days are left after ``on`` up to and with ``due``; negative when past."""
    first, last = min(on, due), max(on, due)
    count = sum(
        calendar.is_workday(date.fromordinal(number))
        for number in range(first.toordinal() + 1, last.toordinal() + 1)
    )
    return count if due >= on else -count


def is_open(state: int) -> bool:
    """Whether a problem still waits for somebody."""
    return state in (ProblemState.COLLECTED, ProblemState.SOLVING, ProblemState.DONE)


@dataclass(frozen=True)
class ItemLine:
    """One line of a score sheet as typed."""

    name: str
    points: Decimal


class LineError(ValueError):
    """A line that cannot be read; the message names it and says what to write."""


def read_items(text: str) -> list[ItemLine]:
    """Read a score sheet, an item and its points per line; together 100.

    Raises LineError: a line without points, a name twice, or another sum.
    """
    items: list[ItemLine] = []
    for number, line in _lines(text):
        found = _ITEM.match(line)
        if found is None:
            raise LineError(f"第 {number} 行“{line[:20]}”没有写分值，请写成“班子建设 20”。")
        items.append(ItemLine(found["name"].strip()[:100], Decimal(found["points"])))
    names = [item.name for item in items]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LineError(f"“{twice[0]}”写了两次，请合并成一项。")
    total = sum((item.points for item in items), Decimal(0))
    if total != FULL_MARKS:
        raise LineError(f"各项分值合计 {plain(total)} 分，应为 100 分，请调整。")
    if any(item.points <= 0 for item in items):
        raise LineError("每项分值应大于 0。")
    return items


@dataclass(frozen=True)
class DueLine:
    """One report of a batch as typed."""

    title: str
    due_on: date


def read_dues(text: str) -> list[DueLine]:
    """Read the reports of a batch, a title and its last day per line, in the order of the days.

    Raises LineError: a line without a day, or a title twice.
    """
    dues: list[DueLine] = []
    for number, line in _lines(text):
        title, _, day = line.replace("，", " ").replace("：", " ").rpartition(" ")
        try:
            dues.append(DueLine(title.strip()[:100], parse_date(day).day))
        except ValueError as fault:
            raise LineError(
                f"第 {number} 行“{line[:20]}”没有写清截止日期，请写成“第一次报告 2026-06-30”。"
            ) from fault
        if not title.strip():
            raise LineError(f"第 {number} 行只有日期，请在日期前写报告名称。")
    titles = [due.title for due in dues]
    if len(set(titles)) < len(titles):
        raise LineError("有两份报告同名，请改成不同的名称。")
    return sorted(dues, key=lambda due: due.due_on)


def _lines(text: str) -> list[tuple[int, str]]:
    lines: Sequence[str] = text.splitlines()
    return [(at, line.strip()) for at, line in enumerate(lines, start=1) if line.strip()]
