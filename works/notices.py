"""What the hourly task does: remind of pledges and milestones that are due, or past their day.

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
from works.enums import PledgeState, WorkState

# So many working days ahead; and so many days back a late one is still told when hours were missed.
SOON_WORKDAYS = 3
CATCH_UP = timedelta(days=7)
_DAY = timedelta(days=1)

_OWED = """
who AS (
    SELECT DISTINCT g.user_id, u.path
    FROM branches_grant g
    JOIN accounts_user a ON a.id = g.user_id
    JOIN branches_unit u ON u.id = g.unit_id
    WHERE g.role = %(role)s AND a.is_active AND g.since <= %(on)s
      AND (g.until IS NULL OR g.until >= %(on)s)
), owed AS (
    SELECT 'pledge' AS kind, 'p' || p.id AS item, p.title, p.due_on, u.path,
           COALESCE(NULLIF(u.short_name, ''), u.name) AS unit_name,
           %(pledge_link)s || p.uuid || '/' AS link
    FROM works_pledge p JOIN branches_unit u ON u.id = p.unit_id
    WHERE p.state = %(open)s AND p.due_on BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'milestone', 'm' || m.id, m.title, m.due_on, u.path,
           COALESCE(NULLIF(u.short_name, ''), u.name), %(project_link)s || j.uuid || '/'
    FROM works_milestone m
    JOIN works_project j ON j.id = m.project_id
    JOIN branches_unit u ON u.id = j.unit_id
    WHERE j.state = %(underway)s AND m.done_on IS NULL
      AND m.due_on BETWEEN %(first)s AND %(last)s
)"""

# Due soon, or past its day: one notice an item, to whoever keeps the branch.
_ITEMS = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.item || ':'
               || to_char(o.due_on, 'YYYY-MM-DD') AS key,
           w.user_id AS recipient_id,
           'works/notices/' || o.kind || '_' || %(when)s AS template,
           jsonb_build_object('unit', o.unit_name, 'item', o.title,
                              'due', to_char(o.due_on, 'FMMM月FMDD日')) AS payload,
           left(%(title)s || o.title, 200) AS title, o.link AS link
    FROM owed o JOIN who w ON starts_with(o.path, w.path)
)"""

# Past its day: to the committee once a week, in one notice; organisations, no persons.
_ABOVE = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || %(week)s AS key,
           w.user_id AS recipient_id, 'works/notices/behind' AS template,
           jsonb_build_object('pledges', count(*) FILTER (WHERE o.kind = 'pledge'),
               'milestones', count(*) FILTER (WHERE o.kind = 'milestone'),
               'units', count(DISTINCT o.unit_name)) AS payload,
           '承诺或项目节点过了期限' AS title, %(queue_link)s AS link
    FROM owed o JOIN who w ON starts_with(o.path, w.path)
    GROUP BY w.user_id
)"""


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed at this moment; how many were new, by its name."""
    on = timezone.localdate(now)
    soon = calendar_around(on).add_workdays(on, SOON_WORKDAYS).day
    late = (on - _DAY - CATCH_UP, on - _DAY)
    monday = on - timedelta(days=on.weekday())
    return {
        "soon": _send(_ITEMS, now, "works-soon", on, soon, when="soon", title="快到期了："),
        "late": _send(_ITEMS, now, "works-late", *late, when="late", title="已逾期："),
        "behind": _send(
            _ABOVE, now, "works-behind", *late, role=Role.COMMITTEE_STAFF, week=monday.isoformat()
        ),
    }


def _send(
    sql: str, now: datetime, name: str, first: date, last: date, *, role: Role = Role.SECRETARY,
    **more: str,
) -> int:  # fmt: skip
    on = timezone.localdate(now)
    asked: dict[str, Any] = {
        "name": name, "role": role.value, "on": on, "first": first, "last": last,
        "open": PledgeState.OPEN.value, "underway": WorkState.UNDERWAY.value,
        "pledge_link": reverse("works:pledge_list"),
        "project_link": reverse("works:project_board"),
        "queue_link": reverse("works:queue"), **more,
    }  # fmt: skip
    return fan_out(_OWED + sql, asked, day=on, now=now)
