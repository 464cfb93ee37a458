"""States that move along a table: the same table for the verb and for the database (S17)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pgtrigger

from core.errors import Refusal

Moves = frozenset[tuple[Any, Any]]


def legal_moves(moves: Iterable[tuple[Any, Any]]) -> pgtrigger.Trigger:
    """Let the database refuse a change of ``state`` that the table does not hold.

    The pairs are written out, so that a change of the table is seen as one of the schema.
    """
    pairs = ",".join(f"({before},{after})" for before, after in sorted(_numbers(moves)))
    return pgtrigger.Trigger(
        name="legal_state",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(
            f"OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({pairs})"
        ),
        func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
        "USING ERRCODE = 'check_violation';",
    )


def begins_at(*states: Any) -> pgtrigger.Trigger:
    """Let the database refuse a new row in any other state."""
    known = ",".join(str(int(state)) for state in states)
    return pgtrigger.Trigger(
        name="begins_at",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(f"NEW.state NOT IN ({known})"),
        func="RAISE EXCEPTION 'a row begins at its first state, not at %', NEW.state "
        "USING ERRCODE = 'check_violation';",
    )


def demand_move(row: Any, to: Any, *, moves: Moves, name: str) -> None:
    """Raise Refusal (conflict) unless the table holds the move of ``row.state`` to ``to``.

    ``name`` says what it is in the sentence (这项承诺).
    """
    states = type(to)
    if (states(row.state), to) not in moves:
        raise Refusal(
            f"{name}现在是“{states(row.state).label}”，不能改为“{to.label}”；"
            "请刷新页面看最新情况。",
            code="conflict",
        )


def _numbers(moves: Iterable[tuple[Any, Any]]) -> list[tuple[int, int]]:
    return [(int(before), int(after)) for before, after in moves]
