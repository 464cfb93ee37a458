"""What the fixed day asks of somebody: hold it, decide on postponements and shares, write it."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from branches.enums import BRANCH_KINDS, Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from core.dates import Period
from core.holidays import calendar_around
from meetings.enums import COUNTING, Kind
from meetings.enums.programme import ProgrammeState, ShareState
from meetings.fixed_days import fixed_days
from meetings.models import Meeting, Programme, Share
from meetings.rules.programme import is_time_to_write
from meetings.waiting import to_decide

# Asked from so many working days before the day on.
SOON = 3
_MOST_OWN = 50


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """All of it; a constant number of questions for each role."""
    return [
        *_to_hold(scope, on),
        *_to_consent(scope),
        *_to_decide(scope, user_id),
        *_to_write(scope, on),
    ]


def _to_hold(scope: Scope, on: date) -> list[Ask]:
    """The secretary's own fixed day within three working days, not recorded yet."""
    roots = scope.units_as(Role.SECRETARY)
    if not roots:
        return []
    month = Period.containing(on, "month")
    calendar, months = calendar_around(on), [month, month.next()]
    last = calendar.add_workdays(on, SOON).day
    units = list(
        Unit.objects.within(*roots)
        .filter(kind__in=BRANCH_KINDS)
        .select_related("district")
        .order_by("path")[:_MOST_OWN]
    )
    days = {
        district.pk: fixed_days(district=district, months=months)
        for district in {unit.district for unit in units if unit.district}
    }
    near = [
        (unit, day)
        for unit in units
        for day in days.get(unit.district_id or 0, ())
        if on <= day.day <= last
    ]
    if not near:
        return []
    done = set(
        Meeting.objects.within(*roots)
        .filter(unit__in=[unit.pk for unit, _ in near], status__in=COUNTING)
        .held_in(months[0].start, months[1].end)
        .of_kind(Kind.FIXED_DAY)
        .values_list("unit_id", "held_on__year", "held_on__month")
    )
    open_ = [
        (unit, day) for unit, day in near if (unit.pk, day.month.year, day.month.number) not in done
    ]
    if not open_:
        return []
    unit, day = open_[0]
    address = reverse("meetings:fixed_day_month", args=[day.month.label])
    note = f"{day.weekday}，打开看本月安排，开后逐项打勾"
    count = len(open_) if len(open_) > 1 else 0
    return [Ask("固定组织生活日", f"{address}?unit={unit.pk}", note, day.day, count, icon="flag")]


def _to_consent(scope: Scope) -> list[Ask]:
    """Examples of the branch that somebody above proposed."""
    rows = Share.objects.within(*scope.units_as(Role.SECRETARY))
    count = rows.filter(state=ShareState.PROPOSED, consented_by=None).count()
    if not count:
        return []
    url = reverse("meetings:fixed_day_desk")
    return [Ask("确认分享本支部的做法", url, "由上级提出", count=count, icon="heart-handshake")]


def _to_decide(scope: Scope, user_id: int) -> list[Ask]:
    """What another proposed below and this user may decide."""
    roots, url = scope.units_as(*STAFF), reverse("meetings:fixed_day_desk")
    if not roots:
        return []
    found, waiting = [], to_decide(roots, user_id=user_id)
    if count := waiting.postponements:
        found.append(Ask("审批组织生活日延期", url, "支部提出", count=count, icon="calendar-event"))
    if count := waiting.shares:
        found.append(Ask("审批支部分享", url, "支部已同意", count=count, icon="heart-handshake"))
    return found


def _to_write(scope: Scope, on: date) -> list[Ask]:
    """The district's programme of the coming month, from the 25th on."""
    roots = [unit for unit in scope.units_as(Role.DISTRICT_STAFF) if unit.kind == UnitKind.DISTRICT]
    if not roots or not is_time_to_write(on):
        return []
    month = Period.containing(on, "month").next()
    published = set(
        Programme.objects.within(*roots)
        .filter(unit__in=[unit.pk for unit in roots], month=month.start)
        .filter(state=ProgrammeState.PUBLISHED)
        .values_list("unit_id", flat=True)
    )
    left = [unit for unit in roots if unit.pk not in published]
    if not left:
        return []
    address = reverse("meetings:programme_edit", args=[month.label])
    return [
        Ask(
            f"发布{month.number}月组织生活日安排",
            f"{address}?unit={left[0].pk}",
            "发布后各支部才看得到",
            Period.containing(on, "month").end,
            icon="flag",
        )
    ]
