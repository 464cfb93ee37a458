"""What the secretary's page shows: each of his organisations, its term, what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from branches.models import Unit
from elections.agenda import BRANCH, next_step, with_last_day
from elections.models import Election, WaveBody
from elections.rules import latest_due
from elections.settings import shown_limits
from elections.standing import running_terms

_SHOWN = 30


def cards(roots: Sequence[Unit], *, on: date) -> list[dict[str, Any]]:
    """A card for each organisation with a term or an election, and for branches without; four
    questions, however many there are.
    """
    months = max(shown_limits(on).alerts)
    terms = list(running_terms(*roots, on=on).select_related("unit").order_by("ends_on")[:_SHOWN])
    rows: Any = Election.objects.within(*roots)
    running = {one.unit_id: one for one in with_last_day(rows.running())[:_SHOWN]}
    bodies = WaveBody.objects.within(*roots).order_by("wave__starts_on").select_related("wave")
    held = {body.unit_id: body for body in bodies[:_SHOWN]}
    found = [(term.unit, term, running.pop(term.unit_id, None)) for term in terms]
    found += [(one.unit, None, one) for one in running.values()]
    known = {unit.pk for unit, _, _ in found}
    found += [(unit, None, None) for unit in roots if unit.is_branch and unit.pk not in known]
    return [
        _card(unit, term, election, on, months) | {"body": held.get(unit.pk)}
        for unit, term, election in found
    ]


def _card(unit: Unit, term: Any, election: Any, on: date, months: int) -> dict[str, Any]:
    step = next_step(election) if election is not None else None
    return {
        "unit": unit, "term": term, "election": election, "step": step,
        "mine": step is not None and step.who == BRANCH,
        "is_overdue": bool(term and term.ends_on < on),
        "is_near": bool(term and term.ends_on <= latest_due(on, months)),
        "days": (term.ends_on - on).days if term else 0,
        "months": months,
    }  # fmt: skip
