"""三会一课的职责: who owes what by when, what was done, and what it is worth.

A duty is (branch, kind, period, due day); it applies, is met and gains credit exactly as
scoring.md says. Each function below asks the database twice, whatever the size: once for the
holidays and the rules in force, once for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from branches.enums import DutyKind
from core.dates import Period
from meetings.duty_sql import (
    DUTIES,
    DUTIES_OF,
    KIND_NUMBER,
    parameters,
    ranges,
    slots_due,
)
from meetings.enums import Cause, DutyState, Status
from meetings.ground import ground_around
from meetings.rules import is_late

if TYPE_CHECKING:
    from branches.models import Unit

DONE = (DutyState.MET, DutyState.LATE, DutyState.OFF_DAY)
MISSING = (DutyState.OPEN, DutyState.UNMET)


class BadCursor(ValueError):
    """The key of a page is no key of a duty."""


@dataclass(frozen=True)
class Duty:
    """One duty of one branch. ``first`` to ``due`` is its period, both days included.

    ``group_*`` is set for 党小组会, ``event_*`` for a registered 四个必开, ``record_*`` and the
    days for the record that gives the credit (0–1).
    """

    unit_id: int
    unit_code: str
    unit_name: str
    unit_path: str
    committee_name: str
    group_id: int | None
    group_code: str
    group_name: str
    kind: DutyKind
    cause: str
    label: str
    first: date
    due: date
    fixed_day: date | None
    event_id: int | None
    event_title: str
    credit: Decimal
    record_id: int | None
    record_uuid: UUID | None
    held_on: date | None
    first_submitted_on: date | None
    record_status: Status | None
    state: DutyState
    late_days: int = 7

    @property
    def key(self) -> str:
        """A stable name: unit, due day, kind, group, event; lists go by it."""
        number = KIND_NUMBER[self.kind]
        parts = (self.unit_id, f"{self.due:%Y%m%d}", number, self.group_id or 0, self.event_id or 0)
        return "-".join(str(part) for part in parts)

    @property
    def late(self) -> bool:
        """Whether the record was first submitted too late (补录)."""
        return (
            self.held_on is not None
            and self.first_submitted_on is not None
            and is_late(
                held_on=self.held_on,
                first_submitted_on=self.first_submitted_on,
                late_days=self.late_days,
            )
        )

    @property
    def is_done(self) -> bool:
        """Whether a record counts for it."""
        return self.record_id is not None

    @property
    def kind_label(self) -> str:
        """支部党员大会, 党小组会（第一党小组）, 四个必开（重大决策事项：…）."""
        if self.group_name:
            return f"{self.kind.label}（{self.group_name}）"
        if self.cause:
            cause = Cause(self.cause).label
            return f"{cause}党员大会" + (f"（{self.event_title}）" if self.event_title else "")
        return str(self.kind.label)

    @property
    def period_name(self) -> str:
        """2026年7月, 2026年第三季度, 2026年下半年, or the days of a window."""
        if self.kind == DutyKind.MUST_HOLD:
            return f"{self.first.month}月{self.first.day}日至{self.due.month}月{self.due.day}日"
        return Period.parse(self.label).name


@dataclass(frozen=True)
class Standing:
    """How many duties stand where. What was not asked for (``by_…``) is None, or empty text.

    ``month`` is the first day of the month in which the duties are due.
    """

    committee_id: int | None
    committee_code: str
    committee_name: str
    unit_id: int | None
    unit_code: str
    unit_name: str
    month: date | None
    kind: DutyKind | None
    owed: int
    met: int
    late: int
    off_day: int
    unmet: int
    open: int

    @property
    def done(self) -> int:
        """Duties with a record that counts, filed late or held on another day included."""
        return self.met + self.late + self.off_day

    @property
    def missing(self) -> int:
        """Duties without one, whether there is still time or not."""
        return self.unmet + self.open

    @property
    def percent(self) -> float | None:
        """Done in a hundred of owed, one decimal; None when nothing is owed."""
        return round(100 * self.done / self.owed, 1) if self.owed else None


_DUTY_FIELDS = [one.name for one in fields(Duty)]
_STANDING_FIELDS = [one.name for one in fields(Standing)]

# The columns of both come in the order of the fields.
_PAGE = """
SELECT unit_id, unit_code, unit_name, unit_path, committee_name, group_id, group_code, group_name,
       kind, cause, label, first, due, fixed_day, event_id, event_title, credit, record_id,
       record_uuid, held_on, first_submitted_on, record_status, state, late_days
FROM owed
WHERE state = ANY(%(states)s)
  AND (%(unit_after)s = 0 OR unit_id >= %(unit_after)s)
  AND (unit_id, due, number, COALESCE(group_id, 0), COALESCE(event_id, 0))
      > (%(unit_after)s, %(due_after)s, %(number_after)s, %(group_after)s, %(event_after)s)
ORDER BY unit_id, due, number, COALESCE(group_id, 0), COALESCE(event_id, 0)
LIMIT %(limit)s
"""

_COUNT = "SELECT count(*) FROM owed WHERE state = ANY(%(states)s)"

_STANDING = """
SELECT CASE WHEN %(by_committee)s THEN committee_id END,
       CASE WHEN %(by_committee)s THEN COALESCE(committee_code, '') ELSE '' END,
       CASE WHEN %(by_committee)s THEN committee_name ELSE '' END,
       CASE WHEN %(by_unit)s THEN unit_id END,
       CASE WHEN %(by_unit)s THEN unit_code ELSE '' END,
       CASE WHEN %(by_unit)s THEN unit_name ELSE '' END,
       CASE WHEN %(by_month)s THEN date_trunc('month', due)::date END,
       CASE WHEN %(by_kind)s THEN kind END,
       count(*),
       count(*) FILTER (WHERE state = %(met)s),
       count(*) FILTER (WHERE state = %(late)s),
       count(*) FILTER (WHERE state = %(off_day)s),
       count(*) FILTER (WHERE state = %(unmet)s),
       count(*) FILTER (WHERE state = %(open)s)
FROM owed
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
ORDER BY 2, 5, 7, 8
"""


def duties(
    *,
    units: Sequence[Unit],
    first: date,
    last: date,
    on: date,
    kinds: Iterable[str] | None = None,
    states: Iterable[str] | None = None,
    after: str | None = None,
    limit: int | None = None,
    ranked_only: bool = False,
) -> list[Duty]:
    """The duties below ``units`` due from ``first`` to ``last``, as they stand ``on`` a day.

    In the order of their keys; ``after`` a key and up to a ``limit``. ``ranked_only`` leaves the
    temporary branches out (they owe the same, but are not ranked).

    Raises:
        BadCursor: ``after`` is no key of a duty.
    """
    filled = _filled(units, first, last, on, kinds, states, ranked_only)
    filled |= {**_cursor(after), "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(DUTIES + _PAGE, filled)
        return [_duty(row) for row in cursor.fetchall()]


def duties_of(
    *,
    unit_ids: Iterable[int],
    first: date,
    last: date,
    on: date,
    kinds: Iterable[str] | None = None,
    states: Iterable[str] | None = None,
) -> list[Duty]:
    """The same for a handful of branches named by their keys (who asks has seen to his scope)."""
    filled = _filled([], first, last, on, kinds, states, False)
    filled |= {**_cursor(None), "limit": None, "ids": list(unit_ids)}
    with connection.cursor() as cursor:
        cursor.execute(DUTIES_OF + _PAGE, filled)
        return [_duty(row) for row in cursor.fetchall()]


def count_duties(
    *,
    units: Sequence[Unit],
    first: date,
    last: date,
    on: date,
    kinds: Iterable[str] | None = None,
    states: Iterable[str] | None = None,
    ranked_only: bool = False,
) -> int:
    """How many rows :func:`duties` has without a limit."""
    filled = _filled(units, first, last, on, kinds, states, ranked_only)
    with connection.cursor() as cursor:
        cursor.execute(DUTIES + _COUNT, filled)
        return int(cursor.fetchone()[0])


def standing(
    *,
    units: Sequence[Unit],
    first: date,
    last: date,
    on: date,
    kinds: Iterable[str] | None = None,
    ranked_only: bool = False,
    by_committee: bool = True,
    by_unit: bool = False,
    by_month: bool = True,
    by_kind: bool = False,
) -> list[Standing]:
    """Owed, met, late, unmet and open duties, counted by the database.

    A row per committee and month unless told otherwise; ordered by committee, unit, month, kind.
    """
    filled = _filled(units, first, last, on, kinds, None, ranked_only)
    filled |= {
        "by_committee": by_committee,
        "by_unit": by_unit,
        "by_month": by_month,
        "by_kind": by_kind,
    }
    with connection.cursor() as cursor:
        cursor.execute(DUTIES + _STANDING, filled)
        return [_standing(row) for row in cursor.fetchall()]


def _filled(
    units: Sequence[Unit],
    first: date,
    last: date,
    on: date,
    kinds: Iterable[str] | None,
    states: Iterable[str] | None,
    ranked_only: bool,
) -> dict[str, Any]:
    calendar, book = ground_around(first, last)
    filled = parameters(
        slots=slots_due(first=first, last=last, calendar=calendar, book=book),
        first=first,
        last=last,
        on=on,
        kinds=kinds,
        book=book,
        ranked_only=ranked_only,
    )
    wanted = list(DutyState) if states is None else [DutyState(state) for state in states]
    return {**filled, **ranges(units), "states": [state.value for state in wanted]}


def _cursor(after: str | None) -> dict[str, Any]:
    names = ("unit_after", "due_after", "number_after", "group_after", "event_after")
    if after is None:
        return dict(zip(names, (0, date.min, 0, 0, 0), strict=True))
    parts = after.split("-")
    try:
        unit, _, number, group, event = (int(part) for part in parts)
        due = date.fromisoformat(parts[1])
    except ValueError:
        raise BadCursor(f"“{after}”不是有效的翻页位置，请从第一页重新读取。") from None
    if max(unit, number, group, event) >= 2**63:
        raise BadCursor(f"“{after}”不是有效的翻页位置，请从第一页重新读取。")
    return dict(zip(names, (unit, due, number, group, event), strict=True))


def _duty(row: tuple[Any, ...]) -> Duty:
    values = dict(zip(_DUTY_FIELDS, row, strict=True))
    status = values["record_status"]
    values |= {
        "kind": DutyKind(values["kind"]),
        "credit": values["credit"] or Decimal(0),
        "record_status": None if status is None else Status(status),
        "state": DutyState(values["state"]),
    }
    return Duty(**values)


def _standing(row: tuple[Any, ...]) -> Standing:
    values = dict(zip(_STANDING_FIELDS, row, strict=True))
    kind = values["kind"]
    return Standing(**{**values, "kind": None if kind is None else DutyKind(kind)})
