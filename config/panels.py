"""Who is asked what a branch's own page shows: each programme's ``panels.py``.

Every source costs a constant number of queries and answers for a 党支部 or a 党小组 in reach.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import branches.panels
import brands.panels
import dues.panels
import elections.panels
import meetings.panels
import membership.panels
import portal.panels
import rectification.panels
import starrating.panels
import support.panels
import works.panels
from branches.models import Unit
from branches.scope import Scope
from core.panels import Panel

Source = Callable[[Unit, date, Scope], list[Panel]]

SOURCES: tuple[Source, ...] = (
    branches.panels.panels,
    portal.panels.panels,
    meetings.panels.panels,
    dues.panels.panels,
    works.panels.panels,
    rectification.panels.panels,
    brands.panels.panels,
    starrating.panels.panels,
    elections.panels.panels,
    membership.panels.panels,
    support.panels.panels,
)


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """All that is known of the unit, in the order of the sources."""
    return [panel for source in SOURCES for panel in source(unit, on, scope)]
