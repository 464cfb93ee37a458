"""A district with two streets, and everybody who moves a brand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from accounts.models import User
from branches.enums import Field, Role, UnitKind
from branches.models import Unit
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_unit,
    make_user,
)
from tests.factories.brands import People


@dataclass
class Town:
    """One district, a street with a community and its branch, another street, their people."""

    district: Unit
    street: Unit
    community: Unit
    branch: Unit
    other_street: Unit
    other_branch: Unit
    secretary: User
    judge: User
    other_judge: User
    staff: User
    second: User
    leader: User
    stranger: User

    @property
    def people(self) -> People:
        """For the factories."""
        return People(self.secretary, self.judge, self.staff, self.second)


@pytest.fixture
def town(db: None) -> Town:
    """The small world of most tests here."""
    return build_town()


def build_town() -> Town:
    """The same for tests with transactions of their own."""
    district = make_district()
    street = make_committee(district, name="中共安宁街道工作委员会", short_name="安宁街道党工委")
    community = make_unit(
        street, UnitKind.GENERAL_BRANCH, name="安宁街道滨河社区党总支", short_name="滨河社区党总支",
        field=Field.COMMUNITY,
    )  # fmt: skip
    branch = make_branch(community, name="滨河社区第一网格党支部")
    other_street = make_committee(district, name="中共雁滩街道工作委员会")
    other_branch = make_branch(other_street, name="雁滩社区党支部")
    return Town(
        district=district,
        street=street,
        community=community,
        branch=branch,
        other_street=other_street,
        other_branch=other_branch,
        secretary=make_user(Role.SECRETARY, branch, name="李华"),
        judge=make_user(Role.COMMITTEE_STAFF, street, name="陶春燕"),
        other_judge=make_user(Role.COMMITTEE_STAFF, other_street, name="方正"),
        staff=make_user(Role.DISTRICT_STAFF, district, name="周明"),
        second=make_user(Role.DISTRICT_STAFF, district, name="沈静"),
        leader=make_user(Role.LEADER, district, name="卢国安"),
        stranger=make_user(Role.DISTRICT_STAFF, make_district(), name="外区"),
    )
