"""What 学习计划 and 党课 ask of somebody, for the first page."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from meetings.enums import COUNTING
from meetings.enums.lectures import BookingState
from meetings.models import (
    Booking,
    StudyItem,
    StudyMark,
    StudyPlan,
    StudyText,
)

# A lecture is announced so many days before.
SOON = timedelta(days=14)
_MOST = 5


def study_asked(scope: Scope, on: date) -> list[Ask]:
    """Texts to be studied, plans to be made, lectures that come; a constant number of queries."""
    return [*_study(scope, on), *_lectures(scope, on)]


def _study(scope: Scope, on: date) -> list[Ask]:
    """A secretary: texts of the running phase and of past ones, and a plan that is not made."""
    branches = scope.units_as(Role.SECRETARY)
    if not branches:
        return []
    url = reverse("meetings:study")
    studied = StudyMark.unscoped.filter(item=OuterRef("pk"), meeting__status__in=COUNTING)
    items = StudyItem.objects.within(*branches).filter(plan__year=on.year).standing()
    left = items.filter(~Exists(studied), phase__starts_on__lte=on).order_by("phase__starts_on")
    now: dict[tuple[str, date], int] = {}
    late = 0
    for name, until in left.values_list("phase__name", "phase__ends_on"):
        if until < on:
            late += 1
        else:
            now[name, until] = now.get((name, until), 0) + 1
    found = [
        Ask(f"{name}的学习内容还没有学", url, until=until, count=count, icon="books")
        for (name, until), count in now.items()
    ]
    if late:
        found.append(Ask("学习计划里有逾期未学的", url, note="补学后记在会议里", count=late,
                         icon="books"))  # fmt: skip
    plans = StudyPlan.unscoped.filter(unit=OuterRef("pk"), year=on.year)
    listed = StudyText.unscoped.filter(unit=OuterRef("district"), year=on.year, is_active=True)
    rows = Unit.objects.within(*branches).branches().standing(on=on)
    bare = rows.filter(~Exists(plans), Exists(listed)).count()
    if bare:
        note = "区里的清单已下发，一键生成"
        found.append(Ask("制定今年的学习计划", url, note=note, count=bare, icon="books"))
    return found


def _lectures(scope: Scope, on: date) -> list[Ask]:
    """A secretary: lectures that come soon or want their record. Staff: wishes that wait."""
    found: list[Ask] = []
    branches = scope.units_as(Role.SECRETARY)
    if branches:
        end = timezone.make_aware(datetime.combine(on + SOON, time.max))
        rows = Booking.objects.within(*branches).filter(
            state=BookingState.SCHEDULED, starts_at__lte=end, meeting=None
        )
        for booking in rows.select_related("course").order_by("starts_at")[:_MOST]:
            found.append(_soon(booking, on))
    staffed = scope.units_as(*STAFF)
    if staffed:
        wishes = Booking.objects.within(*staffed).filter(state=BookingState.REQUESTED)
        offered = [unit.pk for unit in staffed]
        count = wishes.filter(course__unit__in=offered).count() if offered else 0
        if count:
            url = reverse("meetings:lecture_schedule")
            found.append(Ask("支部点的党课等待安排", url, count=count, icon="school"))
    return found


def _soon(booking: Booking, on: date) -> Ask:
    assert booking.starts_at is not None
    start = timezone.localtime(booking.starts_at)
    url = reverse("meetings:lecture_bookings")
    when = f"{start.month}月{start.day}日{start:%H:%M} {booking.place}"
    if start.date() < on:
        return Ask(f"记录党课：{booking.course.title}", url, note=f"{when}已讲", icon="school")
    title = f"党课：{booking.course.title}"
    return Ask(title, url, note=when, until=start.date(), icon="school")
