"""一办一品牌、一社一特色: which committee and which community has its brand, and which has not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from branches.enums import COMMITTEE_KINDS, Field, UnitKind
from branches.models import Unit
from brands.board import rows_href
from brands.enums import TRAINED, BrandKind
from brands.models import Brand
from core.pages import Cell, Plot

_STEP = 4


@dataclass(frozen=True)
class Tile:
    """One 办 or 社: how many brands it trains or shows, and where they are; 0 is missing."""

    name: str
    count: int
    words: str
    href: str


@dataclass(frozen=True)
class Street:
    """One committee with its own tile and those of its communities."""

    office: Tile
    places: list[Tile]

    @property
    def missing(self) -> int:
        """How many of the communities have no brand."""
        return sum(not tile.count for tile in self.places)


@dataclass(frozen=True)
class Coverage:
    """The whole map."""

    streets: list[Street]
    heat: Plot
    offices_done: int
    places_done: int
    places: int


def coverage(*, units: Sequence[Unit], on: date) -> Coverage:
    """The map of whoever works in ``units``; three queries.

    A committee is covered by a brand of its own or of anything below it; a community (a unit of
    the community or village field directly below a committee) by one in its subtree.
    """
    rows = list(
        Unit.objects.within(*units)
        .standing(on=on)
        .filter(depth__in=(2, 3))
        .exclude(kind=UnitKind.GROUP)
        .order_by("path")
    )
    brands = list(
        Brand.objects.within(*units)
        .filter(step__in=TRAINED)
        .order_by("-step", "name")
        .values_list("unit__path", "name", "kind")
    )
    names: dict[str, list[str]] = defaultdict(list)
    for path, name, _ in brands:
        for depth in (2, 3):
            if len(path) >= depth * _STEP:
                names[path[: depth * _STEP]].append(name)
    streets = [
        Street(
            _tile(unit, names[unit.path]),
            [_tile(one, names[one.path]) for one in rows if _is_place(one, unit)],
        )
        for unit in rows
        if unit.depth == 2 and unit.kind in COMMITTEE_KINDS
    ]
    return Coverage(
        streets=streets,
        heat=_heat(streets, [unit for unit in rows if unit.depth == 2], brands),
        offices_done=sum(bool(one.office.count) for one in streets),
        places_done=sum(bool(tile.count) for one in streets for tile in one.places),
        places=sum(len(one.places) for one in streets),
    )


def _is_place(unit: Unit, committee: Unit) -> bool:
    return (
        unit.depth == 3
        and unit.path.startswith(committee.path)
        and unit.field in (Field.COMMUNITY, Field.VILLAGE)
    )


def _tile(unit: Unit, names: list[str]) -> Tile:
    shown = "、".join(names[:2]) + (f" 等 {len(names)} 个" if len(names) > 2 else "")
    return Tile(str(unit), len(names), shown, rows_href(unit=unit.code, step="trained"))


# What is looked for in a committee of that field; elsewhere none is no gap.
_NATURAL: dict[str, tuple[BrandKind, ...]] = {
    Field.STREET: (BrandKind.STREET, BrandKind.COMMUNITY),
    Field.OFFICE: (BrandKind.OFFICE,),
    Field.SCHOOL: (BrandKind.SCHOOL,),
    Field.PRIVATE_FIRM: (BrandKind.TWO_NEW,),
    Field.SOCIAL: (BrandKind.TWO_NEW,),
}


def _value(unit: Unit, kind: BrandKind, count: int) -> float | None:
    return float(count) if count or kind in _NATURAL.get(unit.field, ()) else None


def _heat(streets: Sequence[Street], units: Sequence[Unit], brands: Sequence[Any]) -> Plot:
    committees = [unit for unit in units if unit.kind in COMMITTEE_KINDS]
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for path, _, kind in brands:
        counted[path[: 2 * _STEP], kind] += 1
    kinds = list(BrandKind)
    return Plot(
        kind="heat",
        title="各党（工）委品牌数（按类别）",
        labels=[str(kind.label) for kind in kinds],
        rows=[str(unit) for unit in committees],
        unit="个",
        top=float(max([1, *counted.values()])),
        cells=[
            Cell(
                x, y, _value(unit, kind, counted.get((unit.path, kind.value), 0)),
                rows_href(committee=unit.code, kind=kind.value, step="trained"),
            )
            for y, unit in enumerate(committees)
            for x, kind in enumerate(kinds)
        ],
    )  # fmt: skip
