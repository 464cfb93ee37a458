"""What may be done in 网上党支部: one predicate per sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF

if TYPE_CHECKING:
    from branches.scope import Scope


def may_issue(scope: Scope, path: str) -> bool:
    """通知 go downward: from the district or a committee, by its staff or those above it."""
    return scope.covers(path, *STAFF)


def may_receive(scope: Scope, path: str) -> bool:
    """已阅 and 签收 are given by the unit itself: its secretary, or a committee's own staff.

    Who stands above does not sign for those below.
    """
    return any(
        path == unit.path
        for role, unit in scope.held
        if role in (Role.SECRETARY, Role.COMMITTEE_STAFF)
    )


def may_edit_page(scope: Scope, path: str) -> bool:
    """What is public of a branch is its secretary's choice."""
    return scope.covers(path, Role.SECRETARY)
