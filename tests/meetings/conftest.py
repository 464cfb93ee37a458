"""A street with two branches, their people, and everybody who works with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from accounts.models import User
from branches.enums import PostKind, Role
from branches.models import Member, Unit
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_members,
    make_post,
    make_user,
)

DAY = date(2026, 7, 14)


@dataclass
class Street:
    """One 党工委 with a branch of five, its group, a neighbour, and another district's street."""

    district: Unit
    street: Unit
    branch: Unit
    group: Unit
    neighbour: Unit
    members: list[Member]
    secretary: User
    leader: User
    reviewer: User
    chief: User
    stranger: User
    people: dict[str, User] = field(default_factory=dict)


@pytest.fixture
def street(db: None) -> Street:
    """The small world of most tests here."""
    district = make_district()
    committee = make_committee(district, name="中共安宁街道工作委员会")
    branch = make_branch(
        committee, name="中共安宁街道滨河社区支部委员会", short_name="滨河社区党支部"
    )
    group = make_group(branch, name="第一党小组")
    members = make_members(branch, 3, group=group) + make_members(branch, 2)
    make_post(branch, PostKind.SECRETARY, member=members[0])
    neighbour = make_branch(committee, name="中共安宁街道南关社区支部委员会")
    elsewhere = make_committee(make_district())
    return Street(
        district=district,
        street=committee,
        branch=branch,
        group=group,
        neighbour=neighbour,
        members=members,
        secretary=make_user(Role.SECRETARY, branch),
        leader=make_user(Role.GROUP_LEADER, group),
        reviewer=make_user(Role.COMMITTEE_STAFF, committee),
        chief=make_user(Role.DISTRICT_STAFF, district),
        stranger=make_user(Role.COMMITTEE_STAFF, elsewhere),
    )
