"""经费: budgets, allotments from the district, spending with vouchers, the year's end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from core import attachments, files
from core.errors import Refusal
from dues.enums import AllotmentState
from dues.models import Allotment, Budget, BudgetLine, Spending, Voucher
from dues.permissions import is_same_person
from dues.rules import Line, RuleError, can_allot, plain, read_lines
from dues.services.common import checked, money, once, past, text

MAX_VOUCHERS = 20
_YEARS = range(2000, 2101)


@transaction.atomic
def save_budget(*, unit: Unit, year: int, by: User, lines: str, note: str = "") -> Budget:
    """The year's budget of a unit, typed a line an item; its amount is their sum.

    Raises:
        Refusal: a line that is none, or a sum below what was spent already.
    """
    try:
        rows = read_lines(lines)
    except RuleError as fault:
        raise Refusal(f"{fault}。", field="lines") from None
    budget = _budget(unit, year, by)
    _refuse_closed(budget)
    budget.amount = money(
        sum((row.amount for row in rows), Decimal(0)), "预算合计", field="lines", least=Decimal(0)
    )
    if budget.balance < 0:
        raise Refusal(
            f"已经支出 {plain(budget.spent)} 元，预算加区拨党费不能比它少。", field="lines"
        )
    budget.note = text(note, "经费来源说明", field="note", needed=False)
    budget.save(update_fields=["amount", "note", "updated_at"])
    _write_lines(budget, rows)
    return budget


def _write_lines(budget: Budget, rows: list[Line]) -> None:
    """Keep items by their name, so that what was spent stays with them."""
    known = {line.name: line for line in BudgetLine.unscoped.filter(budget=budget)}
    for place, row in enumerate(rows, start=1):
        line = known.pop(row.name, None) or BudgetLine(budget=budget, name=row.name)
        if (line.position, line.amount) != (place, row.amount):
            line.position, line.amount = place, row.amount
            line.save()
    BudgetLine.unscoped.filter(pk__in=[line.pk for line in known.values()]).delete()


@transaction.atomic
def spend(
    *,
    unit: Unit,
    year: int,
    by: User,
    day: date,
    amount: Decimal,
    purpose: str,
    on: date,
    line: BudgetLine | None = None,
    vouchers: Iterable[files.Upload] = (),
    form_key: UUID | None = None,
) -> Spending:
    """Enter a spending with its vouchers; never more than is left (the database holds that too).

    Raises:
        Refusal: not enough left, a closed year, a day of another year, a file that is unfit.
    """
    found: Spending | None = (
        Spending.unscoped.filter(form_key=form_key).first() if form_key else None
    )
    if found is not None:
        return found
    budget = _budget(unit, year, by)
    _refuse_closed(budget)
    past(day, on, "支出日期", field="day")
    if day.year != year:
        raise Refusal(f"支出日期应在 {year} 年内。", field="day")
    given = money(amount, "金额", field="amount")
    if given > budget.balance:
        raise Refusal(
            f"余额不足：还可支出 {plain(budget.balance)} 元，请先登记预算或签收区拨党费。",
            field="amount",
        )
    if line is not None and line.budget_id != budget.pk:
        raise Refusal("请选择本年度的预算项目。", field="line")
    row = once(
        Spending, form_key,
        lambda: Spending(
            budget=budget, line=line, day=day, amount=given, by=by, form_key=form_key,
            purpose=text(purpose, "用途", field="purpose"),
        ),
    )  # fmt: skip
    for upload in vouchers:
        keep_voucher(spending=row, by=by, upload=upload)
    return row


def keep_voucher(*, spending: Spending, by: User, upload: files.Upload) -> Voucher:
    """Keep a checked photo or paper with a spending; the same file again is the same row.

    Raises Refusal: the file is not fit, or there are too many.
    """
    try:
        clean = attachments.accept(upload)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field="vouchers", code=refused.code) from None
    with transaction.atomic(), attachments.storing(clean) as stored:
        Spending.unscoped.select_for_update().get(pk=spending.pk)
        kept: Voucher
        kept, _ = attachments.keep(
            Voucher.unscoped.filter(spending=spending), stored, most=MAX_VOUCHERS,
            too_many=f"一笔支出最多 {MAX_VOUCHERS} 份票据。", field="vouchers",
            spending=spending, by=by,
        )  # fmt: skip
        return kept


@transaction.atomic
def void_spending(*, spending: Spending, by: User, reason: str) -> Spending:
    """作废: the money is available again; the row and its reason stay. Raises Refusal."""
    budget: Budget = Budget.unscoped.select_for_update().get(pk=spending.budget_id)
    row: Spending = Spending.unscoped.select_for_update().get(pk=spending.pk)
    if row.is_void:
        return row
    _refuse_closed(budget)
    row.is_void, row.void_reason = True, text(reason, "作废原因", field="reason")
    row.save(update_fields=["is_void", "void_reason"])
    return row


@transaction.atomic
def close_year(*, budget: Budget, by: User, result: str, on: date) -> Budget:
    """年终结账: the effect in words beside the figures; nothing is entered afterwards.

    Raises Refusal: the year is not at its end, closed already, or nothing said.
    """
    row: Budget = Budget.unscoped.select_for_update().get(pk=budget.pk)
    if row.closed_on is not None:
        raise Refusal("这一年已经结账。", code="conflict")
    if on < date(row.year, 12, 1):
        raise Refusal(f"{row.year} 年 12 月起才能年终结账。", code="conflict")
    row.result = text(result, "使用效果", field="result", longest=2000)
    row.closed_on, row.closed_by = on, by
    row.save(update_fields=["result", "closed_on", "closed_by", "updated_at"])
    return row


@transaction.atomic
def propose_allotment(
    *,
    unit: Unit,
    year: int,
    by: User,
    amount: Decimal,
    purpose: str,
    document: str = "",
    form_key: UUID | None = None,
) -> Allotment:
    """提出区拨党费 to a committee or a branch. Raises Refusal."""
    if unit.kind in (UnitKind.DISTRICT, UnitKind.GROUP):
        raise Refusal("区拨党费拨给党（工）委、党总支或党支部。", field="unit")
    if unit.dissolved_on is not None:
        raise Refusal(f"“{unit}”已经撤销。", field="unit")
    if year not in _YEARS:
        raise Refusal("请核对年度。", field="year")
    return once(
        Allotment, form_key,
        lambda: Allotment(
            unit=unit, year=year, proposed_by=by, form_key=form_key,
            amount=money(amount, "金额", field="amount"),
            purpose=text(purpose, "用途", field="purpose"),
            document=text(document, "文号", field="document", longest=80, needed=False),
        ),
    )  # fmt: skip


@transaction.atomic
def decide_allotment(
    *, allotment: Allotment, by: User, approve: bool, on: date, answer: str = ""
) -> Allotment:
    """Approved or not by another of the district's staff (S16), once. Raises Refusal."""
    row = _allotment(allotment)
    to = AllotmentState.APPROVED if approve else AllotmentState.REFUSED
    if not can_allot(row.state, to):
        raise Refusal("这笔拨款已经有人审批过了，请刷新页面查看结果。", code="conflict")
    if is_same_person(by.pk, row.proposed_by_id):
        raise Refusal("提出人不能审批自己提出的拨款，请由另一位同志审批。", code="forbidden")
    row.answer = text(answer, "意见", field="answer", needed=not approve)
    row.state, row.decided_by, row.decided_on = to, by, on
    row.save()
    return row


@transaction.atomic
def receive_allotment(*, allotment: Allotment, by: User, received_on: date, on: date) -> Allotment:
    """签收: the money came, and counts for the unit's year from now on. Said twice, it is once.

    Raises Refusal: not approved, or the year is closed.
    """
    row = _allotment(allotment)
    if row.state == AllotmentState.RECEIVED:
        return row
    if not can_allot(row.state, AllotmentState.RECEIVED):
        raise Refusal("这笔拨款还没有批准，不能签收。", code="conflict")
    budget = _budget(row.unit, row.year, by)
    _refuse_closed(budget)
    row.received_on = past(received_on, on, "签收日期", field="received_on", since=row.decided_on)
    row.state, row.received_by, row.budget = AllotmentState.RECEIVED, by, budget
    row.save()
    return row


def _allotment(allotment: Allotment) -> Allotment:
    found: Allotment = (
        Allotment.unscoped.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=allotment.pk)
    )
    return found


def _budget(unit: Unit, year: int, by: User) -> Budget:
    """The unit's year, its row locked; made when there is none."""
    if unit.kind in (UnitKind.DISTRICT, UnitKind.GROUP):
        raise Refusal("经费按党（工）委、党总支和党支部登记。")
    if year not in _YEARS:
        raise Refusal("请核对年度。", field="year")
    rows = Budget.unscoped.select_for_update(of=("self",)).select_related("unit")
    found: Budget | None = rows.filter(unit=unit, year=year).first()
    if found is None:
        fresh = Budget(unit=unit, year=year, by=by)
        checked(fresh)
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
        except IntegrityError:
            pass
        found = rows.get(unit=unit, year=year)
    return found


def _refuse_closed(budget: Budget) -> None:
    if budget.closed_on is not None:
        raise Refusal(f"{budget.year} 年已经年终结账，不能再登记。", code="conflict")
