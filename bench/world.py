"""A district of any size, made by the database itself: no row passes through Python.

Everything that a ranking must cope with is in it: groups, terms, exemptions, events, late records
and records off the fixed day, drafts and returned ones, units founded or dissolved in the quarter.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from branches.models import Unit
from core.dates import Period

QUARTER = Period.quarter(2026, 4)
FIXED_DAYS = (date(2026, 10, 13), date(2026, 11, 3), date(2026, 12, 1))
# Branches of one committee; one branch in ten has three groups.
PER_COMMITTEE = 1000
TABLES = (
    "assessment_runrow, assessment_run, meetings_spotcheck, meetings_event, meetings_fixeddaymove, "
    "meetings_meeting, meetings_sweep, meetings_touched, branches_exemption, "
    "branches_committeeterm, branches_unit"
)


def _random(value: str, seed: int, top: int) -> str:
    """A number in 0 … top − 1 that only ``value`` decides."""
    return f"mod((hashint8extended({value}, {seed}) >> 33) & 1073741823, {top})::int"


def _segment(number: str) -> str:
    digits = "'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'"
    return " || ".join(
        f"substr({digits}, mod({number} / {36**power}, 36)::int + 1, 1)" for power in (3, 2, 1, 0)
    )


_UNIT = """
INSERT INTO branches_unit (id, path, depth, numchild, parent_id, district_id, committee_id, code,
    name, short_name, name_key, kind, field, founded_on, dissolved_on, territory, contact, address,
    credit_code, uuid, created_at, updated_at)
"""
_REST = "'', '', '', '', gen_random_uuid(), now(), now()"

_BRANCHES = f"""
{_UNIT}
SELECT 1000000 + n, '0001' || {_segment("(n / %(per)s + 1)")} ||
       {_segment("(mod(n, %(per)s) + 1)")},
       3, 0, 10 + n / %(per)s, 1, 10 + n / %(per)s, 'B' || lpad(n::text, 9, '0'),
       '第' || n || '党支部', '', '', CASE WHEN mod(n, 7) = 0 THEN 'joint_branch' ELSE 'branch' END,
       (ARRAY['street','community','village','office','school','state_firm','private_firm','social',
              'other'])[{_random("n", 1, 9)} + 1],
       CASE WHEN mod(n, 100) = 3 THEN date '2026-11-10' ELSE date '2015-06-01' END,
       CASE WHEN mod(n, 200) = 7 THEN date '2026-12-05' END, {_REST}
FROM generate_series(0, %(units)s::bigint - 1) n
"""

_GROUPS = f"""
{_UNIT}
SELECT 100000000 + b.n * 3 + g, b.path || {_segment("g + 1")}, 4, 0, b.id, 1, b.committee_id,
       b.code || '-' || (g + 1), '第' || (g + 1) || '党小组', '', '', 'group', b.field,
       CASE WHEN mod(b.n, 500) = 0 THEN date '2026-11-10' ELSE date '2018-01-01' END, NULL, {_REST}
FROM (SELECT *, id - 1000000 AS n FROM branches_unit WHERE depth = 3) b, generate_series(0, 2) g
WHERE mod(b.n, 10) = 0
"""

_INTO_MEETINGS = """
INSERT INTO meetings_meeting (uuid, unit_id, kind_mask, held_on, place, chair, recorder, topic,
    agenda, minutes, resolution, items, status, eligible_count, present_count, first_submitted_on,
    submitted_at, revision, version, created_at, updated_at)
SELECT gen_random_uuid(), unit_id, mask, held, '党员活动室', '', '', '集体学习', '', '', '', '{{}}',
       status, eligible, eligible - away, CASE WHEN status = 0 THEN NULL ELSE held + wait END,
       CASE WHEN status = 0 THEN NULL ELSE held + wait END, 1, 1, held, held
FROM ({}) made ORDER BY held
"""

_BRANCH_RECORDS = f"""
SELECT u.id AS unit_id, k.mask,
       CASE WHEN k.i BETWEEN 5 AND 7 AND {_random("u.id * 64 + k.i", 2, 10)} < 7
            THEN (%(fixed)s::date[])[k.i - 4]
            WHEN k.i = 8 THEN date '2026-07-01' + {_random("u.id * 64 + k.i", 3, 184)}
            WHEN k.i BETWEEN 2 AND 7
            THEN (date '2026-10-01' + mod(k.i - 2, 3) * interval '1 month')::date
                 + {_random("u.id * 64 + k.i", 4, 30)}
            ELSE date '2026-10-01' + {_random("u.id * 64 + k.i", 5, 92)} END AS held,
       CASE {_random("u.id * 64 + k.i", 6, 20)} WHEN 0 THEN 0 WHEN 1 THEN 3 WHEN 2 THEN 1 ELSE 2 END
           AS status,
       CASE {_random("u.id * 64 + k.i", 7, 10)} WHEN 0 THEN 15 WHEN 1 THEN 7 ELSE 1 END AS wait,
       10 + mod(u.id, 40)::int AS eligible, {_random("u.id * 64 + k.i", 8, 5)} AS away
FROM branches_unit u
CROSS JOIN (
    SELECT i, (ARRAY[1, 1, 2, 2, 2, 16, 16, 16, 8, 32, 17, 64, 2, 16, 32, 256, 1, 9, 32, 128])
              [mod(i, 20) + 1] AS mask
    FROM generate_series(0, %(each)s - 1) i
) k
WHERE u.depth = 3
"""

_GROUP_RECORDS = f"""
SELECT u.id AS unit_id, 4 AS mask,
       (date '2026-10-01' + k.i * interval '1 month')::date + {_random("u.id * 4 + k.i", 9, 30)}
           AS held,
       CASE {_random("u.id * 4 + k.i", 10, 10)} WHEN 0 THEN 3 ELSE 2 END AS status,
       CASE {_random("u.id * 4 + k.i", 11, 10)} WHEN 0 THEN 15 ELSE 1 END AS wait,
       6 AS eligible, {_random("u.id * 4 + k.i", 12, 2)} AS away
FROM branches_unit u CROSS JOIN generate_series(0, 2) k(i)
WHERE u.depth = 4
"""

_MEETINGS = _INTO_MEETINGS.format(f"{_BRANCH_RECORDS} UNION ALL {_GROUP_RECORDS}")

_OTHERS = (
    """
INSERT INTO branches_committeeterm (unit_id, number, with_committee, started_on, due_on, ended_on,
    seats, updated_at)
SELECT id, 1, true, date '2024-03-01' + mod(id, 900)::int, date '2028-03-01', NULL, 5, now()
FROM branches_unit WHERE depth = 3 AND mod(id, 5) <> 0
""",
    """
INSERT INTO branches_exemption
       (uuid, unit_id, kind, since, until, reason, state, answer, updated_at)
SELECT gen_random_uuid(), id,
       (ARRAY['', 'committee', 'fixed_day', 'must_hold', 'group'])[mod(id, 5)::int + 1],
       date '2026-10-15', date '2026-11-30', '整体搬迁', 'approved', '', now()
FROM branches_unit WHERE depth >= 3 AND mod(id, 50) = 1
""",
    """
INSERT INTO meetings_event (uuid, unit_id, cause, day, window_end, title, is_withdrawn, at,
    updated_at)
SELECT gen_random_uuid(), id, 'decision', date '2026-09-10' + mod(id, 90)::int,
       date '2026-09-10' + mod(id, 90)::int + 30, '年度预算', false, now(), now()
FROM branches_unit WHERE depth = 3 AND mod(id, 33) = 2
""",
    """
INSERT INTO meetings_spotcheck (uuid, unit_id, checked_on, score, findings, at, updated_at)
SELECT gen_random_uuid(), id, date '2026-10-01' + mod(id, 92)::int, 60 + mod(id, 41), '',
       now(), now()
FROM branches_unit WHERE depth = 3 AND mod(id, 20) = 4
""",
)


def _without_indexes(cursor: Any) -> list[str]:
    """Drop what no constraint needs, which is made faster afterwards; returns how to make it."""
    cursor.execute(
        "SELECT x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid) FROM pg_index x"
        " WHERE x.indrelid IN ('branches_unit'::regclass, 'meetings_meeting'::regclass)"
        " AND NOT x.indisunique AND NOT EXISTS"
        " (SELECT FROM pg_constraint c WHERE c.conindid = x.indexrelid)"
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def build(*, units: int, records: int) -> Unit:
    """Empty the tables and fill them anew; returns the district.

    ``units`` ranked branches, and about ``records`` records in the quarter and before it, written
    in the order of the days on which they were held, as years of use leave them.
    """
    groups = -(-units // 10) * 3
    each = max((records - groups * 3) // units, 1)
    filled: dict[str, Any] = {
        "units": units,
        "per": PER_COMMITTEE,
        "each": each,
        "fixed": list(FIXED_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")
        indexes = _without_indexes(cursor)
        cursor.execute(
            f"{_UNIT} VALUES (1, '0001', 1, 0, NULL, 1, NULL, 'D', '区委', '', '', 'district', "
            f"'other', NULL, NULL, {_REST})"
        )
        cursor.execute(
            f"{_UNIT} SELECT 10 + n, '0001' || {_segment('(n + 1)')}, 2, 0, 1, 1, 10 + n, 'C' || n,"
            f" '第' || n || '党工委', '', '', 'working_committee', 'street', NULL, NULL, {_REST}"
            f" FROM generate_series(0, {(units - 1) // PER_COMMITTEE}) n"
        )
        cursor.execute(_BRANCHES, filled)
        cursor.execute(_GROUPS)
        cursor.execute(_MEETINGS, filled)
        for statement in _OTHERS:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute(
            "VACUUM (ANALYZE) branches_unit, meetings_meeting, branches_committeeterm,"
            " branches_exemption, meetings_event, meetings_spotcheck"
        )
    return Unit.unscoped.get(pk=1)
