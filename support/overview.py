"""The board of 阵地与联系: figures and plots by committee; every mark opens its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from branches.models import Unit
from core.pages import Plot, Series
from support.agenda import LACKING, STANDINGS, WAITING, WHOLE, links, venues
from support.enums import RUNNING
from support.limits import visits_per_quarter
from support.models import ContactVisit, JointProject
from support.rules import share


@dataclass(frozen=True)
class Board:
    """What the board shows."""

    venue_plot: Plot
    visit_plot: Plot
    whole: int
    branches: int
    share: float
    waiting: int
    links: int
    visited: int
    problems: int
    running: int
    late: int
    wanted: int


def rows_of(name: str, **asked: str) -> str:
    """The address of the rows behind a figure."""
    return f"{reverse(f'support:{name}')}?{urlencode(asked)}"


def board(*, units: Sequence[Unit], on: date) -> Board:
    """Venues by how they stand and contact points by whether they were visited; six queries."""
    counts = list(
        venues(units, on=on).order_by().values_list("committee_id", "standing")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    wanted = visits_per_quarter(on)
    known = list(links(units, on=on))
    by_committee: Counter[tuple[int | None, bool]] = Counter(
        (link.unit.committee_id or link.unit_id, link.visited >= wanted) for link in known
    )
    keys = {row[0] for row in counts} | {key for key, _ in by_committee}
    names = _committees(units, keys)
    per: Counter[str] = Counter()
    for _, standing, number in counts:
        per[standing] += number
    projects = JointProject.objects.within(*units).aggregate(
        running=Count("pk", filter=Q(state__in=RUNNING)),
        late=Count("pk", filter=Q(state__in=RUNNING, due_on__lt=on)),
    )
    total = sum(per.values())
    return Board(
        venue_plot=_venue_plot(names, counts),
        visit_plot=_visit_plot(names, by_committee),
        whole=per[WHOLE], branches=total, share=share(per[WHOLE], total), waiting=per[WAITING],
        links=len(known), visited=sum(link.visited >= wanted for link in known),
        problems=ContactVisit.objects.within(*units).open().count(),
        running=projects["running"], late=projects["late"], wanted=wanted,
    )  # fmt: skip


def _committees(units: Sequence[Unit], keys: set[int | None]) -> dict[int, str]:
    """The committees that have something to show, in the tree's order."""
    rows = Unit.objects.within(*units).filter(pk__in=[key for key in keys if key]).order_by("path")
    return {unit.pk: str(unit) for unit in rows[:60]}


def _venue_plot(names: dict[int, str], counts: Sequence[Any]) -> Plot:
    found = {(key, standing): number for key, standing, number in counts}
    tones = {WHOLE: "ok", WAITING: "info", LACKING: "late"}
    shown = ((WHOLE,), (WAITING,), (LACKING,), tuple(k for k in STANDINGS if k not in tones))
    labels = {0: "齐全", 1: "待确认", 2: "有缺项", 3: "没有登记或自查"}
    return Plot(
        kind="bar", title="各党（工）委阵地达标情况（今年自查）", unit="个", lying=True,
        stacked=True,
        labels=list(names.values()),
        series=[
            Series(
                labels[at],
                [sum(found.get((key, one), 0) for one in keys) for key in names],
                tone=tones.get(keys[0], "bad"),
                hrefs=[
                    rows_of("venue_list", unit=str(key), state=keys[0] if at < 3 else "open")
                    for key in names
                ],
            )
            for at, keys in enumerate(shown)
        ],
    )  # fmt: skip


def _visit_plot(names: dict[int, str], counts: Counter[tuple[int | None, bool]]) -> Plot:
    known = [key for key in names if counts[key, True] or counts[key, False]]
    return Plot(
        kind="bar", title="本季度联系点走访", unit="个", lying=True, stacked=True,
        labels=[names[key] for key in known],
        series=[
            Series(
                label, [counts[key, done] for key in known], tone=tone,
                hrefs=[rows_of("contact_list", unit=str(key), state=state) for key in known],
            )
            for label, done, tone, state in (
                ("已走访", True, "ok", "visited"), ("还没有走访", False, "late", "owed"),
            )
        ],
    )  # fmt: skip
