"""Rules of 党费 (《关于中国共产党党费收缴、使用和管理的规定》 2008) and of a unit's money.

Pure: bands, rounding and days come in. Money is Decimal yuan. A base (what somebody earns) goes
into :func:`monthly_due` and nowhere else: nothing keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation

from dues.enums import (
    ALLOTMENT_TRANSITIONS,
    DUE_TRANSITIONS,
    REMIT_TRANSITIONS,
    AllotmentState,
    DueState,
    RemitState,
)

CENT = Decimal("0.01")
MOST_BASE = Decimal(10_000_000)
_MODES = {"half_up": ROUND_HALF_UP, "up": ROUND_UP, "down": ROUND_DOWN}


class RuleError(ValueError):
    """What cannot be reckoned; the sentence says what to do."""


@dataclass(frozen=True)
class RateBand:
    """One line of a table of rates: above ``above`` (not itself), up to ``up_to`` (itself).

    ``rate`` is in percent of the whole base; ``up_to`` None is without end.
    """

    above: Decimal
    up_to: Decimal | None
    rate: Decimal

    def holds(self, base: Decimal) -> bool:
        """Whether a base falls into it."""
        return base > self.above and (self.up_to is None or base <= self.up_to)


@dataclass(frozen=True)
class FixedBand:
    """A monthly amount from ``least`` to ``most`` yuan, both allowed."""

    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class Rounding:
    """How an amount is rounded: to a multiple of ``step`` yuan; half_up, up or down."""

    step: Decimal = CENT
    mode: str = "half_up"

    def __post_init__(self) -> None:
        if self.step not in (Decimal("0.01"), Decimal("0.1"), Decimal(1)):
            raise RuleError("党费取整只能到分（0.01）、角（0.1）或元（1）")
        if self.mode not in _MODES:
            raise RuleError("党费取整方式应是 half_up（四舍五入）、up（进）或 down（舍）")

    def of(self, amount: Decimal) -> Decimal:
        """The rounded amount, always with two decimals."""
        units = (amount / self.step).quantize(Decimal(1), rounding=_MODES[self.mode])
        return (units * self.step).quantize(CENT)


def monthly_due(base: Decimal, bands: Iterable[RateBand], rounding: Rounding) -> Decimal:
    """The month's due of a base in yuan: one rate on the whole base (flat), never by slices.

    Raises RuleError: no base, or no band for it.
    """
    if base <= 0:
        raise RuleError("计算基数应大于 0")
    if base > MOST_BASE:
        raise RuleError("计算基数过大，请核对是不是按元填写")
    band = next((one for one in bands if one.holds(base)), None)
    if band is None:
        raise RuleError("没有适用的比例，请组织部在数据管理里核对党费标准")
    return rounding.of(base * band.rate / 100)


def quarter_mean(total: Decimal) -> Decimal:
    """No monthly income: last quarter's income, a month of it."""
    return total / 3


def within_fixed(amount: Decimal, band: FixedBand) -> Decimal:
    """A typed amount that keeps within the range; the only amount where there is no range.

    Raises RuleError.
    """
    if not band.least <= amount <= band.most:
        words = plain(band.least)
        if band.least != band.most:
            words = f"{words} 到 {plain(band.most)} "
        raise RuleError(f"这一类党员每月党费是 {words.strip()} 元")
    return amount.quantize(CENT)


def first_of(day: date) -> date:
    """The first day of its month: how months are written in the tables."""
    return day.replace(day=1)


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from one to the other, both counted; [] when reversed."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(start, end + 1)]


def quarter_months(month: date) -> list[date]:
    """The three months of the quarter in which ``month`` lies."""
    start = (month.month - 1) // 3 * 3 + 1
    return [date(month.year, start + step, 1) for step in range(3)]


def running_arrears(states: Sequence[tuple[date, bool]], *, before: date) -> int:
    """How many months without a break stand unpaid and unexplained at the end, before ``before``.

    ``states`` are (month, is it unpaid without a reason) of one member, in any order. The SQL of
    the arrears list says the same for everybody at once.
    """
    count = 0
    for _, bare in sorted((one for one in states if one[0] < before), reverse=True):
        if not bare:
            break
        count += 1
    return count


def alert_level(months: int, levels: Sequence[int]) -> int:
    """The highest of the alert months that has been reached; 0 for none."""
    return max((level for level in levels if level <= months), default=0)


def share(paid: int, due: int) -> float | None:
    """Paid ÷ due member-months in percent; None where nothing was due."""
    return None if due == 0 else round(paid * 100 / due, 1)


def can_change_due(before: str, after: str) -> bool:
    """Whether the table of transitions has this move of a month's due."""
    return (DueState(before), DueState(after)) in DUE_TRANSITIONS


def can_remit(before: str, after: str) -> bool:
    """Whether the table of transitions has this move of a 上缴."""
    return (RemitState(before), RemitState(after)) in REMIT_TRANSITIONS


def can_allot(before: str, after: str) -> bool:
    """Whether the table of transitions has this move of an allotment."""
    return (AllotmentState(before), AllotmentState(after)) in ALLOTMENT_TRANSITIONS


def available(amount: Decimal, granted: Decimal, spent: Decimal) -> Decimal:
    """What a unit may still spend in a year: budget and receipts, less what it spent."""
    return amount + granted - spent


def plain(amount: Decimal) -> str:
    """Yuan for the eye, always with two decimals: 15.00."""
    return f"{amount.quantize(CENT):f}"


@dataclass(frozen=True)
class Line:
    """One item of a budget."""

    name: str
    amount: Decimal


def read_lines(text: str) -> list[Line]:
    """A budget typed a line an item: name, then yuan. Raises RuleError for the first that is none.

    >>> read_lines("主题党日 3000")
    [Line(name='主题党日', amount=Decimal('3000'))]
    """
    found: list[Line] = []
    for number, row in enumerate((one.strip() for one in text.splitlines()), start=1):
        if not row:
            continue
        name, _, figure = row.rpartition(" ")
        try:
            amount = Decimal(figure.replace("元", "").replace(",", ""))
        except InvalidOperation:
            raise RuleError(f"第 {number} 行应写成“项目 金额”，例如：主题党日 3000") from None
        name = name.strip()
        if not name or not amount.is_finite() or amount <= 0 or amount > MOST_BASE:
            raise RuleError(f"第 {number} 行应写成“项目 金额”，例如：主题党日 3000")
        if amount != amount.quantize(CENT):
            raise RuleError(f"第 {number} 行的金额最多两位小数")
        if name in {one.name for one in found}:
            raise RuleError(f"第 {number} 行的项目“{name[:20]}”重复")
        found.append(Line(name[:60], amount))
    return found
