"""Reminders of 党费: months in a row unpaid, a month without a tick, a quarter not handed up.

Every run asks the whole question again; the key of a notice lets it out once (R10, R11). Nothing is
ever done to anybody by them: they ask people to look (rules.md §1, member clocks). No name stands
in a notice, since it may leave the house by mail: the link opens the person's page.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from branches.enums import BRANCH_KINDS, Role
from core.dates import Period
from core.outbox import fan_out
from dues.enums import RemitState
from dues.opening import open_month
from dues.parameters import shown_numbers

_WHO = """
who AS (
    SELECT DISTINCT g.user_id, u.path
    FROM branches_grant g
    JOIN accounts_user a ON a.id = g.user_id
    JOIN branches_unit u ON u.id = g.unit_id
    WHERE g.role = %(role)s AND a.is_active AND g.since <= %(on)s
      AND (g.until IS NULL OR g.until >= %(on)s)
)"""

# The same runs as DueQuerySet.running, in the branch that owes them; and the level reached.
_ARREARS = """, run AS (
    SELECT d.member_id, d.unit_id, count(*) AS months, min(d.month) AS since
    FROM dues_due d
    WHERE d.state = 'owed' AND d.reason = '' AND d.month < %(this)s AND NOT EXISTS (
        SELECT 1 FROM dues_due x WHERE x.member_id = d.member_id AND x.month > d.month
        AND x.month < %(this)s AND NOT (x.state = 'owed' AND x.reason = ''))
    GROUP BY d.member_id, d.unit_id
), reached AS (
    SELECT r.*, (SELECT max(l) FROM unnest(%(levels)s) AS l WHERE l <= r.months) AS level
    FROM run r
), wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || r.member_id || ':'
               || to_char(r.since, 'YYYY-MM') || ':' || r.level AS key,
           w.user_id AS recipient_id, 'dues/notices/arrears' AS template,
           jsonb_build_object('unit', COALESCE(NULLIF(u.short_name, ''), u.name),
                              'level', r.level, 'since', to_char(r.since, 'YYYY年FMMM月'))
               AS payload,
           left('有党员连续 ' || r.level || ' 个月没有交党费', 200) AS title,
           %(link)s || m.uuid || '/' AS link
    FROM reached r
    JOIN branches_unit u ON u.id = r.unit_id
    JOIN branches_member m ON m.id = r.member_id AND m.unit_id = r.unit_id
    JOIN who w ON starts_with(u.path, w.path)
    WHERE r.level IS NOT NULL
)"""

# A branch whose month has somebody who owes, and not one payment.
_MONTH = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || u.id || ':' || to_char(%(this)s, 'YYYY-MM')
               AS key,
           w.user_id AS recipient_id, 'dues/notices/month' AS template,
           jsonb_build_object('unit', COALESCE(NULLIF(u.short_name, ''), u.name),
                              'month', to_char(%(this)s, 'FMMM月')) AS payload,
           to_char(%(this)s, 'FMMM月') || '党费还没有登记' AS title,
           %(link)s || u.code || '/' AS link
    FROM branches_unit u
    JOIN who w ON starts_with(u.path, w.path)
    WHERE u.kind = ANY(%(kinds)s)
      AND EXISTS (SELECT 1 FROM dues_due d
                  WHERE d.unit_id = u.id AND d.month = %(this)s AND d.state = 'owed')
      AND NOT EXISTS (SELECT 1 FROM dues_due d
                      WHERE d.unit_id = u.id AND d.month = %(this)s AND d.state = 'paid')
)"""

# A branch that took money in the quarter and has handed nothing up.
_SUM = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || u.id || ':' || to_char(%(first)s, 'YYYY-MM')
               AS key,
           w.user_id AS recipient_id, 'dues/notices/sum' AS template,
           jsonb_build_object('unit', COALESCE(NULLIF(u.short_name, ''), u.name),
                              'quarter', %(quarter)s::text) AS payload,
           %(quarter)s::text || '党费还没有上缴' AS title,
           %(link)s || u.code || '/' AS link
    FROM branches_unit u
    JOIN who w ON starts_with(u.path, w.path)
    WHERE u.kind = ANY(%(kinds)s)
      AND EXISTS (SELECT 1 FROM dues_payment p WHERE p.unit_id = u.id AND NOT p.is_void
                  AND p.paid_on BETWEEN %(first)s AND %(last)s)
      AND NOT EXISTS (SELECT 1 FROM dues_remittance r WHERE r.unit_id = u.id
                      AND r.quarter = %(first)s AND r.state <> %(returned)s)
)"""


def owed(now: datetime) -> dict[str, int]:
    """Open the month, write every reminder that is owed at this moment; how many were new."""
    on = timezone.localdate(now)
    this, numbers = on.replace(day=1), shown_numbers(on)
    found = {"opened": open_month(this)}
    levels = list(numbers.alert_months)
    found["arrears"] = _arrears(now, on, levels, Role.SECRETARY, "dues-arrears")
    # Whoever looks after the branch hears of it from the second level on.
    found["above"] = _arrears(now, on, levels[1:], Role.COMMITTEE_STAFF, "dues-above")
    common: dict[str, Any] = {
        "role": Role.SECRETARY.value, "on": on, "this": this,
        "kinds": [kind.value for kind in BRANCH_KINDS],
        "link": f"{reverse('dues:branch_list')}",
    }  # fmt: skip
    found["month"] = found["sum"] = 0
    if on.day >= numbers.remind_day:
        filled = common | {"name": "dues-month"}
        found["month"] = fan_out(_WHO + _MONTH, filled, day=on, now=now)
    quarter = Period.containing(on, "quarter").previous()
    if on > quarter.end + timedelta(days=numbers.remit_days):
        filled = common | {
            "name": "dues-sum", "first": quarter.start, "last": quarter.end,
            "quarter": quarter.name, "returned": RemitState.RETURNED.value,
        }  # fmt: skip
        found["sum"] = fan_out(_WHO + _SUM, filled, day=on, now=now)
    return found


def _arrears(now: datetime, on: date, levels: list[int], role: Role, name: str) -> int:
    if not levels:
        return 0
    link = reverse("dues:member", args=["00000000-0000-0000-0000-000000000000"])
    filled: dict[str, Any] = {
        "role": role.value, "on": on, "this": on.replace(day=1), "levels": levels, "name": name,
        "link": link.removesuffix("00000000-0000-0000-0000-000000000000/"),
    }  # fmt: skip
    return fan_out(_WHO + _ARREARS, filled, day=on, now=now)
