"""What may be done in 发展党员 and 转接: one predicate per sentence.

``Where`` is the queryset; these say ``what``. Each takes the scope and the path of a branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF, WRITERS

if TYPE_CHECKING:
    from branches.scope import Scope

# Names before 公示 are for the branch, its committee and the district's staff; leaders look at
# counts, and group leaders have no part in it.
SEE_NAMES = WRITERS


def may_see(scope: Scope, path: str) -> bool:
    """Who is a candidate: the branch, its committee, the district's staff."""
    return scope.covers(path, *SEE_NAMES)


def may_work(scope: Scope, path: str) -> bool:
    """The branch's steps: its secretary; staff above may help, and then decide nothing of it."""
    return scope.covers(path, *WRITERS)


def may_decide(scope: Scope, path: str) -> bool:
    """备案, 同意, 预审, 谈话 and 审批 are the committee's above the branch."""
    return scope.covers(path, *STAFF)


def may_keep_letters(scope: Scope, path: str) -> bool:
    """介绍信 are issued, and 回执 entered, above the branch."""
    return scope.covers(path, *STAFF)


def may_confirm(scope: Scope, old_path: str, new_path: str) -> bool:
    """A transfer between committees is confirmed by whoever stands above both branches."""
    return any(
        old_path.startswith(unit.path) and new_path.startswith(unit.path)
        for role, unit in scope.held
        if role in STAFF
    )


def may_correct(scope: Scope, path: str) -> bool:
    """The district may take back what others entered."""
    return scope.covers(path, Role.DISTRICT_STAFF)
