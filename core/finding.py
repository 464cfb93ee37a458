"""What a search over everything finds: the words of any programme, a few of each."""

from __future__ import annotations

from dataclasses import dataclass, field

# As many of each kind stand on the page; the rest is one tap away, in the kind's own list.
FEW = 8


@dataclass(frozen=True)
class Found:
    """One line: what it is, what tells it from others of the same name, and where it is."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Finds:
    """The first few of one kind; ``more`` is the kind's own list, asked the same."""

    label: str
    icon: str
    rows: list[Found] = field(default_factory=list)
    more: str = ""
