"""Rules of the org tree as pure functions."""

from collections.abc import Iterable
from datetime import date, timedelta

from branches.enums import Cause
from core.dates import add_months

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEP = 4


def segment(number: int) -> str:
    """The ``number``-th child's path segment (1-based, fixed width, base 36).

    Raises:
        ValueError: below 1 or beyond 36⁴ − 1 children.
    """
    if not 1 <= number < len(ALPHABET) ** STEP:
        raise ValueError(f"no such child: {number}")
    digits = ""
    for _ in range(STEP):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits


def segment_number(text: str) -> int:
    """The inverse of :func:`segment`."""
    return int(text, len(ALPHABET))


def ancestors(path: str) -> list[str]:
    """Paths of all ancestors, root first, the node itself left out."""
    return [path[:length] for length in range(STEP, len(path), STEP)]


def covers(prefixes: Iterable[str], path: str) -> bool:
    """Whether ``path`` lies in one of the subtrees.

    Segments have a fixed width, so that a prefix never matches a sibling (S2).
    """
    return any(path.startswith(prefix) for prefix in prefixes)


def exists_through(founded: date | None, dissolved: date | None, first: date, last: date) -> bool:
    """Whether a unit stood from ``first`` to ``last``: founded by then, not dissolved before.

    An unknown founding day counts as long ago (scoring.md, Duties).
    """
    return (founded is None or founded <= first) and (dissolved is None or dissolved >= last)


def event_window_end(cause: str, day: date) -> date:
    """The last day for the 党员大会 that an event asks for.

    重大决策: 30 days from the registered day. 发展党员: one calendar month from the 预审 day,
    clamped to the month's end.

    Raises:
        ValueError: for a cause that nobody registers.
    """
    if cause == Cause.DECISION:
        return day + timedelta(days=30)
    if cause == Cause.ADMISSION:
        return add_months(day, 1)
    raise ValueError(f"{cause} is not registered")
