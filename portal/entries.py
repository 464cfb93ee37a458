"""What is typed, as the verbs take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.enums import Reach


@dataclass(frozen=True)
class Letter:
    """A 通知 as it is drafted; ``places`` are codes of units."""

    title: str
    text: str
    reach: str = Reach.ALL
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    needs_sign: bool = False
    sign_by: date | None = None
