"""What 三会一课 asks of somebody beyond the meetings themselves, for the first page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from branches.enums import Role
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from meetings.enums import MoveState
from meetings.enums.corrections import CorrectionState
from meetings.life_asks import life_asked
from meetings.models import Correction, FixedDayMove


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """Everything of 三会一课 that waits for this user."""
    return [
        *_moves(scope, user_id, on),
        *_corrections(scope, user_id),
        *life_asked(scope, user_id, on),
    ]


def _corrections(scope: Scope, user_id: int) -> list[Ask]:
    """New versions of records that another proposed and this user may approve."""
    waiting = Correction.objects.within(*scope.units_as(*STAFF)).filter(
        state=CorrectionState.PROPOSED
    )
    count = waiting.exclude(by=user_id).count()
    if not count:
        return []
    url = reverse("meetings:correction_list")
    return [Ask("审批记录的更正", url, note="已通过的记录要改，须您批准", count=count, icon="edit")]


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
