"""What may be done in 两新星级: one predicate per sentence.

``Where`` is the queryset; these say ``what``. Each takes the scope and the path of the unit that
the organisation hangs on (or of the district). States, authorship and facts are settled in the
services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF, WRITERS

if TYPE_CHECKING:
    from branches.scope import Scope


def may_keep_rounds(scope: Scope, path: str) -> bool:
    """Rounds, standards, funds and targets are the district's."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_keep_organisation(scope: Scope, path: str) -> bool:
    """The register of organisations is kept by committee and district."""
    return scope.covers(path, *STAFF)


def may_assess_self(scope: Scope, path: str) -> bool:
    """自评 is the branch's; staff above may help with the keyboard."""
    return scope.covers(path, *WRITERS)


def may_tick(scope: Scope, path: str) -> bool:
    """“五个一” are ticked by the branch, or by staff for it."""
    return scope.covers(path, *WRITERS)


def may_check(scope: Scope, path: str) -> bool:
    """初核 is for committee and district."""
    return scope.covers(path, *STAFF)


def may_review(scope: Scope, path: str) -> bool:
    """审核, 公示 and 授牌 are the district's."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_veto(scope: Scope, path: str) -> bool:
    """一票否决 and its lifting: the district."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_except(scope: Scope, path: str) -> bool:
    """破格 is proposed and approved by two of the district's staff."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_demote(scope: Scope, path: str) -> bool:
    """动态降级: the district."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_name_model(scope: Scope, path: str) -> bool:
    """示范点 are named by the district."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def sees_working_scores(scope: Scope, path: str) -> bool:
    """Scores of a step that is not finished: those who work at it or above it."""
    return scope.covers(path, *STAFF)


def is_same_person(user_id: int | None, *others: int | None) -> bool:
    """Nobody checks, reviews or approves what he did or proposed himself (S16)."""
    return user_id is not None and user_id in others
