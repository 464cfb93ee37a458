"""组织变动 and 组织关系 at the desk: through the same verbs, within reach."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.enums import ChangeKind, MemberState, Role
from branches.models import UnitChange
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_members,
    make_user,
)

pytestmark = pytest.mark.django_db


class World:
    """Two streets of a district, a branch with people in the first, and a stranger."""

    def __init__(self) -> None:
        self.district = make_district()
        self.first, self.second = make_committee(self.district), make_committee(self.district)
        self.branch, self.other = make_branch(self.first), make_branch(self.first)
        self.member = make_members(self.branch, 2)[0]
        self.foreign = make_committee(make_district())
        self.today = timezone.localdate().isoformat()


@pytest.fixture
def world() -> World:
    return World()


def client_as(role: str, unit: Any) -> Client:
    client = Client()
    client.force_login(make_user(role, unit))
    return client


def post(client: Client, name: str, key: Any, **given: str) -> Any:
    return client.post(reverse(f"branches:{name}", args=[key]), given)


def test_a_branch_is_moved_by_the_district(world: World) -> None:
    staff = client_as(Role.DISTRICT_STAFF, world.district)
    given = {"on": world.today, "reason": "区划调整"}

    by_name = post(staff, "unit_move", world.branch.code, to=world.second.name, **given)

    world.branch.refresh_from_db()
    assert (by_name.status_code, world.branch.parent) == (302, world.second)
    assert UnitChange.unscoped.filter(unit=world.branch, kind=ChangeKind.MOVED).count() == 1


@pytest.mark.parametrize("to", ["foreign", "nobody", ""])
def test_a_place_out_of_reach_is_not_found(world: World, to: str) -> None:
    staff = client_as(Role.DISTRICT_STAFF, world.district)
    code = world.foreign.code if to == "foreign" else to

    answer = post(staff, "unit_move", world.branch.code, to=code, on=world.today, reason="区划调整")

    world.branch.refresh_from_db()
    assert (answer.status_code, world.branch.parent) == (422, world.first)
    assert "从列出的结果里选择" in answer.content.decode()


def test_a_branch_is_merged_and_its_people_go_along(world: World) -> None:
    staff = client_as(Role.COMMITTEE_STAFF, world.first)
    into = f"{world.other.code} {world.other.name}"

    answer = post(
        staff, "unit_merge", world.branch.code, into=into, on=world.today, reason="人数不足"
    )

    world.branch.refresh_from_db()
    world.member.refresh_from_db()
    assert answer.headers["Location"] == reverse("branches:unit_detail", args=[world.other.code])
    assert (world.member.unit, world.branch.dissolved_on) == (world.other, timezone.localdate())


def test_a_branch_with_people_is_not_dissolved(world: World) -> None:
    staff = client_as(Role.COMMITTEE_STAFF, world.first)

    full = post(staff, "unit_dissolve", world.branch.code, on=world.today, reason="撤销")
    empty = post(staff, "unit_dissolve", world.other.code, on=world.today, reason="撤销")

    assert (full.status_code, empty.status_code) == (422, 302)


def test_a_member_is_transferred_between_branches_in_reach(world: World) -> None:
    staff = client_as(Role.COMMITTEE_STAFF, world.first)

    wrong = post(staff, "member_transfer", world.member.uuid, to=world.second.code, on=world.today)
    right = post(staff, "member_transfer", world.member.uuid, to=world.other.code, on=world.today)

    world.member.refresh_from_db()
    assert (wrong.status_code, right.status_code, world.member.unit) == (422, 302, world.other)


def test_the_secretary_notes_a_state_but_changes_no_tree(world: World) -> None:
    secretary = client_as(Role.SECRETARY, world.branch)

    done = post(
        secretary, "member_state", world.member.uuid, state=MemberState.DEAD, on=world.today
    )
    for name in ("unit_move", "unit_merge", "unit_dissolve"):
        assert post(secretary, name, world.branch.code).status_code == 403

    world.member.refresh_from_db()
    assert (done.status_code, world.member.state) == (302, MemberState.DEAD)
    assert post(secretary, "member_transfer", world.member.uuid).status_code == 403


def test_the_lookup_finds_within_reach_only(world: World) -> None:
    staff = client_as(Role.COMMITTEE_STAFF, world.first)
    url = reverse("branches:unit_lookup")

    own = staff.get(url, {"to": world.branch.name, "kinds": "branch"}).content.decode()
    away = staff.get(url, {"into": world.second.name}).content.decode()

    assert f"{world.branch.code} {world.branch.name}" in own
    assert "option" not in away
    assert "option" not in staff.get(url).content.decode()


def test_members_of_a_chosen_branch_are_added_by_staff(world: World) -> None:
    staff = client_as(Role.DISTRICT_STAFF, world.district)
    url = reverse("branches:member_list")

    chosen = staff.get(url, {"unit": world.branch.code}).content.decode()
    way = reverse("branches:member_new", args=[world.branch.code])

    assert way in chosen
    assert f"只看 {world.branch.name}" in chosen
    assert way not in staff.get(url).content.decode()
