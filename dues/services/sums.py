"""上缴: the quarter's sum is reckoned, handed up, confirmed by another person above."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from branches.enums import BRANCH_KINDS
from branches.models import Unit
from core.dates import Period
from core.errors import Refusal
from dues.enums import RemitState
from dues.models import Remittance
from dues.permissions import is_same_person
from dues.rules import can_remit, plain
from dues.services.common import checked, money, past, text
from dues.summing import computed_sum, is_committee


@transaction.atomic
def remit(
    *,
    unit: Unit,
    quarter: Period,
    by: User,
    amount: Decimal,
    handed_on: date,
    on: date,
    note: str = "",
) -> Remittance:
    """Hand a quarter's sum up; one that was returned is handed in anew. Sent twice, it is one.

    Raises:
        Refusal: a quarter that has not begun, a difference without a word, or confirmed already.
    """
    if unit.kind not in BRANCH_KINDS and not is_committee(unit):
        raise Refusal("党费由党支部上缴党（工）委，再由党（工）委上缴区委。")
    if quarter.start > on:
        raise Refusal("这个季度还没有开始。", field="quarter")
    Unit.unscoped.select_for_update().get(pk=unit.pk)
    row: Remittance = Remittance.unscoped.select_for_update().filter(
        unit=unit, quarter=quarter.start
    ).first() or Remittance(unit=unit, quarter=quarter.start)
    if row.pk and row.state != RemitState.RETURNED:
        if row.state == RemitState.SUBMITTED and row.amount == amount:
            return row
        word = RemitState(row.state).label
        raise Refusal(f"这个季度已经报过上缴（{word}），要改的请上级先退回。", code="conflict")
    row.computed = computed_sum(unit, quarter)
    row.amount = money(amount, "上缴金额", field="amount", least=Decimal(0))
    row.note = text(note, "差额说明", field="note", needed=False)
    if row.amount != row.computed and not row.note:
        gap = row.amount - row.computed
        raise Refusal(
            f"比系统合计{'多' if gap > 0 else '少'} {plain(abs(gap))} 元，请写明原因。",
            field="note",
        )
    row.handed_on = past(handed_on, on, "上缴日期", field="handed_on", since=quarter.start)
    row.state, row.submitted_by = RemitState.SUBMITTED, by
    row.decided_by_id, row.answer = None, ""
    checked(row)
    row.save()
    return row


@transaction.atomic
def confirm_remittance(
    *, remittance: Remittance, by: User, confirmed_on: date, on: date
) -> Remittance:
    """The committee (the district) has the money; never who handed it in (S16).

    Raises Refusal.
    """
    row = _waiting(remittance, by, RemitState.CONFIRMED)
    row.confirmed_on = past(confirmed_on, on, "确认日期", field="confirmed_on", since=row.handed_on)
    row.state, row.decided_by = RemitState.CONFIRMED, by
    row.save()
    return row


@transaction.atomic
def return_remittance(*, remittance: Remittance, by: User, reason: str) -> Remittance:
    """Send it back with a reason; the unit hands it in anew. Raises Refusal."""
    row = _waiting(remittance, by, RemitState.RETURNED)
    row.answer = text(reason, "退回原因", field="reason")
    row.state, row.decided_by = RemitState.RETURNED, by
    row.save()
    return row


def _waiting(remittance: Remittance, by: User, to: RemitState) -> Remittance:
    row: Remittance = (
        Remittance.unscoped.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=remittance.pk)
    )
    if not can_remit(row.state, to):
        raise Refusal(
            f"这笔上缴{RemitState(row.state).label}，请刷新页面查看结果。", code="conflict"
        )
    if is_same_person(by.pk, row.submitted_by_id):
        raise Refusal("上缴人不能确认自己的上缴，请由另一位同志办理。", code="forbidden")
    return row
