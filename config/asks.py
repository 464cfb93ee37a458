"""Who is asked whether something waits for the signed-in user: each programme's ``asks.py``.

Every source costs a constant number of queries, whatever the size of the scope, and answers for
all roles: an empty list for those of whom it asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import assessment.asks
import brands.asks
import cadres.asks
import dues.asks
import elections.asks
import meetings.asks
import meetings.day_asks
import membership.asks
import portal.asks
import rectification.asks
import starrating.asks
import support.asks
import works.asks
from branches.scope import Scope
from core.asks import Ask, in_order

Source = Callable[[Scope, int, date], list[Ask]]

SOURCES: tuple[Source, ...] = (
    meetings.asks.asked,
    meetings.day_asks.asked,
    brands.asks.asked,
    rectification.asks.asked,
    starrating.asks.asked,
    dues.asks.asked,
    elections.asks.asked,
    membership.asks.asked,
    support.asks.asked,
    works.asks.asked,
    portal.asks.asked,
    cadres.asks.asked,
    assessment.asks.asked,
)


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """All that waits for this user on this day, the most pressing first."""
    return in_order([ask for source in SOURCES for ask in source(scope, user_id, on)])
