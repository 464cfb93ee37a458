"""Cutting lists into pages, and the figures a page shows: plain data for the templates.

`page_of` never counts the table: it asks for one row more than it shows. `keyset_page` walks by a
unique, indexed key, so page 1,000 costs what page 1 costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from django.db.models import Model, QuerySet

PAGE_SIZE = 50
# Beyond this a numbered page would make the database walk too many rows: use filters instead.
MAX_PAGE = 2_000

Row = TypeVar("Row")
Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One numbered page: its rows and whether there are neighbours. No total is known."""

    rows: list[Row]
    number: int
    more: bool

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def has_previous(self) -> bool:
        """True from page 2 on."""
        return self.number > 1

    def has_next(self) -> bool:
        """True when at least one row follows."""
        return self.more


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """One page of a long list; `next` and `previous` are keys for `?after=` and `?before=`."""

    rows: list[Row]
    next: str = ""
    previous: str = ""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    rows: QuerySet[Record, Row] | Sequence[Row], query: Mapping[str, str], *, size: int = PAGE_SIZE
) -> Page[Row]:
    """The page asked for by `?page=`; anything that is no page number means the first page."""
    text = query.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    number = min(max(number, 1), MAX_PAGE)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(rows=found[:size], number=number, more=len(found) > size)


def keyset_page(
    rows: QuerySet[Record], query: Mapping[str, str], *, key: str = "pk", size: int = PAGE_SIZE
) -> KeysetPage[Record]:
    """Rows by `key`, newest first; `key` must be unique, whole-numbered and indexed.

    `?after=K` shows the rows below K, `?before=K` those above it.
    """
    after, before = _whole(query.get("after", "")), _whole(query.get("before", ""))
    if before is not None:
        found = list(rows.filter(**{f"{key}__gt": before}).order_by(key)[: size + 1])
        earlier, shown = len(found) > size, found[:size][::-1]
        later = True
    else:
        if after is not None:
            rows = rows.filter(**{f"{key}__lt": after})
        found = list(rows.order_by(f"-{key}")[: size + 1])
        later, shown = len(found) > size, found[:size]
        earlier = after is not None
    return KeysetPage(
        rows=shown,
        next=str(getattr(shown[-1], key)) if shown and later else "",
        previous=str(getattr(shown[0], key)) if shown and earlier else "",
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


PlotKind = Literal["bar", "line", "heat", "donut", "gauge"]


@dataclass(frozen=True)
class Series:
    """One row of figures over the labels of a bar or line plot.

    `tone` ok, late, bad, exempt, draft, info, gold; `hrefs` the rows behind each mark, same order.
    A value of None is a gap.
    """

    name: str
    values: Sequence[float | None]
    tone: str = ""
    hrefs: Sequence[str] = ()


@dataclass(frozen=True)
class Cell:
    """One mark of a heat map (x and y are positions in the labels) or of a donut (x its slice)."""

    x: int
    y: int
    value: float | None
    href: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Plot:
    """A plot as data; drawn by static/js/plot.js, and always also a table.

    bar, line: `labels` and `series`. heat: `labels` (columns), `rows` and `cells`.
    donut: `labels` and `cells` (one per label). gauge: one cell, `top` its full scale.
    """

    kind: PlotKind
    title: str
    labels: Sequence[str] = ()
    rows: Sequence[str] = ()
    series: Sequence[Series] = ()
    cells: Sequence[Cell] = field(default_factory=tuple)
    unit: str = ""
    top: float | None = None
    stacked: bool = False
    lying: bool = False

    def data(self) -> dict[str, Any]:
        """What the browser needs, for json_script."""
        return {
            "kind": self.kind,
            "title": self.title,
            "labels": list(self.labels),
            "rows": list(self.rows),
            "series": [
                {
                    "name": one.name,
                    "values": list(one.values),
                    "tone": one.tone,
                    "hrefs": list(one.hrefs),
                }
                for one in self.series
            ],
            "cells": [[c.x, c.y, c.value, c.href, c.tone] for c in self.cells],
            "unit": self.unit,
            "top": self.top,
            "stacked": self.stacked,
            "lying": self.lying,
        }

    def table(self) -> dict[str, Any]:
        """The same figures as {head: [text], rows: [{name, cells: [{text, href}]}]}."""
        if self.kind in ("bar", "line"):
            return {
                "head": ["", *(one.name for one in self.series)],
                "rows": [
                    {
                        "name": label,
                        "cells": [self._mark(one.values, one.hrefs, i) for one in self.series],
                    }
                    for i, label in enumerate(self.labels)
                ],
            }
        if self.kind == "heat":
            at = {(cell.x, cell.y): cell for cell in self.cells}
            return {
                "head": ["", *self.labels],
                "rows": [
                    {
                        "name": name,
                        "cells": [self._cell(at.get((x, y))) for x in range(len(self.labels))],
                    }
                    for y, name in enumerate(self.rows)
                ],
            }
        return {
            "head": ["", self.unit or "数量"],
            "rows": [
                {
                    "name": self.labels[c.x] if c.x < len(self.labels) else self.title,
                    "cells": [self._cell(c)],
                }
                for c in self.cells
            ],
        }

    def _cell(self, cell: Cell | None) -> dict[str, str]:
        if cell is None:
            return {"text": "—", "href": ""}
        return {"text": figure(cell.value, self.unit), "href": cell.href}

    def _mark(self, values: Sequence[float | None], hrefs: Sequence[str], i: int) -> dict[str, str]:
        value = values[i] if i < len(values) else None
        return {"text": figure(value, self.unit), "href": hrefs[i] if i < len(hrefs) else ""}


def lying_bars(
    title: str,
    name: str,
    bars: Iterable[tuple[str, float | None, str]],
    *,
    unit: str,
    tone: str,
    top: float | None = None,
) -> Plot:
    """One figure, called ``name``, for each of some places: (label, value, address of its rows)."""
    shown = list(bars)
    values = [value for _, value, _ in shown]
    hrefs = [href for _, _, href in shown]
    return Plot(
        kind="bar",
        title=title,
        labels=[label for label, _, _ in shown],
        unit=unit,
        top=top,
        lying=True,
        series=[Series(name, values, tone=tone, hrefs=hrefs)],
    )


def figure(value: float | None, unit: str = "") -> str:
    """A number for the eye: no needless decimals, a dash for none."""
    if value is None:
        return "—"
    text = f"{value:.1f}".removesuffix(".0")
    return f"{text}{unit}"
