"""Finding an organisation by what people write: its code, its name, or nearly its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from branches.enums import UnitKind
from branches.imports.names import district_stem, loose_key, name_key, squeezed
from branches.querysets import UnitQuerySet

_LISTED = 5


@dataclass(frozen=True, slots=True)
class Found:
    """An organisation as a candidate, from the database or from the file itself."""

    code: str
    name: str
    kind: str
    above: str = ""


@dataclass
class Lookup:
    """An index over candidates; what is given later under the same code replaces the earlier."""

    _all: dict[str, Found] = field(default_factory=dict)
    _maps: list[dict[str, list[Found]]] | None = None
    _districts: tuple[str, ...] = ()
    _stems: set[str] = field(default_factory=set)

    def know_districts(self, names: Iterable[str]) -> None:
        """Name the districts whose own name people leave out in front of their units'."""
        self._stems |= {district_stem(name) for name in names}
        self._maps = None

    def add(self, found: Found) -> None:
        """Put a candidate in."""
        self._all[found.code] = found
        self._maps = None

    def find(self, text: str, *, kinds: Iterable[str] = ()) -> list[Found]:
        """The candidates for what was written; exact before nearly, one sort before all.

        ``kinds`` are preferred when a name fits several.
        """
        if text in self._all:
            return [self._all[text]]
        wanted = set(kinds)
        names, keys, loose = self._indexes()
        for index, key in (
            (names, squeezed(text)),
            (keys, name_key(text)),
            (loose, loose_key(text, self._districts)),
        ):
            found = index.get(key, [])
            fitting = [one for one in found if one.kind in wanted] or found
            if fitting:
                return fitting
        return []

    def _indexes(self) -> list[dict[str, list[Found]]]:
        if self._maps is not None:
            return self._maps
        stems = {district_stem(f.name) for f in self._all.values() if f.kind == UnitKind.DISTRICT}
        stems |= self._stems
        self._districts = tuple(sorted(stems, key=len, reverse=True))
        self._maps = [defaultdict(list), defaultdict(list), defaultdict(list)]
        for one in self._all.values():
            self._maps[0][squeezed(one.name)].append(one)
            self._maps[1][name_key(one.name)].append(one)
            self._maps[2][loose_key(one.name, self._districts)].append(one)
        return self._maps


def candidates(units: UnitQuerySet, kinds: Iterable[str] | None = None) -> list[Found]:
    """The standing organisations of a queryset as candidates, one query."""
    standing = units.filter(dissolved_on__isnull=True)
    if kinds is not None:
        standing = standing.filter(kind__in=kinds)
    rows = standing.order_by().values_list("code", "name", "kind", "parent__name")
    return [Found(code, name, kind, above or "") for code, name, kind, above in rows]


def listed(found: Iterable[Found]) -> str:
    """Candidates named for a fault, with code and parent to tell them apart."""
    all_ = list(found)
    shown = "；".join(
        f"{one.name}（代码 {one.code}{f'，上级 {one.above}' if one.above else ''}）"
        for one in all_[:_LISTED]
    )
    return shown + (f" 等 {len(all_)} 个" if len(all_) > _LISTED else "")
