"""Who is told of what concerns a branch, and many people told things of their own at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from branches.enums import Role
from branches.models import Grant, Unit
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
    found: dict[int, set[int]] = {}
    rows = Grant.objects.all().holding(unit_ids, *roles, on=on)
    for unit_id, user_id in rows.values_list("unit_id", "user_id"):
        found.setdefault(unit_id, set()).add(user_id)
    return found


def keepers(units: Iterable[Unit], on: date) -> list[int]:
    """The accounts that write for these branches and groups on the day: 书记 and 党小组组长."""
    ids = [unit.pk for unit in units]
    found = holders(ids, (Role.SECRETARY, Role.GROUP_LEADER), on=on)
    return sorted(set().union(*found.values()))


def writers_of(unit: Unit) -> tuple[Unit, ...]:
    """The units whose keepers are told of a record of ``unit``: itself, and a group's branch."""
    return (unit, unit.parent) if unit.is_group and unit.parent else (unit,)
