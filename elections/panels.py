"""换届 for a branch's own page: when the term ends, and the step of an election that runs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from core.panels import Line, Panel
from elections.agenda import next_step, with_last_day
from elections.models import Election
from elections.querysets import ElectionQuerySet
from elections.standing import running_terms, state_words


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """届满 of the running term and what happens next; two queries."""
    if unit.kind not in BRANCH_KINDS:
        return []
    term = running_terms(unit, on=on).filter(unit=unit).first()
    rows: ElectionQuerySet = Election.objects.within(unit).filter(unit=unit)
    election: Any = with_last_day(rows.running()).first()
    lines = [_term(term, on)] if term is not None else []
    public = [Line(line.text, line.note) for line in lines]
    if election is not None:
        lines.append(_step(election))
        public.append(Line(f"第{election.number}届换届选举", str(election.get_state_display())))
    return [
        Panel(
            key="elections",
            title="换届",
            icon="users-group",
            lines=tuple(lines),
            empty="还没有登记届次。",
            public=tuple(public),
        )
    ]


def _term(term: Any, on: date) -> Line:
    until = f"{term.ends_on:%Y-%m-%d} 届满"
    if term.moved_to:
        until = f"原定 {term.due_on:%Y-%m-%d} 届满，批准改到 {term.ends_on:%Y-%m-%d}"
    goes_on = term.vote_state is not None or term.asked_to
    late = term.ends_on < on
    return Line(
        f"第{term.number}届",
        until,
        badge=state_words(term, on=on) if goes_on or late else "",
        tone="bad" if late else "wait",
    )


def _step(election: Any) -> Line:
    step = next_step(election)
    url = reverse("elections:election", args=[election.uuid])
    if step is None:
        return Line(f"第{election.number}届换届选举", url=url)
    return Line(f"下一步：{step.title}", step.note, url, badge=step.who_label, tone="info")
