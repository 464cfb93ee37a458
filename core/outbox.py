"""What people are told: written with the data, delivered after the commit, once.

A notice has a unique key, so that whoever writes it again (a second scheduler, a task run anew,
an hour caught up) writes nothing. The inbox on the page needs no delivery; what leaves the house
has a row per channel, which a sender takes, sends and signs off. A sender that dies gives its rows
back after two minutes; a mail server that is away only makes them wait (R5, R6, R10, R11).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Case, QuerySet, When
from django.template.loader import render_to_string
from django.utils import timezone
from psycopg2.extras import Json

from core import channels
from core.channels import ChannelDown, Outcome, Parcel, message_id
from core.enums import Channel, DeliveryState
from core.models import Delivery, Notice

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

# The caller's text ends with a CTE ``wanted`` (key, recipient_id, template, payload, title, link);
# who has no mail address is told in the inbox alone. The anti-join keeps a repeated run from
# trying a million inserts that all conflict (5 s against 19 s); ON CONFLICT settles a race.
_FAN_OUT = """
, told AS (
    INSERT INTO core_notice (key, recipient_id, template, payload, title, link, day, created_at)
    SELECT w.key, w.recipient_id, w.template, w.payload, w.title, w.link, %(day)s, %(now)s
    FROM wanted w
    WHERE NOT EXISTS (SELECT 1 FROM core_notice n WHERE n.key = w.key)
    ON CONFLICT (key) DO NOTHING
    RETURNING id, recipient_id
), posted AS (
    INSERT INTO core_delivery (notice_id, channel, address, next_try_at)
    SELECT told.id, %(channel)s, u.email, %(now)s
    FROM told JOIN {users} u ON u.id = told.recipient_id
    WHERE u.email <> ''
)
SELECT count(*) FROM told
"""

_NAMED = """
wanted AS (
    SELECT %(key)s || ':' || t.id AS key, t.id AS recipient_id, %(template)s AS template,
           %(payload)s::jsonb AS payload, %(title)s AS title, %(link)s AS link
    FROM {users} t
    WHERE t.id = ANY(%(ids)s::bigint[]) AND t.is_active
)
"""


def fan_out(ctes: str, parameters: Mapping[str, Any], *, day: date, now: datetime) -> int:
    """Tell many people by one statement; the number of notices that were new.

    ``ctes`` is constant SQL, a list of common table expressions that ends with ``wanted`` (see
    above). Safe to run again, and at the same time as itself.
    """
    filled = {**parameters, "day": day, "now": now, "channel": Channel.EMAIL.value}
    with connection.cursor() as cursor:
        cursor.execute(_QUICK + "WITH " + ctes + _FAN_OUT.format(users=_users()), filled)
        return int(cursor.fetchone()[0])


def tell(
    *,
    key: str,
    to: Iterable[int],
    template: str,
    payload: Mapping[str, Any],
    title: str,
    link: str = "",
    day: date | None = None,
) -> int:
    """Tell these users one thing, each once per ``key``; the number of notices that were new.

    ``template`` names a text without its ending ``.txt``, rendered with ``payload`` when it is
    shown or sent. Call it in the transaction that writes what is told.
    """
    now = timezone.now()
    return fan_out(
        _NAMED.format(users=_users()),
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
    )


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

# Committed before anything is sent: a row is in one sender's hands, or its lease has run out.
_CLAIM = """
UPDATE core_delivery d
SET state = %(sending)s, attempts = d.attempts + 1, next_try_at = %(lease)s
WHERE d.id IN (
    SELECT id FROM core_delivery
    WHERE state IN ('waiting', 'sending') AND next_try_at <= %(now)s AND channel = %(channel)s
    ORDER BY next_try_at, id
    LIMIT %(batch)s
    FOR UPDATE SKIP LOCKED
)
RETURNING d.id, d.attempts
"""


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
    parcels = [_parcel(row) for row in rows]
    started, outcomes = timezone.now(), dict[int, Outcome]()
    try:
        for outcome in channels.SENDERS[channel](parcels):
            outcomes[outcome.delivery_id] = outcome
            _sign_off(outcome, attempts[outcome.delivery_id], now)
            if timezone.now() - started > WORKING_TIME:
                break
        error = ""
    except ChannelDown as down:
        log.warning("channel %s is down: %s", channel, down)
        error = str(down)
    for parcel in parcels:
        if parcel.delivery_id not in outcomes:
            left = Outcome(parcel.delivery_id, error=error)
            outcomes[parcel.delivery_id] = left
            _sign_off(left, attempts[parcel.delivery_id], now)
    sent = sum(bool(one.receipt) for one in outcomes.values())
    refused = sum(one.final for one in outcomes.values())
    return Sent(sent, len(outcomes) - sent - refused, refused)


def _claim(channel: str, now: datetime) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "sending": DeliveryState.SENDING.value,
                "lease": now + LEASE,
                "now": now,
                "channel": channel,
                "batch": BATCH,
            },
        )
        return dict(cursor.fetchall())


def _parcel(row: Delivery) -> Parcel:
    notice = row.notice
    digest = hashlib.sha256(notice.key.encode()).hexdigest()[:40]
    link = notice.link and f"\n\n打开：{settings.PUBLIC_URL}{notice.link}"
    return Parcel(
        delivery_id=row.pk,
        address=row.address,
        title=notice.title,
        text=f"{text_of(notice)}{link}\n\n—— {settings.SITE_NAME}（系统自动发送，请勿回复）",
        message_id=message_id(digest),
    )


def _sign_off(outcome: Outcome, attempts: int, now: datetime) -> None:
    """Write down what became of a parcel, unless its lease ran out and somebody else has it."""
    mine = Delivery.objects.filter(
        pk=outcome.delivery_id, state=DeliveryState.SENDING, attempts=attempts
    )
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
