"""日程订阅: an address made, read, and taken back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from branches.scope import scope_of
from core.errors import Refusal
from meetings import permissions
from meetings.models import CalendarFeed

# That an address was read is noted this often at most.
_NOTED = timedelta(hours=1)


class OpenedFeed(NamedTuple):
    """A subscription with its token, which is shown once and kept nowhere."""

    feed: CalendarFeed
    token: str


@transaction.atomic
def open_feed(*, unit: Unit, by: User) -> OpenedFeed:
    """Make an address for a unit's days; the one that the same person had for it ends.

    Raises:
        Refusal: a 党小组, which has no days of its own.
    """
    if unit.is_group:
        raise Refusal("日程按党支部订阅，请选择党支部。", field="unit")
    # Two presses queue up here, so that one address is left.
    User.objects.select_for_update().get(pk=by.pk)
    now = timezone.now()
    CalendarFeed.unscoped.filter(unit=unit, created_by=by, revoked_at__isnull=True).update(
        revoked_at=now, revoked_by=by
    )
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.unscoped.create(unit=unit, created_by=by, token_hash=_hash(token))
    return OpenedFeed(feed, token)


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: User) -> CalendarFeed:
    """End an address at once; it stays ended."""
    row: CalendarFeed = CalendarFeed.unscoped.select_for_update().get(pk=feed.pk)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = timezone.now(), by
        row.save(update_fields=["revoked_at", "revoked_by"])
    return row


def feed_by(token: str) -> CalendarFeed | None:
    """The subscription that this token opens now; None for all others alike.

    Its maker must still be there and look after the unit (S13).
    """
    rows = CalendarFeed.objects.everywhere("who asks has shown the token")
    feed = (
        rows.filter(token_hash=_hash(token), revoked_at__isnull=True)
        .select_related("unit", "unit__district", "created_by")
        .first()
    )
    if feed is None:
        return None
    scope = scope_of(feed.created_by, on=timezone.localdate())
    return feed if permissions.may_subscribe(scope, feed.unit.path) else None


def note_read(feed: CalendarFeed) -> None:
    """Note that an address was read, once an hour: its maker sees whether a phone still asks."""
    now = timezone.now()
    CalendarFeed.unscoped.filter(
        Q(read_at__isnull=True) | Q(read_at__lt=now - _NOTED), pk=feed.pk
    ).update(read_at=now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
