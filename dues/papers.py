"""公示 and receipts of a branch's month as Word files, from the same rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from branches.models import Unit
from core.papers import Paper
from dues.enums import DueState
from dues.models import Due, Payment
from dues.rules import plain

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def said(day: date | None) -> str:
    """2026年7月5日, or a dash."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def notice_paper(unit: Unit, month: date) -> bytes:
    """党费收缴公示: who paid what on which day; who has not is named without a reason."""
    paper = Paper("党费收缴公示", subtitle=f"{unit.name}　{month.year}年{month.month}月")
    rows = list(
        Due.unscoped.filter(unit=unit, month=month)
        .exclude(state=DueState.STRUCK)
        .select_related("member")
        .order_by("member__name", "pk")
    )
    paid = [row for row in rows if row.state == DueState.PAID]
    total = sum((row.amount or Decimal(0) for row in paid), Decimal(0))
    paper.text(
        f"本支部应交党费党员 {len(rows)} 人，已交 {len(paid)} 人，共收党费 {plain(total)} 元"
        f"（{in_words(total)}）。现公示如下，请党员监督。"
    )
    paper.table(
        ("序号", "姓名", "应交（元）", "交纳日期"),
        [
            [
                str(number),
                row.member.name,
                "未核定" if row.amount is None else plain(row.amount),
                said(row.paid_on) if row.state == DueState.PAID else "未交",
            ]
            for number, row in enumerate(rows, start=1)
        ],
        widths=(18, 48, 40, 50),
    )
    paper.text(unit.name)
    return paper.data()


def receipts_paper(unit: Unit, month: date) -> bytes:
    """党费收据: one for each payment that covers the month, to be cut apart."""
    paper = Paper("党费收据", subtitle=f"{unit.name}　{month.year}年{month.month}月")
    payments = list(
        Payment.unscoped.filter(unit=unit, is_void=False, dues__month=month)
        .select_related("member", "by")
        .prefetch_related("dues")
        .order_by("member__name", "pk")
    )
    if not payments:
        paper.text("这个月还没有人交纳党费。")
    for row in payments:
        paper.facts(
            [
                ("收据号", row.number),
                ("党员", row.member.name + (f"（{row.proxy}代交）" if row.proxy else "")),
                ("月份", _months(row)),
                ("金额", f"{plain(row.amount)} 元（{in_words(row.amount)}）"),
                ("交纳日期", said(row.paid_on)),
                ("收款人", row.by.name if row.by_id else ""),
            ]
        )
    return paper.data()


def _months(row: Payment) -> str:
    months = sorted(due.month for due in row.dues.all())
    return "、".join(f"{month.year}年{month.month}月" for month in months)


def in_words(amount: Decimal) -> str:
    """Yuan as a receipt writes them: 15.00 → 壹拾伍元整. Up to a hundred million."""
    cents = int((amount * 100).to_integral_value())
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = _whole(yuan) + "元" if yuan else ""
    if not jiao and not fen:
        return (text or "零元") + "整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif yuan:
        text += "零"
    return text + (f"{_DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """A whole number below a hundred million."""
    high, low = divmod(number, 10_000)
    if high:
        rest = _group(low)
        gap = "零" if low and low < 1000 else ""
        return f"{_group(high)}万{gap}{rest}"
    return _group(low)


def _group(number: int) -> str:
    text, pending = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if pending and text else "") + _DIGITS[digit] + _PLACES[place]
            pending = False
        else:
            pending = True
    return text
