"""What may be done in 作用发挥: one predicate per sentence.

``Where`` is the queryset; these say ``what``. Each takes the scope and the path of the unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.permissions import SEE_PEOPLE, STAFF, WRITERS

if TYPE_CHECKING:
    from branches.scope import Scope


def may_pledge(scope: Scope, path: str) -> bool:
    """The branch enters its pledges and its members'; staff above may help."""
    return scope.covers(path, *WRITERS)


def may_confirm(scope: Scope, path: str, *, above: bool) -> bool:
    """A member's pledge is confirmed by the branch, the branch's own by those above it."""
    return scope.covers(path, *(STAFF if above else WRITERS))


def may_name_post(scope: Scope, path: str) -> bool:
    """A 示范岗 is named by the branch."""
    return scope.covers(path, *WRITERS)


def may_confirm_post(scope: Scope, path: str) -> bool:
    """It is confirmed each year by those above the branch."""
    return scope.covers(path, *STAFF)


def may_send(scope: Scope, home: str) -> bool:
    """The home branch reports its members to a community."""
    return scope.covers(home, *WRITERS)


def may_receive(scope: Scope, community: str) -> bool:
    """The community takes them in, and confirms what they did."""
    return scope.covers(community, *WRITERS)


def may_keep_project(scope: Scope, path: str) -> bool:
    """Whoever works for an organisation keeps its projects."""
    return scope.covers(path, *WRITERS)


def may_stop_project(scope: Scope, path: str) -> bool:
    """终止 is for those above, so that nothing ends quietly."""
    return scope.covers(path, *STAFF)


def sees_names(scope: Scope, path: str) -> bool:
    """Names of members: whoever works with the branch; a leader who looks on sees none."""
    return scope.covers(path, *SEE_PEOPLE)
