"""What assessment may ask of 后进整顿 (scoring.md, half-year composite: 整顿 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from branches.models import Unit
from rectification.models import Acceptance


@dataclass(frozen=True)
class AcceptanceScore:
    """The 验收 score, 0–100, of a unit under rectification, and the case and day behind it."""

    unit_id: int
    score: Decimal
    passed: bool
    case_uuid: UUID
    day: date


def acceptance_scores(
    *, units: Iterable[Unit], first: date, last: date
) -> dict[int, AcceptanceScore]:
    """By unit id, for units in the subtrees of ``units``: the last 验收 from ``first`` to ``last``.

    A unit without a 验收 in these days has no row: the part does not apply to it, and the others
    are scaled up. One query.
    """
    rows = (
        Acceptance.objects.within(*units)
        .filter(day__range=(first, last))
        .order_by("case__unit_id", "-day", "-pk")
        .distinct("case__unit_id")
        .values_list("case__unit_id", "total", "passed", "case__uuid", "day")
    )
    return {row[0]: AcceptanceScore(*row) for row in rows}
