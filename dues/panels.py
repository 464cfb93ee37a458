"""党费 of the month for a branch's own page: how many, never who."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from core.panels import Line, Panel
from dues.models import Due
from dues.permissions import may_read_money, may_see_members


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """How many owe this month and how many have paid; one query."""
    if unit.kind not in BRANCH_KINDS or not may_read_money(scope, unit.path):
        return []
    month = on.replace(day=1)
    figures = Due.objects.within(unit).filter(unit=unit, month=month).total()
    sees = may_see_members(scope, unit.path)
    more = f"{reverse('dues:branch', args=[unit.code])}?month={month:%Y-%m}" if sees else ""
    due, paid, unset = figures["due"], figures["paid"], figures["unset"]
    line = Line(
        f"应交 {due} 人，已交 {paid} 人",
        f"{unset} 人还没有核定" if unset else "",
        badge="已交齐" if paid == due else f"还有 {due - paid} 人",
        tone="ok" if paid == due else "wait",
    )
    return [
        Panel(
            key="dues",
            title=f"{on.month}月党费",
            icon="coin",
            lines=(line,) if due else (),
            empty="这个月的党费还没有列出。",
            more=more,
            public=(Line(line.text),) if due else (),
        )
    ]
