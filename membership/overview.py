"""The board of all candidates, and the figures of the year and of five years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from branches.models import Unit
from core.pages import Plot, Series
from membership.agenda import Line, lines
from membership.enums import STAGE_SLUGS, Actor, Number, Stage, StepState
from membership.models import Candidate, Step
from membership.querysets import CandidateQuerySet

MOST = 300
COLUMNS = (
    Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET, Stage.PASSED, Stage.PROBATIONARY, Stage.FULL,
)  # fmt: skip
YEARS = 5


@dataclass(frozen=True)
class Column:
    """One stage: how many, and those whose names the reader may know."""

    stage: Stage
    count: int
    cards: Sequence[Line]
    href: str


@dataclass(frozen=True)
class Year:
    """One year's figures."""

    year: int
    applied: int
    activists: int
    targets: int
    accepted: int
    confirmed: int


@dataclass(frozen=True)
class Board:
    """What the board shows; ``late`` and ``waiting`` are lines of the named ones."""

    columns: Sequence[Column]
    late: Sequence[Line]
    waiting: Sequence[Line]
    years: Sequence[Year]
    plot: Plot
    more: bool


def board(*, named: CandidateQuerySet, counted: Sequence[Unit], on: date) -> Board:
    """The board: ``named`` may be shown by name, what lies in ``counted`` is counted only."""
    found = list(
        named.running().select_related("unit").order_by("unit__path", "applied_on")[: MOST + 1]
    )
    known = lines(found[:MOST], on=on)
    rows = Candidate.objects.within(*counted).order_by().values_list("stage")
    counts = dict(rows.annotate(n=Count("pk")))
    years = figures(counted, on=on)
    return Board(
        columns=[
            Column(
                stage, counts.get(stage.value, 0),
                [line for line in known if line.candidate.stage == stage],
                f"{reverse('membership:case_list')}?stage={STAGE_SLUGS[stage]}",
            )
            for stage in COLUMNS
        ],
        late=[line for line in known if line.is_late],
        waiting=[line for line in known if line.who == Actor.COMMITTEE],
        years=years,
        plot=_plot(years),
        more=len(found) > MOST,
    )  # fmt: skip


def figures(units: Sequence[Unit], *, on: date) -> list[Year]:
    """This year and the four before, the newest first; two queries."""
    first = on.year - YEARS + 1
    span = range(on.year, first - 1, -1)
    cases: dict[str, Any] = {}
    for year in span:
        for name, field in (("a", "applied_on"), ("m", "accepted_on"), ("c", "confirmed_on")):
            cases[f"{name}{year}"] = Count("pk", filter=Q(**{f"{field}__year": year}))
    counted = Candidate.objects.within(*units).order_by().aggregate(**cases)
    steps: dict[str, Any] = {}
    for year in span:
        for name, number in (("r", Number.RECORD), ("t", Number.TARGET)):
            steps[f"{name}{year}"] = Count("pk", filter=Q(day__year=year, number=number))
    reach: Any = Step.objects.within(*units).filter(state=StepState.DONE).exclude(outcome="bad")
    done = reach.order_by().aggregate(**steps)
    return [
        Year(
            year, counted[f"a{year}"], done[f"r{year}"], done[f"t{year}"], counted[f"m{year}"],
            counted[f"c{year}"],
        )
        for year in span
    ]  # fmt: skip


def rows_of(what: str, year: int) -> str:
    """The address of the rows behind one figure."""
    return f"{reverse('membership:case_list')}?stage=all&did={what}&year={year}"


def _plot(years: Sequence[Year]) -> Plot:
    shown = list(reversed(years))
    rows = (
        ("入党积极分子", "activist", "info", [one.activists for one in shown]),
        ("接收预备党员", "accepted", "gold", [one.accepted for one in shown]),
        ("转为正式党员", "confirmed", "ok", [one.confirmed for one in shown]),
    )
    return Plot(
        kind="bar", title="五年发展党员情况", unit="人",
        labels=[f"{one.year}年" for one in shown],
        series=[
            Series(name, values, tone=tone, hrefs=[rows_of(what, one.year) for one in shown])
            for name, what, tone, values in rows
        ],
    )  # fmt: skip
