"""Where somebody may act: the subtrees that his grants name today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accounts.models import User
from branches.enums import Role, UnitKind
from branches.models import Grant, Unit
from branches.rules import covers


@dataclass(frozen=True)
class Scope:
    """The grants of one person, or of one client, on one day.

    ``held`` is a tuple of (role, unit). Nothing held means nothing seen.
    """

    held: tuple[tuple[str, Unit], ...] = ()

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The roots of all subtrees in reach, in tree order, each once.

        A cadre officer's grant opens 干部工作 alone, which asks for it by :meth:`units_as`.
        """
        seen = {unit.path: unit for role, unit in self.held if role != Role.CADRE_OFFICER}
        return tuple(seen[path] for path in sorted(seen))

    def units_as(self, *roles: str) -> tuple[Unit, ...]:
        """The roots of the subtrees in which one of the roles is held."""
        seen = {unit.path: unit for role, unit in self.held if role in roles}
        return tuple(seen[path] for path in sorted(seen))

    def covers(self, path: str, *roles: str) -> bool:
        """Whether a unit at ``path`` is in reach, in one of the roles when some are named."""
        roots = self.units_as(*roles) if roles else self.units
        return covers((unit.path for unit in roots), path)

    @property
    def roles(self) -> frozenset[str]:
        """All roles held anywhere."""
        return frozenset(role for role, _ in self.held)

    @property
    def is_staff(self) -> bool:
        """Whether district or committee staff somewhere."""
        return bool(self.roles & {Role.DISTRICT_STAFF, Role.COMMITTEE_STAFF})


NOBODY = Scope()


def scope_of(user: User, *, on: date) -> Scope:
    """The scope of a user on a day. A superuser is district staff of every district.

    He is no cadre officer by that: this role comes by a grant only, to him as to anybody.
    """
    if not user.is_active:
        return NOBODY
    grants = (
        Grant.objects.everywhere("the grants themselves make the scope")
        .filter(user=user)
        .in_force(on=on)
        .select_related("unit")
    )
    if user.is_superuser:
        roots = Unit.objects.everywhere("a superuser looks after every district")
        return Scope(
            (
                *((Role.DISTRICT_STAFF, unit) for unit in roots.filter(kind=UnitKind.DISTRICT)),
                *((one.role, one.unit) for one in grants.filter(role=Role.CADRE_OFFICER)),
            )
        )
    return Scope(tuple((grant.role, grant.unit) for grant in grants))


def scope_over(units: Iterable[Unit], role: str) -> Scope:
    """A scope made by hand, for clients of the API and for commands."""
    return Scope(tuple((role, unit) for unit in units))
