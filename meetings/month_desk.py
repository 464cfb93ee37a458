"""A month's 组织生活日 for those above: who held it, what is written for it, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from branches.models import Unit
from core.dates import Period
from meetings.coverage import coverage, coverage_line
from meetings.day_log import Told, told
from meetings.fixed_days import fixed_days
from meetings.models import Programme
from meetings.programmes import gallery, plan_for
from meetings.rules.programme import is_time_to_write
from meetings.services.programme import WRITING_KINDS
from meetings.waiting import to_decide


@dataclass(frozen=True)
class Written:
    """The programme of a place, when there is one, and what became of the notices about it."""

    unit: Unit
    programme: Programme | None
    told: Told | None


def written(units: Iterable[Unit], month: Period) -> list[Written]:
    """Of those places among ``units`` that write programmes; two questions."""
    places = [unit for unit in units if unit.kind in WRITING_KINDS]
    rows = Programme.objects.within(*places).filter(
        month=month.start, unit__in=[unit.pk for unit in places]
    )
    known = {row.unit_id: row for row in rows.select_related("unit", "published_by")}
    keys = {pk: f"programme:{row.pk}:{row.issue}" for pk, row in known.items()}
    heard = told((key, known[pk].unit) for pk, key in keys.items())
    return [Written(unit, known.get(unit.pk), heard.get(keys.get(unit.pk, ""))) for unit in places]


def month_desk(
    roots: Sequence[Unit], own: Sequence[Unit], month: Period, *, user_id: int | None, on: date
) -> dict[str, Any]:
    """The month of whoever looks after ``roots``, and works as staff in ``own``.

    Figures by committee, each with the address of its rows; the programme, and the shared examples.
    """
    found, waiting = coverage(units=roots, month=month, on=on), to_decide(own, user_id=user_id)
    first = roots[0]
    district = first if first.parent_id is None else first.district
    (day,) = fixed_days(district=district, months=[month])
    return {
        "month": month,
        "before": month.previous(),
        "after": month.next(),
        "today": on,
        "day": day,
        "coverage": found,
        "lines": [coverage_line(row, month, found.acts) for row in found.rows],
        "total": coverage_line(found.total, month, found.acts),
        "acts": found.acts,
        "plan": plan_for(first, month),
        "written": written(own, month),
        "due_to_write": is_time_to_write(on),
        "shares": gallery(roots, month),
        "waiting": waiting.postponements + waiting.shares,
    }
