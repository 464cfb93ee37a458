"""消息: one's own notices, read by a press."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import outbox
from core.models import Notice
from tests.factories.branches import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return make_user()


def tell(user: User, key: str, link: str = "/calendar/") -> Notice:
    outbox.tell(
        key=key,
        to=[user.pk],
        template="meetings/notices/fixed_day_soon",
        payload={"unit": "<b>第一党支部</b>", "day": "7月7日", "weekday": "二"},
        title="7月7日是固定组织生活日",
        link=link,
        day=date(2026, 7, 2),
    )
    return Notice.objects.latest("pk")


def test_unread_ones_stand_first_and_text_is_escaped_once(client: Client, reader: User) -> None:
    tell(reader, "a")
    outbox.mark_read(user_id=reader.pk)
    tell(reader, "b")
    client.force_login(reader)
    page = client.get("/notices/")
    assert [row["notice"].key.split(":")[0] for row in page.context["rows"]] == ["b", "a"]
    assert page.context["unread"] == 1
    html = page.content.decode()
    assert "&lt;b&gt;第一党支部&lt;/b&gt;：7月7日（星期二）" in html
    assert "&amp;lt;" not in html


def test_opening_marks_it_read_and_goes_where_it_points(client: Client, reader: User) -> None:
    notice = tell(reader, "a")
    client.force_login(reader)
    answer = client.post(f"/notices/{notice.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/calendar/")
    first = Notice.objects.get().read_at
    assert first is not None
    client.post(f"/notices/{notice.pk}/open/")
    assert Notice.objects.get().read_at == first


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example", ""])
def test_a_link_out_of_the_house_is_not_followed(client: Client, reader: User, link: str) -> None:
    notice = tell(reader, "a", link=link)
    client.force_login(reader)
    assert client.post(f"/notices/{notice.pk}/open/")["Location"] == "/notices/"


def test_anothers_notice_is_not_there(client: Client, reader: User) -> None:
    notice = tell(reader, "a")
    client.force_login(make_user())
    assert client.post(f"/notices/{notice.pk}/open/").status_code == 404
    assert client.get("/notices/").context["rows"] == []
    assert Notice.objects.get().read_at is None


def test_all_are_marked_read_at_once_but_never_by_get(client: Client, reader: User) -> None:
    tell(reader, "a")
    tell(reader, "b")
    client.force_login(reader)
    assert client.get("/notices/read/").status_code == 405
    client.post("/notices/read/")
    assert outbox.unread(reader.pk) == 0


def test_the_list_costs_the_same_for_one_notice_and_for_three(client: Client, reader: User) -> None:
    client.force_login(reader)
    tell(reader, "a")
    client.get("/notices/")
    with CaptureQueriesContext(connection) as one:
        client.get("/notices/")
    tell(reader, "b")
    tell(reader, "c")
    with CaptureQueriesContext(connection) as three:
        client.get("/notices/")
    assert len(one) == len(three)
