"""Who may do what with a ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role

if TYPE_CHECKING:
    from branches.scope import Scope


def may_run(scope: Scope, path: str) -> bool:
    """Starting and publishing is the district's business."""
    return scope.covers(path, Role.DISTRICT_STAFF)
