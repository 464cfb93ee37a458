"""The way of an election: its order, its days, who answers whom, and what is not stored."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from branches.enums import PostKind, UnitKind
from branches.models import CommitteeTerm, Post
from core.errors import Refusal
from core.models import RuleParameter
from elections import services
from elections.enums import Stage
from elections.models import Candidate, Election, ElectionStep
from elections.rules import can_move
from tests.factories.branches import make_branch, make_committee, make_member, make_unit
from tests.factories.elections import (
    DAY,
    STARTED,
    approve,
    forward,
    make_election,
    make_ground,
    make_hands,
)

pytestmark = pytest.mark.django_db


def test_an_election_goes_its_whole_way_and_becomes_posts_and_a_term() -> None:
    ground = make_ground()
    election = make_election(Stage.CONFIRMED, unit=ground.unit)

    old, new = CommitteeTerm.unscoped.filter(unit=ground.unit).order_by("number")
    assert old.ended_on == DAY - timedelta(days=1)
    assert (new.number, new.started_on, new.due_on, new.seats) == (2, DAY, date(2029, 7, 14), 3)
    assert election.new_term == new
    ended = Post.unscoped.filter(unit=ground.unit, since=STARTED)
    assert {post.until for post in ended} == {DAY - timedelta(days=1)}
    fresh = Post.unscoped.filter(unit=ground.unit, until=None)
    assert sorted(post.kind for post in fresh) == ["member", "organiser", "secretary"]
    assert {post.since for post in fresh} == {DAY}
    stages = list(election.steps.values_list("after", flat=True))
    assert stages == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]


def test_a_branch_without_a_committee_elects_its_secretary_in_the_meeting() -> None:
    ground = make_ground(people=5)
    with pytest.raises(Refusal, match="不足 7 名"):
        make_election(unit=ground.unit)
    election = make_election(Stage.APPROVED, unit=ground.unit, with_committee=False, seats=1)
    assert election.people.count() == 1

    election = forward(election, Stage.VOTED)
    with pytest.raises(Refusal, match="不设委员会"):
        services.divide_work(
            election=election, by=make_hands().branch, day=DAY, on=DAY,
            tally=services.Tally(present=1, issued=1, returned=1),
            secretary=election.people.get().pk, secretary_votes=(1, 0, 0), offices={},
        )  # fmt: skip
    election = forward(election, Stage.CONFIRMED)
    assert Post.unscoped.get(unit=ground.unit, until=None).kind == PostKind.SECRETARY
    assert election.new_term is not None
    assert election.new_term.with_committee is False


def test_villages_and_committees_have_their_own_order() -> None:
    village = make_election(Stage.CONFIRMED, unit=make_ground(make_branch(field="village")).unit)
    assert village.steps.filter(after=Stage.REVIEWED).get().second == 1
    assert village.new_term is not None
    assert village.new_term.due_on == date(2031, 7, 14)

    party = make_unit(make_committee(), UnitKind.COMMITTEE, field="state_firm")
    branch = make_branch(party, field="state_firm")
    for _ in range(10):
        make_member(branch)
    committee = make_election(Stage.CONFIRMED, unit=party, seats=5)
    assert committee.steps.filter(after=Stage.REVIEWED).exists()
    assert committee.new_term is not None
    assert committee.new_term.due_on == date(2031, 7, 14)


@pytest.mark.parametrize("kind", [UnitKind.WORKING_COMMITTEE, UnitKind.TEMP_BRANCH])
def test_what_is_appointed_from_above_does_not_elect(kind: str) -> None:
    unit = make_unit(make_committee(), kind)
    with pytest.raises(Refusal, match="不进行换届选举"):
        make_election(unit=unit)


def test_a_step_out_of_order_is_refused_by_the_service_and_by_the_database() -> None:
    election = make_election(Stage.ANSWERED)
    with pytest.raises(Refusal, match="不能改为"):
        services.report(election=election, by=make_hands().branch, day=DAY, on=DAY)
    for to in (Stage.PREPARED, Stage.CHOSEN, Stage.VOTED, Stage.CONFIRMED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Election.unscoped.filter(pk=election.pk).update(state=to, voted_on=DAY)


def test_every_move_that_the_rules_forbid_is_forbidden_by_the_database_too() -> None:
    election = make_election(Stage.CONSULTED)
    for to in Stage:
        legal = can_move(4, to, route="branch", with_committee=True)
        if to in (Stage.CONSULTED, Stage.CANCELLED):
            continue
        if legal:
            continue
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Election.unscoped.filter(pk=election.pk).update(state=to)


def test_days_follow_each_other() -> None:
    election = make_election(Stage.ASKED)
    with pytest.raises(Refusal, match="不能早于上一步"):
        services.answer(
            election=election, by=make_hands().street, day=DAY - timedelta(days=1), on=DAY,
            document="批",
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        ElectionStep.unscoped.create(
            election=election, before=1, after=2, day=DAY - timedelta(days=1)
        )
    with pytest.raises(Refusal, match="不能晚于今天"):
        services.answer(
            election=election, by=make_hands().street, day=DAY + timedelta(days=1), on=DAY,
            document="批",
        )  # fmt: skip


@pytest.mark.parametrize("stage", [Stage.ASKED, Stage.FILED, Stage.REPORTED])
def test_nobody_answers_what_he_filed_himself(stage: Stage) -> None:
    hands = make_hands()
    election = make_election(stage, hands=hands)
    hands.street = hands.branch
    with pytest.raises(Refusal, match="不能自己批复"):
        forward(election, Stage(stage + 1), hands=hands)
    with pytest.raises(IntegrityError), transaction.atomic():
        ElectionStep.unscoped.create(
            election=election, before=stage, after=stage + 1, day=DAY, by=hands.branch
        )


@pytest.mark.parametrize(
    ("stage", "back"),
    [(Stage.ASKED, Stage.PREPARED), (Stage.FILED, Stage.CONSULTED), (Stage.REPORTED, 10)],
)
def test_what_is_sent_back_is_done_again(stage: Stage, back: int) -> None:
    hands = make_hands()
    election = make_election(stage, hands=hands)
    election = services.send_back(election=election, by=hands.street, on=DAY, note="请补充")
    assert election.state == back
    assert forward(election, Stage.CONFIRMED, hands=hands).state == Stage.CONFIRMED


def test_no_name_is_kept_while_names_are_talked_over() -> None:
    election = make_election(Stage.CHOSEN)
    assert not Candidate.unscoped.filter(election=election).exists()
    member = make_member(election.unit, name="龚志远")
    with pytest.raises(Refusal, match="不要写人选姓名"):
        services.file_names(
            election=election, by=make_hands().branch, day=DAY, on=DAY, document="关于龚志远等"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.unscoped.create(election=election, member=member)
    with pytest.raises(IntegrityError), transaction.atomic():
        ElectionStep.unscoped.create(election=election, before=6, after=7, day=DAY, note="龚志远")


def test_candidates_are_enough_have_the_vote_and_belong_here() -> None:
    hands = make_hands()
    election = make_election(Stage.ANSWERED, hands=hands)
    with pytest.raises(Refusal, match="至少 4 名"):
        services.plan(election=election, by=hands.branch, day=DAY, on=DAY, seats=3, candidates=3)
    election = forward(election, Stage.FILED, hands=hands)
    members = make_ground(make_branch(field="office")).members[:4]
    with pytest.raises(Refusal, match="不是“"):
        approve(election, hands, members=members)
    with pytest.raises(Refusal, match="候选人应有 4 名"):
        approve(election, hands, members=[make_member(election.unit) for _ in range(3)])
    young = make_member(election.unit, kind="02", confirmed_on=None)
    with pytest.raises(Refusal, match="没有被选举权"):
        approve(election, hands, members=[young])


def test_the_same_step_again_is_one_step() -> None:
    hands = make_hands()
    election = make_election(Stage.PREPARED, hands=hands)
    for _ in range(2):
        services.ask(election=election, by=hands.branch, day=DAY, on=DAY)
    again = services.open_election(
        unit=election.unit, by=hands.branch, on=DAY, begun_on=DAY, planned_on=DAY,
        with_committee=True, seats=3,
    )  # fmt: skip
    assert again == election
    assert election.steps.count() == 2


def test_an_election_ends_early_only_before_the_vote() -> None:
    gone = make_election(Stage.CANCELLED)
    assert gone.state == Stage.CANCELLED
    assert make_election(unit=gone.unit).pk != gone.pk
    done = make_election(Stage.VOTED)
    with pytest.raises(Refusal, match="不能改为"):
        services.cancel(election=done, by=make_hands().branch, on=DAY, note="停")


def test_years_and_seats_are_what_staff_wrote() -> None:
    RuleParameter.objects.filter(key="elections.years_branch").update(value=4)
    RuleParameter.objects.filter(key="elections.seats_branch").update(value=[3, 4])
    with pytest.raises(Refusal, match="3 到 4 名"):
        make_election(seats=5)
    election = make_election(Stage.CONFIRMED)
    assert election.new_term is not None
    assert election.new_term.due_on == date(2030, 7, 14)
    RuleParameter.objects.filter(key="elections.years_branch").update(value="三")
    with pytest.raises(Refusal, match="规定参数"):
        make_election()


def test_a_post_that_began_later_stops_the_whole_change() -> None:
    ground = make_ground()
    election = make_election(Stage.REPORTED, unit=ground.unit)
    Post.unscoped.filter(unit=ground.unit).update(since=DAY)
    with pytest.raises(Refusal, match="不早于新一届"):
        forward(election, Stage.CONFIRMED)
    assert CommitteeTerm.unscoped.get(unit=ground.unit).ended_on is None
    election.refresh_from_db()
    assert election.state == Stage.REPORTED
