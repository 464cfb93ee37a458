"""阵地清单, 联系点 and 走访 as workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from support.agenda import STANDINGS
from support.models import VenueAnswer

MOST = 5000
VENUE_HEAD = (
    "党组织代码", "党组织", "所属党（工）委", "阵地", "情况", "缺哪几项", "退回原因",
)  # fmt: skip
LINK_HEAD = (
    "联系领导", "职务", "级别", "联系点代码", "联系点", "开始日期", "本季度走访", "最近走访",
    "跟进中的问题",
)  # fmt: skip
VISIT_HEAD = (
    "日期", "联系领导", "联系点", "了解到的情况", "发现的问题", "情况", "处理结果", "解决日期",
)  # fmt: skip


def venue_rows(rows: Any, *, on: date) -> Iterator[tuple[object, ...]]:
    """Branches with their venues and what is missing; two queries."""
    found = list(rows[:MOST])
    missing: dict[int, list[str]] = {}
    answers = VenueAnswer.unscoped.filter(
        check_of__venue__unit__in=found, check_of__year=on.year, is_there=False
    )
    for unit_id, title in answers.values_list("check_of__venue__unit", "item__title"):
        missing.setdefault(unit_id, []).append(title)
    for unit in found:
        yield (
            unit.code, unit.name, unit.committee.name if unit.committee else "",
            unit.venue_name or "", STANDINGS[unit.standing],
            "、".join(missing.get(unit.pk, [])), unit.check_answer or "",
        )  # fmt: skip


def link_rows(rows: Any) -> Iterator[tuple[object, ...]]:
    """Contact points with what came of them; one query."""
    for link in rows[:MOST]:
        leader = link.leader
        yield (
            leader.name, leader.position, leader.get_level_display(), link.unit.code,
            link.unit.name, link.since, link.visited, link.last_day or "", link.open_count,
        )  # fmt: skip


def visit_rows(rows: Any) -> Iterator[tuple[object, ...]]:
    """Visits; one query."""
    for visit in rows[:MOST]:
        yield (
            visit.day, visit.link.leader.name, visit.link.unit.name, visit.found, visit.problem,
            visit.get_state_display(), visit.outcome, visit.solved_on or "",
        )  # fmt: skip
