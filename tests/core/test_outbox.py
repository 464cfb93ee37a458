"""The outbox: nothing lost, nothing doubled, whatever the mail server does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier, Thread

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import channels, outbox, tasks
from core.channels import ChannelDown, Outcome, Parcel
from core.enums import Channel, DeliveryState
from core.models import Delivery, Notice
from tests.factories.accounts import make_account

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    """Outside quiet hours, whenever the tests are run."""
    with time_machine.travel(NOW):
        yield


def told(*users: User, key: str = "k", **more: object) -> int:
    facts = {
        "template": "meetings/notices/fixed_day_soon",
        "payload": {"unit": "第一党支部", "day": "7月7日", "weekday": "二"},
        "title": "7月7日是固定组织生活日",
        "link": "/calendar/",
        "day": date(2026, 7, 1),
    }
    return outbox.tell(key=key, to=[user.pk for user in users], **{**facts, **more})


def later(**span: float) -> datetime:
    """Some time after the last notice was written."""
    created = Notice.objects.order_by("-created_at").values_list("created_at", flat=True)[0]
    return created + timedelta(**span)


@pytest.fixture
def reader(db: None) -> User:
    return make_account(email="reader@example.cn")


Sending = Callable[[Sequence[Parcel]], Iterator[Outcome]]


@pytest.fixture
def by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sending], None]:
    """Put another sender in the place of the mail."""

    def put(sender: Sending) -> None:
        monkeypatch.setattr(channels, "SENDERS", {Channel.EMAIL: sender})

    return put


# --- Telling ---------------------------------------------------------------------------------


def test_one_key_is_told_once_to_each(reader: User) -> None:
    other = make_account(email="")
    assert told(reader, other) == 2
    assert told(reader, other) == 0
    assert Notice.objects.count() == 2
    assert list(Delivery.objects.values_list("address", flat=True)) == ["reader@example.cn"]


def test_a_disabled_account_is_told_nothing(reader: User) -> None:
    reader.is_active = False
    reader.save()
    assert told(reader) == 0


def test_a_notice_falls_with_the_transaction_that_tells_it(reader: User) -> None:
    def fails() -> None:
        with transaction.atomic():
            told(reader)
            raise IntegrityError

    with pytest.raises(IntegrityError):
        fails()
    assert Notice.objects.count() == 0


def test_telling_many_costs_what_telling_one_costs(reader: User) -> None:
    many = [make_account(email=f"m{number}@example.cn") for number in range(5)]
    with CaptureQueriesContext(connection) as one:
        told(reader)
    with CaptureQueriesContext(connection) as six:
        told(*many, key="other")
    assert len(one) == len(six) == 1


# --- Sending ---------------------------------------------------------------------------------


def test_a_mail_goes_out_with_its_words_its_link_and_a_receipt(reader: User) -> None:
    told(reader)
    assert outbox.deliver(now=later(seconds=1)).sent == 1
    (letter,) = mail.outbox
    assert letter.subject == "7月7日是固定组织生活日"
    assert letter.to == ["reader@example.cn"]
    assert "第一党支部：7月7日（星期二）是固定组织生活日。" in letter.body
    assert "http://127.0.0.1:8000/calendar/" in letter.body
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.SENT
    assert delivery.receipt == letter.extra_headers["Message-ID"]
    assert outbox.deliver(now=later(days=1)).taken == 0


def test_the_message_id_follows_from_the_key(reader: User) -> None:
    told(reader)
    outbox.deliver(now=later(seconds=1))
    Delivery.objects.update(state=DeliveryState.WAITING, next_try_at=NOW)
    outbox.deliver(now=later(seconds=2))
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_dead_mail_server_loses_nothing_and_is_tried_ever_more_rarely(
    reader: User, by: Callable[[Sending], None]
) -> None:
    def dead(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        raise ChannelDown("connection refused")
        yield

    told(reader)
    by(dead)
    waits, now = [], later(seconds=1)
    for _ in range(9):
        assert outbox.deliver(now=now).waiting == 1
        delivery = Delivery.objects.get()
        assert delivery.state == DeliveryState.WAITING
        assert delivery.error == "connection refused"
        waits.append((delivery.next_try_at - now).total_seconds())
        assert outbox.deliver(now=delivery.next_try_at - timedelta(seconds=1)).taken == 0
        now = delivery.next_try_at
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    by(channels.send_email)
    assert outbox.deliver(now=now).sent == 1


def test_a_refused_address_is_given_up_and_the_others_go_out(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(reader, make_account(email="gone@example.cn"))
    send = mail.EmailMessage.send

    def picky(letter: mail.EmailMessage, *args: object) -> int:
        if letter.to == ["gone@example.cn"]:
            raise SMTPRecipientsRefused({"gone@example.cn": (550, b"no such user")})
        return send(letter)

    monkeypatch.setattr(channels.EmailMessage, "send", picky)
    result = outbox.deliver(now=later(seconds=1))
    assert (result.sent, result.refused) == (1, 1)
    assert Delivery.objects.get(address="gone@example.cn").state == DeliveryState.FAILED


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({"reader@example.cn": (451, b"later")}),
        SMTPServerDisconnected("gone"),
        TimeoutError(),
    ],
)
def test_a_passing_fault_waits(
    reader: User, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(letter: mail.EmailMessage, *args: object) -> int:
        raise error

    told(reader)
    monkeypatch.setattr(channels.EmailMessage, "send", failing)
    assert outbox.deliver(now=later(seconds=1)).waiting == 1
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_a_sender_that_dies_gives_its_mail_back_after_two_minutes(
    reader: User, by: Callable[[Sending], None]
) -> None:
    class Killed(BaseException):
        pass

    def dying(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        raise Killed
        yield

    told(reader)
    by(dying)
    with pytest.raises(Killed):
        outbox.deliver(now=later(seconds=1))
    assert Delivery.objects.get().state == DeliveryState.SENDING
    by(channels.send_email)
    assert outbox.deliver(now=later(seconds=100)).taken == 0
    assert outbox.deliver(now=later(seconds=122)).sent == 1
    assert len(mail.outbox) == 1


def test_a_sender_that_dies_in_the_middle_keeps_what_it_signed_off(
    reader: User, by: Callable[[Sending], None]
) -> None:
    class Killed(BaseException):
        pass

    def dying(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        for number, outcome in enumerate(channels.send_email(parcels)):
            if number == 2:
                raise Killed
            yield outcome

    told(*(make_account(email=f"m{number}@example.cn") for number in range(5)))
    by(dying)
    with pytest.raises(Killed):
        outbox.deliver(now=later(seconds=1))
    by(channels.send_email)
    assert outbox.deliver(now=later(minutes=3)).sent == 3
    ids = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    # The third was sent just before the crash and is sent again, under the same name.
    assert (len(ids), len(set(ids))) == (6, 5)


def test_a_late_sender_signs_off_nothing_that_another_has_taken(
    reader: User, by: Callable[[Sending], None]
) -> None:
    def slow(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        # Meanwhile the lease ran out and another sender took it.
        Delivery.objects.update(attempts=2)
        yield Outcome(parcels[0].delivery_id, error="too late", final=True)

    told(reader)
    by(slow)
    outbox.deliver(now=later(seconds=1))
    assert Delivery.objects.get().state == DeliveryState.SENDING


@pytest.mark.django_db(transaction=True)
def test_many_senders_at_once_send_each_mail_once(by: Callable[[Sending], None]) -> None:
    taken: list[int] = []

    def counting(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
        for parcel in parcels:
            taken.append(parcel.delivery_id)
            yield Outcome(parcel.delivery_id, receipt="ok")

    by(counting)
    told(*(make_account(email=f"m{number}@example.cn") for number in range(120)))
    now, gate = later(seconds=1), Barrier(4)

    def run() -> None:
        try:
            gate.wait()
            outbox.deliver(now=now)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outbox.deliver(now=now)
    assert sorted(taken) == sorted(Delivery.objects.values_list("pk", flat=True))
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 120


def test_the_tasks_of_the_minute_run(reader: User) -> None:
    told(reader)
    Delivery.objects.update(next_try_at=NOW)
    assert tasks.deliver() == 1
    assert tasks.sweep_jobs() == 0
