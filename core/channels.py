"""The ways by which a notice leaves the house: one function per channel.

A sender takes parcels one by one from :func:`core.outbox.deliver` and says what became of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from core.enums import Channel


@dataclass(frozen=True)
class Parcel:
    """One notice on its way; ``message_id`` is the same at every attempt."""

    delivery_id: int
    address: str
    title: str
    text: str
    message_id: str


@dataclass(frozen=True)
class Outcome:
    """What became of a parcel: a receipt or an error; ``final`` when trying again is pointless."""

    delivery_id: int
    receipt: str = ""
    error: str = ""
    final: bool = False


class ChannelDown(RuntimeError):
    """The way itself is closed: nothing was sent, everything waits."""


Sender = Callable[[Sequence[Parcel]], Iterator[Outcome]]


def send_email(parcels: Sequence[Parcel]) -> Iterator[Outcome]:
    """电子邮件: one connection for the whole batch.

    Raises:
        ChannelDown: the mail server does not answer.
    """
    way = get_connection()
    try:
        way.open()
    except Exception as error:
        raise ChannelDown(str(error)) from error
    try:
        for parcel in parcels:
            yield _mail(way, parcel)
    finally:
        way.close()


def _mail(way: BaseEmailBackend, parcel: Parcel) -> Outcome:
    message = EmailMessage(
        subject=parcel.title,
        body=parcel.text,
        to=[parcel.address],
        headers={"Message-ID": parcel.message_id, "Auto-Submitted": "auto-generated"},
        connection=way,
    )
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return Outcome(parcel.delivery_id, error=str(error), final=all(c >= 500 for c in codes))
    except SMTPResponseException as error:
        return Outcome(parcel.delivery_id, error=str(error))
    except (OSError, ValueError) as error:
        # A header that cannot be written will never be; a broken line heals.
        final = isinstance(error, ValueError)
        return Outcome(parcel.delivery_id, error=str(error), final=final)
    return Outcome(parcel.delivery_id, receipt=parcel.message_id)


SENDERS: Mapping[str, Sender] = {Channel.EMAIL: send_email}


def sender(channel: str) -> Sender:
    """Who sends by this channel: one of this floor, or what ``OUTBOX_SENDERS`` names."""
    if channel in SENDERS:
        return SENDERS[channel]
    found: Sender = import_string(settings.OUTBOX_SENDERS[channel])
    return found


def message_id(digest: str) -> str:
    """The Message-ID of a notice: a mailbox that gets it twice shows it once."""
    host = settings.PUBLIC_URL.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    return f"<{digest}@{host}>"
