"""What an import would do, before it does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from branches.querysets import UnitQuerySet
from branches.scope import Scope, scope_of
from core.workbooks import Fault, Table

# How many rows of each sort a preview shows, and how many faults its page lists.
SHOWN_ROWS = 20
SHOWN_FAULTS = 200
# Beyond this the file as a whole is wrong, and more faults help nobody.
MOST_FAULTS = 20_000

Progress = Callable[[int, int, str], None]


def no_progress(done: int, total: int, message: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Rights:
    """Whose import it is: his scope, and whether he may bring in a new district."""

    scope: Scope | None
    user: User | None = None

    @classmethod
    def of(cls, user: User, *, on: date) -> Rights:
        """The rights of an account on a day."""
        return cls(scope_of(user, on=on), user)

    @classmethod
    def of_machine(cls) -> Rights:
        """Those of the command line, where whoever types may do everything."""
        return cls(None)

    @property
    def may_found_district(self) -> bool:
        """A district is founded by a superuser or on the command line."""
        return self.scope is None or bool(self.user and self.user.is_superuser)

    def reach(self, *roles: str) -> UnitQuerySet:
        """The units in which one of the roles is held."""
        if self.scope is None:
            return Unit.objects.everywhere("the command line loads a whole district")
        return Unit.objects.within(*self.scope.units_as(*roles))

    def districts(self) -> list[str]:
        """The names of the districts in which anything is held; all of them for the machine."""
        found = Unit.objects.everywhere("the names of districts are no secret").filter(
            kind=UnitKind.DISTRICT
        )
        if self.scope is not None:
            found = found.filter(pk__in={unit.district_id for unit in self.scope.units})
        return list(found.values_list("name", flat=True))

    def covers(self, path: str, *roles: str) -> bool:
        """Whether a unit at ``path`` is in reach in one of the roles."""
        return self.scope is None or self.scope.covers(path, *roles)


@dataclass(frozen=True)
class Created:
    """A row that would be new: its number, its name, and a word about it."""

    row: int
    name: str
    about: str


@dataclass(frozen=True)
class Changed:
    """A row that would change: (field, old, new) as people read them, numbers masked."""

    row: int
    name: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass
class Plan:
    """Everything an import would do; with one fault it does nothing.

    ``work`` holds what the writer needs and never leaves the process.
    """

    kind: str
    faults: list[Fault] = field(default_factory=list)
    created: list[Created] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)
    dropped: list[tuple[int, str]] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256, repr=False)
    work: dict[str, Any] = field(default_factory=dict, repr=False)

    def read(self, table: Table) -> None:
        """Take over what the reader of the sheet assumed and left out."""
        self.notes += table.notes
        self.dropped += table.dropped
        if table.unused:
            self.notes.append(f"没有用到的列：{'、'.join(table.unused[:20])}。")

    def add_created(self, row: int, name: str, about: str, mark: Sequence[object]) -> None:
        """Note a new row; ``mark`` is everything that would be written."""
        self.created.append(Created(row, name, about))
        self._mark("new", mark)

    def add_changed(
        self, row: int, name: str, fields: Sequence[tuple[str, str, str]], mark: Sequence[object]
    ) -> None:
        """Note a changed row."""
        self.changed.append(Changed(row, name, tuple(fields)))
        self._mark("changed", mark)

    def _mark(self, sort: str, mark: Sequence[object]) -> None:
        text = json.dumps([sort, *mark], ensure_ascii=False, default=str)
        self.digest.update(text.encode() + b"\n")

    @property
    def fingerprint(self) -> str:
        """What this plan would do, in 64 characters: another plan has another one."""
        return str(self.digest.hexdigest())

    @property
    def rows(self) -> int:
        """How many rows would be written or are as they should be."""
        return len(self.created) + len(self.changed) + self.unchanged

    def as_dict(self) -> dict[str, Any]:
        """The preview as plain values: counts, first rows, first faults; no whole number."""
        return {
            "kind": self.kind,
            "fault_count": len(self.faults),
            "faults": [fault.as_dict() for fault in self.faults[:SHOWN_FAULTS]],
            "created_count": len(self.created),
            "changed_count": len(self.changed),
            "unchanged_count": self.unchanged,
            "created": [vars(row) for row in self.created[:SHOWN_ROWS]],
            "changed": [
                {"row": row.row, "name": row.name, "fields": [list(one) for one in row.fields]}
                for row in self.changed[:SHOWN_ROWS]
            ],
            "notes": self.notes[:50],
            "dropped": [list(one) for one in self.dropped[:50]],
            "fingerprint": self.fingerprint,
        }


def too_many(faults: Sequence[Fault]) -> bool:
    """Whether it is no use to look on."""
    return len(faults) >= MOST_FAULTS
