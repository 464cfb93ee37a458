"""What the tasks do: remind those who owe, tell those who look after them.

The hourly question is put to the database, not to the clock: what is owed now and not yet told?
A missed hour, a lost schedule, two schedulers or a killed worker change nothing (R10, R11).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from branches.enums import DutyKind, RobotTopic, Role
from branches.services import listening
from core.dates import Calendar, Period, fixed_day
from core.outbox import GroupNotice, fan_out, tell_groups
from meetings.duties import MISSING
from meetings.duty_sql import KIND_NUMBER, parameters, slots_due
from meetings.enums import Cause, MoveState
from meetings.fixed_days import WEEKDAYS
from meetings.ground import ground_around
from meetings.models import FixedDayMove
from meetings.reminder_sql import BEHIND, FIXED_DAY, MONTH_END, MUST_HOLD
from meetings.reminding import (
    Days,
    fixed_days_past,
    fixed_days_soon,
    month_ending,
    windows_closing,
)
from meetings.rules import Rulebook, Slot
from meetings.sweeps import Sweeps

_LOCK = 7304
# So many branches are named to a group; the rest is a number, and the list a link.
_NAMED = 20


@dataclass(frozen=True)
class _Moment:
    """The hour that is asked about."""

    now: datetime
    on: date
    calendar: Calendar
    book: Rulebook
    sweeps: Sweeps


def owed(now: datetime) -> dict[str, int]:
    """Write every reminder that is owed at this moment and not yet told.

    Returns how many were new, by the reminder's name. Each reminder is one statement, whole or
    not at all; a second run adds nothing, and on the same day looks only at what has changed
    since. Where another scheduler is at it already, it is left to do it.
    """
    on = timezone.localdate(now)
    told: dict[str, int] = {}
    with _alone() as mine:
        if not mine:
            return told
        at = _Moment(now, on, *ground_around(on), Sweeps.read())
        today, soon = Days(on, on), fixed_days_soon(on, calendar=at.calendar)
        past = fixed_days_past(on)
        days = _fixed_days_around(at)
        if soon and soon.hold(days):
            told["fixed_day_soon"] = _fixed_day(at, "fixed_day_soon", soon, "是固定组织生活日")
        if today.hold(days):
            told["fixed_day_today"] = _fixed_day(
                at, "fixed_day_today", today, "固定组织生活日：就是今天"
            )
        if today.hold(days) or (soon and soon.hold(days)):
            told["group_fixed_day"] = _group_fixed_day(at, soon)
        if past.hold(days):
            told["fixed_day_after"] = _fixed_day(
                at, "fixed_day_after", past, "的固定组织生活日还没有记录"
            )
            told["fixed_day_behind"] = _fixed_day_behind(at, past)
        told["must_hold"] = _must_hold(at)
        month = month_ending(on)
        if month:
            told["month_end"] = _month_end(at, month)
            told["month_end_behind"] = _month_end_behind(at, month)
        at.sweeps.prune(on)
    return told


@contextmanager
def _alone() -> Iterator[bool]:
    """A session lock: gone with the scheduler that held it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        (mine,) = cursor.fetchone()
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _fixed_days_around(at: _Moment) -> set[date]:
    """Every day that is the fixed day of some district in last, this or next month."""
    month = Period.containing(at.on, "month")
    months = (month.previous(), month, month.next())
    moved = FixedDayMove.objects.everywhere("the scheduler reminds all districts").filter(
        state=MoveState.APPROVED, month__in=[one.start for one in months]
    )
    computed = {fixed_day(one.year, one.number, holidays=at.calendar).day for one in months}
    return computed | set(moved.values_list("day", flat=True))


def _fixed_day(at: _Moment, name: str, days: Days, title: str) -> int:
    """固定组织生活日: before it, on it, and after it to those without a record."""
    return _send(
        FIXED_DAY,
        at,
        name,
        _slots_around(at, days),
        title=title,
        link=reverse("home"),
        day_first=days.first,
        day_last=days.last,
    )


def _group_fixed_day(at: _Moment, soon: Days | None) -> int:
    """To groups, before it and on it: that the fixed day of their district comes, or is today."""
    robots = listening(RobotTopic.FIXED_DAY)
    if not robots:
        return 0
    month = Period.containing(at.on, "month")
    months = (month, month.next())
    moved = FixedDayMove.objects.everywhere("the scheduler reminds all districts").filter(
        state=MoveState.APPROVED, month__in=[one.start for one in months]
    )
    days = {(row.unit_id, row.month): row.day for row in moved}
    computed = {one.start: fixed_day(one.year, one.number, holidays=at.calendar) for one in months}
    rows = []
    for robot in robots:
        for first, usual in computed.items():
            day = days.get((robot.unit.district_id or robot.unit_id, first), usual.day)
            if day == at.on or (soon and soon.hold([day])):
                name = f"{day.month}月{day.day}日"
                word = "就是今天" if day == at.on else f"{name}（星期{WEEKDAYS[day.weekday()]}）"
                rows.append(
                    GroupNotice(
                        key=f"group_fixed_day:robot{robot.pk}:{day}:{day == at.on}",
                        channel=robot.kind,
                        address=str(robot.uuid),
                        template="meetings/notices/group_fixed_day",
                        payload={"unit": robot.unit.name, "word": word},
                        title=f"固定组织生活日：{word}",
                        link=f"{reverse('meetings:calendar')}?year={day.year}",
                    )
                )
    return tell_groups(rows, day=at.on, now=at.now)


def _fixed_day_behind(at: _Moment, days: Days) -> int:
    """To committees, the day after: how many of theirs have no record of it."""
    return _send(
        BEHIND,
        at,
        "fixed_day_behind",
        _slots_around(at, days),
        groups=True,
        title="固定组织生活日未记录：",
        link=reverse("meetings:behind"),
        link_more=f"&kind={DutyKind.FIXED_DAY}",
        day_first=days.first,
        day_last=days.last,
        month="",
        month_name="",
    )


def _month_end(at: _Moment, month: Period) -> int:
    """To secretaries and group leaders: what this month's end will miss, by name."""
    slots = _slots_ending(at, month)
    return _send(
        MONTH_END,
        at,
        "month_end",
        slots,
        link=reverse("home"),
        month=month.label,
        month_name=month.name,
        due_name=f"{month.end.month}月{month.end.day}日",
        n_number=[KIND_NUMBER[slot.kind] for slot in slots],
        n_cause=[str(slot.cause) for slot in slots],
        n_label=[slot.label for slot in slots],
        n_name=[_name(slot) for slot in slots],
    )


def _month_end_behind(at: _Moment, month: Period) -> int:
    """To committees, at the month's end: how many of theirs still miss something."""
    return _send(
        BEHIND,
        at,
        "month_end_behind",
        _slots_ending(at, month),
        groups=True,
        title="还有未完成事项：",
        link=reverse("meetings:behind"),
        link_more="",
        day_first=month.start,
        day_last=month.end,
        month=month.label,
        month_name=month.name,
    )


def _must_hold(at: _Moment) -> int:
    """四个必开: a window that closes within a week. The year's end is told at the month's end."""
    days = windows_closing(at.on)
    slots = [
        slot
        for slot in slots_due(first=days.first, last=days.last, calendar=at.calendar, book=at.book)
        if slot.cause != Cause.YEAR_END
    ]
    return _send(
        MUST_HOLD,
        at,
        "must_hold",
        slots,
        kinds=[DutyKind.MUST_HOLD],
        first=days.first,
        last=days.last,
        link=reverse("home"),
        c_cause=[cause.value for cause in Cause],
        c_name=[cause.label for cause in Cause],
    )


def _send(
    sql: str,
    at: _Moment,
    name: str,
    slots: list[Slot],
    *,
    kinds: list[DutyKind] | None = None,
    first: date | None = None,
    last: date | None = None,
    groups: bool = False,
    **more: Any,
) -> int:
    filled = parameters(
        slots=slots, first=first or at.on, last=last or at.on, on=at.on, kinds=kinds, book=at.book
    )
    filled |= {
        "with_events": kinds is not None,
        "name": name,
        "template": f"meetings/notices/{name}",
        "missing": [state.value for state in MISSING],
        # Without a duty of the calendar only the branches with an event are asked.
        "all_units": bool(slots),
        "secretary": Role.SECRETARY.value,
        "group_leader": Role.GROUP_LEADER.value,
        "committee_staff": Role.COMMITTEE_STAFF.value,
        "topic_behind": RobotTopic.BEHIND.value,
        "most_names": _NAMED,
        **more,
    }
    question = at.sweeps.question(sql, filled)
    if question is None:
        return 0
    return fan_out(
        sql,
        filled | question,
        day=at.on,
        now=at.now,
        urgent=name == "fixed_day_today",
        groups=groups,
    )


def _slots_around(at: _Moment, days: Days) -> list[Slot]:
    """The fixed-day duties of the months that these days touch."""
    first = Period.containing(days.first, "month")
    last = Period.containing(days.last, "month")
    slots = slots_due(first=first.end, last=last.end, calendar=at.calendar, book=at.book)
    return [slot for slot in slots if slot.kind == DutyKind.FIXED_DAY]


def _slots_ending(at: _Moment, month: Period) -> list[Slot]:
    """The duties due on the month's last day."""
    return slots_due(first=month.end, last=month.end, calendar=at.calendar, book=at.book)


def _name(slot: Slot) -> str:
    """A duty by its name; one longer than a month with its period."""
    if slot.cause:
        return f"{Cause(slot.cause).label}党员大会"
    period = Period.parse(slot.label)
    return str(slot.kind.label) if period.kind == "month" else f"{slot.kind.label}（{period.name}）"
