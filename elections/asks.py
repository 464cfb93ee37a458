"""What 换届选举 asks of somebody, for the first page."""

from __future__ import annotations

from datetime import date

from branches.scope import Scope
from core.asks import Ask


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """What waits for this user, the most pressing first."""
    return []
