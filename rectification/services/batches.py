"""Batches: their days, lines, reports and score sheets."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from core.errors import Refusal
from rectification.models import Acceptance, Batch, Report, ReportDue, ScoreItem
from rectification.rules import DueLine, ItemLine, LineError, read_dues, read_items
from rectification.services.common import checked, sane, text

_LINES = (
    "pass_score", "pass_satisfaction", "most_dissatisfied", "fair_counts", "least_answers",
    "watch_months", "problem_days",
)  # fmt: skip


@transaction.atomic
def save_batch(
    *,
    unit: Unit,
    by: User | None,
    number: int,
    name: str,
    year: int,
    starts_on: date,
    deadline: date,
    items: str,
    dues: str,
    demands: str = "",
    regulation: str = "",
    batch: Batch | None = None,
    **lines: Any,
) -> Batch:
    """Register a batch of a district, or correct one; with its score sheet and its reports.

    ``items`` and ``dues`` are typed a line each (:func:`rectification.rules.read_items`). The sheet
    and the pass lines stand once a case was examined by them; a report that was filed stays.

    Raises:
        Refusal: days or sums that do not hold, or a change of what was already used.
    """
    if unit.kind != UnitKind.DISTRICT:
        raise Refusal("批次由区委组织部登记，请选择区委。", field="unit")
    if not 2000 <= year <= 2100:
        raise Refusal("请核对年度。", field="year")
    rows, plan = _read(items, dues)
    found = batch and Batch.unscoped.select_for_update().get(pk=batch.pk)
    fresh = found or Batch(unit=unit, by=by)
    if found and Acceptance.unscoped.filter(case__batch=found).exists():
        _refuse_changed_lines(found, rows, lines)
    fresh.number, fresh.year = number, year
    fresh.name = text(name, "批次名称", field="name", longest=80)
    fresh.starts_on, fresh.deadline = (
        sane(starts_on, field="starts_on"), sane(deadline, field="deadline"),
    )  # fmt: skip
    fresh.demands = text(demands, "工作要求", field="demands", longest=5000, needed=False)
    fresh.regulation = text(regulation, "依据", field="regulation", longest=200, needed=False)
    for key in _LINES:
        if key in lines:
            setattr(fresh, key, lines[key])
    checked(fresh)
    fresh.save()
    _write_items(fresh, rows)
    _write_dues(fresh, plan)
    return fresh


def _read(items: str, dues: str) -> tuple[list[ItemLine], list[DueLine]]:
    try:
        rows = read_items(items)
    except LineError as fault:
        raise Refusal(str(fault), field="items") from None
    try:
        return rows, read_dues(dues)
    except LineError as fault:
        raise Refusal(str(fault), field="dues") from None


def _refuse_changed_lines(batch: Batch, rows: list[ItemLine], lines: dict[str, Any]) -> None:
    stored = list(batch.items.values_list("name", "points"))
    if stored != [(row.name, row.points) for row in rows]:
        raise Refusal("本批已经有验收，评分表不能再改；新的评分表从下一批开始用。", field="items")
    for key in _LINES[:5]:
        if key in lines and getattr(batch, key) != lines[key]:
            raise Refusal("本批已经有验收，合格线不能再改；新的合格线从下一批开始用。", field=key)


def _write_items(batch: Batch, rows: list[ItemLine]) -> None:
    stored = list(batch.items.values_list("name", "points"))
    if stored == [(row.name, row.points) for row in rows]:
        return
    ScoreItem.unscoped.filter(batch=batch).delete()
    ScoreItem.unscoped.bulk_create(
        ScoreItem(batch=batch, position=place, name=row.name, points=row.points)
        for place, row in enumerate(rows, start=1)
    )


def _write_dues(batch: Batch, plan: list[DueLine]) -> None:
    """Keep reports by their title, so that what was filed stays with them."""
    known = {due.title: due for due in ReportDue.unscoped.filter(batch=batch)}
    for line in plan:
        due = known.pop(line.title, None) or ReportDue(batch=batch, title=line.title)
        if due.due_on != line.due_on:
            due.due_on = line.due_on
            due.save()
    gone = [due.pk for due in known.values()]
    if Report.unscoped.filter(due__in=gone).exists():
        raise Refusal("已有整顿对象提交过的报告不能取消，请保留它的名称。", field="dues")
    ReportDue.unscoped.filter(pk__in=gone).delete()
