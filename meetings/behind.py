"""谁落后: the branches that miss something by now, by name, and the word to them (催报)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.enums import DutyKind, Role
from branches.models import Unit
from core.dates import Period
from core.outbox import fan_out_and_answer
from meetings.duties import MISSING, Duty, duties_of
from meetings.duty_sql import DUTIES, OWED, QUICK, parameters, ranges, slots_due
from meetings.enums import Cause, DutyState
from meetings.ground import ground_around
from meetings.kept import kept

# Without a record a week before its end, a duty is pressing; a fixed day is from the day after.
PRESSING = timedelta(days=7)
_TOLD_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class Question:
    """Who is asked about: the branches below ``units``, a month, a kind ("" all), as of a day.

    ``everything`` counts what is not pressing yet as well.
    """

    units: tuple[Unit, ...]
    month: Period
    on: date
    kind: str = ""
    everything: bool = False

    @property
    def kinds(self) -> list[str] | None:
        """For the duties: None is all."""
        return [self.kind] if self.kind else None

    def holds(self, duty: Duty) -> bool:
        """Whether a missing duty is shown: overdue, its fixed day past, or nearly due."""
        return (
            self.everything
            or duty.state == DutyState.UNMET
            or duty.due <= self.on + PRESSING
            or (duty.fixed_day is not None and duty.fixed_day < self.on)
        )


@dataclass(frozen=True)
class BehindRow:
    """One branch, what it misses, and when it was last told so."""

    unit_id: int
    code: str
    name: str
    path: str
    committee_name: str
    missing: tuple[Duty, ...]
    told_at: datetime | None


# The same condition as Question.holds.
_PRESSING_SQL = """
    state = ANY(%(missing)s) AND (%(everything)s OR state = %(unmet)s OR due <= %(pressing)s
                                  OR fixed_day < %(on)s)
"""

# So many branches are looked at in the order of the tree, four times as many when too few of them
# are behind: a page out of 300,000 costs what its neighbourhood costs.
_STRETCH = 1000

_PAGE = f"""{QUICK}
WITH asked AS MATERIALIZED (
    SELECT a.id, a.path FROM branches_unit a
    JOIN unnest(%(lows)s::text[], %(highs)s::text[]) AS r (low, high)
      ON a.path >= r.low AND a.path < r.high
    WHERE a.path > %(after)s AND a.kind = ANY(%(unit_kinds)s)
    ORDER BY a.path
    LIMIT %(stretch)s
), {OWED}, listed AS (
    SELECT unit_id, unit_code, unit_name, unit_path, committee_name
    FROM owed
    WHERE {_PRESSING_SQL}
    GROUP BY unit_id, unit_code, unit_name, unit_path, committee_name
)
SELECT stretch.taken, stretch.last, listed.*
FROM (SELECT count(*) AS taken, max(path) AS last FROM asked) AS stretch
LEFT JOIN listed ON TRUE
ORDER BY listed.unit_path
LIMIT %(limit)s
"""  # noqa: S608 — joined from constants

_COUNT = f"SELECT count(DISTINCT unit_id), count(*) FROM owed WHERE {_PRESSING_SQL}"  # noqa: S608

_TOLD = """
SELECT g.unit_id, max(n.created_at)
FROM branches_grant g
JOIN core_notice n ON n.recipient_id = g.user_id AND n.payload -> 'unit_id' = to_jsonb(g.unit_id)
WHERE g.unit_id = ANY(%(ids)s) AND g.role = %(secretary)s AND n.created_at > %(since)s
GROUP BY g.unit_id
"""

# 催报: to the secretaries of the chosen branches what they miss, once a day.
_URGE = f"""
chosen AS (
    SELECT a.id FROM branches_unit a
    JOIN unnest(%(lows)s::text[], %(highs)s::text[]) AS r (low, high)
      ON a.path >= r.low AND a.path < r.high
    WHERE %(ids)s::bigint[] IS NULL OR a.id = ANY(%(ids)s::bigint[])
), asked AS (SELECT id FROM chosen), {OWED}, lacking AS (
    SELECT o.* FROM owed o WHERE {_PRESSING_SQL}
), wanted AS (
    SELECT 'urged:' || a.id || ':' || o.unit_id || ':' || %(on)s AS key, a.id AS recipient_id,
           %(template)s AS template,
           jsonb_build_object(
               'unit', min(o.unit_name), 'unit_id', o.unit_id, 'who', %(who)s,
               'missing', jsonb_agg(
                   k.name || COALESCE('（' || NULLIF(o.group_name || o.event_title, '') || '）', '')
                   || '，截止' || to_char(o.due, 'FMMM月FMDD日')
                   ORDER BY o.due, o.number, o.group_code)
           ) AS payload,
           '催报：还有' || count(*) || '项没有完成' AS title, %(link)s AS link, o.unit_id
    FROM lacking o
    JOIN unnest(%(k_kind)s::text[], %(k_cause)s::text[], %(k_name)s::text[])
      AS k (kind, cause, name)
      ON k.kind = o.kind AND k.cause = o.cause
    JOIN branches_grant g ON g.unit_id = o.unit_id AND g.role = %(secretary)s
     AND g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
    JOIN accounts_user a ON a.id = g.user_id AND a.is_active
    GROUP BY a.id, o.unit_id
)
"""  # noqa: S608 — joined from constants

_URGED = """
, linked AS (
    INSERT INTO meetings_urged (urge_id, unit_id, notice_id)
    SELECT %(urge)s, w.unit_id, told.id FROM told JOIN wanted w ON w.key = told.key
    RETURNING unit_id
)
"""

# People told, branches told, branches with somebody to tell, branches behind.
_URGE_ANSWER = """
SELECT (SELECT count(*) FROM told), (SELECT count(DISTINCT unit_id) FROM linked),
       (SELECT count(DISTINCT unit_id) FROM wanted), (SELECT count(DISTINCT unit_id) FROM lacking)
"""


@dataclass(frozen=True)
class Urging:
    """What a press of 催报 did: people and branches told now, branches told earlier today, and
    branches behind that have nobody with an account.
    """

    people: int
    told: int
    already: int
    unreachable: int


def behind(question: Question, *, after: str = "", limit: int = 50) -> list[BehindRow]:
    """One page of those behind in the order of the tree, ``after`` a path; a few queries in all."""
    units = _units_behind(question, after, limit)
    missing = _missing(question, [row[0] for row in units])
    told = _told([row[0] for row in units])
    return [
        BehindRow(unit_id, code, name, path, committee, missing.get(unit_id, ()), told.get(unit_id))
        for unit_id, code, name, path, committee in units
    ]


def _units_behind(question: Question, after: str, limit: int) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    filled, stretch = _filled(question), _STRETCH
    with connection.cursor() as cursor:
        while len(found) < limit:
            more: dict[str, Any] = {"after": after, "limit": limit - len(found), "stretch": stretch}
            cursor.execute(_PAGE, {**filled, **more})
            rows = cursor.fetchall()
            found += [row[2:] for row in rows if row[2] is not None]
            taken, after = rows[0][0], rows[0][1]
            if taken < stretch:
                break
            stretch *= 4
    return found


def all_behind(question: Question, *, size: int = 1000) -> Iterator[BehindRow]:
    """Every branch behind, a thousand at a time, for a file of any length."""
    after = ""
    while page := behind(question, after=after, limit=size):
        yield from page
        after = page[-1].path


def count_behind(question: Question) -> tuple[int, int]:
    """How many branches are behind, and with how many duties."""

    def count() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(DUTIES + _COUNT, _filled(question))
            branches, missing = cursor.fetchone()
            return branches, missing

    asked = (question.month, question.on, question.kind, int(question.everything))
    return kept(":".join(("behind", *map(str, asked))), question.units, count)


def urge(*, question: Question, unit_ids: Sequence[int] | None, urge_id: int, by: User) -> Urging:
    """催报: tell the secretaries of these branches now, by one statement.

    None means all that are behind. Once a day for each branch and secretary, however often it is
    pressed. Branches outside ``question.units`` are passed over. ``urge_id`` is the press that the
    notices are noted under.
    """
    kinds, causes, names = zip(*_names(), strict=True)
    filled = _filled(question) | {
        "ids": None if unit_ids is None else list(unit_ids),
        "who": by.name,
        "template": "meetings/notices/urged",
        "link": reverse("home"),
        "secretary": Role.SECRETARY.value,
        "k_kind": list(kinds),
        "k_cause": list(causes),
        "k_name": list(names),
        "urge": urge_id,
    }
    people, told, reachable, lacking = fan_out_and_answer(
        _URGE, filled, more=_URGED, answer=_URGE_ANSWER, day=question.on, now=timezone.now()
    )
    return Urging(people, told, reachable - told, lacking - reachable)


def _names() -> list[tuple[str, str, str]]:
    plain = [(kind.value, "", str(kind.label)) for kind in DutyKind]
    return plain + [
        (DutyKind.MUST_HOLD.value, cause.value, f"{cause.label}党员大会") for cause in Cause
    ]


def _filled(question: Question) -> dict[str, Any]:
    first, last = question.month.start, question.month.end
    calendar, book = ground_around(first, last)
    return {
        **parameters(
            slots=slots_due(first=first, last=last, calendar=calendar, book=book),
            book=book,
            first=first,
            last=last,
            on=question.on,
            kinds=question.kinds,
        ),
        **ranges(question.units),
        "missing": [state.value for state in MISSING],
        "everything": question.everything,
        "pressing": question.on + PRESSING,
    }


def _missing(question: Question, unit_ids: Sequence[int]) -> dict[int, tuple[Duty, ...]]:
    rows = duties_of(
        unit_ids=unit_ids,
        first=question.month.start,
        last=question.month.end,
        on=question.on,
        kinds=question.kinds,
        states=MISSING,
    )
    found: dict[int, tuple[Duty, ...]] = {}
    for duty in rows:
        if question.holds(duty):
            found[duty.unit_id] = (*found.get(duty.unit_id, ()), duty)
    return found


def _told(ids: Sequence[int]) -> dict[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(
            _TOLD,
            {
                "ids": list(ids),
                "secretary": Role.SECRETARY.value,
                "since": timezone.now() - _TOLD_WITHIN,
            },
        )
        return dict(cursor.fetchall())
