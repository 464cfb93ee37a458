"""What 三会一课 asks of somebody beyond the meetings themselves, for the first page."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Min
from django.urls import reverse

from branches.enums import Role
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from meetings.enums import COUNTING, MoveState
from meetings.enums.checks import TO_ANSWER, FindingState
from meetings.enums.corrections import CorrectionState
from meetings.life_asks import life_asked
from meetings.models import CheckDraw, Correction, Finding, FixedDayMove
from meetings.study_asks import study_asked


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """Everything of 三会一课 that waits for this user."""
    return [
        *_moves(scope, user_id, on),
        *_corrections(scope, user_id),
        *life_asked(scope, user_id, on),
        *study_asked(scope, on),
        *_findings_to_answer(scope),
        *_records_to_read(scope, user_id),
        *_answers_to_settle(scope, user_id),
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


def _findings_to_answer(scope: Scope) -> list[Ask]:
    """Findings that the secretary has to answer, by the nearest day."""
    rows = Finding.objects.within(*scope.units_as(Role.SECRETARY)).filter(state__in=TO_ANSWER)
    found = rows.aggregate(count=Count("pk"), until=Min("due_on"))
    if not found["count"]:
        return []
    url = f"{reverse('meetings:finding_list')}?state=to_answer"
    return [
        Ask(
            "答复调阅发现的问题",
            url,
            note="写明整改情况",
            until=found["until"],
            count=found["count"],
            icon="clipboard-list",
        )
    ]


def _records_to_read(scope: Scope, user_id: int) -> list[Ask]:
    """Draws of this user with records that nobody has read yet."""
    draws = CheckDraw.objects.within(*scope.units_as(*STAFF)).filter(
        by=user_id, records__reading=None, records__meeting__status__in=COUNTING
    )
    rows = draws.order_by("due_on").values_list("uuid", "unit__short_name", "unit__name", "due_on")
    return [
        Ask(
            "调阅抽中的记录",
            reverse("meetings:draw_detail", args=[uuid]),
            note=short or name,
            until=due_on,
            count=count,
            icon="eye",
        )
        for uuid, short, name, due_on, count in rows.annotate(n=Count("records"))[:5]
    ]


def _answers_to_settle(scope: Scope, user_id: int) -> list[Ask]:
    """Answers to this user's findings, given by another."""
    waiting = (
        Finding.objects.within(*scope.units_as(*STAFF))
        .filter(state=FindingState.ANSWERED, check_of__by=user_id)
        .exclude(answered_by=user_id)
    )
    count = waiting.count()
    if not count:
        return []
    url = f"{reverse('meetings:finding_list')}?state={FindingState.ANSWERED.value}"
    return [Ask("核实整改情况", url, note="支部已答复", count=count, icon="clipboard-check")]
