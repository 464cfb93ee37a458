"""Quiet hours and digests: when a delivery is due, and what goes out together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core import channels, outbox
from core.channels import Outcome, Parcel
from core.enums import Channel
from core.models import Delivery, Notice, Preference
from core.quiet import DEFAULT, Wishes
from tests.factories.accounts import make_account

CHINA = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def told(user: User, key: str = "k", *, urgent: bool = False) -> None:
    outbox.tell(
        key=key,
        to=[user.pk],
        template="meetings/notices/fixed_day_soon",
        payload={"unit": "第一党支部", "day": "7月7日", "weekday": "二"},
        title=f"消息{key}",
        link="/calendar/",
        day=date(2026, 7, 1),
        urgent=urgent,
    )


def wish(user: User, **facts: object) -> Preference:
    return Preference.objects.create(user=user, **facts)


def due_of(user: User) -> datetime:
    return Delivery.objects.get(notice__recipient=user).next_try_at.astimezone(CHINA)


@pytest.fixture
def reader(db: None) -> User:
    return make_account(email="reader@example.cn")


# --- The rule --------------------------------------------------------------------------------

TIMES = st.times().map(lambda one: one.replace(tzinfo=None))
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(CHINA)
)
WISHES = st.builds(
    Wishes,
    quiet_from=TIMES,
    quiet_to=TIMES,
    digest=st.sampled_from(["now", "daily", "weekly"]),
    hour=st.integers(0, 23),
)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-01 20:59", "2026-07-01 20:59"),
        ("2026-07-01 21:00", "2026-07-02 08:00"),
        ("2026-07-01 23:59", "2026-07-02 08:00"),
        ("2026-07-02 07:59", "2026-07-02 08:00"),
        ("2026-07-02 08:00", "2026-07-02 08:00"),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
    ],
)
def test_by_default_nothing_goes_out_from_nine_to_eight(now: str, due: str) -> None:
    assert DEFAULT.due(at(now)) == at(due)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-01 08:59", "2026-07-06 09:00"),
        ("2026-07-06 09:00", "2026-07-06 09:00"),
        ("2026-07-06 09:01", "2026-07-13 09:00"),
    ],
)
def test_a_weekly_digest_waits_for_monday(now: str, due: str) -> None:
    assert Wishes(digest="weekly").due(at(now)) == at(due)


def test_quiet_hours_at_noon_end_the_same_day() -> None:
    assert Wishes(time(12), time(14)).due(at("2026-07-01 12:30")) == at("2026-07-01 14:00")


def test_equal_ends_mean_no_quiet_hours() -> None:
    assert Wishes(time(8), time(8)).due(at("2026-07-01 08:00")) == at("2026-07-01 08:00")


@given(wishes=WISHES, now=MOMENTS, urgent=st.booleans())
def test_what_is_due_is_never_early_never_quiet_and_never_late(
    wishes: Wishes, now: datetime, urgent: bool
) -> None:
    due = wishes.due(now, urgent=urgent)
    assert due >= now
    assert not wishes.is_quiet(due.time())
    days = {"now": 1, "daily": 2, "weekly": 8}["now" if urgent else wishes.digest]
    assert due - now <= timedelta(days=days)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=WISHES, now=MOMENTS, urgent=st.booleans())
def test_the_database_answers_what_the_rule_says(
    reader: User, wishes: Wishes, now: datetime, urgent: bool
) -> None:
    Notice.objects.all().delete()
    Preference.objects.update_or_create(
        user=reader,
        defaults={
            "quiet_from": wishes.quiet_from,
            "quiet_to": wishes.quiet_to,
            "digest": wishes.digest,
            "digest_hour": wishes.hour,
        },
    )
    with time_machine.travel(now, tick=False):
        told(reader, urgent=urgent)
    assert due_of(reader) == wishes.due(now, urgent=urgent)


# --- Being told ------------------------------------------------------------------------------


@time_machine.travel("2026-07-01 22:30+08:00", tick=False)
def test_at_night_the_inbox_is_written_and_the_mail_waits(reader: User) -> None:
    told(reader)
    assert outbox.unread(reader.pk) == 1
    assert due_of(reader) == at("2026-07-02 08:00")
    assert outbox.deliver(now=at("2026-07-02 07:59")).taken == 0
    assert outbox.deliver(now=at("2026-07-02 08:00")).sent == 1


@time_machine.travel("2026-07-01 10:00+08:00", tick=False)
def test_who_wants_no_mail_is_told_in_the_inbox_alone(reader: User) -> None:
    wish(reader, by_mail=False)
    told(reader)
    assert (outbox.unread(reader.pk), Delivery.objects.count()) == (1, 0)


@time_machine.travel("2026-07-01 10:00+08:00", tick=False)
def test_what_is_urgent_passes_the_digest(reader: User) -> None:
    wish(reader, digest="weekly")
    told(reader, urgent=True)
    assert due_of(reader) == at("2026-07-01 10:00")


@time_machine.travel("2026-07-01 23:00+08:00", tick=False)
def test_what_is_urgent_does_not_pass_quiet_hours(reader: User) -> None:
    wish(reader, digest="weekly")
    told(reader, urgent=True)
    assert due_of(reader) == at("2026-07-02 08:00")


@time_machine.travel("2026-07-01 10:00+08:00", tick=False)
def test_preferences_cost_no_second_statement(reader: User) -> None:
    wish(reader, digest="daily")
    with CaptureQueriesContext(connection) as queries:
        told(reader)
    assert len(queries) == 1


# --- Together --------------------------------------------------------------------------------


def three(reader: User) -> None:
    """Three notices of a day that wait for the digest of the next."""
    wish(reader, digest="daily")
    for number, hour in enumerate((10, 11, 12), start=1):
        with time_machine.travel(at(f"2026-07-01 {hour}:00"), tick=False):
            told(reader, f"{number}")


MORNING = at("2026-07-02 09:00")


def test_a_digest_is_one_message_with_titles_and_links_and_one_receipt(reader: User) -> None:
    three(reader)
    assert outbox.deliver(now=MORNING).sent == 3
    (letter,) = mail.outbox
    assert letter.subject == "3 条提醒：消息1等"
    assert letter.body.startswith(
        "1. 消息1\n打开：http://127.0.0.1:8000/calendar/\n2. 消息2\n打开：http"
    )
    states = Delivery.objects.values_list("state", "receipt").distinct()
    assert set(states) == {("sent", letter.extra_headers["Message-ID"])}


def test_each_person_gets_a_message_of_his_own(reader: User) -> None:
    three(reader)
    other = make_account(email="reader@example.cn")
    with time_machine.travel(at("2026-07-01 10:00"), tick=False):
        told(other, "1")
    outbox.deliver(now=MORNING)
    assert sorted(letter.subject for letter in mail.outbox) == ["3 条提醒：消息1等", "消息1"]


def test_a_batch_does_not_tear_a_digest_apart(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BATCH", 2)
    three(reader)
    assert outbox.deliver(now=MORNING).sent == 3
    assert len(mail.outbox) == 1


def test_a_digest_that_was_sent_before_a_crash_is_the_same_afterwards(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    seen: list[str] = []

    def dying(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        seen.extend(parcel.message_id for parcel in parcels)
        raise Killed
        yield

    three(reader)
    with monkeypatch.context() as patched:
        patched.setattr(channels, "SENDERS", {Channel.EMAIL: dying})
        with pytest.raises(Killed):
            outbox.deliver(now=MORNING)
    with time_machine.travel(at("2026-07-02 08:30"), tick=False):
        told(reader, "4")
    # What came meanwhile is a message of its own: the one that may have arrived stays as it was.
    assert outbox.deliver(now=MORNING + timedelta(minutes=3)).sent == 4
    assert sorted(letter.subject for letter in mail.outbox) == ["3 条提醒：消息1等", "消息4"]
    assert seen[0] in {letter.extra_headers["Message-ID"] for letter in mail.outbox}


def test_a_digest_that_is_refused_is_refused_as_a_whole(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        yield Outcome(parcels[0].delivery_id, error="没有这个邮箱", final=True)

    three(reader)
    monkeypatch.setattr(channels, "SENDERS", {Channel.EMAIL: refusing})
    assert outbox.deliver(now=MORNING).refused == 3
    assert set(Delivery.objects.values_list("state", "error")) == {("failed", "没有这个邮箱")}
    with time_machine.travel(MORNING, tick=False):
        assert outbox.retry(delivery_ids=Delivery.objects.values_list("pk", flat=True)) == 3
    assert outbox.deliver(now=MORNING).refused == 3
