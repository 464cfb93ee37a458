"""What assessment may ask of 两新星级 (scoring.md, half-year composite: 星级 10 = stars × 20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from branches.models import Unit
from starrating.models import StarChange

PER_STAR = Decimal(20)


@dataclass(frozen=True)
class StarScore:
    """Points, 0–100, of a unit, and behind them each organisation with its stars and their day."""

    unit_id: int
    score: Decimal
    organisations: tuple[tuple[UUID, int, date], ...]


def star_scores(*, units: Iterable[Unit], last: date) -> dict[int, StarScore]:
    """By unit id, for units in the subtrees of ``units``: stars in force on ``last``, × 20.

    A unit with several organisations has their mean. One that was never rated by then has no row:
    the part does not apply to it, and the others are scaled up. Organisations struck off by then
    count no more. One query.
    """
    rows = (
        StarChange.objects.within(*units)
        .filter(day__lte=last)
        .exclude(organisation__closed_on__lte=last)
        .order_by("organisation_id", "-day", "-pk")
        .distinct("organisation_id")
        .values_list("organisation__unit_id", "organisation__uuid", "after", "day")
    )
    found: dict[int, list[tuple[UUID, int, date]]] = defaultdict(list)
    for unit_id, uuid, stars, day in rows:
        found[unit_id].append((uuid, stars, day))
    return {unit_id: _score(unit_id, held) for unit_id, held in found.items()}


def _score(unit_id: int, held: list[tuple[UUID, int, date]]) -> StarScore:
    whole = sum((PER_STAR * stars for _, stars, _ in held), Decimal(0))
    mean = (whole / len(held)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return StarScore(unit_id, mean, tuple(held))
