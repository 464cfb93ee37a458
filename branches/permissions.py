"""What may be done with an organisation: one predicate per sentence.

``Where`` is the queryset; these say ``what``. Each takes the scope and the unit's path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role

if TYPE_CHECKING:
    from branches.scope import Scope

STAFF = (Role.DISTRICT_STAFF, Role.COMMITTEE_STAFF)
WRITERS = (*STAFF, Role.SECRETARY)
SEE_PEOPLE = (*WRITERS, Role.GROUP_LEADER)


def may_change_tree(scope: Scope, path: str) -> bool:
    """组织变动 is the district's and the committee's business."""
    return scope.covers(path, *STAFF)


def may_keep_roster(scope: Scope, path: str) -> bool:
    """The secretary keeps the roster of the branch, staff above may help."""
    return scope.covers(path, *WRITERS)


def may_see_people(scope: Scope, path: str) -> bool:
    """Names and masked numbers: whoever works with the branch; group leaders their own group."""
    return scope.covers(path, *SEE_PEOPLE)


def may_propose_exemption(scope: Scope, path: str) -> bool:
    """The branch or the committee asks for it."""
    return scope.covers(path, *WRITERS)


def may_decide_exemption(scope: Scope, path: str) -> bool:
    """Staff above decide; the database refuses the proposer himself."""
    return scope.covers(path, *STAFF)


def may_manage_grants(scope: Scope, path: str) -> bool:
    """Only the district gives roles."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_keep_robots(scope: Scope, path: str) -> bool:
    """A committee's group is told by whoever works for the committee, or above it."""
    return scope.covers(path, *STAFF)


def may_see_deliveries(scope: Scope, path: str) -> bool:
    """Whether notices arrived is the business of those who look after the readers."""
    return scope.covers(path, *STAFF)
