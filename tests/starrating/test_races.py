"""Two hundred who decide at once bring one decision; two who award at once spend no yuan twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connections

from core.errors import Refusal
from starrating import services
from starrating.enums import Stage, State
from starrating.models import ModelSite, Plan, Rating, RatingStep, Round, StarChange
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_committee, make_district
from tests.factories.starrating import (
    AFTER_NOTICE,
    DAY,
    give,
    make_hands,
    make_organisation,
    make_rating,
    make_round,
)

AT_ONCE = 20


def at_once(count: int, do: Callable[[int], object]) -> list[int]:
    """Which of so many attempts, :data:`AT_ONCE` at the same moment, were not refused."""
    done: list[int] = []

    def attempt(gate: threading.Barrier, at: int) -> None:
        gate.wait()
        try:
            do(at)
            done.append(at)
        except Refusal:
            pass
        finally:
            connections.close_all()

    for first in range(0, count, AT_ONCE):
        places = range(first, min(first + AT_ONCE, count))
        gate = threading.Barrier(len(places))
        threads = [threading.Thread(target=attempt, args=(gate, at)) for at in places]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return done


@pytest.mark.django_db(transaction=True)
def test_two_hundred_reviews_are_one_decision() -> None:
    hands = make_hands()
    rating = make_rating(State.CHECKED, hands=hands)
    give(rating, Stage.REVIEW, hands.staff)
    people = [make_account() for _ in range(200)]

    done = at_once(200, lambda at: services.finish_review(rating=rating, by=people[at], on=DAY))

    rating.refresh_from_db()
    assert len(done) == 1
    assert (rating.state, rating.review_by) == (State.REVIEWED, people[done[0]])
    assert RatingStep.unscoped.filter(rating=rating, after=State.REVIEWED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_fund_is_spent_once_however_many_award_at_once() -> None:
    hands, district = make_hands(), make_district()
    branch = make_branch(make_committee(district))
    firms = [make_organisation(branch) for _ in range(10)]
    # Four stars cost 4000: the fund has room for three of ten.
    round_ = make_round(district, fund=Decimal(15_000))
    ratings = [
        make_rating(State.REVIEWED, organisation=one, round_=round_, hands=hands) for one in firms
    ]
    services.publish(round_=round_, by=hands.staff, on=DAY)

    done = at_once(
        20, lambda at: services.award(rating=ratings[at % 10], by=hands.staff, on=AFTER_NOTICE)
    )

    found = Round.unscoped.get(pk=round_.pk)
    rewards = list(Rating.unscoped.filter(round=round_).values_list("reward", flat=True))
    assert len(done) == 3
    assert found.granted == sum(rewards) == 12_000
    assert StarChange.unscoped.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_quota_of_models_holds_however_many_name_at_once() -> None:
    hands, district = make_hands(), make_district()
    branch = make_branch(make_committee(district))
    firms = [make_organisation(branch) for _ in range(8)]

    at_once(
        16,
        lambda at: services.name_model(
            organisation=firms[at % 8], by=hands.staff, named_on=DAY, feature="先锋岗", on=DAY
        ),
    )

    assert ModelSite.unscoped.filter(ended_on__isnull=True).count() == 3
    assert Plan.unscoped.get().models_taken == 3
