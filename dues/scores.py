"""What assessment may ask of 党费 (scoring.md, half-year composite: 党费 10 = paid ÷ due)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from branches.models import Unit
from dues.enums import DueState
from dues.models import Due


@dataclass(frozen=True)
class MemberMonths:
    """Due and paid member-months of a branch in a period."""

    unit_id: int
    due: int
    paid: int


def member_months(
    *, units: Iterable[Unit], first: date, last: date, paid_by: date | None = None
) -> dict[int, MemberMonths]:
    """By branch id, for branches in the subtrees of ``units``: the months from ``first`` to
    ``last``.

    What does not count (不计) is in neither figure; months that were paid after ``paid_by`` (None:
    whenever) are due and not paid. A branch where nothing was due has no row: the part does not
    apply to it, and the others are scaled up. One query.
    """
    paid = Q(state=DueState.PAID)
    if paid_by is not None:
        paid &= Q(paid_on__lte=paid_by)
    rows = (
        Due.objects.within(*units)
        .between(first, last)
        .exclude(state=DueState.STRUCK)
        .order_by()
        .values("unit_id")
        .annotate(due=Count("pk"), paid=Count("pk", filter=paid))
    )
    return {row["unit_id"]: MemberMonths(**row) for row in rows}
