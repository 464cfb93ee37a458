"""验收, 销号 by two approvals, 回头看, relapse; and the polls they stand on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Refusal
from rectification import services
from rectification.enums import ClosingState, PollWay, ProblemState, State
from rectification.models import Case, CaseStep, Closing, Problem
from tests.factories.branches import make_committee
from tests.factories.rectification import (
    look_back,
    make_acceptance,
    make_case,
    make_closing,
    make_hands,
    make_poll,
    make_problem,
    staff,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 14)


def test_an_open_problem_keeps_a_case_from_its_acceptance() -> None:
    case, hands = make_case(State.UNDERWAY), make_hands()
    problem = make_problem(case, ProblemState.DONE, hands=hands)

    with pytest.raises(Refusal, match="1 个问题没有办结"):
        services.ask_examination(case=case, by=hands.street, note="", on=DAY)
    services.confirm_done(problem=problem, by=hands.street, answer="好", confirmed_on=DAY, on=DAY)
    services.ask_examination(case=case, by=hands.street, note="", on=DAY)

    case.refresh_from_db()
    assert case.state == State.EXAMINED


def test_what_does_not_pass_goes_back_with_the_reasons() -> None:
    hands = make_hands()
    case = make_case(State.EXAMINED, hands=hands)
    make_poll(case, (80, 5, 15), hands=hands)
    case.refresh_from_db()
    # The poll alone is below the line: back at once.
    assert case.state == State.UNDERWAY
    services.ask_examination(case=case, by=hands.street, note="", on=DAY)

    made = make_acceptance(case, (30, 30), hands=hands)

    case.refresh_from_db()
    assert (case.state, made.passed, made.total) == (State.UNDERWAY, False, Decimal(60))
    assert made.faults == ["验收得分 60 分，未达到 70 分", "群众满意率 85.00%，未达到 90%"]
    assert CaseStep.unscoped.filter(case=case).last().note.startswith("验收未通过")


def test_points_above_an_item_are_refused() -> None:
    case = make_case(State.EXAMINED)

    with pytest.raises(Refusal, match="0 到 40 分"):
        make_acceptance(case, (41, 50))


def test_closing_asks_for_two_others() -> None:
    hands = make_hands()
    case = make_case(State.EXAMINED, hands=hands)
    closing = make_closing(case, hands)

    with pytest.raises(Refusal, match="申请人不能审批"):
        services.approve_closing(closing=closing, by=hands.street, on=DAY, may_last=True)
    services.approve_closing(closing=closing, by=hands.staff, on=DAY, may_last=True)
    case.refresh_from_db()
    assert case.state == State.EXAMINED
    with pytest.raises(Refusal, match="另一位同志"):
        services.approve_closing(closing=closing, by=hands.staff, on=DAY, may_last=True)
    with pytest.raises(Refusal, match="终审由区委组织部"):
        services.approve_closing(closing=closing, by=hands.second, on=DAY, may_last=False)
    services.approve_closing(closing=closing, by=hands.second, on=DAY, may_last=True)

    case.refresh_from_db()
    assert (case.state, case.closed_on) == (State.CLOSED, DAY)
    with pytest.raises(Refusal, match="已批准"):
        services.approve_closing(closing=closing, by=hands.branch, on=DAY, may_last=True)


@pytest.mark.parametrize("name", ["proposed_by", "first_by"])
def test_the_database_refuses_the_same_person_twice(name: str) -> None:
    hands = make_hands()
    case = make_case(State.EXAMINED, hands=hands)
    closing = make_closing(case, hands)
    services.approve_closing(closing=closing, by=hands.staff, on=DAY, may_last=True)
    closing.refresh_from_db()

    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.unscoped.filter(pk=closing.pk).update(
            state=ClosingState.APPROVED, second_by=getattr(closing, name)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.unscoped.filter(pk=closing.pk).update(state=ClosingState.APPROVED)


def test_the_database_closes_no_case_without_two_approvals_or_with_an_open_problem() -> None:
    hands = make_hands()
    case = make_case(State.EXAMINED, hands=hands)
    make_closing(case, hands)
    given = {"state": State.CLOSED, "closed_on": DAY, "watch_until": DAY}

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.unscoped.filter(pk=case.pk).update(**given)
    Closing.unscoped.filter(case=case).update(
        state=ClosingState.APPROVED, first_by=hands.staff, second_by=hands.second
    )
    Problem.unscoped.create(case=case, source="visit", title="新问题", collected_on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.unscoped.filter(pk=case.pk).update(**given)


def test_a_closing_that_was_refused_needs_a_new_acceptance() -> None:
    hands = make_hands()
    case = make_case(State.EXAMINED, hands=hands)
    closing = make_closing(case, hands)

    services.refuse_closing(closing=closing, by=hands.staff, answer="台账不全", on=DAY)
    case.refresh_from_db()
    assert case.state == State.UNDERWAY
    services.ask_examination(case=case, by=hands.street, note="", on=DAY)
    with pytest.raises(Refusal, match="重新验收"):
        services.propose_closing(case=case, by=hands.street)
    make_acceptance(case, hands=hands)
    again = services.propose_closing(case=case, by=hands.street)

    assert again.state == ClosingState.PROPOSED
    assert services.propose_closing(case=case, by=hands.street) == again


def test_it_is_settled_after_the_year_and_a_look_only() -> None:
    hands = make_hands()
    case = make_case(State.CLOSED, hands=hands)
    over = date(2027, 7, 15)

    with pytest.raises(Refusal, match="还没有回头看"):
        services.settle(case=case, by=hands.staff, on=over)
    look_back(case, hands, DAY)
    with pytest.raises(Refusal, match="2027-07-14 截止"):
        services.settle(case=case, by=hands.staff, on=date(2027, 7, 14))
    case = services.settle(case=case, by=hands.staff, on=over)

    assert (case.state, case.settled_on) == (State.SETTLED, over)


@pytest.mark.parametrize("state", [State.CLOSED, State.WATCHED])
def test_a_relapse_opens_the_next_round_and_keeps_what_was(state: State) -> None:
    hands = make_hands()
    case = make_case(state, hands=hands)
    before = CaseStep.unscoped.filter(case=case).count()

    case = services.reopen(
        case=case, by=hands.street, reason="班子又散了", deadline=date(2027, 1, 31), on=DAY
    )

    assert (case.state, case.round, case.watch_until) == (State.UNDERWAY, 2, None)
    assert CaseStep.unscoped.filter(case=case).count() == before + 1
    # The first round's poll and acceptance do not serve the second.
    services.ask_examination(case=case, by=hands.street, note="", on=DAY)
    made = make_acceptance(case, hands=hands)
    assert made.faults == ["这一轮整顿还没有计票的民意测评"]


def test_one_poll_at_a_time() -> None:
    case = make_case(State.UNDERWAY)
    make_poll(case, None)

    with pytest.raises(Refusal, match="还没有计票"):
        make_poll(case, None)


def test_a_counted_poll_is_locked() -> None:
    poll = make_poll(make_case(State.UNDERWAY))

    with pytest.raises(Refusal, match="已经计票"):
        services.enter_tally(
            poll=poll, by=make_hands().staff, issued=10, satisfied=10, fair=0, dissatisfied=0,
            invalid=0, on=DAY,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rectification_poll SET satisfied = 1 WHERE id = %s", [poll.pk])


def test_more_answers_than_slips_are_refused() -> None:
    poll = make_poll(make_case(State.UNDERWAY), None)

    with pytest.raises(Refusal, match="多于发出的 10 票"):
        services.enter_tally(
            poll=poll, by=make_hands().staff, issued=10, satisfied=8, fair=2, dissatisfied=1,
            invalid=0, on=DAY,
        )  # fmt: skip
    assert poll.way == PollWay.TALLY


def test_a_committee_of_the_list_can_be_any_organisation_but_a_group() -> None:
    committee = make_committee()

    case = make_case(State.LISTED, unit=committee)
    staff(case, make_hands(), DAY)

    case.refresh_from_db()
    assert case.state == State.STAFFED
