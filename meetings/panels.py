"""三会一课 for a branch's own page: the year's plan, this month, the latest records."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.urls import reverse

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from core.dates import Period, add_months
from core.panels import Line, Panel
from meetings.duties import DONE, Duty, duties_of
from meetings.enums import COUNTING, DutyState
from meetings.models import Meeting
from meetings.programmes import branch_day, plan_for
from meetings.studying import plan_of

_LATEST = 5
_TONES = {DutyState.UNMET: ("未完成", "bad"), DutyState.OPEN: ("待开", "wait")}


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """全年学习计划, 本月, 最近的记录; each 党小组's month. A constant number of queries."""
    month = Period.containing(on, "month")
    owed = [
        duty
        for duty in duties_of(
            unit_ids=[unit.pk if not unit.is_group else unit.parent_id or unit.pk],
            first=month.start,
            last=add_months(month.start, 7),
            on=on,
        )
        if duty.first <= month.end and duty.state != DutyState.EXEMPT
    ]
    groups = _groups(owed, unit)
    if unit.kind not in BRANCH_KINDS:
        return groups
    return [_plan(unit, on), _month(unit, owed, month, on), _records(unit), *groups]


def _plan(unit: Unit, on: date) -> Panel:
    found = plan_of(unit, on.year, on=on)
    lines = tuple(
        Line(
            phase.phase.name,
            f"{phase.phase.starts_on:%Y-%m-%d} 至 {phase.phase.ends_on:%Y-%m-%d}",
            badge=f"{phase.progress.done} / {phase.progress.total} 篇",
            tone="wait" if phase.is_running else "exempt",
        )
        for phase in found.phases
        if phase.lines
    )
    return Panel(
        key="plan",
        title=f"{on.year}年学习计划",
        icon="books",
        lines=lines,
        note=f"已学 {found.progress.done} / {found.progress.total} 篇"
        if found.plan
        else "还没有制定",
        empty="区里的学习清单发下来以后，照着制定计划。",
        more=reverse("meetings:study"),
        public=tuple(Line(line.text, line.note) for line in lines),
    )


def _month(unit: Unit, owed: list[Duty], month: Period, on: date) -> Panel:
    day = branch_day(unit, month, on=on).day
    theme = plan_for(unit, month).theme
    fixed = Line(
        f"固定组织生活日　{day.month}月{day.day}日",
        theme,
        reverse("meetings:fixed_day"),
    )
    rest = [duty for duty in owed if duty.group_id is None and duty.fixed_day is None]
    # What a 四个必开 is about may name somebody: it stays inside.
    shown = [_duty(duty) for duty in rest if not duty.cause]
    public = (Line(fixed.text, theme), *(Line(line.text, line.note) for line in shown))
    return Panel(
        key="month",
        title=f"{on.month}月安排",
        icon="calendar",
        lines=(fixed, *(_duty(duty) for duty in rest)),
        more=reverse("meetings:calendar"),
        public=public,
    )


def _duty(duty: Duty) -> Line:
    if duty.state in DONE and duty.held_on is not None and duty.record_uuid is not None:
        url = reverse("meetings:meeting_detail", args=[duty.record_uuid])
        held = f"{duty.held_on.month}月{duty.held_on.day}日召开"
        return Line(duty.kind_label, held, url, badge="已开", tone="ok")
    word, tone = _TONES.get(duty.state, ("待开", "wait"))
    return Line(
        duty.kind_label, f"{duty.due.month}月{duty.due.day}日前", badge=word, tone=tone
    )  # fmt: skip


def _records(unit: Unit) -> Panel:
    rows = Meeting.objects.within(unit).filter(unit=unit, status__in=COUNTING)
    return Panel(
        key="records",
        title="最近的记录",
        icon="notebook",
        lines=tuple(
            Line(
                record.topic or record.kinds_label,
                f"{record.held_on:%Y-%m-%d} {record.kinds_label}",
                reverse("meetings:meeting_detail", args=[record.uuid]),
            )
            for record in rows.order_by("-held_on", "-pk")[:_LATEST]
        ),
        empty="还没有提交的记录。",
        more=f"{reverse('meetings:meeting_list')}?unit={unit.code}",
    )


def _groups(owed: list[Duty], unit: Unit) -> list[Panel]:
    """The month of each 党小组, from what the branch owes for it."""
    by_group: dict[int, list[Line]] = defaultdict(list)
    names: dict[int, str] = {}
    for duty in owed:
        if duty.group_id is not None and (not unit.is_group or duty.group_id == unit.pk):
            by_group[duty.group_id].append(_duty(duty))
            names[duty.group_id] = duty.group_name
    return [
        Panel("group_month", names[pk], "calendar", tuple(lines), group_id=pk)
        for pk, lines in by_group.items()
    ]
