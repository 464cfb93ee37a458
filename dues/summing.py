"""What a unit has to hand up for a quarter, and to whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from core.dates import Period
from dues.enums import RemitState
from dues.models import Payment, Remittance


def computed_sum(unit: Unit, quarter: Period) -> Decimal:
    """What a unit has to hand up for a quarter, in yuan; one query.

    A branch: what was paid to it on days of the quarter, whatever the months. A committee: what
    its branches handed up for the quarter and it confirmed. Large gifts are in neither.
    """
    if unit.kind in BRANCH_KINDS:
        rows: Any = Payment.unscoped.filter(
            unit=unit, is_void=False, paid_on__range=(quarter.start, quarter.end)
        )
    else:
        rows = Remittance.unscoped.filter(
            unit__committee=unit, quarter=quarter.start, state=RemitState.CONFIRMED
        ).exclude(unit=unit)
    return Decimal(rows.aggregate(total=Sum("amount"))["total"] or 0)


def is_committee(unit: Unit) -> bool:
    """Whether it hands up to the district: what stands directly below the 区委."""
    return unit.committee_id == unit.pk
