"""账号开通: many at once, each once, told once, and only by the district."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from branches.enums import Role
from branches.models import Grant, Unit
from branches.services import give, open_accounts, renew_passwords
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_members,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db


class World:
    """A district with two branches without anybody, and a neighbour."""

    def __init__(self) -> None:
        self.district = make_district()
        self.street = make_committee(self.district)
        self.first = make_branch(self.street)
        self.second = make_branch(self.street)
        self.group = make_group(self.first)
        self.head = make_members(self.first, 1)[0]
        make_post(self.first, member=self.head)
        self.foreign = make_branch(make_committee(make_district()))
        self.staff = make_user(Role.DISTRICT_STAFF, self.district)


@pytest.fixture
def world() -> World:
    return World()


def units(*some: Unit) -> Any:
    return Unit.objects.everywhere("a test").filter(pk__in=[unit.pk for unit in some])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[-1].iter_rows(values_only=True))
    assert rows[0] == ("党（工）委", "党组织", "角色", "姓名", "用户名", "初始口令")
    return rows[1:]


def test_each_organisation_gets_the_role_of_its_kind(world: World) -> None:
    lines = open_accounts(units=units(world.street, world.first, world.group))

    held = {
        (grant.unit_id, grant.role, grant.user.is_staff, grant.user.must_change_password)
        for grant in Grant.unscoped.exclude(user=world.staff)
    }
    assert held == {
        (world.street.pk, Role.COMMITTEE_STAFF, True, True),
        (world.first.pk, Role.SECRETARY, False, True),
        (world.group.pk, Role.GROUP_LEADER, False, True),
    }
    assert {line.unit: line.name for line in lines}[world.first.name] == world.head.name


def test_the_first_password_opens_the_door_and_must_be_changed(world: World) -> None:
    [line] = open_accounts(units=units(world.first))
    client = Client()

    answer = client.post(
        reverse("account_login"), {"login": line.username, "password": line.password}
    )

    assert answer.status_code == 302
    assert client.get("/").headers["Location"] == reverse("account_change_password")
    # The quick hash of a random password is replaced by the ordinary one at the first sign-in.
    assert "$5000$" not in User.objects.get(username=line.username).password


def test_opening_again_opens_none(world: World) -> None:
    assert len(open_accounts(units=units(world.first, world.second))) == 2

    assert open_accounts(units=units(world.first, world.second)) == []
    assert Grant.unscoped.filter(role=Role.SECRETARY).count() == 2


def test_a_dissolved_organisation_gets_no_account(world: World) -> None:
    Unit.unscoped.filter(pk=world.second.pk).update(
        dissolved_on=timezone.localdate() - timedelta(days=1)
    )

    assert open_accounts(units=units(world.second)) == []


def test_a_branch_whose_keeper_was_relieved_gets_another_user_name(world: World) -> None:
    [line] = open_accounts(units=units(world.first))
    Grant.unscoped.filter(unit=world.first).update(
        since=date(2026, 1, 1), until=timezone.localdate() - timedelta(days=1)
    )

    [other] = open_accounts(units=units(world.first))

    assert (line.username, other.username) == (
        world.first.code.lower(),
        f"{world.first.code.lower()}-2",
    )


def test_how_many_are_opened_does_not_change_the_number_of_queries(
    world: World, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(7):
        open_accounts(units=units(world.first))
    three = [make_branch(world.street) for _ in range(3)]
    with django_assert_num_queries(7):
        open_accounts(units=units(*three))


def test_a_renewed_password_ends_the_old_one_and_the_sessions(world: World) -> None:
    [line] = open_accounts(units=units(world.first))
    user = User.objects.get(username=line.username)
    client = signed_in(user)

    [renewed] = renew_passwords(units=units(world.first), reach=[world.district], by=world.staff)

    user.refresh_from_db()
    assert renewed.username == line.username
    assert (user.check_password(renewed.password), user.check_password(line.password)) == (
        True,
        False,
    )
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_whoever_also_holds_a_role_elsewhere_keeps_the_password(world: World) -> None:
    mixed = make_user(Role.SECRETARY, world.first)
    give(user=mixed, role=Role.SECRETARY, unit=world.foreign)
    boss = make_user(Role.SECRETARY, world.second)
    give(user=boss, role=Role.DISTRICT_STAFF, unit=world.district)
    mine = make_user(Role.GROUP_LEADER, world.group)

    lines = renew_passwords(
        units=units(world.first, world.second, world.group),
        reach=[world.district],
        by=world.staff,
    )

    assert [line.username for line in lines] == [mine.username]


def test_the_page_hands_out_the_list_once(world: World) -> None:
    client = signed_in(world.staff)
    url = reverse("branches:account_open")

    first = sheet(client.post(url + "?tier=branch", {"everyone": "1"}))
    again = client.post(url + "?tier=branch", {"everyone": "1"}, follow=True)

    assert [row[1] for row in first] == [world.first.name, world.second.name]
    assert "都已经有账号" in again.content.decode()
    user = User.objects.get(username=first[0][4])
    assert user.check_password(first[0][5])


def test_what_is_out_of_reach_is_not_opened(world: World) -> None:
    client = signed_in(world.staff)

    client.post(reverse("branches:account_open"), {"pk": [world.foreign.pk, "x", "9" * 30]})

    assert not Grant.unscoped.filter(unit=world.foreign).exists()


def test_nothing_ticked_is_said(world: World) -> None:
    answer = signed_in(world.staff).post(reverse("branches:account_renew"), follow=True)

    assert "还没有选党组织" in answer.content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(
    world: World, django_assert_num_queries: Any
) -> None:
    client = signed_in(world.staff)
    url = reverse("branches:account_list") + "?tier=branch&state=none"
    client.get(url)
    with django_assert_num_queries(7) as first:
        client.get(url)
    for _ in range(3):
        make_branch(world.street)
    with django_assert_num_queries(len(first.captured_queries)):
        answer = client.get(url)

    assert [unit.pk for unit in answer.context["page"]] == list(
        Unit.unscoped.filter(committee=world.street, kind="branch")
        .order_by("path")
        .values_list("pk", flat=True)
    )


@pytest.mark.parametrize("role", [Role.COMMITTEE_STAFF, Role.SECRETARY, Role.LEADER])
def test_only_the_district_opens_accounts(world: World, role: str) -> None:
    unit = {Role.COMMITTEE_STAFF: world.street, Role.SECRETARY: world.first}.get(
        Role(role), world.district
    )
    client = signed_in(make_user(role, unit))

    assert client.get(reverse("branches:account_list")).status_code == 403
    assert client.post(reverse("branches:account_open"), {"everyone": "1"}).status_code == 403
    assert client.post(reverse("branches:account_renew"), {"everyone": "1"}).status_code == 403
