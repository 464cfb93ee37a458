"""What may be done in 阵地与联系: one predicate per sentence.

``Where`` is the queryset; these say ``what``. Each takes the scope and the path of the unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF, WRITERS

if TYPE_CHECKING:
    from branches.scope import Scope


def may_keep_venue(scope: Scope, path: str) -> bool:
    """The secretary keeps the venue of the branch and checks it; staff above may help."""
    return scope.covers(path, *WRITERS)


def may_decide_check(scope: Scope, path: str) -> bool:
    """A check is confirmed or returned by those above the branch."""
    return scope.covers(path, *STAFF)


def may_keep_links(scope: Scope, path: str) -> bool:
    """Who is linked to which organisation is arranged by committee and district."""
    return scope.covers(path, *STAFF)


def may_visit(scope: Scope, path: str, *, is_own: bool) -> bool:
    """A visit is written by the leader himself, or by staff for him."""
    return scope.covers(path, *STAFF) or (is_own and scope.covers(path, Role.LEADER))


def may_follow(scope: Scope, path: str, *, is_own: bool) -> bool:
    """What was done about a problem: also the branch tells it."""
    return scope.covers(path, *WRITERS) or may_visit(scope, path, is_own=is_own)


def may_solve(scope: Scope, path: str, *, is_own: bool) -> bool:
    """That a problem is solved is not said by the branch itself."""
    return may_visit(scope, path, is_own=is_own)


def may_keep_joint(scope: Scope, path: str) -> bool:
    """The community's own secretary and staff above keep the joint committee."""
    return scope.covers(path, *WRITERS)
