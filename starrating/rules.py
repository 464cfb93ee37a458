"""The reckoning of 星级创评: pure functions, numbers and days come in.

Lines, rewards and days are the round's own (local practice); nothing here knows a number of its
own, but for the five steps of the ladder and the 100 points of a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from core.dates import Calendar, Reckoned, add_months
from starrating.enums import ROUND_TRANSITIONS, TRANSITIONS

FULL_MARKS = Decimal(100)
TOP = 5
_TENTH = Decimal("0.1")


def can_move(before: int, after: int) -> bool:
    """Whether a rating may go from one state to the other."""
    return (before, after) in TRANSITIONS


def can_move_round(before: int, after: int) -> bool:
    """Whether a round may go from one state to the other."""
    return (before, after) in ROUND_TRANSITIONS


@dataclass(frozen=True)
class Lines:
    """The least points of 100 for five to one stars; ``one`` None: below two stars is unrated."""

    five: Decimal
    four: Decimal
    three: Decimal
    two: Decimal
    one: Decimal | None = None

    def faults(self) -> list[str]:
        """Why these lines make no ladder; empty when they do."""
        steps = [self.five, self.four, self.three, self.two]
        steps += [] if self.one is None else [self.one]
        if any(not 0 <= step <= FULL_MARKS for step in steps):
            return ["各星级的最低分应在 0 到 100 分之间。"]
        if any(high <= low for high, low in pairwise(steps)):
            return ["星级越高，最低分应越高：五星 > 四星 > 三星 > 二星 > 一星。"]
        return []


def stars_of(total: Decimal, lines: Lines) -> int:
    """Stars by points; 0 is 不定星级."""
    ladder = ((5, lines.five), (4, lines.four), (3, lines.three), (2, lines.two), (1, lines.one))
    return next((stars for stars, least in ladder if least is not None and total >= least), 0)


def capped(earned: int, before: int | None, *, exceptional: bool = False) -> int:
    """Stars after the rule of one step up a round; down is free.

    ``before`` None or 0 holds none: the first rating is by points alone. 破格 lifts the cap.
    """
    if not before or exceptional:
        return earned
    return min(earned, before + 1)


def needs_exception(earned: int, before: int | None) -> bool:
    """Whether the points alone would be more than one step up."""
    return capped(earned, before) < earned


def is_newly_founded(founded_on: date | None, starts_on: date, months: int) -> bool:
    """Whether the organisation is younger than so many calendar months when the round starts."""
    return founded_on is not None and add_months(founded_on, months) > starts_on


def notice_until(day: date, workdays: int, *, calendar: Calendar) -> Reckoned:
    """The last day of a 公示 begun on ``day``: so many working days later, 调休 observed."""
    return calendar.add_workdays(day, workdays)


def item_faults(items: Sequence[tuple[str, str, Decimal]]) -> list[str]:
    """Why a sheet of (class, item, points) is none: points above 0, names once, 100 together."""
    faults = [f"“{name}”的分值应大于 0。" for _, name, points in items if points <= 0]
    names = [(group, name) for group, name, _ in items]
    twice = sorted({name for group, name in names if names.count((group, name)) > 1})
    faults += [f"“{name}”写了两次，请合并成一项。" for name in twice]
    total = sum((points for *_, points in items), Decimal(0))
    if total != FULL_MARKS:
        faults.append(f"各项分值合计 {plain(total)} 分，应为 100 分，请调整。")
    return faults


@dataclass(frozen=True)
class Given:
    """What somebody gives for one item: points, words (a reason where they differ), methods."""

    score: Decimal | None
    note: str = ""
    methods: Sequence[str] = ()


def score_faults(given: Decimal | None, points: Decimal, name: str) -> str:
    """Why points cannot stand for an item; "" when they can."""
    if given is None:
        return f"请给“{name}”打分。"
    if not 0 <= given <= points:
        return f"“{name}”应在 0 到 {plain(points)} 分之间。"
    return ""


def needs_reason(given: Decimal, before: Decimal | None) -> bool:
    """Whether a score differs from that of the step before, so that it has to be explained."""
    return before is not None and given != before


def share(part: int, whole: int) -> Decimal:
    """Percent with one decimal, half up; 0 of 0 is 0."""
    if not whole:
        return Decimal("0.0")
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)


def shares_at_least(counts: Mapping[int, int], whole: int) -> tuple[Decimal, Decimal]:
    """Percent of organisations with five stars, and with four or more."""
    five = counts.get(5, 0)
    return share(five, whole), share(five + counts.get(4, 0), whole)


def spread(stars: Iterable[int]) -> dict[int, int]:
    """How many have each number of stars, 0 to 5, all six named."""
    counts = dict.fromkeys(range(TOP + 1), 0)
    for one in stars:
        counts[one] += 1
    return counts


def plain(number: Decimal) -> str:
    """A decimal as people write it: 70, 88.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
