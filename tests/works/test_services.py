"""The verbs: who may not, what is refused in words, and what the database refuses by itself."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from branches.enums import Field, PostKind
from branches.models import Member, Unit
from core.errors import Refusal
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_members, make_post
from tests.factories.works import (
    DAY,
    DUE,
    make_community_branch,
    make_placement,
    make_pledge,
    make_project,
    make_service,
)
from tests.factories.works import make_post as make_model_post
from works import services
from works.enums import PLACEMENT_MOVES, PledgeState, ServiceState, WorkState
from works.models import Milestone, Pledge, Project, ProjectStep

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> Unit:
    return make_branch(field=Field.OFFICE)


@pytest.fixture
def members(branch: Unit) -> list[Member]:
    rows = make_members(branch, 3)
    make_post(branch, PostKind.SECRETARY, member=rows[0])
    return rows


def test_the_secretarys_own_pledge_is_confirmed_above(branch: Unit, members: list[Member]) -> None:
    assert make_pledge(branch, members[0]).above
    assert not make_pledge(branch, members[1]).above
    assert make_pledge(branch).above


def test_who_pledged_does_not_confirm_himself(branch: Unit, members: list[Member]) -> None:
    himself, other = make_account(name=members[1].name), make_account(name="别人")
    row = make_pledge(branch, members[1], state=PledgeState.REPORTED)

    with pytest.raises(Refusal, match="承诺人不能自己确认"):
        services.confirm_pledge(pledge=row, by=himself, on=DAY)
    assert services.confirm_pledge(pledge=row, by=other, on=DAY).state == PledgeState.KEPT


def test_who_reported_the_branchs_pledge_does_not_confirm_it(branch: Unit) -> None:
    one, other = make_account(), make_account()
    row = make_pledge(branch, state=PledgeState.REPORTED, by=one)

    with pytest.raises(Refusal, match="报告的同志不能自己确认"):
        services.confirm_pledge(pledge=row, by=one, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.unscoped.filter(pk=row.pk).update(
            state=PledgeState.KEPT, confirmed_by=one, confirmed_on=DAY
        )
    assert services.confirm_pledge(pledge=row, by=other, on=DAY).confirmed_by == other


@pytest.mark.parametrize("to", [PledgeState.KEPT])
def test_the_database_refuses_a_step_that_is_left_out(branch: Unit, to: PledgeState) -> None:
    row = make_pledge(branch)
    with pytest.raises(IntegrityError, match="illegal state change"), transaction.atomic():
        Pledge.unscoped.filter(pk=row.pk).update(
            state=to, result="x", done_on=DAY, confirmed_on=DAY, confirmed_by=make_account()
        )


def test_a_pledge_is_of_the_branchs_own_members_and_has_a_sane_span(
    branch: Unit, members: list[Member]
) -> None:
    stranger = make_members(make_branch(), 1)[0]
    with pytest.raises(Refusal, match="本支部在册的党员"):
        make_pledge(branch, stranger)
    with pytest.raises(Refusal, match="完成期限不能早于"):
        make_pledge(branch, members[1], due_on=date(2026, 1, 1))
    with pytest.raises(Refusal, match="不得存放涉密内容"):
        make_pledge(branch, title="机密★1年")


def test_the_same_form_makes_one_pledge(branch: Unit) -> None:

    key = uuid4()
    made = {
        services.pledge(
            unit=branch, by=None, member=None, title="建代办点", pledged_on=DAY, due_on=DUE, on=DAY,
            form_key=key,
        ).pk
        for _ in range(2)
    }  # fmt: skip
    assert len(made) == 1


def test_a_post_is_confirmed_once_a_year_by_another(branch: Unit, members: list[Member]) -> None:
    one, other = make_account(), make_account()
    post = make_model_post(branch, members[1], by=one)

    with pytest.raises(Refusal, match="设岗的同志不能自己确认"):
        services.confirm_post(post=post, by=one, on=DAY)
    with pytest.raises(Refusal, match="本人不能确认"):
        services.confirm_post(post=post, by=make_account(name=members[1].name), on=DAY)
    first = services.confirm_post(post=post, by=other, on=DAY)
    assert services.confirm_post(post=post, by=other, on=DAY) == first
    services.end_post(post=post, until=DAY, on=DAY)
    with pytest.raises(Refusal, match="已经撤岗"):
        services.confirm_post(post=post, by=other, on=date(2027, 1, 5))


def test_nobody_reports_to_what_is_no_community_nor_twice(
    branch: Unit, members: list[Member]
) -> None:
    with pytest.raises(Refusal, match="请选择社区"):
        make_placement(branch, make_branch(field=Field.OFFICE), member=members[1])
    community = make_community_branch(make_branch().parent)  # type: ignore[arg-type]
    make_placement(branch, community, member=members[1])
    with pytest.raises(Refusal, match="已经在这个社区报到"):
        make_placement(branch, community, member=members[1])


def test_service_begins_when_the_community_has_taken_him_in(
    branch: Unit, members: list[Member]
) -> None:
    community = make_community_branch(make_branch().parent)  # type: ignore[arg-type]
    row = make_placement(branch, community, member=members[1], accepted=False)
    with pytest.raises(Refusal, match="接收报到以后"):
        make_service(row)
    with pytest.raises(Refusal, match="请填写意见"):
        services.decline_placement(placement=row, by=None, on=DAY, answer=" ")
    services.accept_placement(placement=row, by=None, on=DAY)
    done = make_service(row)
    with pytest.raises(Refusal, match="请填写退回原因"):
        services.return_service(service=done, by=None, on=DAY, answer="")
    back = services.return_service(service=done, by=make_account(), on=DAY, answer="没有来过")
    assert back.state == ServiceState.RETURNED
    assert len(PLACEMENT_MOVES) == 3


def test_a_project_is_not_done_while_a_milestone_is_open(branch: Unit) -> None:
    project = make_project(branch, WorkState.UNDERWAY)
    with pytest.raises(IntegrityError, match="open milestone"), transaction.atomic():
        Project.unscoped.filter(pk=project.pk).update(
            state=WorkState.DONE, result="成", ended_on=DAY
        )
    with pytest.raises(IntegrityError, match="illegal state change"), transaction.atomic():
        Project.unscoped.filter(pk=project.pk).update(state=WorkState.PLANNED)


def test_a_milestone_lies_within_its_project_and_is_done_while_it_runs(branch: Unit) -> None:
    project = make_project(branch, milestones=1)
    with pytest.raises(Refusal, match="节点期限应在"):
        services.add_milestone(project=project, title="晚了", due_on=date(2027, 1, 1))
    step = Milestone.unscoped.get()
    with pytest.raises(Refusal, match="进入实施以后"):
        services.finish_milestone(milestone=step, by=None, done_on=DAY, result="好", on=DAY)
    services.stop_project(project=project, by=None, result="不做了", on=DAY)
    with pytest.raises(Refusal, match="不能再登记"):
        services.add_milestone(project=project, title="又一步", due_on=DUE)


def test_the_steps_of_a_project_are_never_changed(branch: Unit) -> None:
    make_project(branch)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        ProjectStep.unscoped.update(note="改写")
