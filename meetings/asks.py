"""What 三会一课 asks of somebody beyond the meetings themselves, for the first page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from branches.enums import Role
from branches.scope import Scope
from core.asks import Ask
from meetings.enums import MoveState
from meetings.life_asks import life_asked
from meetings.models import FixedDayMove


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """All of 三会一课's: moves of the fixed day, and what the year's 组织生活 waits for."""
    return [*_moves(scope, user_id, on), *life_asked(scope, user_id, on)]


def _moves(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """Moves of the fixed day that another proposed and this user may decide."""
    waiting = (
        FixedDayMove.objects.within(*scope.units_as(Role.DISTRICT_STAFF))
        .filter(state=MoveState.PROPOSED, month__gte=on.replace(day=1))
        .exclude(proposed_by=user_id)
    )
    count = waiting.count()
    if not count:
        return []
    url = reverse("meetings:calendar")
    return [
        Ask("审批固定组织生活日调整", url, note="由另一位同志提出", count=count, icon="calendar")
    ]
