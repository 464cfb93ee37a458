"""送达记录: whether what people and groups were told has arrived, for those who look after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from branches.models import Grant, Robot, Unit
from core.enums import DeliveryState
from core.models import Delivery


@dataclass(frozen=True)
class Line:
    """One delivery as others than its reader see it: what kind of notice, to whom, what became.

    The words of a notice are its reader's alone.
    """

    delivery: Delivery
    what: str
    who: str
    where: str

    @property
    def may_retry(self) -> bool:
        """Only what was given up is tried again by hand."""
        return self.delivery.state == DeliveryState.FAILED


def within(units: Sequence[Unit]) -> QuerySet[Delivery]:
    """Deliveries to people who hold a role below ``units``, and to the robots there."""
    people = Grant.objects.within(*units).values("user_id")
    robots = [str(one) for one in Robot.objects.within(*units).values_list("uuid", flat=True)]
    if not units:
        return Delivery.objects.none()
    return Delivery.objects.filter(
        Q(notice__recipient__in=people) | Q(notice__recipient__isnull=True, address__in=robots)
    )


def chosen(
    rows: QuerySet[Delivery],
    *,
    channel: str = "",
    state: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Delivery]:
    """Narrowed by channel, state and the day of the notice, both days included."""
    asked: dict[str, Any] = {"channel": channel, "state": state}
    asked |= {"notice__day__gte": since, "notice__day__lte": until}
    return rows.filter(**{lookup: value for lookup, value in asked.items() if value})


def lines(rows: Iterable[Delivery], *, units: Sequence[Unit]) -> list[Line]:
    """One page's worth, by two more queries whatever its length."""
    shown = list(rows)
    people = [row.notice.recipient_id for row in shown if row.notice.recipient_id]
    held = (
        Grant.objects.within(*units)
        .filter(user__in=people)
        .select_related("unit", "user")
        .order_by("-pk")
    )
    grants = {grant.user_id: grant for grant in held}
    robots = {
        str(robot.uuid): robot
        for robot in Robot.objects.within(*units).select_related("unit")
        if any(row.address == str(robot.uuid) for row in shown)
    }
    return [_line(row, grants, robots) for row in shown]


def _line(row: Delivery, grants: dict[int, Grant], robots: dict[str, Robot]) -> Line:
    what = settings.NOTICE_NAMES.get(row.notice.template, "消息")
    grant = grants.get(row.notice.recipient_id or 0)
    if grant is not None:
        return Line(row, what, grant.user.name, str(grant.unit))
    robot = robots[row.address]
    return Line(row, what, f"群机器人“{robot.name}”", str(robot.unit))


def latest_of(robots: Iterable[Robot]) -> dict[int, Delivery]:
    """The last delivery of each robot, by its key; one query."""
    keys = {str(robot.uuid): robot.pk for robot in robots}
    rows = (
        Delivery.objects.filter(notice__recipient__isnull=True, address__in=list(keys))
        .select_related("notice")
        .order_by("address", "-pk")
        .distinct("address")
    )
    return {keys[row.address]: row for row in rows}
