"""换届总览: terms that end, by committee; elections by step; a constant number of questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from branches.models import Unit
from core.pages import Cell, Plot, Series
from elections.enums import STAGE_SLUGS, Stage, Window
from elections.models import Election
from elections.standing import by_committee, counts, running_terms

# The steps that a page shows as columns.
_COLUMNS = tuple(stage for stage in Stage if stage not in (Stage.CONFIRMED, Stage.CANCELLED))


@dataclass(frozen=True)
class Overview:
    """What the board shows."""

    counts: Any
    hrefs: dict[str, str]
    terms: Plot
    steps: Plot
    running: int
    overdue: Sequence[Any]


def terms_address(**asked: str) -> str:
    """The terms behind a figure."""
    return f"{reverse('elections:term_list')}?{urlencode(asked)}"


def elections_address(**asked: str) -> str:
    """The elections behind a figure."""
    return f"{reverse('elections:election_list')}?{urlencode(asked)}"


def overview(*, units: Sequence[Unit], on: date) -> Overview:
    """The board as seen by somebody who works in ``units``."""
    terms = running_terms(*units, on=on)
    found = counts(terms, on=on)
    steps, running = _steps(units)
    overdue = terms.filter(ends_on__lt=on).select_related("unit", "unit__committee")
    return Overview(
        counts={
            "total": found["total"],
            "overdue": found["w_overdue"],
            "one": found["w_1"],
            "three": found["w_3"],
            "six": found["w_6"],
        },
        hrefs={
            "overdue": terms_address(window=Window.OVERDUE),
            "one": terms_address(window=Window.FIRST),
            "three": terms_address(window=Window.SECOND),
            "six": terms_address(window=Window.THIRD),
            "total": terms_address(),
            "running": elections_address(window="running"),
        },
        terms=_terms(by_committee(terms, on=on)),
        steps=steps,
        running=running,
        overdue=list(overdue.order_by("ends_on", "unit__path")[:20]),
    )


def _name(row: dict[str, Any]) -> str:
    return row["unit__committee__short_name"] or row["unit__committee__name"] or "区委直属"


def _terms(rows: list[dict[str, Any]]) -> Plot:
    parts = (
        ("已超期", "overdue", Window.OVERDUE, "bad"),
        ("1 个月内", "one", Window.FIRST, "late"),
        ("1—3 个月", "three", Window.SECOND, "info"),
        ("3—6 个月", "six", Window.THIRD, "exempt"),
    )
    return Plot(
        kind="bar", title="各党（工）委届满情况", unit="个", lying=True, stacked=True,
        labels=[_name(row) for row in rows],
        series=[
            Series(
                name, [row[key] for row in rows], tone=tone,
                hrefs=[
                    terms_address(window=window, unit=str(row["unit__committee"] or ""))
                    for row in rows
                ],
            )
            for name, key, window, tone in parts
        ],
    )  # fmt: skip


def _steps(units: Sequence[Unit]) -> tuple[Plot, int]:
    """Elections under way: step × committee; each mark opens its elections."""
    rows = (
        Election.objects.within(*units)
        .running()
        .order_by()
        .values("unit__committee", "unit__committee__name", "unit__committee__short_name", "state")
        .annotate(n=Count("pk"))
        .order_by("unit__committee__path", "state")
    )
    places: dict[Any, str] = {}
    found = list(rows)
    for row in found:
        places.setdefault(row["unit__committee"], _name(row))
    order = list(places)
    cells = [
        Cell(
            _COLUMNS.index(Stage(row["state"])), order.index(row["unit__committee"]), row["n"],
            elections_address(
                window=STAGE_SLUGS[Stage(row["state"])], unit=str(row["unit__committee"] or "")
            ),
        )
        for row in found
    ]  # fmt: skip
    plot = Plot(
        kind="heat", title="正在进行的换届走到哪一步", unit="个",
        labels=[str(stage.label) for stage in _COLUMNS], rows=list(places.values()), cells=cells,
        top=max((row["n"] for row in found), default=1),
    )  # fmt: skip
    return plot, sum(row["n"] for row in found)
