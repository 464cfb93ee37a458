"""What 考核 asks of somebody, for the first page: opinions, answers, a scheme to adopt."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Min, Q
from django.urls import reverse

from assessment.enums import OPEN_APPEALS, DraftState
from assessment.models import Appeal, SchemeDraft
from branches.enums import Role
from branches.scope import Scope
from core.asks import Ask


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """For the committee opinions, for the district answers and schemes; at most three queries."""
    return [*_opinions(scope, user_id), *_answers(scope, user_id), *_schemes(scope, user_id)]


def _opinions(scope: Scope, user_id: int) -> list[Ask]:
    roots = scope.units_as(Role.COMMITTEE_STAFF)
    if not roots:
        return []
    waiting = Appeal.objects.within(*roots).filter(state__in=OPEN_APPEALS, opinion_at__isnull=True)
    found = waiting.exclude(filed_by=user_id).aggregate(n=Count("pk"), until=Min("answer_by"))
    return _told("对支部的考核申诉提出意见", "由区委组织部答复", found)


def _answers(scope: Scope, user_id: int) -> list[Ask]:
    roots = scope.units_as(Role.DISTRICT_STAFF)
    if not roots:
        return []
    waiting = Appeal.objects.within(*roots).filter(state__in=OPEN_APPEALS)
    found = waiting.exclude(filed_by=user_id).aggregate(n=Count("pk"), until=Min("answer_by"))
    return _told("答复支部的考核申诉", "最早一件的期限", found)


def _told(title: str, note: str, found: dict[str, object]) -> list[Ask]:
    count, until = found["n"], found["until"]
    if not isinstance(count, int) or not count:
        return []
    url = f"{reverse('assessment:appeal_list')}?state=open"
    day = until if isinstance(until, date) else None
    return [Ask(title, url, note=note, until=day, count=count, icon="scale")]


def _schemes(scope: Scope, user_id: int) -> list[Ask]:
    roots = scope.units_as(Role.DISTRICT_STAFF)
    if not roots:
        return []
    waiting = (
        SchemeDraft.objects.within(*roots)
        .filter(state=DraftState.PROPOSED)
        .exclude(Q(proposed_by=user_id) | Q(edited_by=user_id))
    )
    first = waiting.order_by("valid_from").first()
    if first is None:
        return []
    url = reverse("assessment:draft_detail", args=[first.uuid])
    return [Ask("批准评分方案", url, note=first.title, until=first.valid_from, icon="rubber-stamp")]
