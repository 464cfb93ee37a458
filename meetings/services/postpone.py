"""延期: asked for by a branch or its committee, decided by another, told to those concerned."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.enums import COMMITTEE_KINDS, Role
from branches.models import Unit
from core.dates import Period
from core.errors import Refusal
from core.outbox import tell
from core.screening import mark_in_text, refusal_of
from meetings.enums.programme import PostponeState
from meetings.fixed_days import fixed_days
from meetings.models import Postponement
from meetings.programmes import extra_days
from meetings.rules.programme import may_become, postpone_fault
from meetings.services.telling import tell_place

MOST = 200
_BELOW = (Role.COMMITTEE_STAFF, Role.SECRETARY, Role.GROUP_LEADER)


@transaction.atomic
def propose_postponement(
    *, unit: Unit, month: Period, day: date, reason: str, by: User, on: date
) -> Postponement:
    """Ask that a branch, or all branches of a committee, meet on ``day`` instead of the fixed day.

    The same asked twice is the one that is there. Raises Refusal: neither branch nor committee, no
    reason, a day that will not do (:func:`meetings.rules.programme.postpone_fault`), another one
    open for the month.
    """
    reason = reason.replace("\x00", "").strip()
    if not (unit.is_branch or unit.kind in COMMITTEE_KINDS):
        raise Refusal("延期由党支部或党（工）委提出；全区的调整请在“日程”里办理。", field="unit")
    if not reason:
        raise Refusal("请写明延期的理由，上级据此审批。", field="reason")
    if len(reason) > MOST:
        raise Refusal(f"理由请控制在 {MOST} 字以内。", field="reason")
    mark = mark_in_text(reason)
    if mark:
        raise Refusal(refusal_of(mark, "理由"), field="reason")
    unit = Unit.unscoped.select_for_update(of=("self",)).select_related("district").get(pk=unit.pk)
    (fixed,) = fixed_days(district=unit.district, months=[month])
    field, fault = postpone_fault(
        month=month, fixed=fixed.day, day=day, on=on, extra_days=extra_days(on)
    )
    if fault:
        raise Refusal(fault, field=field)
    open_ = Postponement.unscoped.filter(
        unit=unit,
        month=month.start,
        state__in=(PostponeState.PROPOSED, PostponeState.APPROVED),
    ).first()
    if open_ is not None:
        if (open_.day, open_.reason, open_.proposed_by_id) == (day, reason, by.pk):
            return open_
        raise Refusal(
            f"{month.name}已有一份延期（{open_.get_state_display()}），要改请先撤回原来的。",
            code="conflict",
        )
    made = Postponement.unscoped.create(
        unit=unit, month=month.start, before=fixed.day, day=day, reason=reason, proposed_by=by
    )
    tell_place(
        unit=unit,
        below=(),
        above=(Role.COMMITTEE_STAFF,) if unit.is_branch else (Role.DISTRICT_STAFF,),
        key=f"postpone_proposed:{made.pk}",
        template="postpone_proposed",
        payload=_payload(made, unit, by),
        title=f"待审批：{unit}组织生活日延期"[:200],
        link=reverse("meetings:fixed_day_desk"),
        by=by,
        on=on,
    )
    return made


@transaction.atomic
def decide_postponement(
    *, postponement: Postponement, approve: bool, by: User, on: date, answer: str = ""
) -> Postponement:
    """Approve or refuse: never one's own (S16), never twice; a refusal says why."""
    found = _locked(postponement)
    if found.state != PostponeState.PROPOSED:
        raise Refusal("这份延期已经办理过了，请刷新页面查看结果。", code="conflict")
    if found.proposed_by_id == by.pk:
        raise Refusal("提出人不能审批自己的延期，请由另一位同志审批。", code="forbidden")
    if approve and found.day < on:
        raise Refusal("延期后的日子已经过了，只能不批准；需要的话请重新提出。", code="conflict")
    answer = answer.replace("\x00", "").strip()[:MOST]
    if not approve and not answer:
        raise Refusal("不批准时请写明意见，方便支部安排。", field="answer")
    found.state = PostponeState.APPROVED if approve else PostponeState.REFUSED
    found.decided_by, found.decided_at, found.answer = by, timezone.now(), answer
    _save(found)
    name = "postpone_approved" if approve else "postpone_refused"
    word = f"改在{_day(found.day)}" if approve else "延期未批准"
    tell_place(
        unit=found.unit,
        below=_BELOW if approve else (Role.SECRETARY,),
        above=(Role.COMMITTEE_STAFF,),
        key=f"{name}:{found.pk}",
        template=name,
        payload=_payload(found, found.unit, by),
        title=f"{found.unit}组织生活日{word}"[:200],
        link=_page(found),
        by=by,
        on=on,
    )
    return found


@transaction.atomic
def withdraw_postponement(*, postponement: Postponement, by: User, on: date) -> Postponement:
    """Take it back, asked for or approved; who was told that it holds is told that it does not."""
    found = _locked(postponement)
    if found.state == PostponeState.WITHDRAWN:
        return found
    if not may_become(PostponeState(found.state), PostponeState.WITHDRAWN):
        raise Refusal("这份延期没有获批，不用撤回。", code="conflict")
    held = found.state == PostponeState.APPROVED
    found.state = PostponeState.WITHDRAWN
    found.save()
    if held:
        tell_place(
            unit=found.unit,
            below=_BELOW,
            above=(Role.COMMITTEE_STAFF,),
            key=f"postpone_withdrawn:{found.pk}",
            template="postpone_withdrawn",
            payload=_payload(found, found.unit, by),
            title=f"{found.unit}组织生活日不再延期"[:200],
            link=_page(found),
            by=by,
            on=on,
        )
    elif found.proposed_by_id and found.proposed_by_id != by.pk:
        tell(
            key=f"postpone_withdrawn:{found.pk}",
            to=[found.proposed_by_id],
            template="meetings/notices/postpone_withdrawn",
            payload=_payload(found, found.unit, by),
            title=f"{found.unit}的延期申请已撤回"[:200],
            link=_page(found),
            day=on,
        )
    return found


def _locked(postponement: Postponement) -> Postponement:
    rows = Postponement.unscoped.select_for_update(of=("self",)).select_related("unit")
    return rows.get(pk=postponement.pk)


def _save(row: Postponement) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refusal("这份延期刚刚有人办理过，请刷新页面查看结果。", code="conflict") from error


def _page(row: Postponement) -> str:
    return reverse("meetings:fixed_day_month", args=[f"{row.month:%Y-%m}"])


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _payload(row: Postponement, unit: Unit, by: User) -> dict[str, str]:
    return {
        "unit": str(unit),
        "month": Period.containing(row.month, "month").name,
        "before": _day(row.before),
        "day": _day(row.day),
        "reason": row.reason,
        "answer": row.answer,
        "who": by.name,
    }
