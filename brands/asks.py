"""What 党建品牌 asks of somebody, for the first page; a constant number of queries."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF, WRITERS
from branches.scope import Scope
from brands.board import queue
from brands.enums import ReviewState
from brands.mine import mine
from brands.models import Review
from core.asks import Ask


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """The next step of one's own brands, what waits for a decision, and sheets to fill."""
    return [*_own(scope, on), *_waiting(scope, user_id, on), *_sheets(user_id)]


def _own(scope: Scope, on: date) -> list[Ask]:
    """For whoever keeps a brand himself: a secretary, or a committee that owns one."""
    units: list[Unit] = [
        unit for unit in scope.units_as(*WRITERS) if unit.depth > 1 and not unit.is_group
    ]
    if not units:
        return []
    return [
        Ask(
            f"品牌“{line.brand.name}”：{line.next.title}",
            line.next.url,
            note=line.next.note,
            until=line.next.until,
            icon="flag",
        )
        for line in mine(units, on=on)
        if line.next is not None and line.next.url
    ][:3]


def _waiting(scope: Scope, user_id: int, on: date) -> list[Ask]:
    judges = scope.units_as(*STAFF)
    if not judges:
        return []
    sorts = queue(judges=judges, rules=scope.units_as(Role.DISTRICT_STAFF), user_id=user_id, on=on)
    count = sum(len(one.rows) for one in sorts)
    if not count:
        return []
    note = "、".join(f"{one.title} {len(one.rows)} 个" for one in sorts[:4])
    return [Ask("办理党建品牌", reverse("brands:queue"), note=note, count=count, icon="flag")]


def _sheets(user_id: int) -> list[Ask]:
    rows = Review.objects.addressed_to(user_id).filter(
        submitted_at__isnull=True, year__review_state=ReviewState.OPEN
    )
    count = rows.count()
    if not count:
        return []
    return [
        Ask(
            "请您评审品牌",
            reverse("brands:review_list"),
            note="各自打分，汇总前互相看不到",
            count=count,
            icon="award",
        )
    ]
