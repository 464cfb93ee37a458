"""Telling those who hold a role in a part of the tree, by one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from psycopg2.extras import Json

from accounts.models import User
from branches.models import Unit
from branches.querysets import minimal_prefixes
from core.outbox import fan_out
from meetings.programmes import places

_PLACE = """
wanted AS (
    SELECT DISTINCT %(key)s || ':' || a.id AS key, a.id AS recipient_id, %(template)s AS template,
           %(payload)s::jsonb AS payload, %(title)s AS title, %(link)s AS link
    FROM branches_unit u
    JOIN branches_grant g ON g.unit_id = u.id
    JOIN accounts_user a ON a.id = g.user_id
    WHERE a.is_active AND a.id <> %(by)s
      AND g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
      AND ((u.path >= %(low)s AND u.path < %(high)s AND g.role = ANY(%(below)s))
           OR (u.path = ANY(%(places)s) AND g.role = ANY(%(above)s)))
)
"""


def tell_place(
    *,
    unit: Unit,
    below: Iterable[str],
    above: Iterable[str] = (),
    key: str,
    template: str,
    payload: Mapping[str, Any],
    title: str,
    link: str,
    by: User | None,
    on: date,
) -> int:
    """Tell the holders of the roles ``below`` in the subtree and ``above`` on the way to the top.

    Each once per ``key``; not ``by``. The number of notices that were new.
    """
    (low,) = minimal_prefixes([unit.path])
    return fan_out(
        _PLACE,
        {
            "key": key,
            "template": f"meetings/notices/{template}",
            "payload": Json(dict(payload)),
            "title": title,
            "link": link,
            "low": low,
            "high": low + "[",
            "places": places(unit),
            "below": list(below),
            "above": list(above),
            "by": by.pk if by else 0,
            "on": on,
        },
        day=on,
        now=timezone.now(),
    )
