"""What the hourly task does: tell of terms that end in 6, 3, 1 months, or are overdue.

The question is put to the database: which alert is in force now and was not told yet? Each alert
holds until the next one does, so that a job that was away for weeks still finds it; it has a key
and goes out once (rules.md §0, R10, R11). Months are the calendar's, clamped to the month's end, as
in :func:`elections.rules.alert`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from core.outbox import fan_out
from elections.enums import Stage
from elections.settings import shown_limits

_TERMS = """
due AS (
    SELECT t.id, t.unit_id, u.path, u.committee_id,
           COALESCE(NULLIF(u.short_name, ''), u.name) AS unit_name,
           COALESCE((SELECT s.moved_to FROM elections_shift s
                     WHERE s.term_id = t.id AND s.state = 'approved' LIMIT 1), t.due_on) AS ends_on
    FROM branches_committeeterm t
    JOIN branches_unit u ON u.id = t.unit_id
    WHERE t.ended_on IS NULL AND (u.dissolved_on IS NULL OR u.dissolved_on >= %(on)s)
      AND u.kind = ANY(%(kinds)s)
      AND NOT EXISTS (SELECT 1 FROM elections_election e WHERE e.unit_id = t.unit_id
                      AND e.state BETWEEN %(voted)s AND %(reported)s)
), alert AS (
    SELECT d.*, CASE WHEN d.ends_on < %(on)s THEN 0 ELSE (
        SELECT min(m) FROM unnest(%(months)s) AS m
        WHERE d.ends_on - make_interval(months => m) <= %(on)s) END AS months
    FROM due d
), who AS (
    SELECT DISTINCT g.user_id, u.path
    FROM branches_grant g
    JOIN accounts_user a ON a.id = g.user_id
    JOIN branches_unit u ON u.id = g.unit_id
    WHERE g.role = %(role)s AND a.is_active AND g.since <= %(on)s
      AND (g.until IS NULL OR g.until >= %(on)s)
)"""

# To whoever keeps the unit, and to its committee: one notice a term and alert; when overdue, one a
# month.
_EACH = """, wanted AS (
    SELECT 'elect-' || %(side)s || ':' || w.user_id || ':' || a.id || ':' || a.ends_on
               || ':' || a.months
               || CASE WHEN a.months = 0 THEN ':' || %(month)s ELSE '' END AS key,
           w.user_id AS recipient_id,
           CASE WHEN a.months = 0 THEN 'elections/notices/overdue'
                ELSE 'elections/notices/due' END AS template,
           jsonb_build_object('unit', a.unit_name, 'months', a.months,
               'day', to_char(a.ends_on, 'FMYYYY年FMMM月FMDD日')) AS payload,
           left(a.unit_name || CASE WHEN a.months = 0 THEN '换届已超期'
                ELSE '还有不到 ' || a.months || ' 个月届满' END, 200) AS title,
           %(link)s AS link
    FROM alert a JOIN who w ON starts_with(a.path, w.path)
    WHERE a.months IS NOT NULL
)"""

# To the district: one notice an alert and month, with how many; the list opens behind it.
_ABOVE = """, wanted AS (
    SELECT 'elect-above:' || w.user_id || ':' || a.months || ':' || %(month)s AS key,
           w.user_id AS recipient_id, 'elections/notices/above' AS template,
           jsonb_build_object('count', count(*), 'months', a.months,
               'names', string_agg(a.unit_name, '、' ORDER BY a.ends_on, a.path)
                   FILTER (WHERE a.place <= 5)) AS payload,
           count(*) || ' 个党组织' || CASE WHEN a.months = 0 THEN '换届超期'
                ELSE '不到 ' || a.months || ' 个月届满' END AS title,
           %(link)s || '?window='
               || CASE WHEN a.months = 0 THEN 'overdue' ELSE a.months::text END AS link
    FROM who w JOIN LATERAL (
        SELECT alert.*, row_number() OVER (
            PARTITION BY alert.months ORDER BY alert.ends_on, alert.path) AS place
        FROM alert WHERE starts_with(alert.path, w.path) AND alert.months IS NOT NULL
    ) a ON true
    GROUP BY w.user_id, a.months
)"""


def owed(now: datetime) -> dict[str, int]:
    """Write every alert that is owed at this moment; how many were new, by whom they go to."""
    return {
        "branch": _send(_EACH, now, Role.SECRETARY, "elections:mine"),
        "committee": _send(_EACH, now, Role.COMMITTEE_STAFF, "elections:term_list"),
        "district": _send(_ABOVE, now, Role.DISTRICT_STAFF, "elections:term_list"),
    }


def _send(sql: str, now: datetime, role: Role, page: str) -> int:
    on = timezone.localdate(now)
    parameters: dict[str, Any] = {
        "on": on, "role": role.value, "month": f"{on:%Y-%m}",
        "kinds": ["committee", "general_branch", "branch", "joint_branch"],
        "months": list(shown_limits(on).alerts),
        "voted": Stage.VOTED.value, "reported": Stage.REPORTED.value,
        "side": role.value, "link": reverse(page),
    }  # fmt: skip
    return fan_out(_TERMS + sql, parameters, day=on, now=now)
