"""What may be done with a record: one predicate per sentence of the regulation.

``Where`` is the queryset; these say ``what``. Each takes the scope and the path of the unit that
the record belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from branches.enums import Role
from branches.permissions import STAFF, WRITERS
from meetings.enums import TRANSITIONS, Status

if TYPE_CHECKING:
    from branches.scope import Scope

# Who logs: for a branch its secretary, for a 党小组 its leader, staff above for either.
RECORDERS = (*WRITERS, Role.GROUP_LEADER)
EVENT_KEEPERS = WRITERS


def may_record(scope: Scope, path: str) -> bool:
    """The secretary logs for the branch, the leader for his 党小组; staff above may help out."""
    return scope.covers(path, *RECORDERS)


def may_review(scope: Scope, path: str) -> bool:
    """审核 is the business of the committee and of the district."""
    return scope.covers(path, *STAFF)


def is_own_work(author_ids: Iterable[int | None], user_id: int | None) -> bool:
    """Nobody reviews what he wrote or filed himself (S16)."""
    return user_id is not None and user_id in author_ids


def may_register_event(scope: Scope, path: str) -> bool:
    """The branch registers a 重大决策 or a 预审; the committee may do it for the branch."""
    return scope.covers(path, *EVENT_KEEPERS)


def may_spot_check(scope: Scope, path: str) -> bool:
    """党（工）委 and the district read records at random (不定期调阅)."""
    return scope.covers(path, *STAFF)


def may_edit(scope: Scope, path: str, status: int) -> bool:
    """A draft or a returned record is the branch's to write in; an accepted one is locked."""
    return status in (Status.DRAFT, Status.RETURNED) and may_record(scope, path)


def may_withdraw(scope: Scope, path: str, status: int) -> bool:
    """The branch takes back what is not accepted yet."""
    return (status, Status.WITHDRAWN) in TRANSITIONS and may_record(scope, path)


def may_decide(scope: Scope, path: str, status: int) -> bool:
    """Only a submitted record is accepted or returned."""
    return status == Status.SUBMITTED and may_review(scope, path)


def may_reverse(scope: Scope, path: str, status: int) -> bool:
    """An approval is reversed, with a reason, by those who could have given it."""
    return status == Status.ACCEPTED and may_review(scope, path)


# --- 全年学习计划, 党课 ---


def may_keep_study_list(scope: Scope, path: str) -> bool:
    """The year's texts and phases are the district's."""
    return scope.covers(path, Role.DISTRICT_STAFF)


def may_plan_study(scope: Scope, path: str) -> bool:
    """The secretary makes the branch's plan; staff above may help out."""
    return scope.covers(path, *WRITERS)


def may_ask_lecture(scope: Scope, path: str) -> bool:
    """The secretary asks for a course for the branch; staff above may help out."""
    return scope.covers(path, *WRITERS)


def may_offer_lectures(scope: Scope, path: str) -> bool:
    """Who offers a course keeps it, and says when it is given: staff of the offering unit."""
    return scope.covers(path, *STAFF)
