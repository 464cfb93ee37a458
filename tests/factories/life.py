"""组织生活会, 民主评议 and 谈心谈话 for tests, made through the services, in any state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.models import User
from branches.models import Member, Unit
from meetings.enums import Kind
from meetings.enums.life import AppraisalState, Grade, ReviewState
from meetings.models import Appraisal, AppraisalEntry, LifeProblem, LifeReview, Talk
from meetings.rules.life import Tally
from meetings.services import life, life_appraisal, life_talks
from tests.factories.accounts import make_account
from tests.factories.meetings import make_meeting

YEAR = 2026
ON = date(2026, 11, 20)
_WAY = tuple(ReviewState)
_APPRAISAL_WAY = tuple(AppraisalState)


def make_review(
    unit: Unit,
    state: ReviewState = ReviewState.STUDY,
    *,
    by: User | None = None,
    decider: User | None = None,
    year: int = YEAR,
    on: date = ON,
    problem: str = "学习计划落实不够扎实",
) -> LifeReview:
    """A 组织生活会 that has come as far as ``state``."""
    by = by or make_account()
    review = life.start_review(unit=unit, year=year, by=by, on=on)
    at = _WAY.index(state)
    if at > 0:
        day = date(year, 11, 2)
        review = life.study_done(review=review, by=by, studied_on=day, study="党章", on=on)
    if at > 1:
        review = life.talks_done(review=review, by=by, on=on, gap="soon")
        life.add_problem(review=review, text=problem, source="self", by=by)
    if at > 2:
        review = life.problems_listed(review=review, by=by)
    if at > 3:
        meeting = make_meeting(unit, Kind.ORGANISATION_LIFE, date(year, 11, 10), by=by)
        review = life.hold_review(review=review, meeting=meeting, by=by, on=on)
    if at > 4:
        solve(review, by=by, on=on)
        review = life.submit_review(review=review, by=by)
    if at > 5:
        review = life.close_review(review=review, by=decider or make_account())
    return review


def solve(review: LifeReview, *, by: User, on: date = ON) -> None:
    """Plan and settle every problem of a review."""
    for row in LifeProblem.unscoped.filter(review=review):
        life.plan_problem(problem=row, measure="每月学一次", owner="书记", due_on=on, by=by)
        life.settle_problem(problem=row, done_on=on, result="已按月学习", by=by, on=on)


def make_talk(unit: Unit, one: Member, other: Member, day: date = date(2026, 10, 12)) -> Talk:
    """Two talked on a day."""
    life_talks.record_talks(
        unit=unit,
        by=make_account(),
        day=day,
        person=one.pk,
        others=[other.pk],
        on=day,
    )
    first, second = sorted((one.pk, other.pk))
    return Talk.unscoped.get(unit=unit, day=day, first=first, second=second)


def make_appraisal(
    unit: Unit,
    state: AppraisalState = AppraisalState.SELF,
    *,
    grades: Sequence[Grade | str] = (),
    by: User | None = None,
    decider: User | None = None,
    year: int = YEAR,
    on: date = ON,
) -> Appraisal:
    """An appraisal that has come as far as ``state``; ``grades`` in the roster's order.

    Whoever has none named is 合格.
    """
    by = by or make_account()
    day = date(year, 11, 1)
    found = life_appraisal.open_appraisal(unit=unit, year=year, as_of=day, by=by, on=on)
    rows = list(AppraisalEntry.unscoped.filter(appraisal=found).order_by("pk"))
    graded = [row for row in rows if row.graded]
    at = _APPRAISAL_WAY.index(state)
    if at > 0:
        life_appraisal.tick_self(
            appraisal=found, handed_in={row.pk for row in rows}, excuses={}, by=by, on=on
        )
        found = life_appraisal.begin_ballots(appraisal=found, by=by)
    if at > 1:
        voters = max(1, sum(row.votes for row in rows))
        life_appraisal.enter_tallies(
            appraisal=found,
            issued=voters,
            returned=voters,
            tallies={row.pk: Tally(competent=voters) for row in graded},
            by=by,
        )
        found = life_appraisal.begin_grading(appraisal=found, by=by)
    if at > 2:
        named = [*grades, *[Grade.COMPETENT] * len(graded)]
        life_appraisal.propose_grades(
            appraisal=found,
            grades={
                row.pk: (grade, "work" if grade == Grade.POOR else "")
                for row, grade in zip(graded, named, strict=False)
            },
            by=by,
        )
        meeting = make_meeting(unit, Kind.APPRAISAL, date(year, 11, 12), by=by)
        found = life_appraisal.submit_appraisal(appraisal=found, meeting=meeting, by=by, on=on)
    if at > 3:
        found = life_appraisal.approve_appraisal(
            appraisal=found, by=decider or make_account(), on=on, poor_decided_on=on
        )
    return found
