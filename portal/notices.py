"""What the hourly task does: remind of 通知 whose day comes, or has passed.

The question is put to the database: what is owed now and not told yet? A missed hour, two
schedulers or a killed worker change nothing; each reminder has a key and goes out once (R10, R11).
Last days are counted by working days (调休 observed).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from core.holidays import calendar_around
from core.outbox import fan_out
from portal.enums import State
from portal.reaching import KEEPERS

# So many working days ahead; and so many days back a late one is still told when hours were missed.
SOON_WORKDAYS = 2
CATCH_UP = timedelta(days=7)
_DAY = timedelta(days=1)

_WANTED = """
wanted AS (
    SELECT 'circular-' || %(name)s || ':' || g.user_id || ':' || c.id AS key,
           g.user_id AS recipient_id,
           'portal/notices/' || %(name)s AS template,
           jsonb_build_object('circular', c.title,
                              'due', to_char(c.sign_by, 'FMMM月FMDD日')) AS payload,
           left(%(title)s || c.title, 200) AS title,
           %(link)s || min(r.uuid::text) || '/' AS link
    FROM portal_circular c
    JOIN portal_receipt r ON r.circular_id = c.id
    JOIN branches_grant g ON g.unit_id = r.unit_id AND g.role = ANY(%(roles)s)
    JOIN accounts_user a ON a.id = g.user_id AND a.is_active
    WHERE c.state = %(issued)s AND c.sign_by BETWEEN %(first)s AND %(last)s
      AND (r.read_at IS NULL OR (c.needs_sign AND r.signed_at IS NULL))
      AND g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
    GROUP BY g.user_id, c.id
)"""


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed at this moment; how many were new, by its name."""
    on = timezone.localdate(now)
    soon = calendar_around(on).add_workdays(on, SOON_WORKDAYS).day
    return {
        "soon": _send("soon", "快到期了：", now, on, soon),
        "late": _send("late", "已逾期：", now, on - _DAY - CATCH_UP, on - _DAY),
    }


def _send(name: str, title: str, now: datetime, first: date, last: date) -> int:
    on = timezone.localdate(now)
    return fan_out(
        _WANTED,
        {
            "name": name, "title": title, "first": first, "last": last, "on": on,
            "issued": State.ISSUED.value, "roles": [role.value for role in KEEPERS],
            "link": reverse("portal:inbox"),
        },
        day=on,
        now=now,
    )  # fmt: skip
