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
    from branches.models import Unit
    from branches.scope import Scope

# Who logs: for a branch its secretary, for a 党小组 its leader, staff above for either.
RECORDERS = (*WRITERS, Role.GROUP_LEADER)
EVENT_KEEPERS = WRITERS
# Who may have a unit's days on his phone: whoever works for it or looks at it as a whole.
SUBSCRIBERS = (*WRITERS, Role.LEADER)


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


def may_correct(scope: Scope, path: str, status: int) -> bool:
    """The branch, or staff for it, asks for a new version of an accepted record."""
    return status == Status.ACCEPTED and may_record(scope, path)


def may_decide_correction(scope: Scope, path: str) -> bool:
    """Whoever accepts records approves their new versions; never the proposer himself."""
    return may_review(scope, path)


# --- 组织生活会, 民主评议党员, 谈心谈话 ---


def may_keep_life(scope: Scope, path: str) -> bool:
    """The secretary keeps 组织生活会 and 谈心谈话 of the branch; staff above may help out."""
    return scope.covers(path, *WRITERS)


def may_see_life(scope: Scope, path: str) -> bool:
    """Where a 组织生活会 stands, and its list of problems: whoever works with the branch."""
    return scope.covers(path, *WRITERS, Role.LEADER)


def may_decide_life(scope: Scope, path: str) -> bool:
    """A 组织生活会 is closed or returned by the committee and the district."""
    return scope.covers(path, *STAFF)


def may_see_talks(scope: Scope, path: str) -> bool:
    """Who talked with whom: the branch and those who look after it, not those who look on."""
    return scope.covers(path, *WRITERS)


def may_see_grades(scope: Scope, unit: Unit) -> bool:
    """Single members' 民主评议 results: the secretary who files them, the committee that decides.

    The district sees totals only, except where a branch stands directly below it.
    """
    return scope.covers(unit.path, Role.SECRETARY) or may_decide_grades(scope, unit)


def may_decide_grades(scope: Scope, unit: Unit) -> bool:
    """Grades are decided by the committee; by the district where no committee stands between."""
    if scope.covers(unit.path, Role.COMMITTEE_STAFF):
        return True
    alone = unit.committee_id in (None, unit.pk)
    return alone and scope.covers(unit.path, Role.DISTRICT_STAFF)


def may_draw(scope: Scope, path: str) -> bool:
    """The committee and the district draw records for 调阅 from what is theirs."""
    return scope.covers(path, *STAFF)


def may_answer_finding(scope: Scope, path: str) -> bool:
    """整改情况 is the branch's to tell; staff above may write it down for the branch."""
    return scope.covers(path, *WRITERS)


def may_settle_finding(scope: Scope, path: str) -> bool:
    """Whoever may check may settle; the verb refuses the one who gave the answer (S16)."""
    return scope.covers(path, *STAFF)


def may_comment(scope: Scope, path: str) -> bool:
    """审阅 is open to everybody above the branch, leaders included; 审核 is not."""
    return scope.covers(path, *STAFF, Role.LEADER)


def may_answer_comment(scope: Scope, path: str) -> bool:
    """The branch answers what is said about its record, a 党小组 for its own."""
    return scope.covers(path, Role.SECRETARY, Role.GROUP_LEADER)


def may_see_hints(scope: Scope, path: str) -> bool:
    """Hints are for those who review, never for the branch."""
    return scope.covers(path, *STAFF)


def may_subscribe(scope: Scope, path: str) -> bool:
    """The days of a unit are read by whoever works for it or above it."""
    return scope.covers(path, *SUBSCRIBERS)


def may_end_feeds(scope: Scope, path: str) -> bool:
    """Another's address is ended by whoever keeps the unit."""
    return scope.covers(path, *WRITERS)


# --- 固定组织生活日 ---


def may_write_programme(scope: Scope, path: str) -> bool:
    """The district writes the month's programme; a committee adds to it for its own."""
    return scope.covers(path, *STAFF)


def may_postpone(scope: Scope, path: str) -> bool:
    """The secretary asks for his branch, staff above for it or for all of theirs."""
    return scope.covers(path, *WRITERS)


def may_decide_postponement(scope: Scope, path: str) -> bool:
    """Staff above decide; the database refuses the proposer himself."""
    return scope.covers(path, *STAFF)


def may_share(scope: Scope, path: str) -> bool:
    """The branch offers its example; staff above may propose it, and the branch consents."""
    return scope.covers(path, *WRITERS)


def may_consent(scope: Scope, path: str) -> bool:
    """Only the secretary speaks for the branch."""
    return scope.covers(path, Role.SECRETARY)


def may_decide_share(scope: Scope, path: str) -> bool:
    """Staff above decide what the other branches are shown."""
    return scope.covers(path, *STAFF)


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
