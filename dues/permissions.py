"""What may be done in 党费与经费: one predicate per sentence.

``Where`` is the queryset; these say ``what``. Each takes the scope and a unit's path. States and
authorship are settled in the services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF, WRITERS

if TYPE_CHECKING:
    from branches.scope import Scope

# Sums and money, never a member's: those above read along.
LOOKERS = (*STAFF, Role.LEADER)
READERS = (*WRITERS, Role.LEADER)


def may_see_members(scope: Scope, path: str) -> bool:
    """What one member pays is known to the branch and to staff above it; leaders read sums."""
    return scope.covers(path, *WRITERS)


def may_collect(scope: Scope, path: str) -> bool:
    """党费 is taken by the branch; staff above may help."""
    return scope.covers(path, *WRITERS)


def may_decide_reduction(scope: Scope, path: str) -> bool:
    """减免 is approved by the Party committee above , not by the branch."""
    return scope.covers(path, *STAFF)


def may_confirm(scope: Scope, path: str, *, of_committee: bool) -> bool:
    """A branch's sum is confirmed by its committee, a committee's by the district."""
    return scope.covers(path, *((Role.DISTRICT_STAFF,) if of_committee else STAFF))


def may_allot(scope: Scope, path: str) -> bool:
    """区拨党费 is the district's."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_keep_money(scope: Scope, path: str) -> bool:
    """A unit's budget, receipts and spending: whoever writes for the unit."""
    return scope.covers(path, *WRITERS)


def may_read_money(scope: Scope, path: str) -> bool:
    """A unit's money is read by whoever works for it or above it."""
    return scope.covers(path, *READERS)


def is_same_person(user_id: int | None, *others: int | None) -> bool:
    """Nobody approves or confirms what he proposed or handed in himself (S16)."""
    return user_id is not None and user_id in others
