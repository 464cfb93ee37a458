"""调阅评分表: a district's own items and points, from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from core.errors import Refusal
from meetings.models import CheckSheet
from meetings.rules.checks import SheetItem, sheet_fault

_LONGEST_TERM = 60


@transaction.atomic
def add_sheet(
    *,
    unit: Unit,
    by: User,
    valid_from: date,
    items: Sequence[SheetItem],
    answer_days: int,
    read_days: int,
    on: date,
) -> CheckSheet:
    """Put a sheet in force from ``valid_from``, today or later: what was scored stays explained.

    Raises:
        Refusal: not a district, the points do not sum to 100, or the day is taken or past.
    """
    if unit.kind != UnitKind.DISTRICT:
        raise Refusal("评分表由区委统一制定，请选择区委。", field="unit")
    if valid_from < on:
        raise Refusal("启用日期不能早于今天，已经打过的分不受影响。", field="valid_from")
    for field, days in (("answer_days", answer_days), ("read_days", read_days)):
        if not 1 <= days <= _LONGEST_TERM:
            raise Refusal(f"期限应在 1 到 {_LONGEST_TERM} 个工作日之间。", field=field)
    fault = sheet_fault(items)
    if fault:
        raise Refusal(fault, field="items")
    lines = [{"name": i.name, "points": f"{i.points:f}", "look": i.look} for i in items]
    try:
        with transaction.atomic():
            return CheckSheet.unscoped.create(
                unit=unit,
                by=by,
                valid_from=valid_from,
                items=lines,
                answer_days=answer_days,
                read_days=read_days,
            )
    except IntegrityError:
        raise Refusal(
            "这一天启用的评分表已经有了，请换一个启用日期。", field="valid_from", code="conflict"
        ) from None
