"""核定, 减免 and 大额党费: what one member pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches.enums import PRESENT_STATES
from branches.models import Member
from core.errors import Refusal
from dues.enums import BAND_OF, BY_BASE, STANDARD_CATEGORIES, Category, ReductionState
from dues.models import Gift, Reduction, Standard
from dues.opening import reset
from dues.parameters import fixed_band, numbers, rate_bands
from dues.permissions import is_same_person
from dues.rules import RuleError, monthly_due, quarter_mean, within_fixed
from dues.services.common import checked, money, month_of, once, past, text


def reckon(
    *,
    category: str,
    since: date,
    base: Decimal | None = None,
    quarter_total: Decimal | None = None,
    amount: Decimal | None = None,
) -> Decimal:
    """The month's due in yuan by the bands in force on ``since``; nothing is written.

    ``base`` (在职, 离退休) or ``quarter_total`` (无固定收入: last quarter's income) is reckoned
    with and forgotten. An ``amount`` that the branch already knows stands instead of them.

    Raises:
        Refusal: no such category, nothing to reckon with, or an amount out of its range.
    """
    if category not in {one.value for one in STANDARD_CATEGORIES}:
        raise Refusal("请选择类别。", field="category")
    kind = BAND_OF[category]
    field = "base" if category in BY_BASE else "quarter_total"
    try:
        if category not in (*BY_BASE, Category.IRREGULAR):
            band = fixed_band(kind, on=since)
            field = "amount"
            if amount is None and band.least != band.most:
                raise Refusal("请填写每月党费。", field="amount")
            return within_fixed(band.least if amount is None else amount, band)
        if base is None and quarter_total is None and amount is not None:
            return money(amount, "每月党费", field="amount")
        given = quarter_mean(quarter_total) if quarter_total is not None else base
        if given is None:
            what = "计算基数" if category in BY_BASE else "上季度收入"
            raise Refusal(f"请填写{what}；已经核定过金额的，直接填每月党费。", field=field)
        due = monthly_due(given, rate_bands(kind, on=since), numbers(since).rounding)
    except RuleError as fault:
        raise Refusal(f"{fault}。", field=field) from None
    if due <= 0:
        raise Refusal("按比例算出来不足一分，请核对基数；确有困难的，申请减免。", field=field)
    return due


@transaction.atomic
def set_standard(
    *,
    member: Member,
    by: User | None,
    category: str,
    since: date,
    base: Decimal | None = None,
    quarter_total: Decimal | None = None,
    amount: Decimal | None = None,
) -> Standard:
    """核定 from the month ``since`` on; the unpaid months from there follow at once.

    The same month again corrects what stands there (the history keeps both). Raises Refusal.
    """
    month = month_of(since, field="since")
    due = reckon(
        category=category, since=month, base=base, quarter_total=quarter_total, amount=amount
    )
    _on_roster(member)
    return _write(member, category, month, due, by)


@dataclass(frozen=True)
class NewStandard:
    """One row of a list of standards: whom, what for, how much, from which month."""

    member: Member
    category: str
    amount: Decimal
    since: date


@transaction.atomic
def set_standards(rows: Sequence[NewStandard], *, by: User | None) -> int:
    """A whole list, amounts reckoned by who read it (dues.imports); four statements.

    How many were written. Raises Refusal.
    """
    for row in rows:
        _on_roster(row.member)
    Standard.unscoped.bulk_create(
        [
            Standard(
                member=row.member, category=row.category, amount=row.amount, since=row.since, by=by
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["member", "since"],
        update_fields=["category", "amount", "by", "updated_at"],
    )
    if rows:
        reset(members=[row.member.pk for row in rows], since=min(row.since for row in rows))
    return len(rows)


def _write(
    member: Member, category: str, month: date, amount: Decimal, by: User | None
) -> Standard:
    found: Standard | None = (
        Standard.unscoped.select_for_update().filter(member=member, since=month).first()
    )
    row = found or Standard(member=member, since=month)
    row.category, row.amount, row.by = category, amount, by
    if found is None:
        checked(row)
    row.save()
    reset(members=[member.pk], since=month)
    return row


def _on_roster(member: Member) -> None:
    if member.state not in PRESENT_STATES:
        raise Refusal(f"{member}现在不在册，不用核定党费。", code="conflict")


@transaction.atomic
def propose_reduction(
    *,
    member: Member,
    by: User,
    amount: Decimal,
    since: date,
    until: date,
    reason: str,
) -> Reduction:
    """申请减免 for the months from ``since`` to ``until``; the branch has talked it over.

    Asked for again while it waits, it is the one that waits. Raises Refusal.
    """
    first, last = month_of(since, field="since"), month_of(until, field="until")
    if last < first:
        raise Refusal("截止月不能早于起始月。", field="until")
    if (last.year - first.year) * 12 + last.month - first.month >= 12:
        raise Refusal("一次最多申请一年，到期后情况没有好转的再申请。", field="until")
    Member.unscoped.select_for_update().get(pk=member.pk)
    waiting = Reduction.unscoped.filter(member=member, state=ReductionState.PROPOSED).first()
    if waiting is not None:
        if (waiting.since, waiting.until, waiting.amount) == (first, last, amount):
            return waiting
        raise Refusal("这位党员已有一份减免申请在等审批，请等审批以后再提。", code="conflict")
    _on_roster(member)
    row = Reduction(
        member=member, since=first, until=last, proposed_by=by,
        amount=money(amount, "减免后的金额", field="amount", least=Decimal(0)),
        reason=text(reason, "理由", field="reason"),
    )  # fmt: skip
    usual = Standard.unscoped.filter(member=member, since__lte=first).order_by("-since").first()
    if usual is not None and row.amount >= usual.amount:
        raise Refusal(f"减免后的金额应小于现在的每月 {usual.amount} 元。", field="amount")
    checked(row)
    row.save()
    return row


@transaction.atomic
def decide_reduction(
    *, reduction: Reduction, by: User, approve: bool, answer: str = ""
) -> Reduction:
    """批准 or not; never one's own (S16), never twice. Approved, its unpaid months follow.

    Raises:
        Refusal: decided already, his own proposal, or a refusal without its reason.
    """
    row: Reduction = (
        Reduction.unscoped.select_for_update(of=("self",))
        .select_related("member__unit")
        .get(pk=reduction.pk)
    )
    if row.state != ReductionState.PROPOSED:
        raise Refusal("这份申请已经有人审批过了，请刷新页面查看结果。", code="conflict")
    if is_same_person(by.pk, row.proposed_by_id):
        raise Refusal("申请人不能审批自己的申请，请由另一位同志审批。", code="forbidden")
    row.answer = text(answer, "意见", field="answer", needed=not approve)
    row.state = ReductionState.APPROVED if approve else ReductionState.REFUSED
    row.decided_by, row.decided_at = by, timezone.now()
    row.save()
    if approve:
        reset(members=[row.member_id], since=row.since)
    return row


@transaction.atomic
def record_gift(
    *,
    member: Member,
    by: User,
    amount: Decimal,
    given_on: date,
    on: date,
    note: str = "",
    form_key: UUID | None = None,
) -> Gift:
    """大额党费: a single sum beyond the dues, from the line that the district set (¥1000) up.

    It stands apart: no month is paid by it, no sum upward holds it. Raises Refusal.
    """
    line = numbers(on).gift_line
    if amount < line:
        raise Refusal(
            f"一次交纳 {line} 元以上的才单独登记、转交中央；不足的按月交纳。", field="amount"
        )
    return once(
        Gift, form_key,
        lambda: Gift(
            unit=member.unit, member=member, by=by, form_key=form_key,
            amount=money(amount, "金额", field="amount"),
            given_on=past(given_on, on, "交纳日期", field="given_on"),
            note=text(note, "说明", field="note", needed=False),
        ),
    )  # fmt: skip


@transaction.atomic
def forward_gift(*, gift: Gift, by: User, forwarded_on: date, document: str, on: date) -> Gift:
    """转交中央: the whole sum went up. Said again, the first stands. Raises Refusal."""
    row: Gift = Gift.unscoped.select_for_update().get(pk=gift.pk)
    if row.forwarded_on is not None:
        return row
    row.forwarded_on = past(forwarded_on, on, "转交日期", field="forwarded_on", since=row.given_on)
    row.document = text(document, "转交单据", field="document", longest=80)
    row.forwarded_by = by
    row.save()
    return row
