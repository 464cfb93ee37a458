"""A district with two streets and their branches, and everybody who reads a 通知."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine

from accounts.models import User
from branches.enums import Field, Role
from branches.models import Unit
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_user,
)


@dataclass
class Town:
    """One district, two streets, two branches in the first, one in the second."""

    district: Unit
    street: Unit
    other_street: Unit
    branch: Unit
    second_branch: Unit
    other_branch: Unit
    group: Unit
    staff: User
    judge: User
    other_judge: User
    secretary: User
    other_secretary: User
    leader: User


def build_town() -> Town:
    """The small world of the tests here; the second branch has nobody with an account."""
    district = make_district(name="中共云泉区委员会", short_name="云泉区委")
    street = make_committee(district, name="中共安宁街道工作委员会", short_name="安宁街道党工委")
    other = make_committee(district, name="中共雁滩街道工作委员会", short_name="雁滩街道党工委")
    branch = make_branch(street, name="滨河社区党支部", field=Field.COMMUNITY)
    second = make_branch(street, name="安宁小学党支部", field=Field.SCHOOL)
    other_branch = make_branch(other, name="雁滩社区党支部", field=Field.COMMUNITY)
    return Town(
        district, street, other, branch, second, other_branch,
        make_group(branch, name="第一党小组"),
        make_user(Role.DISTRICT_STAFF, district, name="周明"),
        make_user(Role.COMMITTEE_STAFF, street, name="陶春燕"),
        make_user(Role.COMMITTEE_STAFF, other, name="方正"),
        make_user(Role.SECRETARY, branch, name="李华"),
        make_user(Role.SECRETARY, other_branch, name="马兰"),
        make_user(Role.LEADER, district, name="卢国安"),
    )  # fmt: skip


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path) -> Iterator[Town]:
    """The world, on a Tuesday of July; uploads go where they vanish."""
    settings.PRIVATE_ROOT = tmp_path
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        yield build_town()
