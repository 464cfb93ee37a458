"""A step sent twice, late or with a fault: what the page shows afterwards."""

from __future__ import annotations

import itertools

import pytest
from django.urls import reverse

from meetings.enums.life import AppraisalState, ReviewState
from meetings.models import AppraisalEntry
from meetings.rules.life import appraisal_back, appraisal_mover, review_back, review_mover
from tests.meetings.conftest import Street
from tests.meetings.life_help import signed_in, text_of, today_appraisal, today_review

LATE = [
    (at, state)
    for at, state in itertools.product([*ReviewState.values, "x"], ReviewState)
    if at != state
]


@pytest.mark.parametrize(("at", "state"), LATE)
def test_a_step_sent_from_an_old_page_is_answered_with_the_step_that_is_now(
    street: Street, at: str, state: ReviewState
) -> None:
    review = today_review(street.branch, state, by=street.secretary)
    url = reverse("meetings:life_review", args=[review.uuid])
    reply = signed_in(street.secretary).post(url, {"at": at, "study": ""})
    review.refresh_from_db()

    assert review.state == state
    assert reply.status_code in (302, 422)
    if reply.status_code == 422:
        assert str(state.label) in text_of(reply)
        assert [str(message) for message in reply.context["messages"]]


def test_what_was_ticked_stands_on_the_page_when_the_next_step_is_refused(street: Street) -> None:
    found = today_appraisal(street.branch, AppraisalState.SELF, by=street.secretary)
    entries = list(AppraisalEntry.unscoped.filter(appraisal=found).order_by("pk"))
    url = reverse("meetings:life_appraisal", args=[found.uuid])
    sent = {"at": "self", "go": "1", "handed_in": [row.pk for row in entries[:3]]}
    sent[f"excuse_{entries[3].pk}"] = "unable"
    reply = signed_in(street.secretary).post(url, sent)
    rows = reply.context["rows"]

    assert reply.status_code == 422
    assert [row.is_handed for row in rows] == [True] * 3 + [False] * (len(entries) - 3)
    assert rows[3].excused == "unable"
    assert reply.context["handed"] == 3


def test_grades_that_are_kept_are_shown_to_who_sends_an_older_step(street: Street) -> None:
    found = today_appraisal(street.branch, AppraisalState.GRADING, by=street.secretary)
    AppraisalEntry.unscoped.filter(appraisal=found, graded=True).update(grade="competent")
    url = reverse("meetings:life_appraisal", args=[found.uuid])
    reply = signed_in(street.secretary).post(url, {"at": "ballots", "issued": "5", "returned": "5"})

    assert reply.status_code == 422
    assert {row.grade for row in reply.context["rows"] if row.entry.graded} == {"competent"}


@pytest.mark.parametrize("state", ReviewState)
def test_a_review_goes_back_only_where_the_committee_may_move_it(state: ReviewState) -> None:
    to = review_back(state)

    assert (to is not None) is (state in ("meeting", "submitted", "closed"))
    assert to is None or review_mover(state, to) == "committee"


@pytest.mark.parametrize("state", AppraisalState)
def test_an_appraisal_goes_back_only_to_the_grading(state: AppraisalState) -> None:
    to = appraisal_back(state)

    assert to == ("grading" if state in ("submitted", "approved") else None)
    assert to is None or appraisal_mover(state, to) == "committee"
