"""Who is asked when somebody searches: each programme's ``finds.py``."""

from __future__ import annotations

from collections.abc import Callable

import branches.finds
import brands.finds
import meetings.finds
from branches.scope import Scope
from core.finding import Finds

Source = Callable[[Scope, int, str], list[Finds]]

SOURCES: tuple[Source, ...] = (
    branches.finds.found,
    meetings.finds.found,
    brands.finds.found,
)


def found(scope: Scope, user_id: int, text: str) -> list[Finds]:
    """What was found of each kind, in the order of the sources; kinds without any are left out."""
    return [finds for source in SOURCES for finds in source(scope, user_id, text) if finds.rows]
