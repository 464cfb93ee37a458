"""What is written in the data administration goes through the verbs, and stays in its bounds."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from assessment.models import Scheme
from branches.enums import DisclosureKind, ExemptionState, MemberState, Role
from branches.models import ApiClient, Disclosure, Exemption, Grant, Member, Unit, UnitChange
from core.models import Holiday
from meetings.enums import Status
from meetings.models import Meeting, SpotCheck
from tests.admin.test_pages import World, signed_in, url
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_committee, make_district, make_id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world.staff)


def faults(page: Any) -> dict[str, list[str]]:
    return {name: list(told) for name, told in page.context["adminform"].form.errors.items()}


def act(client: Client, model: type[models.Model], action: str, row: Any, reason: str = "") -> Any:
    given = {"action": action, "_selected_action": [row.pk], "reason": reason}
    return client.post(url(model, "changelist"), given)


def unit_input(world: World, **given: Any) -> dict[str, Any]:
    return {
        "parent": world.street.pk, "kind": "branch", "name": "新风支部", "code": "N001",
        "field": "community", **given,
    }  # fmt: skip


def test_an_organisation_is_placed_and_its_founding_noted(world: World, client: Client) -> None:
    page = client.post(url(Unit, "add"), unit_input(world, contact_number="13812345678"))

    unit = Unit.unscoped.get(code="N001")
    assert page.status_code == 302
    assert unit.path.startswith(world.street.path)
    assert unit.committee_id == world.street.pk
    assert unit.unseal("contact_phone") == "13812345678"
    assert UnitChange.unscoped.get(unit=unit).by == world.staff


def test_what_a_verb_refuses_stands_beside_its_field(world: World, client: Client) -> None:
    page = client.post(url(Unit, "add"), unit_input(world, code=world.branch.code))

    assert page.status_code == 200
    assert faults(page) == {"code": [f"党组织代码“{world.branch.code}”已被使用，请核对。"]}
    assert "新风支部" in page.content.decode()


def test_a_parent_out_of_reach_is_no_choice(world: World, client: Client) -> None:
    elsewhere = make_committee(make_district())

    page = client.post(url(Unit, "add"), unit_input(world, parent=elsewhere.pk))
    root = client.post(url(Unit, "add"), unit_input(world, parent="", kind="district"))

    assert list(faults(page)) == ["parent"]
    assert faults(root) == {"parent": ["请选择上级党组织。"]}
    assert not Unit.unscoped.filter(code="N001").exists()


def test_an_organisation_is_moved_and_renamed(world: World, client: Client) -> None:
    other = make_committee(world.district)
    given = unit_input(
        world, parent=other.pk, name="更名支部", founded_on="2015-06-01", reason="街道区划调整"
    )

    page = client.post(url(Unit, "change", world.branch.pk), given)

    world.branch.refresh_from_db()
    world.group.refresh_from_db()
    assert page.status_code == 302
    assert world.branch.name == "更名支部"
    assert world.group.path.startswith(other.path)
    assert set(
        UnitChange.unscoped.filter(unit=world.branch, by=world.staff).values_list("kind", flat=True)
    ) == {"renamed", "moved"}


def member_input(world: World, **given: Any) -> dict[str, Any]:
    return {"unit": world.branch.pk, "name": "王新", "kind": "01", "sex": "0", **given}


def test_a_member_is_added_transferred_and_leaves(world: World, client: Client) -> None:
    number = make_id_number(777)
    assert client.post(
        url(Member, "add"), member_input(world, identity=number, mobile="13912345678")
    ).status_code == 302  # fmt: skip
    member = Member.unscoped.get(name="王新")
    assert member.unseal("id_number") == number

    there = make_branch(world.street)
    given = member_input(
        world, unit=there.pk, state=MemberState.DEAD, sex=member.sex, mobile="-",
        birth_date=member.birth_date.isoformat() if member.birth_date else "",
    )  # fmt: skip
    page = client.post(url(Member, "change", member.pk), given)

    member.refresh_from_db()
    assert page.status_code == 302
    assert (member.unit, member.state, member.left_on) == (
        there, MemberState.DEAD, timezone.localdate(),
    )  # fmt: skip
    assert member.unseal("phone") == ""
    assert member.unseal("id_number") == number


def test_an_exemption_is_decided_by_an_action(world: World, client: Client) -> None:
    act(client, Exemption, "refuse", world.exemption)
    world.exemption.refresh_from_db()
    assert world.exemption.state == ExemptionState.PROPOSED  # no reason given

    act(client, Exemption, "refuse", world.exemption, "理由不足" * 200)
    world.exemption.refresh_from_db()
    assert world.exemption.state == ExemptionState.PROPOSED  # too long

    act(client, Exemption, "approve", world.exemption)
    world.exemption.refresh_from_db()
    assert (world.exemption.state, world.exemption.decided_by) == (
        ExemptionState.APPROVED, world.staff,
    )  # fmt: skip


def test_a_role_is_given_and_taken(world: World, client: Client) -> None:
    user = world.secretary
    given = {
        "user": user.pk, "role": Role.GROUP_LEADER, "unit": world.group.pk, "since": "2026-01-01",
    }  # fmt: skip
    assert client.post(url(Grant, "add"), given).status_code == 302
    grant = Grant.unscoped.get(user=user, role=Role.GROUP_LEADER)

    assert client.post(url(Grant, "add"), {**given, "user": world.staff.pk}).status_code == 200
    act(client, Grant, "take_back", grant)

    grant.refresh_from_db()
    assert grant.until == timezone.localdate() - timedelta(days=1)


def test_the_first_role_of_an_account_is_given_by_whoever_made_it(
    world: World, client: Client
) -> None:
    superuser = make_account(is_staff=True, is_superuser=True)
    fresh = make_account()
    given = {
        "user": fresh.pk, "role": Role.SECRETARY, "unit": world.branch.pk, "since": "2026-01-01",
    }  # fmt: skip

    assert client.post(url(Grant, "add"), given).status_code == 200
    assert not Grant.unscoped.filter(user=fresh).exists()
    assert signed_in(superuser).post(url(Grant, "add"), given).status_code == 302
    assert Grant.unscoped.filter(user=fresh).exists()


def test_staff_of_a_street_give_no_roles(world: World) -> None:
    client = signed_in(world.street_staff)

    assert client.get(url(Grant, "changelist")).status_code == 403
    assert client.get(url(ApiClient, "changelist")).status_code == 403
    assert client.get(url(Unit, "changelist")).status_code == 200


def test_a_secret_is_shown_once(world: World, client: Client) -> None:
    given = {
        "title": "街道平台", "unit": world.street.pk, "allowed": ["read"], "sources": "10.1.2.3",
        "expires_on": "2099-01-01",
    }  # fmt: skip
    page = client.post(url(ApiClient, "add"), given)

    issued = page.context["issued"]
    row = ApiClient.unscoped.get(title="街道平台")
    assert issued.secret in page.content.decode()
    assert (row.unit, row.scopes, row.addresses) == (world.street, ["read"], ["10.1.2.3"])
    assert issued.secret not in client.get(url(ApiClient, "change", row.pk)).content.decode()

    renewed = act(client, ApiClient, "rotate", row).context["issued"]
    assert renewed.secret != issued.secret
    page = client.post(url(ApiClient, "change", row.pk), {**given, "sources": "街道"})
    assert faults(page) == {"sources": ["来源地址应是 IP 地址，例如 10.1.2.3。"]}
    act(client, ApiClient, "disable", row)
    row.refresh_from_db()
    assert row.is_active is False


def test_records_are_reviewed_by_actions(world: World, client: Client) -> None:
    act(client, Meeting, "send_back", world.meeting)
    world.meeting.refresh_from_db()
    assert world.meeting.status == Status.SUBMITTED  # no reason given

    act(client, Meeting, "accept", world.meeting)
    world.meeting.refresh_from_db()
    assert (world.meeting.status, world.meeting.reviewed_by) == (Status.ACCEPTED, world.staff)


def test_a_scheme_is_only_looked_at_even_by_a_superuser(world: World) -> None:
    client = signed_in(make_account(is_staff=True, is_superuser=True))
    given = {"version": 9, "title": "新方案", "valid_from": "2030-01-01", "parameters": "{}"}

    assert client.post(url(Scheme, "add"), given).status_code == 403
    used = client.post(url(Scheme, "change", world.run.scheme_id), given)
    assert used.status_code == 403


def test_what_holds_for_all_is_changed_by_who_works_for_all(world: World, client: Client) -> None:
    given = {"day": date(2030, 1, 1).isoformat(), "is_off": "on", "name": "元旦"}
    assert client.get(url(Holiday, "add")).status_code == 200
    make_district()

    assert client.post(url(Holiday, "add"), given).status_code == 403


def exported(client: Client, model: type[models.Model], query: str = "") -> list[Any]:
    """The rows of the workbook that the action hands out for everything the list shows."""
    row = model._base_manager.order_by("pk").last()
    assert row is not None
    answer: Any = client.post(
        url(model, "changelist") + query,
        {"action": "export_rows", "_selected_action": [row.pk], "select_across": "1"},
    )
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return list(book.worksheets[-1].iter_rows(values_only=True))


def test_a_list_is_taken_out_as_it_is_seen(world: World, client: Client) -> None:
    stranger = make_branch(make_committee(make_district()))

    head, *rows = exported(client, Unit)

    assert head[:3] == ("党组织名称", "党组织代码", "党组织类别")
    below = Unit.unscoped.filter(path__startswith=world.district.path)
    assert {row[1] for row in rows} == set(below.values_list("code", flat=True))
    assert stranger.code not in str(rows)
    assert [row[2] for row in rows if row[1] == world.branch.code] == ["党支部"]


def test_a_roster_taken_out_is_masked_and_noted(world: World, client: Client) -> None:
    head, *rows = exported(client, Member)

    below = Member.unscoped.filter(unit__path__startswith=world.district.path)
    assert len(rows) == below.count() >= len(world.members)
    number = world.members[0].unseal("id_number")
    assert number
    assert number not in str(rows)
    noted = Disclosure.unscoped.get()
    assert (noted.by, noted.kind) == (world.staff, DisclosureKind.EXPORTED)
    assert "公民身份号码" in head


@pytest.mark.parametrize("model", [Grant, Exemption, Meeting, Scheme])
def test_other_lists_can_be_taken_out_too(world: World, model: type[models.Model]) -> None:
    boss = signed_in(make_account(is_staff=True, is_superuser=True))

    assert len(exported(boss, model)) > 1


def test_a_key_that_is_none_is_refused_in_words(world: World, client: Client) -> None:
    answer = client.post(
        url(SpotCheck, "add"), {"unit": str(world.branch.pk), "meeting": str(world.meeting.uuid)}
    )

    assert answer.status_code == 200
    assert "meeting" in answer.context["adminform"].form.errors
