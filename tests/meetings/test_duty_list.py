"""职责清单: what a figure of the desk counts is what its link lists."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from meetings.enums import Kind, Status
from meetings.overview import overview
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_members,
    make_term,
    make_user,
)
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db
LIST = "meetings:duty_list"


class World:
    """Two branches with their committees' terms; one did its 支委会 late, one held nothing."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.district = make_district()
        self.street = make_committee(self.district)
        self.good, self.idle = make_branch(self.street), make_branch(self.street)
        self.group = make_group(self.good)
        for branch in (self.good, self.idle):
            make_members(branch, 3)
            make_term(branch, started_on=date(2025, 1, 1))
        first = self.today.replace(day=1)
        make_meeting(self.good, Kind.COMMITTEE, first, attendance=(3, 3))
        self.staff = make_user(Role.DISTRICT_STAFF, self.district)


@pytest.fixture
def world() -> World:
    return World()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(client: Client, href: str) -> int:
    """How many duties the pages at an address list, all of them."""
    found, query = 0, urlsplit(href).query
    for _ in range(50):
        context = client.get(f"{reverse(LIST)}?{query}").context
        found += len(context["rows"])
        query = context["next"]
        if not query:
            return found
    raise AssertionError("the pages have no end")


def test_every_figure_of_the_desk_lists_what_it_counts(world: World) -> None:
    found = overview(units=[world.district], on=world.today, by_unit=False)
    client = signed_in(world.staff)

    for line in (found.total, *found.kinds, *found.places):
        assert listed(client, line.href) == line.owed
        assert listed(client, f"{line.href}&state=done") == line.done
        assert listed(client, f"{line.href}&state=missing") == line.missing
    for cell in found.states.cells:
        assert listed(client, cell.href) == cell.value
        assert parse_qs(urlsplit(cell.href).query)["state"]
    assert found.total.done > 0
    assert found.total.missing > 0


def test_one_row_and_many_rows_cost_the_same(world: World, django_assert_num_queries: Any) -> None:
    client = signed_in(world.staff)
    url = reverse(LIST) + "?kind=committee"
    client.get(url)
    with django_assert_num_queries(9) as first:
        client.get(url)
    for _ in range(3):
        make_term(make_branch(world.street), started_on=date(2025, 1, 1))
    with django_assert_num_queries(len(first.captured_queries)):
        rows = client.get(url).context["rows"]
    assert len(rows) == 5


@pytest.mark.parametrize(
    "query", ["after=x", "after=1-2-3", "state=x&month=9&kind=?", "state=done"]
)
def test_a_bad_address_shows_a_page(world: World, query: str) -> None:
    assert signed_in(world.staff).get(f"{reverse(LIST)}?{query}").status_code == 200


def test_what_is_out_of_reach_is_not_there(world: World) -> None:
    client = signed_in(world.staff)
    foreign = make_branch(make_committee(make_district()))

    assert client.get(reverse(LIST), {"unit": foreign.pk}).status_code == 404
    assert signed_in(make_user(Role.SECRETARY, world.good)).get(reverse(LIST)).status_code == 403


def test_a_group_leader_sees_the_groups_own_duty_and_the_fixed_day(world: World) -> None:
    client = signed_in(make_user(Role.GROUP_LEADER, world.group))

    found = client.get("/").context["agenda"]

    assert {task.duty.group_id for task in (*found.open, *found.overdue)} == {world.group.pk}
    assert found.next.duty.kind == "group"
    assert found.fixed_day is not None


def test_words_typed_for_one_kind_are_not_given_to_another(world: World) -> None:
    client = signed_in(make_user(Role.SECRETARY, world.good))
    url = reverse("meetings:meeting_new") + f"?unit={world.good.pk}"

    keys = [
        re.search(r'data-draft="([^"]+)"', client.get(f"{url}{more}").content.decode())
        for more in ("", "&kind=members", "&kind=committee")
    ]

    assert [key[1] for key in keys if key] == [
        f"meeting-new-{world.good.pk}",
        f"meeting-new-{world.good.pk}-members",
        f"meeting-new-{world.good.pk}-committee",
    ]


def test_a_leader_who_looks_on_is_shown_no_queue(world: World) -> None:
    leader = signed_in(make_user(Role.LEADER, world.district)).get("/").content.decode()
    staff = signed_in(world.staff).get("/").content.decode()

    assert (reverse("meetings:review_queue") in leader, "待审核" in staff) == (False, True)


def test_a_month_that_is_over_lists_what_was_missed(world: World) -> None:
    month = (world.today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    answer = signed_in(world.staff).get(reverse(LIST), {"month": month, "state": "unmet"})

    assert {duty.state for duty in answer.context["rows"]} == {"unmet"}


def test_a_draft_is_read_by_its_branch_and_its_author_only(world: World) -> None:
    secretary = make_user(Role.SECRETARY, world.good)
    draft = make_meeting(
        world.good, Kind.MEMBERS, world.today, status=Status.DRAFT, topic="没写完", by=secretary
    )
    street = make_user(Role.COMMITTEE_STAFF, world.street, is_staff=True)

    seen = {}
    for name, user in (("secretary", secretary), ("street", street), ("district", world.staff)):
        client = signed_in(user)
        listed_ = "没写完" in client.get(reverse("meetings:meeting_list")).content.decode()
        opened = client.get(reverse("meetings:meeting_detail", args=[draft.uuid])).status_code
        seen[name] = (listed_, opened)
    admin = signed_in(street).get(reverse("admin:meetings_meeting_changelist"))

    assert seen == {"secretary": (True, 200), "street": (False, 404), "district": (False, 404)}
    assert draft not in admin.context["cl"].result_list
