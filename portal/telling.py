"""Who is told of a 通知: one statement for all, each person once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from core.outbox import fan_out
from portal.models import Circular
from portal.reaching import KEEPERS

# ``chosen`` (unit_id, receipt) comes before; somebody who keeps several units is told once.
_TOLD = """
, wanted AS (
    SELECT %(name)s || ':' || g.user_id AS key, g.user_id AS recipient_id,
           %(template)s AS template,
           jsonb_build_object('circular', %(circular)s, 'issuer', %(issuer)s, 'due', %(due)s,
                              'reason', %(reason)s, 'sign', %(sign)s) AS payload,
           %(title)s AS title, %(link)s || min(c.receipt) || '/' AS link
    FROM chosen c
    JOIN branches_grant g ON g.unit_id = c.unit_id AND g.role = ANY(%(roles)s)
    JOIN accounts_user a ON a.id = g.user_id AND a.is_active
    WHERE g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
    GROUP BY g.user_id
)"""

_ALL = """
chosen AS (
    SELECT unit_id, uuid::text AS receipt FROM portal_receipt WHERE circular_id = %(id)s
)"""

_SOME = """
chosen AS (
    SELECT unit_id, uuid::text AS receipt FROM portal_receipt WHERE id = ANY(%(receipts)s)
)"""


def tell_issued(circular: Circular, *, on: date, now: datetime) -> int:
    """Tell the keepers of every unit; how many were told."""
    return _tell(circular, "issued", f"通知：{circular.title}", on=on, now=now)


def tell_revoked(circular: Circular, *, on: date, now: datetime) -> int:
    """Tell the same people that it was taken back."""
    return _tell(circular, "revoked", f"通知已撤回：{circular.title}", on=on, now=now)


def tell_urged(circular: Circular, receipts: list[int], *, on: date, now: datetime) -> int:
    """催: tell the keepers of these units, once on a day."""
    return _tell(
        circular, "urged", f"请阅办通知：{circular.title}", on=on, now=now, receipts=receipts,
        day=on.isoformat(),
    )  # fmt: skip


def _tell(
    circular: Circular, what: str, title: str, *, on: date, now: datetime,
    receipts: list[int] | None = None, day: str = "",
) -> int:  # fmt: skip
    until = circular.sign_by
    parameters: dict[str, Any] = {
        "name": f"circular-{what}:{circular.pk}:{day}", "id": circular.pk,
        "receipts": receipts or [], "roles": [role.value for role in KEEPERS], "on": on,
        "template": f"portal/notices/{what}", "circular": circular.title,
        "issuer": str(circular.unit), "due": f"{until.month}月{until.day}日" if until else "",
        "reason": circular.reason, "sign": circular.needs_sign, "title": title[:200],
        "link": reverse("portal:inbox"),
    }  # fmt: skip
    chosen = _ALL if receipts is None else _SOME
    return fan_out(chosen + _TOLD, parameters, day=on, now=now)
