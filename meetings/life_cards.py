"""A branch's year of 组织生活 on one page: three flows, each with its next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from branches.models import Unit
from meetings.enums.life import ReviewState
from meetings.life_people import coverage_of, days_of, people, reckoned_on
from meetings.models import Appraisal, AppraisalEntry, LifeReview
from meetings.rules.life import Coverage, NextStep, appraisal_next, review_next, talks_next

_STATES = list(ReviewState)


@dataclass(frozen=True)
class Cards:
    """What a branch has of its year; the steps in the order of the cards."""

    talks: Coverage
    review: LifeReview | None
    appraisal: Appraisal | None
    talks_step: NextStep
    review_step: NextStep
    appraisal_step: NextStep

    @property
    def steps(self) -> tuple[NextStep, NextStep, NextStep]:
        """What comes next in each flow."""
        return self.talks_step, self.review_step, self.appraisal_step

    @property
    def turn(self) -> int:
        """The place of the first card on which the branch has something to do; -1 for none."""
        own = (at for at, step in enumerate(self.steps) if not step.done and not step.waits)
        return next(own, -1)

    @property
    def done(self) -> bool:
        """Whether the year is through."""
        return all(step.done for step in self.steps)

    @property
    def talks_text(self) -> str:
        """Required talks: held and asked for."""
        return f"{self.talks.done} / {self.talks.needed}"

    @property
    def review_at(self) -> int:
        """How many steps of the 组织生活会 are behind."""
        return _STATES.index(ReviewState(self.review.state)) if self.review else 0

    @property
    def review_all(self) -> int:
        """How many steps it has."""
        return len(_STATES) - 1

    @property
    def review_text(self) -> str:
        """Both in words."""
        return f"{self.review_at} / {self.review_all} 步"


def cards_of(unit: Unit, year: int, *, on: date) -> Cards:
    """The three flows of a branch's year; a constant number of questions."""
    review = LifeReview.objects.within(unit).filter(unit=unit, year=year).first()
    appraisal = Appraisal.objects.within(unit).filter(unit=unit, year=year).first()
    talks = coverage_of(people(unit, reckoned_on(year, on)), days_of(unit, year))
    return Cards(
        talks=talks,
        review=review,
        appraisal=appraisal,
        talks_step=talks_next(talks),
        review_step=review_next(review.state if review else None),
        appraisal_step=appraisal_next(
            appraisal.state if appraisal else None,
            untold=_untold(unit, appraisal) if appraisal else 0,
        ),
    )


def _untold(unit: Unit, appraisal: Appraisal) -> int:
    """Graded members who have not got their slip."""
    rows = AppraisalEntry.objects.within(unit).filter(appraisal=appraisal, graded=True)
    return rows.filter(told_on=None).count()
