"""党费标准 of a branch from a workbook: every fault listed first, then all rows or none.

A base is reckoned with while the file is read and thrown away with it: what comes out are amounts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from branches.models import Member
from core.codes import mask_id
from core.dates import DateError, parse_date
from core.errors import Refusal
from core.workbooks import Column, Fault, Row, Source, Table, WorkbookError, read_table
from dues.enums import BY_BASE, STANDARD_CATEGORIES, Category
from dues.services import NewStandard, reckon

MOST_ROWS = 500


class CellError(ValueError):
    """A cell that will not do; ``hint`` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}，{hint}")
        self.message, self.hint = message, hint


def _category(value: Any) -> str:
    names = {str(one.label): one.value for one in STANDARD_CATEGORIES}
    found = names.get(str(value).strip())
    if not found:
        raise CellError("没有这种类别", f"请写：{'、'.join(names)}")
    return found


def _money(value: Any) -> Decimal:
    try:
        found = Decimal(str(value).replace(",", "").replace("元", "").strip())
    except InvalidOperation:
        raise CellError("不是金额", "请写数字，单位是元") from None
    if not found.is_finite() or found <= 0 or found > 10_000_000:
        raise CellError("金额不合理", "请核对是不是按元填写")
    # A spreadsheet's sums carry a tail of binary digits.
    return round(found, 2)


def _month(value: Any) -> date:
    try:
        return parse_date(value).day.replace(day=1)
    except DateError as fault:
        raise CellError(fault.message, "请写成 2026-07 这样的月份") from None


def _hidden(value: str) -> str:
    """What somebody earns stands in no list of faults."""
    return "（不显示）" if value else ""


COLUMNS = (
    Column(key="name", title="姓名", synonyms=("党员姓名",), required=True, filled=True),
    Column(key="id_number", title="公民身份号码", synonyms=("身份证号", "身份证号码"),
           mask=mask_id),
    Column(key="category", title="类别", synonyms=("人员类别", "党费类别"), required=True,
           filled=True, parse=_category),
    Column(key="base", title="计算基数（元）", synonyms=("计算基数", "党费基数", "工资"),
           parse=_money, mask=_hidden),
    Column(key="quarter_total", title="上季度收入（元）", synonyms=("上季度收入",), parse=_money,
           mask=_hidden),
    Column(key="amount", title="每月党费（元）", synonyms=("每月党费", "月党费", "应交党费"),
           parse=_money),
    Column(key="since", title="从哪个月起", synonyms=("起始月", "执行月份"), parse=_month),
)  # fmt: skip


@dataclass
class Plan:
    """What a file holds: rows ready for the verb, or the faults that forbid them."""

    rows: list[NewStandard] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to write and nothing against it."""
        return bool(self.rows) and not self.faults


def read_standards(source: Source, *, members: list[Member], on: date) -> Plan:
    """Read a list of standards of one branch whose roster is ``members``."""
    plan = Plan()
    try:
        table = read_table(source, columns=COLUMNS)
    except WorkbookError as error:
        plan.faults.append(error.fault)
        return plan
    if len(table.rows) > MOST_ROWS:
        many = f"有 {len(table.rows)} 行"
        plan.faults.append(Fault(0, "", "", many, f"一次最多 {MOST_ROWS} 行，请分几次"))
        return plan
    by_name: dict[str, list[Member]] = {}
    for member in members:
        by_name.setdefault(member.name, []).append(member)
    seen: dict[tuple[int, date], int] = {}
    for row in table.rows:
        _row(plan, table, row, by_name, on, seen)
    return plan


def _row(
    plan: Plan,
    table: Table,
    row: Row,
    by_name: dict[str, list[Member]],
    on: date,
    seen: dict[tuple[int, date], int],
) -> None:
    values, faults = table.parse(row)
    member = _member(table, row, values, by_name, faults)
    since = values.get("since") or on.replace(day=1)
    given = _given(values)
    if len(given) > 1:
        faults.append(
            table.fault(row, given[-1], "填了不止一种金额", "基数、收入、每月党费只填一项")
        )
    if faults or member is None:
        plan.faults += faults
        return
    if (member.pk, since) in seen:
        where = f"与第 {seen[member.pk, since]} 行重复"
        plan.faults.append(table.fault(row, "name", where, "请删去一行"))
        return
    seen[member.pk, since] = row.number
    try:
        amount = reckon(
            category=values["category"], since=since, **{name: values[name] for name in given}
        )
    except Refusal as refusal:
        key = refusal.field if refusal.field in table.columns else "category"
        plan.faults.append(table.fault(row, key, refusal.message.rstrip("。"), "请核对"))
        return
    plan.rows.append(NewStandard(member, values["category"], amount, since))


def _given(values: dict[str, Any]) -> list[str]:
    """Which of the amounts is filled in, of those that the category asks for."""
    category = values.get("category")
    names = [name for name in ("base", "quarter_total", "amount") if values.get(name) is not None]
    if category == Category.IRREGULAR:
        return [name for name in names if name != "base"]
    if category in BY_BASE:
        return [name for name in names if name != "quarter_total"]
    return [name for name in names if name == "amount"]


def _member(
    table: Table,
    row: Row,
    values: dict[str, Any],
    by_name: dict[str, list[Member]],
    faults: list[Fault],
) -> Member | None:
    """Who is meant: by name, of several of the same name by the number."""
    found = by_name.get(str(values.get("name") or ""), [])
    if not found:
        if values.get("name"):
            faults.append(
                table.fault(row, "name", "名册里没有这位党员", "请核对姓名，或先登记到名册")
            )
        return None
    number = str(values.get("id_number") or "").strip().upper()
    if number:
        found = [one for one in found if one.unseal("id_number") == number]
        if not found:
            faults.append(table.fault(row, "id_number", "与名册上的号码不一致", "请核对"))
            return None
    if len(found) > 1:
        faults.append(table.fault(row, "name", "名册里有同名的党员", "请加一列公民身份号码"))
        return None
    return found[0]
