"""The rules of the study plan as pure functions: phases, what is studied, what is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.dates import Period, month_end
from meetings.enums.study import STUDIED, ItemState, Split

_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
_HALVES = ("上半年", "下半年")


@dataclass(frozen=True)
class Span:
    """A phase of the year: both days belong to it."""

    number: int
    name: str
    first: date
    last: date

    def contains(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last


def spans(year: int, split: str) -> list[Span]:
    """The phases of a year that a split gives: no day left out, no day twice."""
    if split == Split.TWO_MONTHS:
        return [
            Span(
                number,
                f"{2 * number - 1}—{2 * number}月",
                date(year, 2 * number - 1, 1),
                month_end(year, 2 * number),
            )
            for number in range(1, 7)
        ]
    kinds: dict[str, tuple[Sequence[Period], Sequence[str]]] = {
        Split.QUARTER: (Period.full_year(year).split("quarter"), _QUARTERS),
        Split.HALF: (Period.full_year(year).split("half"), _HALVES),
        Split.MONTH: (
            Period.full_year(year).months(),
            [f"{month}月" for month in range(1, 13)],
        ),
    }
    periods, names = kinds[split]
    return [
        Span(number, name, period.start, period.end)
        for number, (period, name) in enumerate(zip(periods, names, strict=True), 1)
    ]


def item_state(*, first: date, last: date, studied_on: date | None, on: date) -> ItemState:
    """How a text stands on the day ``on``, its phase from ``first`` to ``last``.

    ``studied_on`` is the day of the earliest record that counts. A text studied before its phase
    is done; one studied after its phase is done too, but was late (补学). What is not studied is
    late from the day after the phase's last one.
    """
    if studied_on is not None:
        return ItemState.DONE if studied_on <= last else ItemState.CAUGHT_UP
    if on > last:
        return ItemState.LATE
    return ItemState.OPEN if on >= first else ItemState.AHEAD


@dataclass(frozen=True)
class Progress:
    """How far a plan, a phase or a district has come; ``late`` are over and not studied."""

    total: int = 0
    done: int = 0
    late: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.total + other.total, self.done + other.done, self.late + other.late)

    @property
    def percent(self) -> float | None:
        """Done in a hundred; None when there is nothing to study."""
        return round(100 * self.done / self.total, 1) if self.total else None

    @property
    def is_complete(self) -> bool:
        """Everything is studied, and there was something."""
        return 0 < self.total == self.done

    @property
    def tone(self) -> str:
        """Red only for what is late: what has time is not behind."""
        return "bad" if self.late else "ok"


def tally(states: Iterable[ItemState]) -> Progress:
    """Count states."""
    found = list(states)
    return Progress(
        total=len(found),
        done=sum(state in STUDIED for state in found),
        late=sum(state == ItemState.LATE for state in found),
    )


def running(phases: Sequence[Span], on: date) -> Span | None:
    """The phase that runs on a day; in a gap the next one, after the last none."""
    return next((phase for phase in sorted(phases, key=lambda p: p.last) if phase.last >= on), None)


# What the log form offers first: what is due now, what was missed, what is to come, what is done.
_OFFERED = (
    ItemState.OPEN,
    ItemState.LATE,
    ItemState.AHEAD,
    ItemState.CAUGHT_UP,
    ItemState.DONE,
)


def offer_rank(state: ItemState) -> int:
    """Where a text stands among those that the log form offers; the lower the earlier."""
    return _OFFERED.index(state)
