"""A hundred who write at once: one step, one number for each letter."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from core.errors import Refusal
from membership import services
from membership.models import Step, Transfer
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_members
from tests.factories.membership import TODAY, day_of, make_candidate

AT_ONCE, ROUNDS = 10, 10


def race(deed: Callable[[int], object]) -> int:
    """How many of all attempts were not refused."""
    done: list[int] = []

    def attempt(gate: threading.Barrier, at: int) -> None:
        gate.wait()
        try:
            deed(at)
            done.append(at)
        except Refusal:
            pass
        finally:
            connections.close_all()

    for turn in range(ROUNDS):
        gate = threading.Barrier(AT_ONCE)
        threads = [
            threading.Thread(target=attempt, args=(gate, turn * AT_ONCE + at))
            for at in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return len(done)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_records_of_a_step_are_one() -> None:
    candidate, by = make_candidate(), make_account()
    entry = services.StepEntry(day=day_of(candidate, 2), persons="马桂兰")

    won = race(
        lambda at: services.record(
            candidate=candidate, number=2, entry=entry, by=by, on=TODAY
        )
    )  # fmt: skip

    assert won == 1
    assert Step.unscoped.filter(candidate=candidate, number=2).count() == 1


@pytest.mark.django_db(transaction=True)
def test_letters_issued_at_once_have_numbers_of_their_own() -> None:
    branch, asker, issuer = make_branch(), make_account(), make_account()
    letters = [
        services.ask_out(member=member, outside="外区某支部", by=asker, on=TODAY)
        for member in make_members(branch, AT_ONCE * ROUNDS)
    ]

    won = race(
        lambda at: services.issue(
            transfer=letters[at], by=issuer, on=TODAY, letter_on=TODAY, valid_days=90
        )
    )

    numbers = set(Transfer.unscoped.values_list("letter_number", flat=True))
    assert won == len(numbers) == AT_ONCE * ROUNDS
