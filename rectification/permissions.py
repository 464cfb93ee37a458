"""What may be done in 后进整顿: one predicate per sentence.

``Where`` is the queryset; these say ``what``. Each takes the scope and the path of the unit that
the case (or the batch) belongs to. States, authorship and facts are settled in the services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF, WRITERS

if TYPE_CHECKING:
    from branches.scope import Scope

# Who reads of what is not decided yet.
LOOKERS = (*STAFF, Role.LEADER)


def may_keep_batch(scope: Scope, path: str) -> bool:
    """A batch, its days and its pass lines are the district's."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_propose(scope: Scope, path: str) -> bool:
    """自查、复查: committee and district name an organisation as 拟列."""
    return scope.covers(path, *STAFF)


def may_decide_listing(scope: Scope, path: str) -> bool:
    """会审: the list is decided by the district's meeting; its staff enter the decision."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_assign(scope: Scope, path: str) -> bool:
    """结对帮扶 is arranged by committee and district."""
    return scope.covers(path, *STAFF)


def may_work(scope: Scope, path: str) -> bool:
    """一支部一策, problems, promises, visits, figures, reports: the branch, and staff who help."""
    return scope.covers(path, *WRITERS)


def may_oversee(scope: Scope, path: str) -> bool:
    """办结确认, 督查, 测评, 申请验收 and 申请销号 are for those above the branch."""
    return scope.covers(path, *STAFF)


def may_examine(scope: Scope, path: str) -> bool:
    """验收 and its score sheet are the district's."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_approve_first(scope: Scope, path: str) -> bool:
    """初审 of a 销号: committee or district."""
    return scope.covers(path, *STAFF)


def may_approve_last(scope: Scope, path: str) -> bool:
    """终审 of a 销号: the district."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_watch(scope: Scope, path: str) -> bool:
    """回头看 and its end: the district; a relapse may also be reported by the committee."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def is_same_person(user_id: int | None, *others: int | None) -> bool:
    """Nobody confirms or approves what he did or proposed himself (S16)."""
    return user_id is not None and user_id in others
