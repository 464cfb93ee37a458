"""日程订阅: a unit's days as a calendar file (RFC 5545) that a phone reads by itself.

Nothing personal stands in it: days, kinds of meeting, names of groups. The title that a branch gave
an event stays out, as it may name somebody.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration

from branches.enums import BRANCH_KINDS, DutyKind
from branches.models import Unit
from core.dates import Period, add_months
from meetings.duties import MISSING, Duty, duties
from meetings.enums import Cause, MoveState
from meetings.fixed_days import MonthDay, fixed_days
from meetings.models import FixedDayMove

BACK_MONTHS, AHEAD_MONTHS = 1, 12
# Duties are shown that fall due within so many days; later ones would only crowd the year.
AHEAD_DAYS = 100
_REFRESH = timedelta(hours=12)
_ZONE = "Asia/Shanghai"
_DAY = timedelta(days=1)


def schedule_of(unit: Unit, *, on: date) -> bytes:
    """The file: fixed days of the district; for a branch what it has not met yet, by its due day.

    The same facts give the same bytes, so that a reader who has them is told so.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//zuzhi-desk//schedule//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"组织生活：{unit.short_name or unit.name}")
    calendar.add("x-wr-timezone", _ZONE)
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    calendar.add_component(_zone())
    for event in (*_fixed_days(unit, on), *_duties(unit, on)):
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _zone() -> Timezone:
    """China has had one time, without summer time, since 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", _ZONE)
    standard.add("dtstart", datetime(1991, 9, 15))  # noqa: DTZ001 — local by definition
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _fixed_days(unit: Unit, on: date) -> list[Event]:
    """A moved day keeps its name and gets a higher number, so that phones move it too."""
    district = unit.district or unit
    first = Period.containing(add_months(on.replace(day=1), -BACK_MONTHS), "month")
    months = [first]
    while len(months) <= BACK_MONTHS + AHEAD_MONTHS:
        months.append(months[-1].next())
    decided = FixedDayMove.unscoped.filter(
        unit=district,
        state__in=(MoveState.APPROVED, MoveState.REPLACED),
        month__range=(months[0].start, months[-1].start),
    )
    moves = Counter(decided.values_list("month", flat=True))
    return [
        _fixed_day(district, day, moves[day.month.start])
        for day in fixed_days(district=district, months=months)
    ]


def _fixed_day(district: Unit, day: MonthDay, sequence: int) -> Event:
    words = f"{day.month.name}固定组织生活日。"
    if day.move is not None:
        before = day.computed.day
        words += f"原为{before.month}月{before.day}日，已调整。"
    mark = "（暂算）" if day.provisional else ""
    stamp = day.move.decided_at if day.move is not None and day.move.decided_at else None
    return _event(
        uid=f"fixed-{district.uuid}-{day.month.label}",
        day=day.day,
        summary=f"固定组织生活日{mark}",
        words=words,
        link=f"{reverse('meetings:calendar')}?year={day.day.year}",
        stamp=stamp or datetime.combine(day.month.start, time(), UTC),
        sequence=sequence,
    )


def _duties(unit: Unit, on: date) -> list[Event]:
    if unit.kind not in BRANCH_KINDS:
        return []
    rows = duties(units=[unit], first=on, last=on + timedelta(days=AHEAD_DAYS), on=on)
    owed = [duty for duty in rows if duty.state in MISSING and duty.kind != DutyKind.FIXED_DAY]
    return [_duty(unit, duty) for duty in owed]


def _duty(unit: Unit, duty: Duty) -> Event:
    name = str(duty.kind.label)
    if duty.cause:
        name = f"{Cause(duty.cause).label}党员大会"
    elif duty.group_name:
        name = f"{name}（{duty.group_name}）"
    return _event(
        uid=f"duty-{unit.uuid}-{duty.key}",
        day=duty.due,
        summary=f"截止：{name}",
        words=f"{duty.period_name}的{name}还没有记录，最迟{duty.due.month}月{duty.due.day}日。",
        link=reverse("home"),
        stamp=datetime.combine(duty.first, time(), UTC),
    )


def _event(
    *,
    uid: str,
    day: date,
    summary: str,
    words: str,
    link: str,
    stamp: datetime,
    sequence: int = 0,
) -> Event:
    """An all-day event that keeps nobody busy."""
    host = settings.PUBLIC_URL.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    event = Event()
    event.add("uid", f"{uid}@{host}")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("last-modified", stamp.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("dtstart", day)
    event.add("dtend", day + _DAY)
    event.add("summary", summary)
    event.add("description", words)
    event.add("url", f"{settings.PUBLIC_URL}{link}")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
