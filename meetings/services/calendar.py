"""固定组织生活日的调整: proposed by one, decided by another, told to everybody concerned."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.enums import RobotTopic, UnitKind
from branches.models import Unit
from branches.querysets import minimal_prefixes
from branches.services import announce
from core.dates import Period
from core.errors import Refusal
from core.outbox import fan_out
from meetings.enums import MoveState
from meetings.fixed_days import WEEKDAYS, fixed_days
from meetings.models import FixedDayMove

# Everybody who holds a role in the district is concerned; the deciders alone when it is proposed.
_EVERYBODY = """
wanted AS (
    SELECT DISTINCT %(key)s || ':' || a.id AS key, a.id AS recipient_id,
           %(template)s AS template,
           jsonb_build_object(
               'month', %(month)s, 'day', %(day_name)s, 'weekday', %(weekday)s,
               'before', %(before)s, 'reason', %(reason)s, 'who', %(who)s
           ) AS payload,
           %(title)s AS title, %(link)s AS link
    FROM branches_unit u
    JOIN branches_grant g ON g.unit_id = u.id
    JOIN accounts_user a ON a.id = g.user_id
    WHERE u.path >= %(low)s AND u.path < %(high)s AND a.is_active AND a.id <> %(by)s
      AND g.since <= %(on)s AND (g.until IS NULL OR g.until >= %(on)s)
      AND (%(role)s = '' OR g.role = %(role)s)
)
"""


@transaction.atomic
def propose_move(*, district: Unit, day: date, reason: str, by: User, on: date) -> FixedDayMove:
    """Ask that the fixed day of ``day``'s month be ``day``; another of the staff decides.

    Raises Refusal: no district, a day that is over, no reason, nothing to change, a proposal for
    that month already open.
    """
    if district.kind != UnitKind.DISTRICT:
        raise Refusal("固定组织生活日由区里统一调整，请选择区委。", field="district")
    if day <= on:
        raise Refusal("请把日子改到今天之后：已经过去的固定组织生活日不再调整。", field="day")
    if not reason.strip():
        raise Refusal("请写明调整的理由，各支部会看到。", field="reason")
    # One proposal at a time for a month.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=district.pk)
    month = Period.containing(day, "month")
    (known,) = fixed_days(district=district, months=[month])
    if known.day == day:
        raise Refusal(f"{month.name}的固定组织生活日本来就是这一天，不用调整。", field="day")
    if known.day <= on:
        raise Refusal(f"{month.name}的固定组织生活日已经过了，不再调整。", field="day")
    if FixedDayMove.unscoped.filter(
        unit=district, month=month.start, state=MoveState.PROPOSED
    ).exists():
        raise Refusal(f"{month.name}已有一个待审批的调整，请先处理。", code="conflict")
    move = FixedDayMove.unscoped.create(
        unit=district, month=month.start, day=day, reason=reason.strip(), proposed_by=by
    )
    _tell(move, district, by, before=known.day, name="move_proposed", role="district_staff", on=on)
    return move


@transaction.atomic
def decide_move(*, move: FixedDayMove, approve: bool, by: User, on: date) -> FixedDayMove:
    """Approve or refuse a proposal: never one's own (S16), never twice.

    An approved one takes the place of the one approved before for the same month. Raises Refusal.
    """
    district = Unit.unscoped.select_for_update(of=("self",)).get(pk=move.unit_id)
    move = FixedDayMove.unscoped.select_for_update(of=("self",)).get(pk=move.pk)
    if move.state != MoveState.PROPOSED:
        raise Refusal("这个调整已经有人审批过了，请刷新页面查看结果。", code="conflict")
    if move.proposed_by_id == by.pk:
        raise Refusal("提出人不能审批自己的调整，请由另一位同志审批。", code="forbidden")
    if approve and move.day <= on:
        raise Refusal("调整后的日子已经过了，只能不批准；需要的话请重新提出。", code="conflict")
    month = Period.containing(move.month, "month")
    (known,) = fixed_days(district=district, months=[month])
    if approve and known.move is not None:
        _supersede(known.move)
    move.state = MoveState.APPROVED if approve else MoveState.REFUSED
    move.decided_by = by
    move.decided_at = timezone.now()
    try:
        move.save()
    except IntegrityError as error:
        raise Refusal("这个月的固定组织生活日已经调整过，请刷新页面。", code="conflict") from error
    if approve:
        _tell(move, district, by, before=known.day, name="move_approved", role="", on=on)
    else:
        _tell(
            move, district, by, before=known.day, name="move_refused", role="district_staff", on=on
        )
    return move


def _supersede(move: FixedDayMove) -> None:
    """A later decision replaces it; history (pghistory) keeps that it held."""
    move.state = MoveState.REPLACED
    move.save(update_fields=["state"])


def _tell(
    move: FixedDayMove,
    district: Unit,
    by: User,
    *,
    before: date,
    name: str,
    role: str,
    on: date,
) -> None:
    month = Period.containing(move.month, "month")
    words = {
        "move_proposed": f"待审批：{month.name}固定组织生活日调整",
        "move_approved": f"{month.name}固定组织生活日改为{_day(move.day)}",
        "move_refused": f"未批准：{month.name}固定组织生活日调整",
    }
    (low,) = minimal_prefixes([district.path])
    link = f"{reverse('meetings:calendar')}?year={move.month.year}"
    if name == "move_approved":
        _tell_groups(move, district, before=before, title=words[name], link=link, on=on)
    fan_out(
        _EVERYBODY,
        {
            "key": f"{name}:{move.pk}",
            "template": f"meetings/notices/{name}",
            "month": month.name,
            "day_name": _day(move.day),
            "weekday": WEEKDAYS[move.day.weekday()],
            "before": _day(before),
            "reason": move.reason,
            "who": by.name,
            "title": words[name],
            "link": link,
            "low": low,
            "high": low + "[",
            "by": by.pk,
            "on": on,
            "role": role,
        },
        day=on,
        now=timezone.now(),
    )


def _tell_groups(
    move: FixedDayMove, district: Unit, *, before: date, title: str, link: str, on: date
) -> None:
    """To the groups of the district that listen: the days, without who asked for it and why."""
    announce(
        below=district,
        topic=RobotTopic.MOVE,
        key=f"move_approved:{move.pk}",
        template="meetings/notices/group_move",
        payload={
            "unit": district.name,
            "month": Period.containing(move.month, "month").name,
            "day": _day(move.day),
            "weekday": WEEKDAYS[move.day.weekday()],
            "before": _day(before),
        },
        title=title,
        link=link,
        day=on,
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
