"""Rules of 网上党支部: pure, time and parameters come in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from portal.enums import TRANSITIONS, State

# Eleven digits of a mobile, a landline with or without its area code, eighteen of an identity card.
_NUMBER = re.compile(
    r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|(?:0\d{2,3}[ -]?)?[2-9]\d{6,7}|\d{17}[\dXx])(?!\d)"
)
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


def holds_number(text: str) -> bool:
    """Whether a text for the wall holds what looks like a telephone or an identity number."""
    return _NUMBER.search(text) is not None


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """Which of the names, of two characters or more, a text mentions; each once, in order."""
    return [name for name in dict.fromkeys(names) if len(name) > 1 and name in text]


def percent(done: int, total: int) -> int:
    """Whole percents, 100 only when all is done; 0 of nothing is 0."""
    return done * 100 // total if total else 0
