"""调整与延期的记录: who asked, who decided, who was told and how many of them have read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from branches.models import Unit
from meetings.enums import MoveState
from meetings.enums.programme import PostponeState
from meetings.models import FixedDayMove, Postponement
from meetings.programmes import places

MOST = 200

# Notices are found by their whole key, made from those who may have been told.
_TOLD = """
SELECT p.prefix, count(DISTINCT n.id), count(DISTINCT n.id) FILTER (WHERE n.read_at IS NOT NULL),
       min(n.created_at)
FROM unnest(%(prefixes)s::text[], %(lows)s::text[], %(highs)s::text[]) AS p(prefix, low, high)
JOIN branches_unit u ON u.path >= p.low COLLATE "C" AND u.path <= p.high COLLATE "C"
JOIN branches_grant g ON g.unit_id = u.id
JOIN core_notice n ON n.key = p.prefix || ':' || g.user_id
GROUP BY p.prefix
"""


@dataclass(frozen=True)
class Told:
    """How many were told, how many of them have read it, and when it went out."""

    told: int
    read: int
    at: datetime


def told(asked: Iterable[tuple[str, Unit]]) -> dict[str, Told]:
    """What became of the notices whose keys begin with each prefix, told around a unit.

    One question, whatever the number; nothing told is not in the answer.
    """
    rows = []
    for prefix, unit in asked:
        rows.append((prefix, unit.path, unit.path + "~"))
        rows += [(prefix, path, path) for path in places(unit)[:-1]]
    if not rows:
        return {}
    prefixes, lows, highs = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _TOLD, {"prefixes": list(prefixes), "lows": list(lows), "highs": list(highs)}
        )
        return {row[0]: Told(*row[1:]) for row in cursor.fetchall()}


@dataclass(frozen=True)
class Entry:
    """One line of the log: a district's move, or a branch's or committee's postponement."""

    what: str
    unit: Unit
    month: date
    before: date | None
    day: date
    reason: str
    state: str
    state_label: str
    proposed_by: str
    at: datetime
    decided_by: str
    decided_at: datetime | None
    answer: str
    told: Told | None


def entries(units: Sequence[Unit], *, year: int) -> list[Entry]:
    """The log of a year for whoever works in ``units``, the newest first; three questions.

    Below and at one's own: everything. Above it: what was approved, since it holds for oneself.
    """
    above = {path for unit in units for path in places(unit)}
    span = (date(year, 1, 1), date(year, 12, 1))
    moves = _moves(units, above, span)
    own = Postponement.objects.within(*units).filter(month__range=span)
    shown = Postponement.objects.everywhere("a committee's postponement holds for all below")
    over = shown.filter(month__range=span, unit__path__in=above, state=PostponeState.APPROVED)
    rows = list(
        (own | over)
        .distinct()
        .select_related("unit", "proposed_by", "decided_by")
        .order_by("-at")[:MOST]
    )
    asked = [(f"move_approved:{move.pk}", move.unit) for move in moves]
    asked += [(f"postpone_approved:{row.pk}", row.unit) for row in rows]
    known = told(asked)
    found = [_of_move(move, known.get(f"move_approved:{move.pk}")) for move in moves]
    found += [_of_postponement(row, known.get(f"postpone_approved:{row.pk}")) for row in rows]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST]


def _moves(units: Sequence[Unit], above: set[str], span: tuple[date, date]) -> list[FixedDayMove]:
    """The district's moves; what is not decided yet is for the district alone."""
    rows = FixedDayMove.objects.everywhere("a district's calendar is open to everybody in it")
    inside = {unit.path for unit in units}
    found = rows.filter(unit__path__in=above, month__range=span).select_related(
        "unit", "proposed_by", "decided_by"
    )
    return [
        move
        for move in found.order_by("-at")[:MOST]
        if move.unit.path in inside or move.state in (MoveState.APPROVED, MoveState.REPLACED)
    ]


def _of_move(move: FixedDayMove, known: Told | None) -> Entry:
    return Entry(
        what="全区调整",
        unit=move.unit,
        month=move.month,
        before=None,
        day=move.day,
        reason=move.reason,
        state=move.state,
        state_label=str(move.get_state_display()),
        proposed_by=move.proposed_by.name if move.proposed_by else "",
        at=move.at,
        decided_by=move.decided_by.name if move.decided_by else "",
        decided_at=move.decided_at,
        answer="",
        told=known,
    )


def _of_postponement(row: Postponement, known: Told | None) -> Entry:
    return Entry(
        what="延期" if row.unit.is_branch else "所属支部延期",
        unit=row.unit,
        month=row.month,
        before=row.before,
        day=row.day,
        reason=row.reason,
        state=row.state,
        state_label=str(row.get_state_display()),
        proposed_by=row.proposed_by.name if row.proposed_by else "",
        at=row.at,
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        answer=row.answer,
        told=known,
    )
