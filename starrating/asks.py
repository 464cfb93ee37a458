"""What 两新星级 asks of somebody, for the first page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from starrating.agenda import ABOVE, DISTRICT, next_step, running, waiting, with_progress
from starrating.enums import State
from starrating.models import Rating

_MOST = 300


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """The 自评 of a secretary's organisations; for staff what waits for them, in one line."""
    asks = []
    own = scope.units_as(Role.SECRETARY)
    if own:
        asks += _branch(own, on)
    if scope.is_staff:
        asks += _above(scope, user_id, on)
    return asks


def _branch(own: Sequence[Unit], on: date) -> list[Ask]:
    ratings = running(Rating.objects.within(*own)).filter(state=State.SELF)
    asks = []
    for rating in with_progress(ratings)[:_MOST]:
        step = next_step(rating, on=on)
        if step is not None:
            url = reverse("starrating:rating_detail", args=[rating.uuid])
            note = f"{rating.organisation} · {step.note}"
            asks.append(
                Ask(f"星级创评：{step.title}", url, note=note, until=step.until, icon="star")
            )
    return asks


def sides_of(scope: Scope) -> set[str]:
    """Whose turns are his."""
    return {ABOVE, *([DISTRICT] if Role.DISTRICT_STAFF in scope.roles else [])}


def _above(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """One line for all: the queue holds the rest. What he may not do himself is not counted."""
    rows = with_progress(running(Rating.objects.within(*scope.units_as(*STAFF))))[:_MOST]
    found = [
        line
        for line in waiting(rows, on=on, sides=sides_of(scope), user_id=user_id)
        if not line.is_own
    ]
    if not found:
        return []
    days = [line.step.until for line in found if line.step and line.step.until]
    first = found[0].step
    return [
        Ask(
            "办理星级创评的待办事项", reverse("starrating:queue"),
            note=f"{first.title}等" if first else "", until=min(days) if days else None,
            count=len(found), icon="star",
        )
    ]  # fmt: skip
