"""Who may do what with a ranking, with an appeal against it, and with the schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessment.enums import OPEN_APPEALS, AppealState
from branches.enums import Role

if TYPE_CHECKING:
    from branches.scope import Scope

FILERS = (Role.SECRETARY, Role.COMMITTEE_STAFF)
DECIDERS = (Role.DISTRICT_STAFF,)


def may_run(scope: Scope, path: str) -> bool:
    """Starting and publishing is the district's business."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_file(scope: Scope, path: str) -> bool:
    """The secretary appeals for the branch, or its committee for it; who decides does not."""
    return scope.covers(path, *FILERS)


def may_withdraw(scope: Scope, path: str, *, own: bool) -> bool:
    """The branch takes its appeal back; the committee only what it filed for the branch itself."""
    return scope.covers(path, Role.SECRETARY) or (own and may_file(scope, path))


def may_add_files(scope: Scope, path: str, state: str) -> bool:
    """Those who could have filed it add evidence until it is answered."""
    return state in OPEN_APPEALS and may_file(scope, path)


def may_opine(scope: Scope, path: str, state: str) -> bool:
    """The committee gives its opinion before the district decides."""
    return state in OPEN_APPEALS and scope.covers(path, Role.COMMITTEE_STAFF)


def may_take(scope: Scope, path: str, state: str) -> bool:
    """The district takes up what was filed."""
    return state == AppealState.FILED and scope.covers(path, *DECIDERS)


def may_decide(scope: Scope, path: str, state: str) -> bool:
    """The district answers what it has under review."""
    return state == AppealState.REVIEWING and scope.covers(path, *DECIDERS)


def is_own_appeal(filed_by: int | None, user_id: int) -> bool:
    """Nobody gives an opinion on, or decides, what he filed himself (S16)."""
    return filed_by == user_id


def may_keep_schemes(scope: Scope, path: str) -> bool:
    """Schemes are drafted, tried and adopted by the district."""
    return scope.covers(path, Role.DISTRICT_STAFF)
