"""Many who open, count or confirm at once bring one election, one round, one term (R12)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from branches.models import CommitteeTerm, Post
from core.errors import Refusal
from elections import services
from elections.enums import Stage
from elections.models import Ballot, Election
from elections.roster import standing
from tests.factories.elections import DAY, make_election, make_ground, make_hands

AT_ONCE = 10


def at_once(deed: Callable[[], Any]) -> int:
    """How many of ten threads were not refused."""
    gate, done = threading.Barrier(AT_ONCE), []

    def run() -> None:
        gate.wait()
        try:
            done.append(deed())
        except Refusal:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done)


@pytest.mark.django_db(transaction=True)
def test_one_election_one_round_one_term() -> None:
    ground, hands = make_ground(), make_hands()
    facts: dict[str, Any] = {"by": hands.branch, "on": DAY}
    at_once(
        lambda: services.open_election(
            unit=ground.unit, begun_on=DAY, planned_on=DAY, with_committee=True, seats=3, **facts
        )
    )
    assert Election.unscoped.count() == 1

    election = make_election(Stage.APPROVED, unit=ground.unit, hands=hands)
    people = standing(election)
    votes = {one.pk: (9, 0, 0) if one != people[-1] else (0, 9, 0) for one in people}
    tally = services.Tally(present=9, issued=9, returned=9)
    counted = at_once(
        lambda: services.record_ballot(
            election=election, day=DAY, tally=tally, votes=votes, **facts
        )
    )
    assert counted == 1
    assert Ballot.unscoped.count() == 1

    election = make_election(Stage.REPORTED, unit=ground.unit, hands=hands)
    at_once(
        lambda: services.confirm(election=election, by=hands.street, day=DAY, on=DAY, document="批")
    )
    assert CommitteeTerm.unscoped.filter(unit=ground.unit).count() == 2
    assert Post.unscoped.filter(unit=ground.unit, until=None).count() == 3
    assert election.steps.filter(after=Stage.CONFIRMED).count() == 1
