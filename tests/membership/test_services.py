"""The verbs of 发展党员: guards, votes, two people, and what the roster becomes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from branches.enums import Cause, MemberKind, MemberState
from branches.models import Event, Member
from core.dates import add_months
from core.errors import Refusal
from membership import services
from membership.enums import EndReason, Number, Outcome, Stage, StepState
from membership.models import Candidate, Step
from tests.factories.branches import make_branch, make_group, make_id_number, make_member
from tests.factories.membership import (
    TODAY,
    Hands,
    day_of,
    do,
    make_candidate,
    make_hands,
    walk,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hands() -> Hands:
    return make_hands()


def refusal(verb: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verb(**given)
    return caught.value


def stopped(candidate: Candidate, number: int, hands: Hands, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        do(candidate, number, hands, **facts)
    return caught.value


def test_a_case_goes_all_twenty_five_steps_and_the_roster_follows(hands: Hands) -> None:
    branch = make_branch()
    group = make_group(branch)
    candidate = walk(make_candidate(branch, by=hands.branch), 19, hands)
    member = candidate.member
    assert member is not None
    assert (candidate.stage, member.kind, member.unit) == (
        Stage.PROBATIONARY, MemberKind.PROBATIONARY, branch,
    )  # fmt: skip
    assert member.joined_on == candidate.accepted_on == day_of(candidate, 17)
    assert candidate.probation_ends == add_months(day_of(candidate, 17), 12)

    do(candidate, Number.JOIN, hands, group=group)
    walk(candidate, 25, hands, since=21)

    member.refresh_from_db()
    assert member.group == group
    assert (member.kind, member.confirmed_on) == (MemberKind.FULL, candidate.probation_ends)
    assert candidate.stage == Stage.FILED


def test_the_rule_set_is_that_of_the_day_of_the_application() -> None:
    branch = make_branch()

    assert make_candidate(branch, applied_on=date(2026, 4, 30)).rules.code == "2014"
    assert make_candidate(branch, applied_on=date(2026, 5, 1)).rules.code == "2026"


def test_a_precheck_opens_the_duty_of_the_must_hold_meeting_without_a_name(hands: Hands) -> None:
    first = walk(make_candidate(by=hands.branch), 15, hands)
    second = walk(make_candidate(first.unit, by=hands.branch), 15, hands)

    event = Event.unscoped.get(unit=first.unit, cause=Cause.ADMISSION)
    assert (event.day, event.window_end) == (
        day_of(first, 15), add_months(day_of(first, 15), 1),
    )  # fmt: skip
    assert first.event == second.event == event
    assert first.name not in event.title


def test_an_applicant_must_be_eighteen_on_the_day_of_the_application() -> None:
    branch, born = make_branch(), date(2008, 3, 1)
    given = {"id_number": "", "birth_date": born}

    with pytest.raises(Refusal) as caught:
        make_candidate(branch, applied_on=date(2026, 2, 28), **given)
    assert caught.value.field == "birth_date"
    make_candidate(branch, applied_on=date(2026, 3, 1), **given)


def test_a_member_or_a_second_case_is_refused_by_the_number() -> None:
    branch = make_branch()
    number = make_id_number()
    make_candidate(branch, id_number=number)
    member = make_member(branch, id_number=make_id_number())

    for known in (number, member.unseal("id_number")):
        with pytest.raises(Refusal) as caught:
            make_candidate(make_branch(), id_number=known)
        assert caught.value.field == "id_number"


def test_too_early_is_refused_and_too_late_asks_for_a_reason(hands: Hands) -> None:
    candidate = make_candidate(by=hands.branch)
    late = add_months(candidate.applied_on, 1) + timedelta(days=1)

    assert stopped(candidate, 2, hands, day=candidate.applied_on - timedelta(days=1)).field == "day"
    assert stopped(candidate, 2, hands, day=late).field == "late_reason"
    step = do(candidate, 2, hands, day=late, late_reason="谈话人出差")

    assert (step.is_late, step.late_reason) == (True, "谈话人出差")


def test_a_year_of_training_comes_before_the_proposal(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 7, hands)
    year = add_months(day_of(candidate, 5), 12)

    assert stopped(candidate, 8, hands, day=year - timedelta(days=1)).field == "day"


@pytest.mark.parametrize("number", [Number.REVIEW, Number.TRAIN])
def test_a_missing_review_or_training_blocks(hands: Hands, number: Number) -> None:
    candidate = walk(make_candidate(by=hands.branch), 11, hands)
    for one in {Number.REVIEW, Number.TRAIN} - {number}:
        do(candidate, one, hands)

    assert number.label in stopped(candidate, Number.EXAMINE, hands).message


def test_a_bad_review_does_not_count_and_may_be_done_again(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 11, hands)
    do(candidate, Number.TRAIN, hands)
    do(candidate, Number.REVIEW, hands, outcome="bad")

    assert "政治审查" in stopped(candidate, Number.EXAMINE, hands).message
    do(candidate, Number.REVIEW, hands)
    do(candidate, Number.EXAMINE, hands)


def test_the_database_lets_nobody_into_the_meeting_without_the_three(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 11, hands)

    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.unscoped.filter(pk=candidate.pk).update(stage=3, accepted_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.unscoped.filter(pk=candidate.pk).update(stage=5)


@pytest.mark.parametrize(
    ("since", "until", "ok"),
    [
        # 2026-10-01 to 07 is the national holiday, Saturday 10 October is worked.
        (date(2026, 9, 28), date(2026, 10, 9), True),
        (date(2026, 9, 30), date(2026, 10, 10), False),
        (date(2026, 9, 29), date(2026, 10, 10), True),
    ],
)
def test_publicity_lasts_five_working_days_with_moved_weekends(
    hands: Hands, since: date, until: date, ok: bool
) -> None:
    candidate = walk(make_candidate(by=hands.branch), 8, hands)
    candidate.rules = candidate.rules.__class__.objects.get(code="2026")
    candidate.save()
    if ok:
        assert do(candidate, 9, hands, since=since, day=until).outcome == "good"
    else:
        assert stopped(candidate, 9, hands, since=since, day=until).field == "day"


@pytest.mark.parametrize(
    ("tally", "field"),
    [
        ({"eligible": 9, "present": 4, "yes": 4}, "present"),
        ({"eligible": 9, "present": 10, "yes": 9}, "present"),
        ({"eligible": 9, "present": 8, "yes": 8, "no": 1}, "yes"),
    ],
)
def test_a_meeting_needs_its_quorum_and_a_tally_that_adds_up(
    hands: Hands, tally: dict[str, int], field: str
) -> None:
    candidate = walk(make_candidate(by=hands.branch), 16, hands)

    assert stopped(candidate, 17, hands, **tally).field == field


def test_a_vote_is_over_all_who_should_be_there(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 16, hands)

    lost = do(candidate, 17, hands, eligible=10, present=8, yes=5, no=2, abstain=1)
    candidate.refresh_from_db()

    assert (lost.outcome, candidate.stage) == (Outcome.BAD, Stage.TARGET)
    assert do(candidate, 17, hands, eligible=10, present=8, yes=6, no=2, abstain=0).outcome == (
        "good"
    )


@pytest.mark.parametrize(("upto", "number"), [(14, 15), (18, 19), (23, 24)])
def test_who_recorded_the_branchs_step_decides_nothing_of_it(
    hands: Hands, upto: int, number: int
) -> None:
    candidate = walk(make_candidate(by=hands.branch), upto, hands)

    said = stopped(candidate, number, Hands(hands.branch, hands.branch))
    assert said.code == "forbidden"
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.unscoped.create(
            candidate=candidate, number=number, day=TODAY, outcome="good", by=hands.branch
        )


def test_who_sent_a_proposal_does_not_answer_it_and_a_no_sends_it_back(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 7, hands)
    step = do(candidate, 8, hands)
    given = {"step": step, "day": step.day, "on": TODAY}

    assert step.state == StepState.SENT
    assert stopped(candidate, 8, hands).code == "conflict"
    assert refusal(services.decide, by=hands.branch, agree=True, **given).code == "forbidden"
    assert refusal(services.decide, by=hands.street, agree=False, **given).field == "answer"
    services.decide(by=hands.street, agree=False, answer="再培养一段时间", **given)

    assert do(candidate, 8, hands).state == StepState.SENT


def test_a_returned_precheck_reopens_the_branchs_examination(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 14, hands)
    do(candidate, 15, hands, outcome="bad", answer="材料不全")

    assert "支委会审查" in stopped(candidate, 15, hands).message
    do(candidate, 14, hands)
    do(candidate, 15, hands)


def test_approval_after_three_months_needs_a_reason_and_six_when_special(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 18, hands)
    day = add_months(day_of(candidate, 17), 3) + timedelta(days=1)

    assert stopped(candidate, 19, hands, day=day).field == "late_reason"
    special = {"day": day, "is_special": True}
    assert stopped(candidate, 19, hands, **special).field == "late_reason"
    step = do(candidate, 19, hands, late_reason="机构改革", **special)
    assert (step.is_late, step.is_special) == (False, True)


def test_without_an_identity_number_nobody_gets_on_the_roster(hands: Hands) -> None:
    candidate = make_candidate(by=hands.branch, id_number="", birth_date=date(1990, 1, 1))
    walk(candidate, 18, hands)

    assert "公民身份号码" in stopped(candidate, 19, hands).message
    assert not Member.unscoped.filter(unit=candidate.unit).exists()


def test_a_refused_approval_ends_the_case(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 18, hands)

    do(candidate, 19, hands, outcome="bad", answer="条件不够")
    candidate.refresh_from_db()

    assert (candidate.stage, candidate.end_reason) == (Stage.ENDED, EndReason.NOT_APPROVED)
    assert not Member.unscoped.filter(unit=candidate.unit).exists()


def test_probation_is_extended_once_by_six_to_twelve_months(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch, applied_on=date(2022, 1, 10)), 22, hands)
    assert stopped(candidate, 23, hands, outcome="extend", months=5).field == "months"
    do(candidate, 23, hands, outcome="extend", months=6)
    do(candidate, 24, hands)
    candidate.refresh_from_db()
    ends = add_months(day_of(candidate, 17), 18)
    assert (candidate.probation_ends, candidate.round, candidate.extended_months) == (ends, 2, 6)

    assert stopped(candidate, 23, hands, day=ends - timedelta(days=1)).field == "day"
    again = {"day": ends, "outcome": "extend", "months": 6}
    assert stopped(candidate, 23, hands, **again).field == "outcome"
    do(candidate, 23, hands, day=ends)
    do(candidate, 24, hands, day=ends + timedelta(days=9))
    candidate.refresh_from_db()
    assert candidate.member is not None

    assert (candidate.stage, candidate.member.confirmed_on) == (Stage.FULL, ends)


def test_a_cancelled_probation_takes_him_off_the_roster(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 22, hands)
    do(candidate, 23, hands, outcome="cancel")
    do(candidate, 24, hands)
    candidate.refresh_from_db()

    assert candidate.member is not None
    assert candidate.member.state == MemberState.EXPELLED
    assert (candidate.stage, candidate.end_reason) == (Stage.ENDED, EndReason.CANCELLED)


def test_only_the_last_step_is_taken_back_and_the_roster_never(hands: Hands) -> None:
    candidate = walk(make_candidate(by=hands.branch), 5, hands)
    third = Step.unscoped.get(candidate=candidate, number=3)
    given = {"by": hands.street, "reason": "登记错了"}
    assert refusal(services.take_back, step=third, **given).code == "conflict"

    services.take_back(step=Step.unscoped.get(candidate=candidate, number=5), **given)
    candidate.refresh_from_db()
    assert candidate.stage == Stage.APPLICANT

    walk(candidate, 19, hands, since=5)
    approved = Step.unscoped.get(candidate=candidate, number=19)
    assert refusal(services.take_back, step=approved, **given).code == "conflict"


def test_a_form_sent_twice_is_one_step(hands: Hands) -> None:
    candidate = make_candidate(by=hands.branch)
    key = "2b1a1c2e-4a55-4f0e-9a3b-000000000001"
    entry = services.StepEntry(day=day_of(candidate, 2), persons="马桂兰")
    given = {"candidate": candidate, "number": 2, "entry": entry, "by": hands.branch, "on": TODAY}

    assert services.record(form_key=key, **given) == services.record(form_key=key, **given)
    assert Step.unscoped.filter(candidate=candidate, number=2).count() == 1


@pytest.mark.parametrize("words", ["机密★1年", "620102198503120586"])
def test_marks_of_secrecy_and_whole_numbers_are_not_kept(hands: Hands, words: str) -> None:
    candidate = make_candidate(by=hands.branch)

    assert stopped(candidate, 2, hands, paper=words).field == "paper"
