"""The board of a batch: columns, figures, what is overdue; a constant number of questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from branches.models import Unit
from core.pages import Plot, Series
from rectification.agenda import Step, next_step, with_progress
from rectification.enums import (
    AT_WORK,
    BOARD,
    FIGURE_UNITS,
    OPEN_PROBLEMS,
    WITH_BRANCH,
    FigureKind,
    ProblemState,
    State,
)
from rectification.models import Batch, Case, FigureEntry, Problem, Report
from rectification.querysets import CaseQuerySet
from rectification.rules import plain

MOST_CASES = 300


@dataclass(frozen=True)
class Card:
    """One case on the board."""

    case: Any
    step: Step | None
    is_late: bool


@dataclass(frozen=True)
class Column:
    """One state with its cards."""

    state: State
    cards: Sequence[Card]
    href: str


@dataclass(frozen=True)
class Figure:
    """One sum, its measure, and the rows behind it."""

    kind: str
    label: str
    amount: str
    measure: str
    href: str


@dataclass(frozen=True)
class Board:
    """Everything that the board of a batch shows."""

    batch: Batch
    columns: Sequence[Column]
    figures: Sequence[Figure]
    stats: dict[str, Any]
    plot: Plot
    more: bool


def rows_of(name: str, batch: Batch | None, **more: str) -> str:
    """The address of the rows behind a figure."""
    asked = ({"batch": str(batch.uuid)} if batch else {}) | more
    return f"{reverse(f'rectification:{name}')}?{urlencode(asked)}"


def board(
    *, batch: Batch, cases: CaseQuerySet, units: Sequence[Unit], above: Sequence[Unit], on: date
) -> Board:
    """The board of a batch as seen by somebody who reads ``cases``."""
    mine: Any = with_progress(cases.filter(batch=batch), on=on)
    found = list(mine[: MOST_CASES + 1])
    cards = [_card(case, on) for case in found[:MOST_CASES]]
    columns = [
        Column(
            state,
            [card for card in cards if card.case.state == state],
            rows_of("case_list", batch, state=state.name.lower()),
        )
        for state in BOARD
    ]
    reach: Any = Problem.objects.within(*units)
    problems = reach.readable(*above).filter(case__batch=batch)
    return Board(
        batch=batch,
        columns=columns,
        figures=figures(batch=batch, units=units),
        stats=_stats(batch, found, problems, units, on),
        plot=_plot(batch, cards),
        more=len(found) > MOST_CASES,
    )


def _card(case: Any, on: date) -> Card:
    step = next_step(case, on=on)
    return Card(case, step, case.is_late(on) or (step is not None and step.is_late(on)))


def figures(*, batch: Batch | None, units: Sequence[Unit]) -> list[Figure]:
    """The five sums of a batch (of all when None) within reach; one query."""
    rows = FigureEntry.objects.within(*units).filter(is_void=False)
    if batch is not None:
        rows = rows.filter(case__batch=batch)
    sums = dict(rows.order_by().values_list("kind").annotate(total=Sum("amount")))
    return [
        Figure(
            kind.value,
            str(kind.label),
            plain(Decimal(sums.get(kind.value) or 0)),
            FIGURE_UNITS[kind],
            rows_of("figure_list", batch, kind=kind.value),
        )
        for kind in FigureKind
    ]


def late_reports(*, units: Sequence[Unit], batch: Batch, on: date) -> int:
    """How many reports of the batch's cases are past their day and not filed; two queries."""
    running: Any = Case.objects.within(*units).filter(
        batch=batch, state__in=(State.UNDERWAY, State.EXAMINED)
    )
    owed = running.filter(batch__dues__due_on__lt=on, batch__dues__due_on__gte=F("started_on"))
    filed = Report.unscoped.filter(
        case__in=running.order_by().values("pk"),
        due__due_on__lt=on,
        due__due_on__gte=F("case__started_on"),
    )
    return int(owed.values("pk", "batch__dues").count() - filed.count())


def _stats(batch: Batch, cases: list[Any], problems: Any, units: Sequence[Unit], on: date) -> Any:
    counts = problems.aggregate(
        open=Count("pk", filter=Q(state__in=OPEN_PROBLEMS)),
        late=Count("pk", filter=Q(state__in=WITH_BRANCH, due_on__lt=on)),
        done=Count("pk", filter=Q(state__in=(ProblemState.CONFIRMED, ProblemState.DISMISSED))),
        total=Count("pk"),
    )
    at_work = [case for case in cases if case.state in AT_WORK]
    return {
        "at_work": len(at_work),
        "listed": sum(case.state not in (State.PROPOSED, State.DROPPED) for case in cases),
        "overdue": sum(case.is_late(on) for case in at_work),
        "closed": sum(case.state in (State.CLOSED, State.WATCHED, State.SETTLED) for case in cases),
        "problems": counts,
        "reports_late": late_reports(units=units, batch=batch, on=on),
        "hrefs": {
            "at_work": rows_of("case_list", batch, state="at_work"),
            "overdue": rows_of("case_list", batch, state="overdue"),
            "closed": rows_of("case_list", batch, state="done"),
            "open": rows_of("problem_list", batch, state="open"),
            "late": rows_of("problem_list", batch, state="overdue"),
            "reports": rows_of("report_list", batch, state="late"),
        },
    }


def _plot(batch: Batch, cards: Sequence[Card]) -> Plot:
    """Problems of each case: settled, open, past their day."""
    known = [card.case for card in cards if card.case.problem_count][:40]
    settled = {
        case.pk: case.problem_count - case.collected_count - case.solving_count - case.waiting_count
        for case in known
    }
    late = {case.pk: case.late_count for case in known}
    rest = {case.pk: case.problem_count - settled[case.pk] - late[case.pk] for case in known}
    hrefs = {
        state: [
            rows_of("problem_list", batch, state=state, unit=str(case.unit_id)) for case in known
        ]
        for state in ("", "open", "overdue")
    }
    return Plot(
        kind="bar", title="各整顿对象的问题办结情况", unit="个", lying=True, stacked=True,
        labels=[str(case.unit) for case in known],
        series=[
            Series("已办结", [settled[c.pk] for c in known], tone="ok", hrefs=hrefs[""]),
            Series("办理中", [rest[c.pk] for c in known], tone="info", hrefs=hrefs["open"]),
            Series("已过期限", [late[c.pk] for c in known], tone="bad", hrefs=hrefs["overdue"]),
        ],
    )  # fmt: skip
