"""One line of the access matrix, and the words that lines are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

# open: answers everybody, and shows nobody's data · door: signing in and out, one's own account ·
# inside: for whoever is signed in, each sees his own · desk: the admin, for staff ·
# system: the admin of what belongs to no district, for superusers only · api: for programs.
Kind = Literal["open", "door", "inside", "desk", "system", "api"]

WRITERS = frozenset({"secretary_a", "secretary_b", "committee_a", "committee_b", "district_1"})
BOSSES = frozenset({"committee_a", "committee_b", "district_1", "district_2"})
PEOPLE = WRITERS | {"district_2", "group_leader", "leader"}
CLIENTS = frozenset({"client_district", "client_branch", "client_reader"})
PRIVILEGED = frozenset({"client_district", "client_branch"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Access:
    """One line.

    ``of`` names the kind of objects that the address holds, ``value`` what of one stands in it.
    ``sees`` must find their own canary there by GET: the positive control. ``shared`` says that an
    object of a unit above is within reach too (a run belongs to the district, its rows do not).
    """

    kind: Kind
    of: str = ""
    value: Callable[[Any], object] = field(default=lambda thing: thing.uuid)
    sees: frozenset[str] = NOBODY
    shared: bool = False
    query: str = ""


def by_code(unit: Any) -> object:
    return unit.code


def by_pk(thing: Any) -> object:
    return thing.pk


def feed(sees: frozenset[str] = CLIENTS | PEOPLE, query: str = "") -> Access:
    return Access("api", sees=sees, query=query)


def record(of: str = "meeting", sees: frozenset[str] = NOBODY) -> Access:
    return Access("inside", of=of, sees=sees)
