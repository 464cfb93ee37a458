"""The boards of 作用发挥: organisations by committee, projects by tag and state. Never persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, Value, When
from django.urls import reverse

from branches.models import Unit
from core.pages import Plot, Series
from works.agenda import posts_to_confirm, project_lines, projects
from works.enums import PlacementState, PledgeState, WorkState
from works.models import ModelPost, Placement, Pledge, Project, SchemeTag

MOST_CARDS = 300


def rows_of(name: str, **asked: str) -> str:
    """The address of the rows behind a figure."""
    return f"{reverse(f'works:{name}')}?{urlencode(asked)}"


@dataclass(frozen=True)
class Board:
    """What the board of pledges shows."""

    plot: Plot
    pledges: dict[str, int]
    posts: int
    posts_open: int
    placements: int
    projects: int
    projects_late: int


def board(*, units: Sequence[Unit], on: date) -> Board:
    """Pledges of organisations by committee, posts, members in communities; six queries."""
    standing = Case(
        When(state=PledgeState.OPEN, due_on__lt=on, then=Value("overdue")),
        When(state=PledgeState.OPEN, then=Value("open")),
        When(state=PledgeState.REPORTED, then=Value("reported")),
        When(state=PledgeState.KEPT, then=Value("kept")),
        default=Value("ended"), output_field=CharField(),
    )  # fmt: skip
    rows = (
        Pledge.objects.within(*units).order_by().annotate(standing=standing)
        .values_list("unit__committee", "standing").annotate(n=Count("pk"))
    )  # fmt: skip
    counts = {(key, name): number for key, name, number in rows}
    sums: Counter[str] = Counter()
    for (_, name), number in counts.items():
        sums[name] += number
    keys = {key for key, _ in counts}
    names = {
        unit.pk: str(unit)
        for unit in Unit.objects.within(*units).filter(pk__in=keys).order_by("path")[:60]
    }
    late = Project.objects.within(*units).overdue(on=on).count()
    return Board(
        plot=_plot(names, counts),
        pledges={name: sums[name] for name in ("open", "overdue", "reported", "kept")},
        posts=ModelPost.objects.within(*units).current(on=on).count(),
        posts_open=posts_to_confirm(units, on=on).count(),
        placements=Placement.objects.within(*units).filter(state=PlacementState.ACCEPTED).count(),
        projects=Project.objects.within(*units).running().count(),
        projects_late=late,
    )


def _plot(names: dict[int, str], counts: dict[Any, int]) -> Plot:
    shown = (
        ("kept", "已兑现", "ok"), ("reported", "待确认", "info"), ("open", "践诺中", "draft"),
        ("overdue", "过了期限", "bad"),
    )  # fmt: skip
    return Plot(
        kind="bar", title="各党（工）委承诺践诺情况", unit="项", lying=True, stacked=True,
        labels=list(names.values()),
        series=[
            Series(
                label, [counts.get((key, name), 0) for key in names], tone=tone,
                hrefs=[rows_of("pledge_list", unit=str(key), state=name) for key in names],
            )
            for name, label, tone in shown
        ],
    )  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One state of the project board with its cards."""

    label: str
    href: str
    count: int
    cards: list[dict[str, Any]]


@dataclass(frozen=True)
class ProjectBoard:
    """Projects by state, and by tag as a plot."""

    columns: list[Column]
    plot: Plot
    late: int
    more: bool


def project_board(*, units: Sequence[Unit], tag: str, on: date) -> ProjectBoard:
    """The board of projects, of one tag or all; four queries."""
    rows = projects(units, on=on)
    if tag:
        rows = rows.filter(tag__code=tag)
    lines = project_lines(rows[: MOST_CARDS + 1], on=on)
    columns = []
    for state in WorkState:
        cards = [line for line in lines[:MOST_CARDS] if line["project"].state == state]
        href = rows_of("project_list", state=state.name.lower(), tag=tag)
        columns.append(Column(str(state.label), href, len(cards), cards))
    return ProjectBoard(
        columns, _tag_plot(units), sum(line["is_late"] for line in lines), len(lines) > MOST_CARDS
    )


def _tag_plot(units: Sequence[Unit]) -> Plot:
    rows = (
        Project.objects.within(*units).order_by().values_list("tag", "state")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    counts = {(tag, state): number for tag, state, number in rows}
    used = {tag for tag, _ in counts}
    tags = [tag for tag in SchemeTag.objects.all() if tag.pk in used]
    tones = {WorkState.PLANNED: "draft", WorkState.UNDERWAY: "info", WorkState.DONE: "ok",
             WorkState.ENDED: "exempt"}  # fmt: skip
    return Plot(
        kind="bar", title="各项工作载体的项目", unit="个", lying=True, stacked=True,
        labels=[tag.title for tag in tags],
        series=[
            Series(
                str(state.label), [counts.get((tag.pk, state.value), 0) for tag in tags], tone=tone,
                hrefs=[
                    rows_of("project_list", tag=tag.code, state=state.name.lower()) for tag in tags
                ],
            )
            for state, tone in tones.items()
        ],
    )  # fmt: skip
