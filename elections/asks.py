"""What 换届选举 asks of somebody, for the first page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from branches.enums import Role
from branches.models import Unit
from branches.scope import Scope
from core.asks import Ask
from elections.agenda import ABOVE, BRANCH, next_step, with_last_day
from elections.models import Election
from elections.rules import latest_due
from elections.settings import shown_limits
from elections.standing import running_terms
from elections.waiting import shifts_above, waiting_above

_MOST = 100


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """The next step of a secretary's election, or a term that ends; for staff what waits above."""
    asks = []
    own = scope.units_as(Role.SECRETARY)
    if own:
        asks += _branch(own, on)
    if scope.is_staff:
        asks += _above(scope, user_id)
    return asks


def _branch(own: tuple[Unit, ...], on: date) -> list[Ask]:
    url = reverse("elections:mine")
    running: Any = Election.objects.within(*own)
    asks, busy = [], set()
    for election in with_last_day(running.running()).order_by("pk")[:_MOST]:
        busy.add(election.unit_id)
        step = next_step(election)
        if step is not None and step.who == BRANCH:
            until = election.term.due_on if election.term and election.state < 9 else None
            asks.append(
                Ask(f"换届：{step.title}", url, note=str(election.unit), until=until,
                    icon="users-group")
            )  # fmt: skip
    cut = latest_due(on, max(shown_limits(on).alerts))
    ending = running_terms(*own, on=on).filter(ends_on__lte=cut).select_related("unit")
    for term in ending.order_by("ends_on")[:_MOST]:
        if term.unit_id not in busy:
            words = "换届已超期，请尽快办理" if term.ends_on < on else "准备换届"
            asks.append(Ask(words, url, note=str(term.unit), until=term.ends_on,
                            icon="users-group"))  # fmt: skip
    return asks


def _above(scope: Scope, user_id: int) -> list[Ask]:
    """One line for all: the queue holds the rest. What he filed himself is not counted."""
    steps = [next_step(one) for one in waiting_above(scope)]
    waiting = [step.title for step in steps if step is not None and step.who == ABOVE]
    waiting += [
        f"审批{one.get_kind_display()}"
        for one in shifts_above(scope)
        if one.proposed_by_id != user_id
    ]
    if not waiting:
        return []
    return [
        Ask("办理换届的待办事项", reverse("elections:queue"), note=waiting[0],
            count=len(waiting), icon="users-group")
    ]  # fmt: skip
