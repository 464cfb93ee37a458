"""The talks of a branch's year: who with whom, what is missing, and day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from branches.models import Unit
from meetings.life_people import Person, coverage_of, days_of, people, reckoned_on
from meetings.models import Meeting, Talk
from meetings.rules.life import Pair, pair, talks_next

# Beyond so many people the matrix shows the 班子 across, unless all are asked for.
WIDE = 14
MOST_SHOWN = 200


@dataclass(frozen=True)
class Cell:
    """Two people: the first day they talked and how often, or a gap."""

    other: Person
    same: bool
    day: date | None
    times: int
    is_needed: bool


@dataclass(frozen=True)
class MatrixRow:
    """One person against everybody across."""

    person: Person
    cells: list[Cell]


@dataclass(frozen=True)
class TalkDay:
    """The talks of a day, with their record where there is one."""

    day: date
    talks: list[Talk]

    @property
    def meeting(self) -> Meeting | None:
        """The record of that day."""
        return next((talk.meeting for talk in self.talks if talk.meeting), None)


def talked_page(unit: Unit, year: int, *, on: date, everybody: bool) -> dict[str, Any]:
    """Everything the page of a branch's talks shows but rights; a constant number of questions."""
    who, days = people(unit, reckoned_on(year, on)), days_of(unit, year)
    found = coverage_of(who, days)
    names = {one.id: one.name for one in who}
    is_cut = not everybody and len(who) > WIDE
    across = [one for one in who if one.on_board] if is_cut else who
    return {
        "unit": unit,
        "year": year,
        "years": (on.year, on.year - 1),
        "talks": found,
        "talks_text": f"{found.done} / {found.needed}",
        "next": talks_next(found),
        "across": across,
        "is_cut": is_cut,
        "matrix": matrix(who, across, days),
        "missing_pairs": [(names[a], names[b], a) for a, b in found.missing_pairs],
        "missing_members": [names[one] for one in found.missing_members],
        "days": talk_days(unit, year),
    }


def matrix(
    who: Sequence[Person], across: Sequence[Person], days: Mapping[Pair, list[date]]
) -> list[MatrixRow]:
    """A row for each person."""
    return [MatrixRow(one, [_cell(one, other, days) for other in across]) for one in who]


def _cell(one: Person, other: Person, days: Mapping[Pair, list[date]]) -> Cell:
    if one.id == other.id:
        return Cell(other, same=True, day=None, times=0, is_needed=False)
    found = days.get(pair(one.id, other.id), [])
    return Cell(
        other,
        same=False,
        day=found[0] if found else None,
        times=len(found),
        is_needed=one.on_board and other.on_board and not found,
    )


def talk_days(unit: Unit, year: int) -> list[TalkDay]:
    """The year's talks by day, the latest first; one query."""
    rows = (
        Talk.objects.within(unit)
        .filter(unit=unit, day__year=year)
        .select_related("first", "second", "meeting")
    )
    found: dict[date, list[Talk]] = {}
    for talk in rows.order_by("-day", "pk")[:MOST_SHOWN]:
        found.setdefault(talk.day, []).append(talk)
    return [TalkDay(day, talks) for day, talks in found.items()]
