"""送达记录: whether notices arrived, for those who look after the readers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from branches import services
from branches.enums import Role
from branches.models import Unit
from core import outbox
from core.models import Delivery
from tests.factories.branches import make_branch, make_committee, make_user

pytestmark = pytest.mark.django_db


@dataclass
class Office:
    street: Unit
    staff: User
    secretary: User


@pytest.fixture
def office(client: Client) -> Office:
    street = make_committee()
    staff = make_user(Role.COMMITTEE_STAFF, street, email="")
    branch = make_branch(street, name="滨河党支部")
    secretary = make_user(Role.SECRETARY, branch, name="李书记", email="li@example.cn")
    client.force_login(staff)
    return Office(street, staff, secretary)


def told(user: User, key: str = "k") -> Delivery:
    with time_machine.travel("2026-07-01 10:00+08:00", tick=False):
        outbox.tell(
            key=key, to=[user.pk], template="meetings/notices/urged", payload={}, title="私下的标题"
        )
    return Delivery.objects.get(notice__key=f"{key}:{user.pk}")


def listed(client: Client, query: str = "") -> list[tuple[str, str, str]]:
    page = client.get(f"/deliveries/{query}")
    assert page.status_code == 200
    return [(line.who, line.where, line.what) for line in page.context["lines"]]


def test_staff_see_that_it_was_sent_and_not_what_it_says(client: Client, office: Office) -> None:
    told(office.secretary)
    assert listed(client) == [("李书记", "滨河党支部", "催报")]
    text = client.get("/deliveries/").content.decode()
    assert "私下的标题" not in text
    assert "li@example.cn" not in text


def test_readers_and_robots_of_others_are_not_there(client: Client, office: Office) -> None:
    other = make_committee()
    foreign = told(make_user(Role.SECRETARY, make_branch(other), email="x@example.cn"))
    robot = services.set_up_robot(
        unit=other,
        name="别处的群",
        address="https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 40,
        topics=["move"],
        by=office.staff,
    )
    services.try_robot(robot=robot, by=office.staff)
    assert listed(client) == []
    for row in Delivery.objects.all():
        assert client.post(f"/deliveries/{row.pk}/retry/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "waiting"


def test_a_robots_message_is_listed_with_its_group(client: Client, office: Office) -> None:
    robot = services.set_up_robot(
        unit=office.street,
        name="书记群",
        address="https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 40,
        topics=["move"],
        by=office.staff,
    )
    services.try_robot(robot=robot, by=office.staff)
    assert listed(client) == [("群机器人“书记群”", str(office.street), "测试消息")]


def test_the_list_is_narrowed_by_channel_state_and_day(client: Client, office: Office) -> None:
    told(office.secretary)
    assert len(listed(client, "?channel=email&state=waiting&since=2026-07-01")) == 1
    for query in ("?channel=wecom", "?state=sent", "?since=2026-07-02", "?until=2026-06-30"):
        assert listed(client, query) == []
    assert len(listed(client, "?channel=x&state=%00&since=nonsense&after=x")) == 1


def test_what_was_given_up_is_tried_again_by_a_press(client: Client, office: Office) -> None:
    row = told(office.secretary)
    Delivery.objects.update(state="failed", error="没有这个邮箱", round=None)
    assert "没有这个邮箱" in client.get("/deliveries/").content.decode()
    client.post(f"/deliveries/{row.pk}/retry/")
    row.refresh_from_db()
    assert (row.state, row.error) == ("waiting", "")
    page = client.post(f"/deliveries/{row.pk}/retry/", follow=True)
    assert "不用重发" in page.content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(client: Client, office: Office) -> None:
    told(office.secretary)
    client.get("/deliveries/")
    with CaptureQueriesContext(connection) as one:
        assert len(listed(client)) == 1
    told(office.secretary, "b")
    told(office.secretary, "c")
    with CaptureQueriesContext(connection) as three:
        assert len(listed(client)) == 3
    assert len(one) == len(three)
