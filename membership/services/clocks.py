"""流动和失联: a branch that knows better corrects what the roster's marks began."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from core.errors import Refusal
from membership.enums import ClockKind
from membership.models import Clock
from membership.words import past, text


@transaction.atomic
def set_clock(
    *,
    clock: Clock,
    by: User,
    on: date,
    since: date,
    place: str = "",
    contacted_on: date | None = None,
) -> Clock:
    """Correct since when, where to, and when he was last spoken to or looked for."""
    clock = Clock.unscoped.select_for_update(of=("self",)).get(pk=clock.pk)
    if clock.until is not None:
        raise Refusal("这条已经结束，不用再改。", code="conflict")
    clock.since = past(since, on, "起始日期", field="since")
    clock.place = text(place, "流动去向", field="place", needed=False)
    if contacted_on is not None:
        clock.contacted_on = past(contacted_on, on, "联系日期", field="contacted_on")
    elif clock.kind == ClockKind.FLOATING:
        clock.contacted_on = None
    clock.by = by
    clock.save()
    return clock
