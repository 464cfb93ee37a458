"""Two hundred who approve at once bring one decision (R12)."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connections

from core.errors import Refusal
from rectification import services
from rectification.enums import ClosingState, State
from rectification.models import CaseStep, Closing, FigureEntry
from tests.factories.accounts import make_account
from tests.factories.rectification import make_case, make_closing, make_hands

DAY = date(2026, 7, 14)
AT_ONCE, ROUNDS = 20, 10


@pytest.mark.django_db(transaction=True)
def test_two_hundred_approvals_are_two_and_one_decision() -> None:
    hands = make_hands()
    case = make_case(State.EXAMINED, hands=hands)
    closing = make_closing(case, hands)
    people = [make_account() for _ in range(AT_ONCE * ROUNDS)]
    done: list[int] = []

    def approve(gate: threading.Barrier, at: int) -> None:
        gate.wait()
        try:
            services.approve_closing(closing=closing, by=people[at], on=DAY, may_last=True)
            done.append(at)
        except Refusal:
            pass
        finally:
            connections.close_all()

    for turn in range(ROUNDS):
        gate = threading.Barrier(AT_ONCE)
        threads = [
            threading.Thread(target=approve, args=(gate, turn * AT_ONCE + at))
            for at in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    found = Closing.unscoped.get(pk=closing.pk)
    assert len(done) == 2
    assert found.state == ClosingState.APPROVED
    assert {found.first_by_id, found.second_by_id} == {people[at].pk for at in done}
    assert CaseStep.unscoped.filter(case=case, after=State.CLOSED).count() == 1
    assert FigureEntry.unscoped.count() == 0
