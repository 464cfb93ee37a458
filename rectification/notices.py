"""What the hourly task does: remind of reports and problems that are due, or past their day.

The question is put to the database: what is owed now and not told yet? A missed hour, two
schedulers or a killed worker change nothing; each reminder has a key and goes out once (R10, R11).
Last days are counted by working days (调休 observed).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from core.holidays import calendar_around
from core.outbox import fan_out
from rectification.enums import ProblemState, State

# So many working days ahead; and so many days back a late one is still told when hours were missed.
SOON_WORKDAYS = 3
CATCH_UP = timedelta(days=7)
_DAY = timedelta(days=1)

_WHO = """
who AS (
    SELECT DISTINCT g.user_id, u.path
    FROM branches_grant g
    JOIN accounts_user a ON a.id = g.user_id
    JOIN branches_unit u ON u.id = g.unit_id
    WHERE g.role = %(role)s AND a.is_active AND g.since <= %(on)s
      AND (g.until IS NULL OR g.until >= %(on)s)
), open_case AS (
    SELECT c.id, c.uuid, c.batch_id, c.started_on, u.path,
           COALESCE(NULLIF(u.short_name, ''), u.name) AS unit_name
    FROM rectification_case c JOIN branches_unit u ON u.id = c.unit_id
    WHERE c.state = ANY(%(states)s)
), owed_report AS (
    SELECT c.id AS case_id, c.uuid, c.path, c.unit_name, 'r' || d.id AS item, d.title, d.due_on
    FROM open_case c JOIN rectification_reportdue d ON d.batch_id = c.batch_id
    WHERE d.due_on >= c.started_on AND d.due_on BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
        SELECT 1 FROM rectification_report r WHERE r.case_id = c.id AND r.due_id = d.id)
), owed_problem AS (
    SELECT c.id AS case_id, c.uuid, c.path, c.unit_name, 'p' || p.id AS item, p.title, p.due_on
    FROM open_case c JOIN rectification_problem p ON p.case_id = c.id
    WHERE p.state = %(solving)s AND p.due_on BETWEEN %(first)s AND %(last)s
), owed AS (
    SELECT *, 'report' AS kind FROM owed_report UNION ALL
    SELECT *, 'problem' AS kind FROM owed_problem
)"""

# Due soon, or past its day: one notice an item, to whoever keeps the branch.
_ITEMS = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.case_id || ':' || o.item || ':'
               || to_char(o.due_on, 'YYYY-MM-DD') AS key,
           w.user_id AS recipient_id, 'rectification/notices/' || o.kind || '_' || %(when)s
               AS template,
           jsonb_build_object('unit', o.unit_name, 'item', o.title,
                              'due', to_char(o.due_on, 'FMMM月FMDD日')) AS payload,
           left(%(title)s || o.title, 200) AS title, %(link)s || o.uuid || '/' AS link
    FROM owed o JOIN who w ON starts_with(o.path, w.path)
)"""

# Past its day: to the committee, once a week for each case.
_ABOVE = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.case_id || ':' || %(week)s AS key,
           w.user_id AS recipient_id, 'rectification/notices/behind' AS template,
           jsonb_build_object('unit', min(o.unit_name),
               'reports', count(*) FILTER (WHERE o.kind = 'report'),
               'problems', count(*) FILTER (WHERE o.kind = 'problem')) AS payload,
           left(min(o.unit_name) || '的整顿有事项逾期', 200) AS title,
           %(link)s || o.uuid || '/' AS link
    FROM owed o JOIN who w ON starts_with(o.path, w.path)
    GROUP BY w.user_id, o.case_id, o.uuid
)"""


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed at this moment; how many were new, by its name."""
    on = timezone.localdate(now)
    soon = calendar_around(on).add_workdays(on, SOON_WORKDAYS).day
    late = (on - _DAY - CATCH_UP, on - _DAY)
    monday = on - timedelta(days=on.weekday())
    return {
        "soon": _send(_ITEMS, now, "rect-soon", on, soon, when="soon", title="快到期了："),
        "late": _send(_ITEMS, now, "rect-late", *late, when="late", title="已逾期："),
        "behind": _send(
            _ABOVE, now, "rect-behind", *late, role=Role.COMMITTEE_STAFF, week=monday.isoformat()
        ),
    }


def _send(
    sql: str, now: datetime, name: str, first: date, last: date, *, role: Role = Role.SECRETARY,
    **more: str,
) -> int:  # fmt: skip
    on = timezone.localdate(now)
    parameters: dict[str, Any] = {
        "name": name, "role": role.value, "on": on, "first": first, "last": last,
        "states": [State.UNDERWAY.value, State.EXAMINED.value],
        "solving": ProblemState.SOLVING.value,
        "link": f"{reverse('rectification:case_list')}", **more,
    }  # fmt: skip
    return fan_out(_WHO + sql, parameters, day=on, now=now)
