"""Many people told things of their own by one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from branches.models import Grant
from core.outbox import fan_out

_EACH = """
wanted AS (
    SELECT w.key || ':' || a.id AS key, a.id AS recipient_id, %(template)s AS template,
           w.payload::jsonb AS payload, w.title AS title, %(link)s AS link
    FROM unnest(%(keys)s::text[], %(ids)s::bigint[], %(payloads)s::text[], %(titles)s::text[])
      AS w (key, recipient_id, payload, title)
    JOIN accounts_user a ON a.id = w.recipient_id AND a.is_active
)
"""


@dataclass(frozen=True)
class Word:
    """One thing said to one person, once for each ``key``."""

    to: int
    key: str
    title: str
    payload: Mapping[str, Any]


def tell_each(words: Iterable[Word], *, template: str, link: str, on: date) -> int:
    """Say it; the number of notices that were new."""
    rows = list(words)
    if not rows:
        return 0
    return fan_out(
        _EACH,
        {
            "keys": [row.key for row in rows],
            "ids": [row.to for row in rows],
            "payloads": [json.dumps(dict(row.payload), ensure_ascii=False) for row in rows],
            "titles": [row.title for row in rows],
            "template": template,
            "link": link,
        },
        day=on,
        now=timezone.now(),
    )


def holders(unit_ids: Iterable[int], roles: Iterable[str], *, on: date) -> dict[int, set[int]]:
    """Who holds one of the roles in each of the units on the day, in one question."""
    rows = Grant.unscoped.filter(unit__in=set(unit_ids), role__in=list(roles), since__lte=on)
    found: dict[int, set[int]] = {}
    for unit_id, user_id in rows.filter(Q(until__isnull=True) | Q(until__gte=on)).values_list(
        "unit_id", "user_id"
    ):
        found.setdefault(unit_id, set()).add(user_id)
    return found
