"""Events that ask for a 党员大会 (四个必开)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.enums import EVENT_CAUSES, Cause
from branches.models import Event, Unit
from branches.rules import event_window_end
from core.errors import Refusal


@transaction.atomic
def register_event(*, unit: Unit, by: User | None, cause: str, day: date, title: str) -> Event:
    """Register a 重大决策 or a 预审; it opens a duty until the window's last day (scoring.md).

    The same event again is the event that is there.

    Raises:
        Refusal: not a branch, no title, or a cause that the calendar brings by itself.
    """
    title = title.replace("\x00", "").strip()
    if not unit.is_branch:
        raise Refusal("四个必开的事项登记在党支部名下，请选择支部。", field="unit")
    if cause not in EVENT_CAUSES:
        raise Refusal("只登记重大决策和发展党员；建党日和年底由系统按日历提出。", field="cause")
    if not title:
        raise Refusal("请写明事项，例如“讨论年度预算”。", field="title")
    if len(title) > 200:
        raise Refusal("事项请控制在 200 字以内。", field="title")
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise Refusal("请核对日期的年份。", field="day")
    known = Event.unscoped.filter(unit=unit, cause=cause, day=day, title=title, is_withdrawn=False)
    fresh = Event(
        unit=unit, cause=Cause(cause), day=day, title=title, by=by,
        window_end=event_window_end(cause, day),
    )  # fmt: skip
    found = known.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError:
        return known.get()
    return fresh


@transaction.atomic
def withdraw_event(*, event: Event, by: User) -> Event:
    """Take an event back that was registered by mistake; its duty is gone with it."""
    found: Event = Event.unscoped.select_for_update().get(pk=event.pk)
    if not found.is_withdrawn:
        found.is_withdrawn = True
        found.save()
    return found
