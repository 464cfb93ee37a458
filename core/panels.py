"""What a branch's own page shows, in the words of any programme: the page gathers the panels.

Each programme's ``panels.py`` answers ``panels(unit, on, scope)``: the unit is a 党支部 or a 党小组
within the asker's reach. The number of queries is constant.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of a panel; ``badge`` is a word in the colour of ``tone`` (see docs/design.md)."""

    text: str
    note: str = ""
    url: str = ""
    badge: str = ""
    tone: str = "info"


@dataclass(frozen=True)
class Panel:
    """A few lines of one matter, with the way to all of it.

    ``group_id`` is set for what is one 党小组's. ``public`` are the lines that may hang on the
    notice board, without addresses and without names of ordinary members; None: never public.
    """

    key: str
    title: str
    icon: str
    lines: tuple[Line, ...] = ()
    more: str = ""
    note: str = ""
    empty: str = ""
    group_id: int | None = None
    public: tuple[Line, ...] | None = None
