"""What happens next with candidates, and whose it is: three questions however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from membership.book import books, done_of, round_of, steps_of
from membership.enums import REPEATED, Actor, Outcome, StepState
from membership.models import Candidate, Step
from membership.rules import Book, Upcoming, after, earliest, holds, latest, missing, upcoming


@dataclass(frozen=True)
class Line:
    """A candidate with what is open: ``todo`` in the order of pressure, ``sent`` what waits."""

    candidate: Candidate
    todo: Sequence[Upcoming]
    sent: Step | None
    on: date
    book: Book

    @property
    def next(self) -> Upcoming | None:
        """What comes first; None while an answer from above is awaited, or at the end."""
        return self.todo[0] if self.todo and self.sent is None else None

    @property
    def title(self) -> str:
        """What comes first, in words."""
        if self.sent is not None:
            return f"答复“{self.book[self.sent.number].name}”"
        if not self.todo:
            return "已办结"
        first = self.todo[0]
        often = first.limit.number in REPEATED and first.time > 1
        return f"{first.limit.name}（第 {first.time} 次）" if often else first.limit.name

    @property
    def who(self) -> str:
        """Whose it is: :class:`membership.enums.Actor`."""
        if self.sent is not None:
            return Actor.COMMITTEE
        return self.todo[0].limit.actor if self.todo else ""

    @property
    def who_label(self) -> str:
        """党支部 or 上级党（工）委."""
        return str(Actor(self.who).label) if self.who else ""

    @property
    def number(self) -> int:
        """The number of what comes first; 0 at the end."""
        if self.sent is not None:
            return self.sent.number
        return self.todo[0].limit.number if self.todo else 0

    @property
    def from_day(self) -> date | None:
        """From when it may be done, when that is still to come."""
        first = self.next.earliest if self.next else None
        return first if first and first > self.on else None

    @property
    def until(self) -> date | None:
        """Its last day."""
        return self.next.latest if self.next else None

    @property
    def is_late(self) -> bool:
        """Whether something open is past its day."""
        return any(one.is_late(self.on) for one in self.todo)


def lines(candidates: Iterable[Candidate], *, on: date) -> list[Line]:
    """A line for each."""
    rows = list(candidates)
    known, steps = books({row.rules_id for row in rows}), steps_of(rows)
    return [_line(row, known[row.rules_id], steps[row.pk], on) for row in rows]


def _line(candidate: Candidate, book: Book, steps: Sequence[Step], on: date) -> Line:
    if not candidate.is_running:
        return Line(candidate, (), None, on, book)
    done = done_of(candidate, steps)
    sent = next((step for step in steps if step.state == StepState.SENT), None)
    found = upcoming(book, done, extended=candidate.extended_months)
    if sent is not None:
        found = [one for one in found if one.limit.number != sent.number]
    return Line(candidate, sorted(found, key=lambda one: _pressure(one, on)), sent, on, book)


def _pressure(one: Upcoming, on: date) -> tuple[bool, bool, bool, date, int]:
    day = one.latest or one.earliest or date.min
    again = one.limit.number in REPEATED and not one.is_late(on)
    return (not one.is_late(on), not one.is_ripe(on), again, day, one.limit.number)


@dataclass(frozen=True)
class Station:
    """One of the 25 steps on the page of a case."""

    number: int
    name: str
    actor: str
    state: str
    rows: Sequence[Step]
    earliest: date | None
    latest: date | None
    lacks: str
    may: bool = False
    is_optional: bool = False


def stations(
    candidate: Candidate, *, on: date, works: bool, decides: bool
) -> tuple[Line, list[Station]]:
    """The way of one case: what was done, what is open, what is still shut; two questions.

    ``works`` and ``decides`` say which side's steps the reader may enter.
    """
    book = books([candidate.rules_id])[candidate.rules_id]
    steps = steps_of([candidate])[candidate.pk]
    line, done = _line(candidate, book, steps, on), done_of(candidate, steps)
    open_now = {one.limit.number: one for one in line.todo}
    found = []
    for number, limit in sorted(book.items()):
        rows = [step for step in steps if step.number == number]
        mine = decides if limit.actor == Actor.COMMITTEE else works
        lacks = missing(book, done, number)
        later = any(holds(done, other) for other in after(book, number))
        optional = not (limit.required or rows or lacks or later) and candidate.is_running
        is_open = number in open_now or optional
        ahead = not rows and not is_open and candidate.is_running
        first = earliest(book, done, number, extended=candidate.extended_months)
        found.append(
            Station(
                number=number, name=limit.name, actor=str(Actor(limit.actor).label),
                state=_state(candidate, number, rows, is_open=is_open), rows=rows,
                earliest=first if (is_open or ahead) and first and first > on else None,
                latest=latest(book, done, number) if is_open else None,
                lacks="、".join(one.name for one in lacks[:3]) if ahead else "",
                may=mine and is_open and (first is None or first <= on), is_optional=optional,
            )
        )  # fmt: skip
    return line, found


def _state(candidate: Candidate, number: int, rows: Sequence[Step], *, is_open: bool) -> str:
    mine = [row for row in rows if row.round == round_of(candidate, number)]
    if any(row.state == StepState.SENT for row in mine):
        return "sent"
    if any(row.outcome != Outcome.BAD for row in mine):
        return "again" if is_open else "done"
    return "open" if is_open else "shut"


def waits_for(line: Line, side: str) -> bool:
    """Whether what comes first is this side's and may be done today."""
    return line.who == side and line.from_day is None
