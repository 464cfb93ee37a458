"""What the hourly task does: remind officers of last days. No name and no post stands in a notice.

The question is put to the database: what is owed now and not told yet? A missed hour, two
schedulers or a killed worker change nothing; each reminder has a key and goes out once.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from cadres.limits import shown_limits
from core.holidays import calendar_around
from core.outbox import fan_out

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
), """
_ORDERS = """owed AS (
    SELECT u.path, 'o' || o.id AS item, o.reply_due AS due
    FROM cadres_order o JOIN cadres_cadre c ON c.id = o.cadre_id
    JOIN branches_unit u ON u.id = c.unit_id
    WHERE o.state = 'issued' AND o.reply_due BETWEEN %(first)s AND %(last)s
)"""
_TRIALS = """owed AS (
    SELECT u.path, 'a' || a.id AS item, a.trial_until AS due
    FROM cadres_appointment a JOIN branches_unit u ON u.id = a.unit_id
    WHERE a.step = 'office' AND NOT a.is_over AND a.trial_until BETWEEN %(first)s AND %(last)s
)"""
_WANTED = """, wanted AS (
    SELECT DISTINCT %(name)s || ':' || w.user_id || ':' || o.item || ':'
               || to_char(o.due, 'YYYY-MM-DD') AS key,
           w.user_id AS recipient_id, %(template)s AS template,
           jsonb_build_object('due', to_char(o.due, 'FMMM月FMDD日')) AS payload,
           %(title)s AS title, %(link)s AS link
    FROM owed o JOIN who w ON starts_with(o.path, w.path)
)"""


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed at this moment; how many were new, by its name."""
    on = timezone.localdate(now)
    soon = calendar_around(on).add_workdays(on, SOON_WORKDAYS).day
    ends = on + timedelta(days=shown_limits(on).trial_notice_days)
    board = reverse("cadres:oversight")
    return {
        "soon": _send(
            _ORDERS, now, "cadre-soon", on, soon, "order_soon", "三单快到回复期限", board
        ),
        "late": _send(
            _ORDERS, now, "cadre-late", on - _DAY - CATCH_UP, on - _DAY, "order_late",
            "三单超过回复期限", f"{board}?state=overdue",
        ),
        "trial": _send(
            _TRIALS, now, "cadre-trial", on - CATCH_UP, ends, "trial", "试用期将满",
            reverse("cadres:appointments"),
        ),
    }  # fmt: skip


def _send(
    sql: str, now: datetime, name: str, first: date, last: date, template: str, title: str,
    link: str,
) -> int:  # fmt: skip
    on = timezone.localdate(now)
    parameters = {
        "name": name, "role": Role.CADRE_OFFICER.value, "on": on, "first": first, "last": last,
        "template": f"cadres/notices/{template}", "title": title, "link": link,
    }  # fmt: skip
    return fan_out(_WHO + sql + _WANTED, parameters, day=on, now=now)
