"""What is asked of somebody now, in the words of any programme: the first page gathers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Ask:
    """请您办的事: one line of the first page, one tap from the page where it is done.

    ``until`` is the last day for it, None when there is none; ``count`` how many of the same kind
    wait behind the one link.
    """

    title: str
    url: str
    note: str = ""
    until: date | None = None
    count: int = 0
    icon: str = "list-check"

    def is_late(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < on


def in_order(asks: list[Ask]) -> list[Ask]:
    """The nearest last day first; what has none stands behind, in the order it came."""
    return sorted(asks, key=lambda ask: (ask.until is None, ask.until or date.max))
