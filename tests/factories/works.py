"""作用发挥 for tests, made through the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from branches.enums import Field
from branches.models import Member, Unit
from tests.factories.branches import make_branch, make_member
from works import services
from works.enums import PledgeState, WorkState
from works.models import ModelPost, Placement, Pledge, Project, SchemeTag, Service

DAY = date(2026, 7, 14)
DUE = date(2026, 9, 30)


def make_pledge(
    unit: Unit,
    member: Member | None = None,
    *,
    state: PledgeState = PledgeState.OPEN,
    by: User | None = None,
    due_on: date = DUE,
    on: date = DAY,
    title: str = "每月为独居老人上门一次",
) -> Pledge:
    """A pledge of the branch, or of one of its members; reported when asked for."""
    pledge = services.pledge(
        unit=unit, by=by, member=member, title=title, pledged_on=date(2026, 1, 5), due_on=due_on,
        on=on,
    )  # fmt: skip
    if state == PledgeState.REPORTED:
        return services.report_pledge(pledge=pledge, by=by, done_on=on, result="上门六次", on=on)
    return pledge


def make_post(unit: Unit, member: Member, *, by: User | None = None, on: date = DAY) -> ModelPost:
    """A model post."""
    return services.name_post(
        unit=unit, by=by, member=member, name="服务窗口党员示范岗", stands_for="一次办好",
        since=date(2026, 3, 1), on=on,
    )  # fmt: skip


def make_community_branch(street: Unit, **facts: Any) -> Unit:
    """A branch of a community, where members report."""
    return make_branch(street, **{"field": Field.COMMUNITY} | facts)


def make_placement(
    home: Unit, community: Unit, *, member: Member | None = None, accepted: bool = True,
    on: date = DAY,
) -> Placement:  # fmt: skip
    """A member of ``home`` at a community, taken in unless not."""
    placement = services.place(
        home=home, by=None, member=member or make_member(home), community=community,
        since=date(2026, 3, 1), offer="法律咨询", on=on,
    )  # fmt: skip
    return services.accept_placement(placement=placement, by=None, on=on) if accepted else placement


def make_service(placement: Placement, *, on: date = DAY, what: str = "清理楼道") -> Service:
    """Something done there, entered by the home branch."""
    return services.file_service(placement=placement, by=None, day=on, what=what, on=on)


def make_project(
    unit: Unit,
    state: WorkState = WorkState.PLANNED,
    *,
    milestones: int = 2,
    due_on: date = DUE,
    on: date = DAY,
    tag: str = "three_plus_one",
    title: str = "便民服务代办点",
) -> Project:
    """A project with milestones that has gone its way up to ``state``."""
    project = services.plan_project(
        unit=unit, by=None, tag=SchemeTag.objects.get(code=tag), title=title,
        goal="九月底前建成两个代办点", owner="刘书记", starts_on=date(2026, 3, 1), due_on=due_on,
        on=on,
    )  # fmt: skip
    steps = [
        services.add_milestone(project=project, title=f"第{n + 1}步", due_on=due_on)
        for n in range(milestones)
    ]
    if state >= WorkState.UNDERWAY:
        project = services.start_project(project=project, by=None, on=on)
    if state == WorkState.DONE:
        for step in steps:
            services.finish_milestone(milestone=step, by=None, done_on=on, result="完成", on=on)
        project = services.finish_project(
            project=project, by=None, ended_on=on, result="两个点开张", on=on
        )
    return project


def one_of_everything(branch: Unit, member: Member, *, by: User) -> None:
    """One row of each table in the data administration."""
    make_pledge(branch, member, state=PledgeState.REPORTED, by=by)
    make_post(branch, member, by=by)
    community = make_community_branch(branch.committee or branch)
    make_service(make_placement(branch, community, member=member))
    make_project(branch, WorkState.UNDERWAY)
