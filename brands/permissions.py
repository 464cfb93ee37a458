"""What may be done with a brand: one predicate per sentence of the regulation.

``Where`` is the queryset; these say ``what``. Each takes the scope and the path of the unit that
owns the brand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF, WRITERS
from brands.enums import Mover

if TYPE_CHECKING:
    from branches.scope import Scope


def may_keep(scope: Scope, path: str) -> bool:
    """The unit creates its brand, keeps its plan and answers inspections; staff may help out."""
    return scope.covers(path, *WRITERS)


def may_judge(scope: Scope, path: str) -> bool:
    """An application is judged from above: a committee never approves its own brand."""
    return any(
        role in STAFF and path.startswith(unit.path) and path != unit.path
        for role, unit in scope.held
    )


def may_rule(scope: Scope, path: str) -> bool:
    """遴选, 调整, 审定, 认定 and 推广 are the district's."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_inspect(scope: Scope, path: str) -> bool:
    """督查 comes from above too."""
    return may_judge(scope, path)


def may_publicise(scope: Scope, path: str) -> bool:
    """Reports, honours and meetings are noted by whoever keeps the brand."""
    return may_keep(scope, path)


def may_honour(scope: Scope, path: str) -> bool:
    """What a brand earned is noted by the district or from above."""
    return may_rule(scope, path) or may_judge(scope, path)


def may_move(scope: Scope, path: str, mover: str) -> bool:
    """Whether the move is the asker's."""
    asked = {Mover.OWNER: may_keep, Mover.ABOVE: may_judge, Mover.DISTRICT: may_rule}
    return asked[Mover(mover)](scope, path)


def is_own_unit(paths: Iterable[str], path: str) -> bool:
    """Whether one who works at ``paths`` (below the district) belongs to the unit at ``path``.

    Nobody reviews the brand of his own unit, of one above or of one below it.
    """
    return any(path.startswith(own) or own.startswith(path) for own in paths)
