"""What 作用发挥 asks of somebody, for the first page."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.scope import Scope
from core.asks import Ask
from works.agenda import arrivals, pledges_above, pledges_to_do, posts_to_confirm
from works.enums import PledgeState, WorkState
from works.models import Milestone

_MOST = 50
# Pledges and milestones are asked for this long before their last day.
_AHEAD = timedelta(days=14)


def asked(scope: Scope, user_id: int, on: date) -> list[Ask]:
    """Pledges and milestones of a secretary; for staff what waits for them, in one line."""
    asks: list[Ask] = []
    own = scope.units_as(Role.SECRETARY)
    if own:
        asks += [*_pledges(own, on), *_milestones(own, on), *_arrivals(own)]
    if scope.is_staff:
        asks += _above(scope, user_id, on)
    return asks


def _pledges(own: tuple[Unit, ...], on: date) -> list[Ask]:
    rows = [
        row for row in pledges_to_do(own)[:_MOST]
        if row.state == PledgeState.REPORTED or row.due_on <= on + _AHEAD
    ]  # fmt: skip
    return [
        Ask(
            f"{'确认兑现' if row.state == PledgeState.REPORTED else '报告践诺'}：{row.title[:30]}",
            reverse("works:pledge_detail", args=[row.uuid]),
            note=f"{row.unit} · {row.member or '支部的承诺'}",
            until=None if row.state == PledgeState.REPORTED else row.due_on, icon="certificate",
        )
        for row in rows
    ]  # fmt: skip


def _milestones(own: tuple[Unit, ...], on: date) -> list[Ask]:
    rows = Milestone.objects.within(*own).filter(
        done_on=None, project__state=WorkState.UNDERWAY, due_on__lte=on + _AHEAD
    )
    return [
        Ask(f"完成项目节点：{row.title[:30]}",
            reverse("works:project_detail", args=[row.project.uuid]),
            note=f"{row.project.unit} · {row.project}", until=row.due_on, icon="flag")
        for row in rows.select_related("project__unit").order_by("due_on", "pk")[:_MOST]
    ]  # fmt: skip


def _arrivals(own: tuple[Unit, ...]) -> list[Ask]:
    placements, services = arrivals(own)
    count = placements.count() + services.count()
    if not count:
        return []
    return [
        Ask("接收在职党员报到、确认服务", reverse("works:mine"), count=count,
            note="来社区报到的党员", icon="building-community")
    ]  # fmt: skip


def _above(scope: Scope, user_id: int, on: date) -> list[Ask]:
    roots = scope.units_as(*STAFF)
    count = pledges_above(roots).exclude(reported_by=user_id).count()
    count += posts_to_confirm(roots, on=on).exclude(by=user_id).count()
    if not count:
        return []
    return [
        Ask("确认支部承诺和示范岗", reverse("works:queue"), count=count, icon="certificate",
            note="报告的人和确认的人不能是同一位同志")
    ]  # fmt: skip
