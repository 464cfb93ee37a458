"""How far a 组织生活会 or a 民主评议 has come, and what its page shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from branches.scope import Scope
from meetings import permissions
from meetings.enums.life import PROBLEM_STATES, AppraisalState, ReviewState
from meetings.life_people import coverage_of, days_of, people, reckoned_on
from meetings.models import AppraisalStep, LifeProblem, LifeReview, LifeStep
from meetings.rules.life import Coverage, review_back, review_next


@dataclass(frozen=True)
class TrackStep:
    """One step of the track above the page."""

    label: str
    is_done: bool
    is_now: bool


def track(state: ReviewState | AppraisalState) -> list[TrackStep]:
    """All states in their order, with the one that is now."""
    states = list(type(state))
    at = states.index(state)
    return [TrackStep(str(one.label), n < at, n == at) for n, one in enumerate(states)]


def returned(process: Sequence[LifeStep | AppraisalStep]) -> LifeStep | AppraisalStep | None:
    """The last step, when it was a return that nobody has answered yet."""
    return process[-1] if process and process[-1].reason else None


def review_page(found: LifeReview, *, scope: Scope, user_id: int, on: date) -> dict[str, Any]:
    """Everything a 组织生活会's page shows but the form; a constant number of questions."""
    problems = list(LifeProblem.objects.within(*scope.units).filter(review=found))
    open_ones = [row for row in problems if row.done_on is None]
    process = list(found.steps.select_related("by"))
    return {
        "review": found,
        "unit": found.unit,
        "today": on,
        "steps": track(ReviewState(found.state)),
        "next": review_next(found.state),
        "talks": _talks(found, on) if found.state == ReviewState.TALKS else None,
        "problems": problems,
        "first": next(iter(open_ones), None),
        "left": len(open_ones),
        "process": process,
        "returned": returned(process),
        **_rights(found, scope, user_id),
    }


def _talks(found: LifeReview, on: date) -> Coverage:
    who = people(found.unit, reckoned_on(found.year, on))
    return coverage_of(who, days_of(found.unit, found.year))


def _rights(found: LifeReview, scope: Scope, user_id: int) -> dict[str, bool]:
    """What the asker may do with it as it stands."""
    keeps = permissions.may_keep_life(scope, found.unit.path)
    decides = permissions.may_decide_life(scope, found.unit.path)
    return {
        "keeps": keeps,
        "own": found.filed_by_id == user_id,
        "may_list": keeps and found.state in PROBLEM_STATES,
        "may_close": decides and found.state == ReviewState.SUBMITTED,
        "may_return": decides and review_back(found.state) is not None,
    }
