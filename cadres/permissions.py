"""Who may come in here: a named cadre officer, within his unit, and nobody else.

Neither a superuser nor the district's staff: their roles are looked at nowhere in this programme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role

if TYPE_CHECKING:
    from branches.models import Unit
    from branches.scope import Scope


def officer_units(scope: Scope) -> tuple[Unit, ...]:
    """The subtrees whose cadres he looks after; () for everybody else."""
    return scope.units_as(Role.CADRE_OFFICER)


def may_work(scope: Scope, path: str) -> bool:
    """Everything about a cadre or a post at ``path``."""
    return scope.covers(path, Role.CADRE_OFFICER)
