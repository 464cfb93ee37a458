"""What the hourly task does: remind leaders, and those who help them, of the quarter's visits.

The question is put to the database: which contact point has too few visits this quarter and was
not told of yet? Each reminder has a key and goes out once (R10, R11). Days are working days.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from core.dates import Period
from core.holidays import calendar_around
from core.outbox import fan_out
from support.limits import visits_per_quarter

# So many working days before the quarter's end it is told.
AHEAD_WORKDAYS = 15

_OWED = """
owed AS (
    SELECT l.id, r.user_id AS leader_user_id, r.name AS leader, u.path,
           COALESCE(NULLIF(u.short_name, ''), u.name) AS unit_name
    FROM support_contactlink l
    JOIN support_contactleader r ON r.id = l.leader_id
    JOIN branches_unit u ON u.id = l.unit_id
    WHERE l.since <= %(on)s AND (l.until IS NULL OR l.until >= %(on)s)
      AND (SELECT count(*) FROM support_contactvisit v
           WHERE v.link_id = l.id AND v.day BETWEEN %(first)s AND %(last)s) < %(wanted)s
), who AS (
    SELECT DISTINCT g.user_id, u.path
    FROM branches_grant g
    JOIN accounts_user a ON a.id = g.user_id
    JOIN branches_unit u ON u.id = g.unit_id
    WHERE g.role = %(role)s AND a.is_active AND g.since <= %(on)s
      AND (g.until IS NULL OR g.until >= %(on)s)
)"""

# To the leader himself, one notice a quarter, however many contact points.
_OWN = """, wanted AS (
    SELECT 'contact-own:' || o.leader_user_id || ':' || %(quarter)s AS key,
           o.leader_user_id AS recipient_id, 'support/notices/own' AS template,
           jsonb_build_object('units', string_agg(DISTINCT o.unit_name, '、'),
                              'count', count(DISTINCT o.id), 'due', %(last_day)s::text) AS payload,
           '本季度还有联系点没有走访' AS title, %(link)s AS link
    FROM owed o JOIN who w ON w.user_id = o.leader_user_id AND starts_with(o.path, w.path)
    GROUP BY o.leader_user_id
)"""

# To the committee: how many of those in its reach.
_ABOVE = """, wanted AS (
    SELECT 'contact-above:' || w.user_id || ':' || %(quarter)s AS key,
           w.user_id AS recipient_id, 'support/notices/above' AS template,
           jsonb_build_object('count', count(DISTINCT o.id), 'due', %(last_day)s::text) AS payload,
           '本季度还没有走访的联系点' AS title, %(link)s AS link
    FROM owed o JOIN who w ON starts_with(o.path, w.path)
    GROUP BY w.user_id
)"""


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed at this moment; how many were new, by its name."""
    on = timezone.localdate(now)
    quarter = Period.containing(on, "quarter")
    if calendar_around(on).add_workdays(on, AHEAD_WORKDAYS).day < quarter.end:
        return {"own": 0, "above": 0}
    asked: dict[str, Any] = {
        "on": on, "first": quarter.start, "last": quarter.end, "quarter": quarter.label,
        "wanted": visits_per_quarter(on),
        "last_day": f"{quarter.end.month}月{quarter.end.day}日",
    }  # fmt: skip
    own = asked | {"role": Role.LEADER.value, "link": reverse("support:contact_mine")}
    above = asked | {
        "role": Role.COMMITTEE_STAFF.value,
        "link": f"{reverse('support:contact_list')}?state=owed",
    }
    return {
        "own": fan_out(_OWED + _OWN, own, day=on, now=now),
        "above": fan_out(_OWED + _ABOVE, above, day=on, now=now),
    }
