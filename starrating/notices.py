"""What the hourly task does: remind of 自评 that is due, and of what lies too long above.

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
from starrating.enums import RoundState, State

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
), owed AS (
    SELECT r.id, r.uuid, o.name AS organisation, u.path, d.id AS round_id, d.name AS round_name,
           CASE r.state WHEN 0 THEN d.self_until WHEN 1 THEN d.check_until
                        WHEN 2 THEN d.review_until ELSE r.notice_until + 1 END AS due
    FROM starrating_rating r
    JOIN starrating_round d ON d.id = r.round_id AND d.state = %(running)s
    JOIN starrating_organisation o ON o.id = r.organisation_id
    JOIN branches_unit u ON u.id = o.unit_id
    WHERE r.state = %(state)s
)"""

# 自评 due soon, or past its day: one notice an organisation, to whoever keeps the branch.
_EACH = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.id || ':' || to_char(o.due, 'YYYY-MM-DD')
               AS key,
           w.user_id AS recipient_id, 'starrating/notices/' || %(template)s AS template,
           jsonb_build_object('organisation', o.organisation, 'round', o.round_name,
                              'due', to_char(o.due, 'FMMM月FMDD日')) AS payload,
           left(%(title)s || o.organisation, 200) AS title, %(link)s || o.uuid || '/' AS link
    FROM owed o JOIN who w ON starts_with(o.path, w.path)
    WHERE o.due BETWEEN %(first)s AND %(last)s
)"""

# What waits above, past its day or ready since its day: one line a round and week.
_ABOVE = """, wanted AS (
    SELECT %(name)s || ':' || w.user_id || ':' || o.round_id || ':' || %(week)s AS key,
           w.user_id AS recipient_id, 'starrating/notices/' || %(template)s AS template,
           jsonb_build_object('round', o.round_name, 'count', count(*)) AS payload,
           left(%(title)s || o.round_name, 200) AS title, %(link)s AS link
    FROM owed o JOIN who w ON starts_with(o.path, w.path)
    WHERE o.due <= %(last)s
    GROUP BY w.user_id, o.round_id, o.round_name
)"""


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed at this moment; how many were new, by its name."""
    on = timezone.localdate(now)
    soon = calendar_around(on).add_workdays(on, SOON_WORKDAYS).day
    yesterday = on - _DAY
    return {
        "soon": _each(now, "star-soon", "soon", on, soon, "自评快到期了："),
        "late": _each(now, "star-late", "late", on - _DAY - CATCH_UP, yesterday, "自评已逾期："),
        "check": _above(
            now, "star-check", "check", State.FILED, Role.COMMITTEE_STAFF, yesterday, "待初核："
        ),
        "review": _above(
            now, "star-review", "review", State.CHECKED, Role.DISTRICT_STAFF, yesterday, "待审核："
        ),
        "award": _above(
            now, "star-award", "award", State.NOTICED, Role.DISTRICT_STAFF, on, "公示期满："
        ),
    }  # fmt: skip


def _each(now: datetime, name: str, template: str, first: date, last: date, title: str) -> int:
    link = reverse("starrating:rating_list")
    return _send(
        _EACH, now, name, State.SELF, Role.SECRETARY, first=first, last=last, title=title,
        template=template, link=link,
    )  # fmt: skip


def _above(
    now: datetime, name: str, template: str, state: State, role: Role, last: date, title: str
) -> int:
    on = timezone.localdate(now)
    monday = on - timedelta(days=on.weekday())
    return _send(
        _ABOVE, now, name, state, role, last=last, title=title, template=template,
        week=monday.isoformat(), link=reverse("starrating:queue"),
    )  # fmt: skip


def _send(sql: str, now: datetime, name: str, state: State, role: Role, **more: Any) -> int:
    on = timezone.localdate(now)
    parameters: dict[str, Any] = {
        "name": name, "role": role.value, "on": on, "state": state.value,
        "running": RoundState.RUNNING.value, **more,
    }  # fmt: skip
    return fan_out(_WHO + sql, parameters, day=on, now=now)
