"""Events that ask for a 党员大会 (四个必开), and spot checks (不定期调阅)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.models import Unit
from core.errors import Refusal
from meetings.enums import EVENT_CAUSES, Cause, Status
from meetings.models import Event, Meeting, SpotCheck
from meetings.rules import event_window_end


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


@transaction.atomic
def record_spot_check(
    *,
    unit: Unit,
    by: User,
    checked_on: date,
    score: Decimal,
    findings: str = "",
    meeting: Meeting | None = None,
) -> SpotCheck:
    """Note a 调阅 with its score, 0–100, and what was found.

    The same check by the same person sent twice is one.

    Raises:
        Refusal: the score is out of range, or the record is not one that was filed by the unit.
    """
    findings = findings.replace("\x00", "").strip()
    if not unit.is_branch:
        raise Refusal("调阅记在党支部名下，请选择支部。", field="unit")
    if not Decimal(0) <= score <= Decimal(100):
        raise Refusal("得分应在 0 到 100 之间。", field="score")
    if meeting is not None:
        if unit.pk not in (meeting.unit_id, meeting.unit.parent_id):
            raise Refusal("这条记录不属于所选支部。", field="meeting")
        if meeting.status not in (Status.SUBMITTED, Status.ACCEPTED):
            raise Refusal("只调阅已提交或已通过的记录。", field="meeting")
    # Two sendings of one form queue up here, so that the second finds what the first wrote.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=unit.pk)
    same = SpotCheck.unscoped.filter(
        unit=unit, meeting=meeting, checked_on=checked_on, score=score, findings=findings, by=by
    ).first()
    if same is not None:
        return same
    return SpotCheck.unscoped.create(
        unit=unit, meeting=meeting, checked_on=checked_on, score=score, findings=findings, by=by
    )
