"""What 后进整顿 asks of somebody, for the first page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from branches.enums import Role
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from rectification.agenda import ABOVE, BRANCH, DISTRICT, next_step, steps, with_progress
from rectification.enums import AT_WORK, INSIDE, State
from rectification.models import Case, Closing
from rectification.querysets import CaseQuerySet

_MOST = 100


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """The next step of each case of a secretary; for staff what waits for them, in one line."""
    asks = []
    own = scope.units_as(Role.SECRETARY)
    if own:
        asks += _branch(own, on)
    if scope.is_staff:
        asks += _above(scope, user_id, on)
    return asks


def _branch(own: Any, on: date) -> list[Ask]:
    cases: CaseQuerySet = Case.objects.within(*own).exclude(state__in=INSIDE)
    asks = []
    for case in with_progress(cases.filter(state__in=(*AT_WORK, State.WATCHED)), on=on)[:_MOST]:
        step = next_step(case, on=on, who=BRANCH)
        if step is not None:
            url = reverse("rectification:case_detail", args=[case.uuid])
            note = f"{case.unit} · 后进整顿"
            asks.append(Ask(step.title, url, note=note, until=step.until, icon="target"))
    return asks


def _above(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """One line for all: the queue holds the rest. What he may not decide himself is not counted."""
    sides = {ABOVE, *([DISTRICT] if Role.DISTRICT_STAFF in scope.roles else [])}
    cases: CaseQuerySet = Case.objects.within(*scope.units_as(*STAFF))
    own = set(
        Closing.objects.within(*scope.units_as(*STAFF))
        .filter(state="proposed", proposed_by=user_id)
        .values_list("uuid", flat=True)
    )
    waiting = [
        step
        for case in with_progress(cases.exclude(state__in=(*INSIDE, State.SETTLED)), on=on)[:_MOST]
        for step in [one for one in steps(case, on=on) if one.who in sides][:1]
        if step.deed != "inspect" and case.closing_uuid not in own
    ]
    if not waiting:
        return []
    days = [step.until for step in waiting if step.until]
    return [
        Ask(
            "办理后进整顿的待办事项", reverse("rectification:queue"), note=waiting[0].title,
            until=min(days) if days else None, count=len(waiting), icon="target",
        )
    ]  # fmt: skip
