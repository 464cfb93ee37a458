"""组织生活 of every branch of the world: a review with a problem, an appraisal, a talk."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.models import Member, Unit
from meetings.enums.life import AppraisalState, ReviewState
from meetings.models import AppraisalEntry, LifeProblem, LifeReview
from tests.factories.life import make_appraisal, make_review, make_talk


def add_life(things: dict[str, dict[str, Any]], key: str, branch: Unit, author: Any) -> None:
    """Its objects, with the canaries of the branch."""
    review = make_review(branch, ReviewState.PROBLEMS, by=author, problem=f"班子问题zo{key}z")
    LifeReview.unscoped.filter(pk=review.pk).update(study=f"学习zo{key}z")
    things["life_review"][key] = review
    things["life_problem"][key] = LifeProblem.unscoped.get(review=review)
    found = make_appraisal(branch, AppraisalState.GRADING, by=author)
    things["appraisal"][key] = found
    things["appraisal_entry"][key] = AppraisalEntry.unscoped.filter(appraisal=found).first()
    one, other = Member.unscoped.filter(unit=branch).order_by("pk")[:2]
    things["talk"][key] = make_talk(branch, one, other, date(2026, 10, 12))
