"""我的通知: everybody's own, kept by himself."""

from __future__ import annotations

from datetime import time

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import outbox
from core.errors import Refusal
from core.models import Delivery, Preference
from core.preferences import keep_preference, preference_of
from tests.factories.accounts import make_account
from tests.factories.branches import make_user

pytestmark = pytest.mark.django_db
GIVEN = {
    "by_mail": "on",
    "email": "new@example.cn",
    "digest": "weekly",
    "digest_hour": "7",
    "quiet_from": "22:00",
    "quiet_to": "06:30",
}


@pytest.fixture
def reader(client: Client) -> User:
    user = make_user(email="old@example.cn")
    client.force_login(user)
    return user


def test_who_has_chosen_nothing_has_the_usual(reader: User) -> None:
    known = preference_of(reader.pk)
    assert (known.by_mail, known.digest) == (True, "now")
    assert (known.quiet_from, known.quiet_to) == (time(21), time(8))
    assert Preference.objects.count() == 0


def test_what_is_chosen_is_kept_and_shown_again(client: Client, reader: User) -> None:
    page = client.get("/notices/mine/").content.decode()
    assert 'value="old@example.cn"' in page
    assert 'value="21:00"' in page
    assert client.post("/notices/mine/", GIVEN)["Location"] == "/notices/"
    assert client.post("/notices/mine/", GIVEN)["Location"] == "/notices/"
    reader.refresh_from_db()
    known = Preference.objects.get()
    assert (reader.email, known.user_id, known.digest) == ("new@example.cn", reader.pk, "weekly")
    assert (known.digest_hour, known.quiet_to) == (7, time(6, 30))
    assert 'value="06:30"' in client.get("/notices/mine/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": ""}, "要收邮件请填邮箱"),
        ({"email": "不是邮箱"}, "邮件地址"),
        ({"digest": "hourly"}, "hourly"),
        ({"quiet_from": "25:00"}, "有效的时间"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(
    client: Client, reader: User, wrong: dict, said: str
) -> None:
    answer = client.post("/notices/mine/", {**GIVEN, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Preference.objects.count() == 0


def test_without_mail_no_address_is_needed(client: Client, reader: User) -> None:
    given = {key: value for key, value in GIVEN.items() if key != "by_mail"}
    client.post("/notices/mine/", {**given, "email": ""})
    assert Preference.objects.get().by_mail is False


def test_an_hour_that_is_none_is_refused_by_verb_and_database(reader: User) -> None:
    facts = {"by_mail": False, "quiet_from": time(21), "quiet_to": time(8), "digest": "daily"}
    with pytest.raises(Refusal):
        keep_preference(user_id=reader.pk, email="", digest_hour=24, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(user=make_account(), digest_hour=24)


@time_machine.travel("2026-07-01 22:00+08:00", tick=False)
def test_the_inbox_tells_of_each_notice_whether_it_was_delivered(
    client: Client, reader: User
) -> None:
    told = {"template": "meetings/notices/move_approved", "payload": {}, "to": [reader.pk]}
    outbox.tell(key="a", title="一", **told)
    assert "未送达，7月2日 08:00起发送" in client.get("/notices/").content.decode()
    Delivery.objects.update(state="sent", sent_at="2026-07-02 08:00+08:00")
    assert "电子邮件已送达（7月2日 08:00）" in client.get("/notices/").content.decode()
    with CaptureQueriesContext(connection) as one:
        client.get("/notices/")
    for key in "bc":
        outbox.tell(key=key, title=key, **told)
    with CaptureQueriesContext(connection) as three:
        client.get("/notices/")
    assert len(one) == len(three)
