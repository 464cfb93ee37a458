"""Votes: 应到会 and who is not counted, rounds, ties, missing seats, the secretary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from branches.enums import UnitKind
from branches.models import Member
from core.errors import Refusal
from elections import services
from elections.enums import Stage
from elections.models import BallotLine, Exclusion
from elections.reckoning import vote_facts
from elections.roster import elected, eligible, standing
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_member,
    make_members,
    make_unit,
)
from tests.factories.elections import (
    DAY,
    DUE,
    a_reason,
    approve,
    divide,
    forward,
    make_election,
    make_ground,
    make_hands,
    make_shift,
    vote,
)

pytestmark = pytest.mark.django_db


def test_those_entitled_are_the_roster_without_those_who_have_no_vote() -> None:
    ground = make_ground()
    make_member(ground.unit, kind="02", confirmed_on=None)
    make_member(ground.unit, state="on_probation")
    make_member(ground.unit, arrived_on=DAY + timedelta(days=3))
    election = make_election(Stage.ANSWERED, unit=ground.unit)
    assert eligible(election, on=DAY) == 10
    assert eligible(election, on=DAY + timedelta(days=3)) == 11


def test_an_exclusion_has_a_listed_reason_and_a_decision_and_ends_with_the_vote() -> None:
    hands = make_hands()
    ground = make_ground()
    election = make_election(Stage.ANSWERED, unit=ground.unit, hands=hands)

    def exclude(member: Member, day: date = DAY) -> Exclusion:
        return services.exclude(
            election=election, member=member, reason=a_reason(), decided_on=day,
            by=hands.branch, on=DAY,
        )  # fmt: skip

    made = exclude(ground.members[0])
    assert exclude(ground.members[0]) == made
    assert eligible(election, on=DAY) == 9
    assert vote_facts(election, DAY)[1].value == "8 人"
    with pytest.raises(Refusal, match="不能晚于今天"):
        exclude(ground.members[1], DAY + timedelta(days=1))
    with pytest.raises(Refusal, match="本来就不计入"):
        exclude(make_member(ground.unit, state="on_probation"))
    forward(election, Stage.VOTED, hands=hands)
    assert election.ballots.get().eligible == 9
    with pytest.raises(Refusal, match="不能再改"):
        exclude(ground.members[2])
    with pytest.raises(Refusal, match="不能再改"):
        services.count_again(exclusion=made, by=hands.branch)


def test_without_a_quorum_or_with_too_many_ballots_the_round_is_void_and_held_again() -> None:
    election = make_election(Stage.APPROVED)
    ballot = vote(election, [7, 7, 7, 0], present=7)
    assert (ballot.verdict, ballot.remaining) == ("void", 3)
    assert "不足应到会 10 人的五分之四" in ballot.faults[0]
    assert not elected(election)
    more = vote(election, [9, 9, 9, 0], issued=8, returned=9)
    assert more.verdict == "void"
    assert "多于发出的 8 张" in more.faults[0]
    assert vote(election).verdict == "filled"
    assert election.ballots.count() == 3


def test_the_majority_is_of_those_entitled_and_the_database_says_so_too() -> None:
    election = make_election(Stage.APPROVED)
    # Five of eight present are more than half of those present, not of the ten entitled.
    ballot = vote(election, [8, 6, 5, 0], present=8)
    assert (ballot.verdict, ballot.remaining) == ("short", 1)
    assert len(elected(election)) == 2
    line = BallotLine.unscoped.get(ballot=ballot, yes=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        BallotLine.unscoped.filter(pk=line.pk).update(elected=True)


def test_missing_seats_are_voted_on_again_among_those_not_elected() -> None:
    election = make_election(Stage.APPROVED)
    vote(election, [9, 9, 4, 0])
    assert len(standing(election)) == 2
    ballot = vote(election, [7, 2])
    assert (ballot.round, ballot.seats, ballot.verdict) == (2, 1, "filled")
    election.refresh_from_db()
    assert (election.state, election.voted_on) == (Stage.VOTED, DAY)
    assert len(elected(election)) == 3


def test_those_who_are_tied_stand_alone_in_the_next_round() -> None:
    election = make_election(Stage.APPROVED)
    ballot = vote(election, [9, 6, 6, 6])
    assert (ballot.verdict, len(ballot.tied), ballot.remaining) == ("short", 3, 2)
    assert {one.member_id for one in standing(election)} == set(ballot.tied)
    assert vote(election, [7, 6, 0]).verdict == "filled"


def test_seats_are_given_up_only_when_half_of_those_entitled_agree() -> None:
    election = make_election(Stage.APPROVED, seats=5)
    vote(election, [9, 9, 9, 0, 0, 0])
    with pytest.raises(Refusal, match="一半以上"):
        services.shorten(election=election, by=make_hands().branch, on=DAY, agreed=5)
    services.shorten(election=election, by=make_hands().branch, on=DAY, agreed=6)
    election = forward(election, Stage.CONFIRMED)
    assert election.new_term is not None
    assert election.new_term.seats == 3
    few = make_election(Stage.APPROVED)
    vote(few, [9, 9, 0, 0])
    with pytest.raises(Refusal, match="应另行选举"):
        services.shorten(election=few, by=make_hands().branch, on=DAY, agreed=9)


def test_a_secretary_without_a_majority_leaves_the_session_to_vote_again() -> None:
    election = make_election(Stage.VOTED)
    assert divide(election, yes=1).verdict == "short"
    election.refresh_from_db()
    assert election.state == Stage.VOTED
    assert divide(election).verdict == "filled"
    election.refresh_from_db()
    assert election.state == Stage.DIVIDED
    assert [one.office for one in elected(election)] == ["secretary", "organiser", "member"]


def test_a_mistyped_round_is_struck_and_typed_again_and_stays() -> None:
    hands = make_hands()
    election = make_election(Stage.DIVIDED, hands=hands)
    meeting, session = election.ballots.order_by("pk")
    with pytest.raises(Refusal, match="最后一轮"):
        services.strike(ballot=meeting, by=hands.branch, on=DAY, reason="错")
    services.strike(ballot=session, by=hands.branch, on=DAY, reason="票数填反")
    election = services.strike(ballot=meeting, by=hands.branch, on=DAY, reason="票数填反")
    assert (election.state, election.voted_on, elected(election)) == (Stage.APPROVED, None, [])
    assert forward(election, Stage.CONFIRMED, hands=hands).state == Stage.CONFIRMED
    assert election.ballots.count() == 4


def test_a_reported_result_is_not_struck() -> None:
    election = make_election(Stage.REPORTED)
    ballot = election.ballots.order_by("-pk")[0]
    with pytest.raises(Refusal, match="已经报告"):
        services.strike(ballot=ballot, by=make_hands().branch, on=DAY, reason="错")


@pytest.mark.parametrize(
    ("due", "moved", "said"),
    [
        (date(2026, 12, 20), None, "提前换届"),
        (date(2026, 12, 20), date(2026, 9, 1), ""),
        (date(2026, 7, 1), None, "延期"),
        (date(2026, 7, 1), date(2026, 9, 1), ""),
        (date(2025, 6, 1), None, ""),
        (DUE, None, ""),
    ],
)
def test_early_and_late_need_approval(due: date, moved: date | None, said: str) -> None:
    ground = make_ground(due_on=due)
    if moved:
        make_shift(ground.term, moved)
    election = make_election(Stage.APPROVED, unit=ground.unit)
    if said:
        with pytest.raises(Refusal, match=said):
            vote(election)
        return
    vote(election)
    election.refresh_from_db()
    assert election.is_late == (due.year == 2025)


def test_delegates_are_counted_by_their_number() -> None:
    party = make_unit(make_committee(), UnitKind.COMMITTEE, field="state_firm")
    branch = make_branch(party, field="state_firm")
    people = make_members(branch, 8)
    hands = make_hands()
    election = make_election(Stage.FILED, unit=party, seats=5, delegates=80, hands=hands)
    approve(election, hands, members=people[:6])
    assert eligible(election, on=DAY) == 80
    assert vote(election, [70, 70, 70, 70, 70, 0], present=70).verdict == "filled"


def test_the_ballot_keeps_no_vote_of_anybody() -> None:
    fields = {field.name for field in BallotLine._meta.get_fields()}
    assert fields & {"voter", "member", "user", "by"} == set()
