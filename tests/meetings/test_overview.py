"""工作台: figures by kind and place, each opening its rows."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from branches.enums import Role
from branches.models import Unit
from core import outbox
from meetings import kept as keeping
from meetings.models import FixedDayMove, Meeting
from meetings.overview import overview
from tests.factories.accounts import make_account
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 25)
at_noon = time_machine.travel("2026-09-25 12:00+08:00", tick=False)


@pytest.fixture
def district() -> Unit:
    """Two committees: one with two branches, one with one branch of two groups."""
    district = make_district()
    east, west = make_committee(district, name="东街党工委"), make_committee(district)
    first, second = make_branch(east, name="东一支部"), make_branch(east, name="东二支部")
    third = make_branch(west, name="西一支部")
    make_group(third)
    make_group(third)
    make_term(first)
    held(first, 1 + 2 + 16, date(2026, 9, 1))
    held(second, 16, date(2026, 9, 9))
    held(third, 16, date(2026, 9, 1), filed=date(2026, 9, 20))
    return district


def held(unit: Unit, mask: int, day: date, *, filed: date | None = None, status: int = 1) -> None:
    Meeting.unscoped.create(
        unit=unit,
        kind_mask=mask,
        held_on=day,
        topic="学习",
        status=status,
        first_submitted_on=filed or day,
    )


def test_owed_and_done_by_kind_and_by_committee(district: Unit) -> None:
    found = overview(units=[district], on=ON, by_unit=False)
    total = found.total
    assert (total.owed, total.done, total.late, total.off_day) == (9, 5, 1, 1)
    assert (total.unmet, total.open, total.missing) == (0, 4, 4)
    assert [(line.name, line.done, line.owed) for line in found.kinds] == [
        ("支部党员大会", 1, 3),
        ("支委会", 1, 1),
        ("党小组会", 0, 2),
        ("固定组织生活日", 3, 3),
    ]
    assert [(line.name, line.done, line.owed, line.percent) for line in found.places] == [
        (found.places[0].name, 1, 4, 25.0),
        ("东街党工委", 4, 5, 80.0),
    ]


def test_a_committee_sees_its_branches(district: Unit) -> None:
    east = Unit.unscoped.get(name="东街党工委")
    found = overview(units=[east], on=ON, by_unit=True)
    assert [(line.name, line.done, line.owed) for line in found.places] == [
        ("东二支部", 1, 2),
        ("东一支部", 3, 3),
    ]
    assert found.trend.kind == "line"
    assert found.trend.series[0].values[-1] == 80.0


def test_every_mark_opens_its_rows(district: Unit) -> None:
    found = overview(units=[district], on=ON, by_unit=False)
    hrefs = [cell.href for plot in (found.states, found.trend) for cell in plot.cells]
    hrefs += [line.href for line in (*found.kinds, *found.places, found.total)]
    assert all(href.startswith("/duties/?month=2026-") for href in hrefs)


def test_a_district_without_branches_is_no_error() -> None:
    found = overview(units=[make_district()], on=ON, by_unit=False)
    assert (found.total.owed, found.total.percent, found.places) == (0, None, [])


def test_a_large_district_is_counted_once_in_two_minutes(
    district: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0)
    with CaptureQueriesContext(connection) as first:
        one = overview(units=[district], on=ON, by_unit=False)
    with CaptureQueriesContext(connection) as second:
        two = overview(units=[district], on=ON, by_unit=False)
    assert (len(first), len(second)) == (2, 0)
    assert one == two


def test_a_cache_that_is_away_costs_no_page(
    district: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0)
    monkeypatch.setattr(keeping.cache, "get", away)
    assert overview(units=[district], on=ON, by_unit=False).total.owed == 9


# --- The first page --------------------------------------------------------------------------


@at_noon
def test_the_district_desk_shows_the_month(client: Client, district: Unit) -> None:
    staff = make_user(Role.DISTRICT_STAFF, district)
    FixedDayMove.unscoped.create(
        unit=district, month=date(2026, 10, 1), day=date(2026, 10, 20), reason="x"
    )
    client.force_login(staff)
    page = client.get("/")
    text = page.content.decode()
    assert page.templates[0].name == "meetings/desk.html"
    assert "2026年9月工作台" in text
    assert page.context["waiting"] == 3
    assert [(ask.title, ask.count) for ask in page.context["asks"]] == [
        ("发布10月组织生活日安排", 0),
        ("审批固定组织生活日调整", 1),
    ]
    assert "10月13日" in text


@at_noon
@pytest.mark.parametrize(
    ("role", "template"),
    [
        (Role.COMMITTEE_STAFF, "meetings/desk.html"),
        (Role.LEADER, "meetings/desk.html"),
        (Role.SECRETARY, "meetings/secretary_home.html"),
        (Role.GROUP_LEADER, "meetings/secretary_home.html"),
    ],
)
def test_each_role_has_its_first_page(client: Client, role: Role, template: str) -> None:
    client.force_login(make_user(role))
    assert client.get("/").templates[0].name == template


def test_nobody_is_told_whom_to_ask(client: Client) -> None:
    client.force_login(make_account())
    page = client.get("/")
    assert "您还没有被授权到任何党组织" in page.content.decode()


def test_a_stranger_is_sent_to_the_door(client: Client) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


@at_noon
def test_the_desk_costs_the_same_for_one_committee_and_for_three(
    client: Client, district: Unit
) -> None:
    client.force_login(make_user(Role.DISTRICT_STAFF, district))
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for _ in range(3):
        make_branch(make_committee(district))
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(few) == len(many)


@at_noon
def test_unread_notices_are_counted_in_the_navigation(client: Client, district: Unit) -> None:
    staff = make_user(Role.DISTRICT_STAFF, district)
    outbox.tell(
        key="k",
        to=[staff.pk],
        template="meetings/notices/urged",
        payload={"unit": "x", "who": "y", "missing": []},
        title="催报",
    )
    client.force_login(staff)
    counts = {item["label"]: item["count"] for item in client.get("/").context["nav"]}
    assert counts["消息"] == 1
