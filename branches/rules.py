"""Rules of the org tree as pure functions."""

from collections.abc import Iterable
from datetime import date

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
