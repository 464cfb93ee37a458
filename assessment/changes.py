"""发布后发生的变化: what the next version of a run will see and this one never does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from assessment.models import Run
from branches.enums import ExemptionState
from branches.querysets import minimal_prefixes
from branches.scope import Scope
from core.dates import Period
from meetings.scores import changed_since

OWN = {"exemption": "豁免批准", "appeal_filed": "申诉提出", "appeal_decided": "申诉答复"}

# The exemptions of the quarter, and the appeals against any of its versions.
_OWN = f"""
SELECT x.decided_at AS at, 'exemption' AS what, x.unit_id, x.reason AS text, NULL AS meeting
FROM branches_exemption x JOIN branches_unit u ON u.id = x.unit_id
WHERE x.state = '{ExemptionState.APPROVED.value}' AND x.decided_at > %(moment)s
  AND x.since <= %(end)s AND x.until >= %(start)s AND u.path ^@ ANY(%(paths)s)
UNION ALL
SELECT a.filed_at, 'appeal_filed', a.unit_id, a.duty_name, NULL
FROM assessment_appeal a JOIN branches_unit u ON u.id = a.unit_id
JOIN assessment_run r ON r.id = a.run_id
WHERE a.filed_at > %(moment)s AND a.state <> 'withdrawn' AND r.period = %(period)s
  AND r.unit_id = %(district)s AND u.path ^@ ANY(%(paths)s)
UNION ALL
SELECT a.decided_at, 'appeal_decided', a.unit_id,
       a.duty_name || CASE a.state WHEN 'upheld' THEN '：成立' ELSE '：不成立' END, NULL
FROM assessment_appeal a JOIN branches_unit u ON u.id = a.unit_id
JOIN assessment_run r ON r.id = a.run_id
WHERE a.decided_at > %(moment)s AND r.period = %(period)s
  AND r.unit_id = %(district)s AND u.path ^@ ANY(%(paths)s)
"""  # noqa: S608


@dataclass(frozen=True)
class Change:
    """One thing that happened; ``meeting`` is the record's uuid where it was a record."""

    at: datetime
    what: str
    unit_code: str
    unit_name: str
    text: str
    meeting: str | None
    word: str


@dataclass(frozen=True)
class ChangeCount:
    """How many changes of one kind."""

    what: str
    word: str
    count: int


class Changes:
    """What happened since a run's data, in reach of one scope: counted, and cut into pages.

    One query for the counts, one for a page, whatever the size.
    """

    def __init__(self, run: Run, scope: Scope) -> None:
        first, last = _span(run)
        sql, given, words = changed_since(
            district_id=run.unit_id,
            paths=minimal_prefixes(unit.path for unit in scope.units),
            quarter=Period.parse(run.period),
            span=(first, last),
            moment=run.data_at or run.created_at,
        )
        self.words = {**words, **OWN}
        self._all = f"({sql} UNION ALL {_OWN})"
        self._given: dict[str, Any] = {**given, "period": run.period}

    def counts(self) -> list[ChangeCount]:
        """How many of each kind there are, in the order of the kinds."""
        text = f"SELECT c.what, count(*) FROM {self._all} c GROUP BY c.what"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(text, self._given)
            found = dict(cursor.fetchall())
        return [
            ChangeCount(what, word, found[what])
            for what, word in self.words.items()
            if found.get(what)
        ]

    def of(self, what: str) -> ChangePage:
        """The changes of a kind ("" all), the newest first."""
        return ChangePage(self, what if what in self.words else "")

    def fetch(self, what: str, start: int, stop: int) -> list[Change]:
        """A slice of the list; one query."""
        text = f"""
            SELECT c.at, c.what, u.code, u.name, c.text, c.meeting
            FROM {self._all} c JOIN branches_unit u ON u.id = c.unit_id
            WHERE %(what)s = '' OR c.what = %(what)s
            ORDER BY c.at DESC, c.unit_id, c.what, c.text
            LIMIT %(limit)s OFFSET %(offset)s"""  # noqa: S608
        more: dict[str, Any] = {"what": what, "limit": stop - start, "offset": start}
        with connection.cursor() as cursor:
            cursor.execute(text, self._given | more)
            return [Change(*(*row, self.words[row[1]])) for row in cursor.fetchall()]


@dataclass(frozen=True)
class ChangePage:
    """A list that is asked for piece by piece (:func:`core.pages.page_of`)."""

    changes: Changes
    what: str

    def __getitem__(self, piece: slice) -> list[Change]:
        return self.changes.fetch(self.what, piece.start or 0, piece.stop)


def _span(run: Run) -> tuple[date, date]:
    """The first and the last day of any slot of the run."""
    firsts = [date.fromisoformat(slot["first"]) for slot in run.slots]
    dues = [date.fromisoformat(slot["due"]) for slot in run.slots]
    return min([run.period_start, *firsts]), max([run.period_end, *dues])
