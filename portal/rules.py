"""Rules of 网上党支部: pure, time and parameters come in."""

from __future__ import annotations

import re
from datetime import date

from portal.enums import TRANSITIONS, State

_BETWEEN = re.compile(r"[\s,，;；、]+")


def can_move(before: int, after: int) -> bool:
    """Whether a 通知 may go from one state to another."""
    return (State(before), State(after)) in TRANSITIONS


def names_in(text: str) -> list[str]:
    """Codes or full names out of what was typed or pasted, each once, in order."""
    return list(dict.fromkeys(part for part in _BETWEEN.split(text.strip()) if part))


def is_late(sign_by: date | None, on: date, *, done: bool) -> bool:
    """Whether what was asked for by a day is missing after it."""
    return sign_by is not None and sign_by < on and not done


def may_urge(urged_on: date | None, on: date) -> bool:
    """催 once a day."""
    return urged_on is None or urged_on < on


def percent(done: int, total: int) -> int:
    """Whole percents, 100 only when all is done; 0 of nothing is 0."""
    return done * 100 // total if total else 0
