"""What people are told: written with the data, delivered after the commit, once.

A notice has a unique key, so that whoever writes it again (a second scheduler, a task run anew,
an hour caught up) writes nothing. The inbox on the page needs no delivery; what leaves the house
has a row per channel, due when its recipient's quiet hours and digest allow, which a sender takes,
sends and signs off. What waits for one person goes as one message. A sender that dies gives its
rows back after two minutes; a mail server that is away only makes them wait (R5, R6, R10, R11).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Case, QuerySet, When
from django.template.loader import render_to_string
from django.utils import timezone
from psycopg2.extras import Json

from core import channels, outbox_sql
from core.channels import ChannelDown, Outcome, Parcel, message_id
from core.enums import Channel, DeliveryState
from core.models import Delivery, Notice
from core.quiet import DEFAULT

log = logging.getLogger(__name__)

# What a sender has taken is his for so long; he stops well before (a mail takes seconds).
LEASE = timedelta(minutes=2)
WORKING_TIME = timedelta(seconds=80)
BATCH = 50
# The wait after the first, second, … failure doubles up to an hour. Nothing is ever given up for
# a server that is away, only for an address that is refused.
_FIRST_WAIT, _LONGEST_WAIT = 60, 3600

# A plan of many short steps takes longer to compile than to run.
_QUICK = "SELECT set_config('jit', 'off', true); "


def fan_out(
    ctes: str,
    parameters: Mapping[str, Any],
    *,
    day: date,
    now: datetime,
    urgent: bool = False,
    groups: bool = False,
) -> int:
    """Tell many people by one statement; the number of notices that were new.

    ``ctes`` is constant SQL, a list of common table expressions that ends with ``wanted`` (see
    ``core.outbox_sql``). Safe to run again, and at the same time as itself. What is ``urgent`` does
    not wait for a digest; quiet hours hold all the same. With ``groups``, ``wanted`` names a
    channel and an address for those rows that have no recipient.
    """
    more = outbox_sql.TO_GROUPS if groups else ""
    (count,) = fan_out_and_answer(
        ctes, parameters, more=more, answer=outbox_sql.COUNT, day=day, now=now, urgent=urgent
    )
    return int(count)


def fan_out_and_answer(
    ctes: str,
    parameters: Mapping[str, Any],
    *,
    more: str,
    answer: str,
    day: date,
    now: datetime,
    urgent: bool = False,
    at_once: bool = False,
) -> tuple[Any, ...]:
    """As :func:`fan_out`, with further CTEs over ``told`` (id, key, recipient_id) and an answer.

    ``more`` and ``answer`` are constant SQL; returned is the row that ``answer`` selects. What is
    told to a group ``at_once`` was asked for by somebody who waits for it.
    """
    local = timezone.localtime(now)
    filled = {
        **parameters,
        "day": day,
        "now": now,
        "channel": Channel.EMAIL.value,
        "urgent": urgent,
        "zone": settings.TIME_ZONE,
        "local": local.replace(tzinfo=None),
        "due": now if at_once else DEFAULT.due(local, urgent=urgent),
    }
    sql = _QUICK + "WITH " + ctes + outbox_sql.FAN_OUT.format(users=_users()) + more + answer
    with connection.cursor() as cursor:
        cursor.execute(sql, filled)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def tell(
    *,
    key: str,
    to: Iterable[int],
    template: str,
    payload: Mapping[str, Any],
    title: str,
    link: str = "",
    day: date | None = None,
    urgent: bool = False,
) -> int:
    """Tell these users one thing, each once per ``key``; the number of notices that were new.

    ``template`` names a text without its ending ``.txt``, rendered with ``payload`` when it is
    shown or sent. Call it in the transaction that writes what is told.
    """
    now = timezone.now()
    return fan_out(
        outbox_sql.NAMED.format(users=_users()),
        {
            "key": key,
            "ids": list(to),
            "template": template,
            "payload": Json(dict(payload)),
            "title": title,
            "link": link,
        },
        day=day or timezone.localdate(now),
        now=now,
        urgent=urgent,
    )


@dataclass(frozen=True)
class GroupNotice:
    """One thing told to one group; ``address`` is what the channel's sender finds its robot by."""

    key: str
    channel: str
    address: str
    template: str
    payload: Mapping[str, Any]
    title: str
    link: str = ""


def tell_groups(
    rows: Sequence[GroupNotice],
    *,
    day: date | None = None,
    now: datetime | None = None,
    at_once: bool = False,
) -> int:
    """Tell groups, each once per key; the number of notices that were new.

    Outside quiet hours, or ``at_once`` when somebody waits to see whether it arrives.
    """
    now = now or timezone.now()
    filled = {
        "keys": [row.key for row in rows],
        "templates": [row.template for row in rows],
        "payloads": [json.dumps(dict(row.payload)) for row in rows],
        "titles": [row.title for row in rows],
        "links": [row.link for row in rows],
        "channels": [row.channel for row in rows],
        "addresses": [row.address for row in rows],
    }
    (count,) = fan_out_and_answer(
        outbox_sql.GROUPS,
        filled,
        more=outbox_sql.TO_GROUPS,
        answer=outbox_sql.COUNT,
        day=day or timezone.localdate(now),
        now=now,
        at_once=at_once,
    )
    return int(count)


def _users() -> str:
    """The table of accounts; this floor does not know the one above by name."""
    return connection.ops.quote_name(get_user_model()._meta.db_table)


def text_of(notice: Notice) -> str:
    """The words of a notice."""
    context = {"title": notice.title, **notice.payload}
    return render_to_string(f"{notice.template}.txt", context).strip()


def inbox(user_id: int) -> QuerySet[Notice]:
    """What one person was told, the unread first, then the newest."""
    return Notice.objects.filter(recipient_id=user_id).order_by(
        Case(When(read_at__isnull=True, then=0), default=1), "-id"
    )


def unread(user_id: int) -> int:
    """How many notices a person has not opened."""
    return Notice.objects.filter(recipient_id=user_id, read_at__isnull=True).count()


def mark_read(*, user_id: int, notice_id: int | None = None) -> int:
    """Note that a person has read one notice, or all of them; the first time counts."""
    rows = Notice.objects.filter(recipient_id=user_id, read_at__isnull=True)
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=timezone.now())


# --- The sender ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What a round of the sender did."""

    sent: int = 0
    waiting: int = 0
    refused: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(
            self.sent + other.sent, self.waiting + other.waiting, self.refused + other.refused
        )

    @property
    def taken(self) -> int:
        """How many deliveries the round had in hand."""
        return self.sent + self.waiting + self.refused


def deliver(*, now: datetime | None = None, limit: int = 500) -> Sent:
    """Send what waits, up to ``limit``, by every channel. Many may do this at once.

    A delivery is at least once to a mail server and once to a mailbox: the Message-ID follows
    from the notice's key, so that what was sent just before a crash is recognised.
    """
    total = Sent()
    for channel in Channel.values:
        while total.taken < limit:
            round_ = _round(channel, now or timezone.now())
            total += round_
            if not round_.sent:
                break
    return total


def _round(channel: str, now: datetime) -> Sent:
    attempts = _claim(channel, now)
    if not attempts:
        return Sent()
    rows = Delivery.objects.filter(pk__in=attempts).select_related("notice").order_by("pk")
    together = _together(rows)
    parcels = [_parcel(group) for group in together.values()]
    started, outcomes = timezone.now(), dict[int, Outcome]()
    try:
        for outcome in channels.sender(channel)(parcels):
            outcomes[outcome.delivery_id] = outcome
            _sign_off(outcome, together[outcome.delivery_id], attempts, now)
            if timezone.now() - started > WORKING_TIME:
                break
        error = ""
    except ChannelDown as down:
        log.warning("channel %s is down: %s", channel, down)
        error = str(down)
    for first, group in together.items():
        if first not in outcomes:
            outcomes[first] = Outcome(first, error=error)
            _sign_off(outcomes[first], group, attempts, now)
    sent = sum(len(together[key]) for key, one in outcomes.items() if one.receipt)
    refused = sum(len(together[key]) for key, one in outcomes.items() if one.final)
    return Sent(sent, len(attempts) - sent - refused, refused)


def _claim(channel: str, now: datetime) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            outbox_sql.CLAIM,
            {
                "sending": DeliveryState.SENDING.value,
                "lease": now + LEASE,
                "now": now,
                "channel": channel,
                "batch": BATCH,
                "round": str(uuid4()),
            },
        )
        return dict(cursor.fetchall())


def _together(rows: Iterable[Delivery]) -> dict[int, list[Delivery]]:
    """What goes to one recipient as one message, by the first of its deliveries.

    The round is kept with the row: what was sent together is sent again together.
    """
    groups: dict[Any, list[Delivery]] = {}
    for row in rows:
        groups.setdefault((row.round, row.notice.recipient_id, row.address), []).append(row)
    return {group[0].pk: group for group in groups.values()}


def _parcel(group: Sequence[Delivery]) -> Parcel:
    """One notice as it is; several as a list of titles with their links."""
    notices = [row.notice for row in group]
    keys = "\n".join(notice.key for notice in notices)
    digest = hashlib.sha256(keys.encode()).hexdigest()[:40]
    if len(notices) == 1:
        title = notices[0].title
        text = text_of(notices[0]) + _link(notices[0], "\n\n")
    else:
        title = f"{len(notices)} 条提醒：{notices[0].title}等"
        text = "\n".join(
            f"{number}. {notice.title}{_link(notice, chr(10))}"
            for number, notice in enumerate(notices, start=1)
        )
    return Parcel(
        delivery_id=group[0].pk,
        address=group[0].address,
        title=title,
        text=f"{text}\n\n—— {settings.SITE_NAME}（系统自动发送，请勿回复）",
        message_id=message_id(digest),
    )


def _link(notice: Notice, before: str) -> str:
    return f"{before}打开：{settings.PUBLIC_URL}{notice.link}" if notice.link else ""


def _sign_off(
    outcome: Outcome, group: Sequence[Delivery], attempts: Mapping[int, int], now: datetime
) -> None:
    """Write down what became of a message, unless its lease ran out and somebody else has it."""
    for tries in {attempts[row.pk] for row in group}:
        mine = Delivery.objects.filter(
            pk__in=[row.pk for row in group if attempts[row.pk] == tries],
            state=DeliveryState.SENDING,
            attempts=tries,
        )
        _write_down(outcome, mine, tries, now)


def _write_down(outcome: Outcome, mine: QuerySet[Delivery], attempts: int, now: datetime) -> None:
    if outcome.receipt:
        mine.update(state=DeliveryState.SENT, sent_at=now, receipt=outcome.receipt[:200], error="")
    elif outcome.final:
        mine.update(state=DeliveryState.FAILED, error=outcome.error[:300])
    else:
        wait = min(_FIRST_WAIT * 2 ** min(attempts - 1, 10), _LONGEST_WAIT)
        mine.update(
            state=DeliveryState.WAITING,
            error=outcome.error[:300],
            next_try_at=now + timedelta(seconds=wait),
        )


def retry(*, delivery_ids: Iterable[int]) -> int:
    """Try again what was given up; the number of deliveries that wait again."""
    return Delivery.objects.filter(pk__in=delivery_ids, state=DeliveryState.FAILED).update(
        state=DeliveryState.WAITING, error="", round=None, next_try_at=timezone.now()
    )
