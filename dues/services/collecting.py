"""收缴: months are opened, ticked as paid, and corrected with a reason that stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from branches.enums import BRANCH_KINDS
from branches.models import Unit
from core.errors import Refusal
from dues.enums import ChangeKind, DueState, Span
from dues.models import Due, DueChange, Payment
from dues.opening import open_month
from dues.rules import can_change_due, plain, quarter_months
from dues.services.common import past, text


@dataclass(frozen=True)
class Taken:
    """What one press of the button took: people, months, yuan; those without an amount."""

    people: int = 0
    months: int = 0
    amount: Decimal = Decimal(0)
    unset: int = 0


def span_of(span: str, month: date) -> list[date]:
    """The months that a span may pay, from the month shown; of arrears the earlier ones too."""
    if span == Span.QUARTER:
        return [one for one in quarter_months(month) if one >= month]
    return [month]


@transaction.atomic
def open_branch(*, unit: Unit, month: date, on: date) -> int:
    """Open a month for a branch, or add who came since; how many rows were new.

    Raises Refusal: no branch, or a month that has not come.
    """
    if unit.kind not in BRANCH_KINDS:
        raise Refusal("只有党支部收缴党费。")
    if month > on:
        raise Refusal("这个月还没有到；要预交的，在本月页面选“到季度末”。")
    return open_month(month, units=[unit])


@transaction.atomic
def pay(
    *,
    unit: Unit,
    members: Iterable[int],
    month: date,
    span: str,
    paid_on: date,
    by: User | None,
    on: date,
    proxies: Mapping[int, str] | None = None,
) -> Taken:
    """Take the dues of the ticked members of one branch: one payment each, whatever the months.

    ``members`` are ids; ids that owe nothing here are passed over, so that the same form sent twice
    takes nothing twice, and of two who press at once the second finds nothing left. Months of the
    quarter that have not come are opened for who pays ahead. A month without an amount (未核定)
    stays unpaid and is counted in ``unset``.

    Raises:
        Refusal: nobody ticked, a day that has not come, a month that has not.
    """
    chosen = sorted(set(members))
    if not chosen:
        raise Refusal("请至少勾选一位党员。", field="members")
    if month > on:
        raise Refusal("这个月还没有到。", field="month")
    day = past(paid_on, on, "交纳日期", field="paid_on")
    months = span_of(span, month)
    open_month(months[0], units=[unit])
    for later in months[1:]:
        open_month(later, units=[unit], members=chosen)
    rows: Any = Due.unscoped.select_for_update().filter(
        unit=unit, member__in=chosen, state=DueState.OWED
    )
    rows = rows.filter(month__lte=month) if span == Span.ARREARS else rows.filter(month__in=months)
    found = list(rows.order_by("pk").values_list("pk", "member_id", "amount"))
    payable = [(pk, member, amount) for pk, member, amount in found if amount is not None]
    sums: dict[int, Decimal] = {}
    for _, member, amount in payable:
        sums[member] = sums.get(member, Decimal(0)) + amount
    _write_payments(unit, sums, [pk for pk, _, _ in payable], day, by, proxies or {})
    return Taken(
        people=len(sums), months=len(payable), amount=sum(sums.values(), Decimal(0)),
        unset=len({member for _, member, amount in found if amount is None}),
    )  # fmt: skip


def _write_payments(
    unit: Unit,
    sums: Mapping[int, Decimal],
    dues: list[int],
    day: date,
    by: User | None,
    proxies: Mapping[int, str],
) -> None:
    """Payments by one INSERT, their months by one UPDATE."""
    if not dues:
        return
    batch = uuid4()
    Payment.unscoped.bulk_create(
        Payment(
            unit=unit, member_id=member, batch=batch, paid_on=day, amount=amount, by=by,
            proxy=text(proxies.get(member, ""), "代交人", field="proxy", longest=40, needed=False),
        )
        for member, amount in sums.items()
    )  # fmt: skip
    mine = Payment.unscoped.filter(batch=batch, member=OuterRef("member")).values("pk")
    Due.unscoped.filter(pk__in=dues).update(
        state=DueState.PAID, payment=Subquery(mine[:1]), paid_on=day, reason="",
        updated_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def undo(*, payment: Payment, by: User, reason: str) -> Payment:
    """撤销交纳: the whole payment, all its months owe again; the reason stays with each.

    Said again, it is what it was. Raises Refusal without a reason.
    """
    row: Payment = Payment.unscoped.select_for_update().get(pk=payment.pk)
    if row.is_void:
        return row
    words = text(reason, "原因", field="reason")
    dues = list(Due.unscoped.select_for_update().filter(payment=row).order_by("pk"))
    DueChange.unscoped.bulk_create(
        DueChange(
            due=due, kind=ChangeKind.UNDONE, reason=words, by=by, after="未交",
            before=f"{row.paid_on:%Y-%m-%d} 已交 {plain(due.amount or Decimal(0))} 元",
        )
        for due in dues
    )  # fmt: skip
    Due.unscoped.filter(pk__in=[due.pk for due in dues]).update(
        state=DueState.OWED, payment=None, paid_on=None, updated_at=timezone.now()
    )
    row.is_void, row.void_reason = True, words
    row.save(update_fields=["is_void", "void_reason"])
    return row


@transaction.atomic
def strike(*, due: Due, by: User, reason: str) -> Due:
    """改为不计: the month is not owed here (paid elsewhere, not to be collected). Logged."""
    row, words = _locked(due), text(reason, "原因", field="reason")
    if row.state == DueState.STRUCK:
        return row
    if not can_change_due(row.state, DueState.STRUCK):
        raise Refusal("这个月已经交了，请先撤销交纳。", code="conflict")
    row.state, row.reason = DueState.STRUCK, words
    return _keep(row, ChangeKind.STRUCK, "未交", "不计", words, by)


@transaction.atomic
def restore(*, due: Due, by: User, reason: str) -> Due:
    """恢复应交: a struck month is owed again. Logged."""
    row, words = _locked(due), text(reason, "原因", field="reason")
    if row.state == DueState.OWED:
        return row
    if not can_change_due(row.state, DueState.OWED) or row.state == DueState.PAID:
        raise Refusal("这个月已经交了，不用恢复。", code="conflict")
    if row.amount == 0:
        raise Refusal("这个月是经批准免交的。", code="conflict")
    before, row.state, row.reason = row.reason, DueState.OWED, ""
    return _keep(row, ChangeKind.RESTORED, f"不计：{before}"[:80], "未交", words, by)


@transaction.atomic
def explain(*, due: Due, by: User, reason: str) -> int:
    """说明原因: why he has not paid this month and the unpaid ones before it; how many months.

    They stay owed, but nobody is alarmed by them. Logged. Raises Refusal.
    """
    row, words = _locked(due), text(reason, "原因", field="reason")
    if row.state != DueState.OWED:
        raise Refusal("这个月不欠党费，不用说明。", code="conflict")
    rows = list(
        Due.unscoped.select_for_update()
        .filter(member=row.member_id, unit=row.unit_id, state=DueState.OWED, month__lte=row.month)
        .exclude(reason=words)
        .order_by("pk")
    )
    DueChange.unscoped.bulk_create(
        DueChange(
            due=one, kind=ChangeKind.REASON, before=one.reason[:80], after="已说明", reason=words,
            by=by,
        )
        for one in rows
    )  # fmt: skip
    Due.unscoped.filter(pk__in=[one.pk for one in rows]).update(
        reason=words, updated_at=timezone.now()
    )
    return len(rows)


def _locked(due: Due) -> Due:
    found: Due = Due.unscoped.select_for_update().get(pk=due.pk)
    return found


def _keep(row: Due, kind: str, before: str, after: str, reason: str, by: User) -> Due:
    row.save()
    DueChange.unscoped.create(due=row, kind=kind, before=before, after=after, reason=reason, by=by)
    return row
