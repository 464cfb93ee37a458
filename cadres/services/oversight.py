"""三单 and 三责."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from cadres.enums import ORDER_MOVES, OrderKind, OrderState
from cadres.limits import limits as limits_on
from cadres.models import Cadre, DutyNotice, Order
from cadres.rules.oversight import effect_until, reply_due
from cadres.services.common import saved, screened
from core.errors import Refusal
from core.holidays import calendar_around


@transaction.atomic
def issue(
    *, cadre: Cadre, kind: str, reason: str, approved_by: str, approved_on: date,
    issued_on: date, paper: str, by: User, on: date, form_key: UUID,
) -> Order:  # fmt: skip
    """Note that an order went out; its last day and its effect are counted. Sent twice, one."""
    known = Order.unscoped.filter(form_key=form_key).first()
    if known is not None:
        return known
    screened(approved_by=approved_by, paper=paper)
    if issued_on > on:
        raise Refusal("发出日期不能在今天以后。", field="issued_on")
    if approved_on > issued_on:
        raise Refusal("先批准，后发出：发出日期不能早于批准日期。", field="issued_on")
    limits = limits_on(on)
    due = reply_due(kind=kind, issued=issued_on, limits=limits, calendar=calendar_around(issued_on))
    row = Order(
        cadre=cadre, kind=kind, reason=reason, approved_by=approved_by, approved_on=approved_on,
        issued_on=issued_on, paper=paper, by=by, form_key=form_key,
        reply_due=due.day if due else None, provisional=bool(due and due.provisional),
        effect_until=effect_until(kind=kind, issued=issued_on, limits=limits),
    )  # fmt: skip
    saved(row)
    return row


def _locked(order: Order, after: str) -> Order:
    row = Order.unscoped.select_for_update(of=("self",)).get(pk=order.pk)
    if row.state != after and (row.state, after) not in ORDER_MOVES:
        raise Refusal("这一单已经办过这一步，请刷新后核对。", code="conflict")
    return row


@transaction.atomic
def reply(*, order: Order, replied_on: date, on: date) -> Order:
    """Note the day of the written reply; the reply itself stays on paper."""
    row = _locked(order, OrderState.REPLIED)
    if row.kind == OrderKind.REMIND:
        raise Refusal("提醒不需要书面回复，办完以后直接了结。")
    if not row.issued_on <= replied_on <= on:
        raise Refusal("回复日期应在发出以后、今天以前。", field="replied_on")
    row.state, row.replied_on = OrderState.REPLIED, replied_on
    saved(row)
    return row


@transaction.atomic
def close(*, order: Order, closed_on: date, outcome: str, on: date) -> Order:
    """Close it with a code. 函询 and 诫勉 are closed after their reply only."""
    row = _locked(order, OrderState.CLOSED)
    if row.state == OrderState.ISSUED and row.kind != OrderKind.REMIND:
        raise Refusal("还没有书面回复，收到回复以后再了结。", code="conflict")
    if not (row.replied_on or row.issued_on) <= closed_on <= on:
        raise Refusal("了结日期应在回复以后、今天以前。", field="closed_on")
    row.state, row.closed_on, row.outcome = OrderState.CLOSED, closed_on, outcome
    saved(row)
    return row


@transaction.atomic
def notify_duty(
    *, cadres: Iterable[Cadre], kind: str, number: str, issued_on: date, by: User, on: date
) -> int:
    """Issue a 告知书 to some; how many were new. The same number again reaches nobody twice."""
    screened(number=number)
    if issued_on > on:
        raise Refusal("发出日期不能在今天以后。", field="issued_on")
    days = limits_on(on).receipt_days
    due = calendar_around(issued_on).add_workdays(issued_on, days).day
    before = DutyNotice.unscoped.filter(kind=kind, number=number).count()
    DutyNotice.unscoped.bulk_create(
        (
            DutyNotice(
                cadre=cadre, kind=kind, number=number, issued_on=issued_on, receipt_due=due, by=by
            )
            for cadre in cadres
        ),
        ignore_conflicts=True,
    )
    return DutyNotice.unscoped.filter(kind=kind, number=number).count() - before


@transaction.atomic
def receive(*, notice: DutyNotice, received_on: date, paper: str, on: date) -> DutyNotice:
    """Note the signed receipt."""
    screened(paper=paper)
    row = DutyNotice.unscoped.select_for_update(of=("self",)).get(pk=notice.pk)
    if not row.issued_on <= received_on <= on:
        raise Refusal("签收日期应在发出以后、今天以前。", field="received_on")
    row.received_on, row.paper = received_on, paper
    saved(row)
    return row
