"""Opening a month: who owes what in it, by one INSERT … SELECT for a branch or for all of them.

Chosen: member-months are rows, written when their month opens, not reckoned from the roster at
each question. What somebody owed in March does not change when the roster does in May; paid, owed
and struck are facts of a row; and a month of a district of 47,000 is one statement of half a second
once, after which every sum is a count over an index.

A row is written for whoever stood on the roster of a branch in the month: who came during it, who
was admitted in it (预备党员 owe from the day of the 支部大会, ``joined_on``), and who left it after
its first day. The unique key (member, month) makes the statement safe to run again at any time, and
keeps who moves between branches from owing twice. Who is 停止党籍 owes nothing; who died is not
asked. An amount of 0 by an approved reduction is written as 不计.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from branches.enums import BRANCH_KINDS, PRESENT_STATES, MemberState
from branches.models import Unit
from core.dates import month_end

FREE = "经批准免交"
# What a member pays in a month: the reduction approved for it, else his last standard.
AMOUNTS = """
LEFT JOIN LATERAL (
    SELECT s.amount, s.category FROM dues_standard s
    WHERE s.member_id = m.id AND s.since <= {month} ORDER BY s.since DESC LIMIT 1
) AS s ON TRUE
LEFT JOIN LATERAL (
    SELECT r.amount FROM dues_reduction r
    WHERE r.member_id = m.id AND r.state = 'approved' AND r.since <= {month} AND r.until >= {month}
    ORDER BY r.id DESC LIMIT 1
) AS r ON TRUE
"""
AMOUNT = "COALESCE(r.amount, s.amount)"
CATEGORY = "CASE WHEN r.amount IS NOT NULL THEN 'reduced' ELSE COALESCE(s.category, '') END"
STATE = f"CASE WHEN {AMOUNT} = 0 THEN 'struck' ELSE 'owed' END"
REASON = f"CASE WHEN {AMOUNT} = 0 THEN %(free)s ELSE '' END"

_OPEN = f"""
INSERT INTO dues_due
    (uuid, unit_id, member_id, month, amount, category, state, reason, updated_at)
SELECT gen_random_uuid(), m.unit_id, m.id, %(month)s, {AMOUNT}, {CATEGORY}, {STATE}, {REASON},
       clock_timestamp()
FROM branches_member m
JOIN branches_unit u ON u.id = m.unit_id
{AMOUNTS.format(month="%(month)s")}
WHERE u.kind = ANY(%(kinds)s)
  AND (u.founded_on IS NULL OR u.founded_on <= %(end)s)
  AND (u.dissolved_on IS NULL OR u.dissolved_on >= %(month)s)
  AND (m.joined_on IS NULL OR m.joined_on <= %(end)s)
  AND (m.arrived_on IS NULL OR m.arrived_on <= %(end)s)
  AND (m.state = ANY(%(present)s) OR (m.state = ANY(%(left)s) AND m.left_on > %(month)s))
  AND (%(units)s::bigint[] IS NULL OR m.unit_id = ANY(%(units)s))
  AND (%(members)s::bigint[] IS NULL OR m.id = ANY(%(members)s))
  AND NOT EXISTS (SELECT 1 FROM dues_due d WHERE d.member_id = m.id AND d.month = %(month)s)
ON CONFLICT (member_id, month) DO NOTHING
"""  # noqa: S608 — joined from constants

# What is owed is worked out once: the planner may otherwise do it again for every row.
_RESET = f"""
WITH f AS MATERIALIZED (
    SELECT o.id, {AMOUNT} AS amount, {CATEGORY} AS category,
           CASE WHEN {AMOUNT} = 0 THEN 'struck' WHEN o.reason = %(free)s THEN 'owed' ELSE o.state
           END AS state,
           CASE WHEN {AMOUNT} = 0 THEN %(free)s WHEN o.reason = %(free)s THEN '' ELSE o.reason
           END AS reason
    FROM dues_due o
    JOIN branches_member m ON m.id = o.member_id
    {AMOUNTS.format(month="o.month")}
    WHERE o.member_id = ANY(%(members)s) AND o.month >= %(since)s
      AND (o.state = 'owed' OR o.reason = %(free)s)
)
UPDATE dues_due AS d
SET amount = f.amount, category = f.category, state = f.state, reason = f.reason,
    updated_at = clock_timestamp()
FROM f
WHERE d.id = f.id AND (d.amount IS DISTINCT FROM f.amount OR d.category <> f.category)
"""  # noqa: S608 — joined from constants


def open_month(
    month: date, *, units: Iterable[Unit] | None = None, members: Iterable[int] | None = None
) -> int:
    """Write what is due in a month (its first day); how many rows were new.

    For these branches, or for all; for these members only when some are named (who pays ahead).
    """
    filled: dict[str, Any] = {
        "month": month,
        "end": month_end(month.year, month.month),
        "kinds": [kind.value for kind in BRANCH_KINDS],
        "present": [state.value for state in PRESENT_STATES],
        "left": [MemberState.LEFT.value, MemberState.EXPELLED.value],
        "units": None if units is None else [unit.pk for unit in units],
        "members": None if members is None else list(members),
        "free": FREE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, filled)
        return int(cursor.rowcount)


def reset(*, members: Iterable[int], since: date) -> int:
    """Let the unpaid months from ``since`` on follow standards and reductions; how many changed.

    What was paid stands.
    """
    filled: dict[str, Any] = {"members": list(members), "since": since, "free": FREE}
    with connection.cursor() as cursor:
        cursor.execute(_RESET, filled)
        return int(cursor.rowcount)
