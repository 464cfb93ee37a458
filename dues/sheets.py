"""The tables that people file: 登记表, 汇总表, 党费标准, 经费使用情况."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from branches.models import Unit
from core.dates import Period
from dues.enums import DueState
from dues.models import Due, Remittance, Standard
from dues.rules import plain

FUND_HEAD = (
    "党组织代码", "党组织", "所属党（工）委", "年度预算（元）", "区拨党费（元）", "支出（元）",
    "余额（元）", "经费来源", "年终使用效果",
)  # fmt: skip
SUMMARY_HEAD = (
    "所属党（工）委", "党组织代码", "党支部", "应交人月", "已交人月", "已交比例", "应交（元）",
    "已交（元）", "上缴（元）", "上缴情况", "差额（元）", "差额说明",
)  # fmt: skip
STANDARD_HEAD = ("姓名", "类别", "每月党费（元）", "从哪个月起")


def register_head(months: Sequence[date]) -> list[str]:
    """党费收缴登记表: two columns a month."""
    head = ["序号", "姓名", "类别"]
    for month in months:
        head += [f"{month.month}月应交（元）", f"{month.month}月交纳日期"]
    return [*head, "实交合计（元）", "代交人", "备注"]


def register_rows(unit: Unit, period: Period) -> Iterator[list[object]]:
    """A row a member of a branch, with a sum at the end; one query."""
    months = [one.start for one in period.months()]
    people: dict[int, dict[date, Any]] = {}
    names: dict[int, Any] = {}
    rows = (
        Due.unscoped.filter(unit=unit, month__in=months)
        .select_related("member", "payment")
        .order_by("member__name", "member_id", "month")
    )
    for row in rows:
        people.setdefault(row.member_id, {})[row.month] = row
        names[row.member_id] = row.member
    total = Decimal(0)
    for number, (key, dues) in enumerate(people.items(), start=1):
        paid = [row for row in dues.values() if row.state == DueState.PAID]
        mine = sum((row.amount for row in paid), Decimal(0))
        total += mine
        cells: list[object] = [number, names[key].name, _category(dues)]
        for month in months:
            cells += _month_cells(dues.get(month))
        proxies = {row.payment.proxy for row in paid if row.payment.proxy}
        notes = {row.reason for row in dues.values() if row.reason}
        yield [*cells, plain(mine), "、".join(sorted(proxies)), "；".join(sorted(notes))]
    yield ["", "合计", "", *[""] * (2 * len(months)), plain(total), "", ""]


def _category(dues: dict[date, Any]) -> str:
    return str(list(dues.values())[-1].get_category_display() or "未核定")


def _month_cells(row: Any) -> list[object]:
    if row is None:
        return ["", ""]
    if row.state == DueState.STRUCK:
        return ["不计", ""]
    amount = "未核定" if row.amount is None else plain(row.amount)
    return [amount, row.paid_on or "未交"]


def summary_rows(units: Any, period: Period) -> Iterator[list[object]]:
    """党费收缴汇总表: a row a branch, a sum for each committee and one for all; three queries."""
    branches = list(units.select_related("committee").order_by("path"))
    ids = [unit.pk for unit in branches]
    sums = {
        row["unit_id"]: row
        for row in Due.objects.everywhere("the branches are the asker's")
        .filter(unit__in=ids)
        .between(period.start, period.end)
        .summed("unit_id")
    }
    handed = {
        row.unit_id: row
        for row in Remittance.unscoped.filter(
            unit__in=ids, quarter__range=(period.start, period.end)
        )
    }
    by_committee: dict[str, list[list[Any]]] = {}
    for unit in branches:
        name = str(unit.committee.name if unit.committee else "")
        cells = _figures(sums.get(unit.pk), handed.get(unit.pk))
        by_committee.setdefault(name, []).append(cells)
        yield [name, unit.code, unit.name, *_said(cells), *_handed(handed.get(unit.pk))]
    for name, rows in by_committee.items():
        yield [name, "", "合计", *_said([sum(c) for c in zip(*rows, strict=True)]), "", "", ""]
    every = [row for rows in by_committee.values() for row in rows]
    if every:
        yield ["合计", "", "", *_said([sum(c) for c in zip(*every, strict=True)]), "", "", ""]


def _figures(row: Any, handed: Any) -> list[Any]:
    if row is None:
        return [0, 0, Decimal(0), Decimal(0), Decimal(handed.amount if handed else 0)]
    return [
        row["due"], row["paid"], row["money"] or Decimal(0), row["received"] or Decimal(0),
        Decimal(handed.amount if handed else 0),
    ]  # fmt: skip


def _said(cells: Sequence[Any]) -> list[object]:
    due, paid, money, received, handed = cells
    rate = f"{paid * 100 / due:.1f}%" if due else "—"
    return [
        due,
        paid,
        rate,
        plain(Decimal(money)),
        plain(Decimal(received)),
        plain(Decimal(handed)),
    ]


def _handed(row: Any) -> list[object]:
    if row is None:
        return ["未报", "", ""]
    return [row.get_state_display(), plain(row.difference), row.note]


def standard_rows(unit: Unit, members: Any) -> Iterator[list[object]]:
    """The standards in force of a branch: one row a member, empty where there is none."""
    known = {
        row.member_id: row
        for row in Standard.unscoped.filter(member__unit=unit)
        .order_by("member_id", "-since")
        .distinct("member_id")
    }
    for member in members:
        row = known.get(member.pk)
        yield [
            member.name,
            row.get_category_display() if row else "",
            plain(row.amount) if row else "",
            f"{row.since:%Y-%m}" if row else "",
        ]


def fund_rows(budgets: Any) -> Iterator[list[object]]:
    """One row a unit."""
    for row in budgets.select_related("unit__committee").order_by("unit__path"):
        committee = row.unit.committee
        yield [
            row.unit.code, row.unit.name, committee.name if committee else "", plain(row.amount),
            plain(row.granted), plain(row.spent), plain(row.balance), row.note, row.result,
        ]  # fmt: skip
