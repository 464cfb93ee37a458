"""Workbooks in: the register and a standard. Every fault is listed first; then all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.db.models import Q

from branches.models import Unit
from core.codes import check_credit_code
from core.dates import parse_date
from core.screening import mark_in_text
from core.workbooks import Column, Fault, Row, Source, Table, WorkbookError, read_table
from starrating.defaults import Line
from starrating.enums import (
    Category,
    Industry,
    ManagedBy,
    Method,
    OrganisationKind,
    PartyForm,
)
from starrating.rules import item_faults
from starrating.services import UNIT_KINDS

MOST_ROWS = 1000


class CellError(ValueError):
    """A cell that will not do; ``hint`` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}，{hint}")
        self.message, self.hint = message, hint


def _choice(choices: type[models.TextChoices], what: str) -> Any:
    names = {str(one.label): one.value for one in choices}

    def parse(value: Any) -> str:
        text = str(value).strip()
        found = names.get(text) or next((c for label, c in names.items() if text in label), "")
        if not found and text.upper() in choices.values:
            found = text.upper()
        if not found:
            raise CellError(f"没有这种{what}", f"请写：{'、'.join(names)}")
        return found

    return parse


def _text(what: str, longest: int) -> Any:
    def parse(value: Any) -> str:
        text = str(value).replace("\x00", "").strip()
        if len(text) > longest:
            raise CellError(f"{what}太长", f"请控制在 {longest} 字以内")
        if mark_in_text(text):
            raise CellError("带有密级字样", "本系统不得存放涉密内容")
        return text

    return parse


def _count(value: Any) -> int:
    try:
        number = Decimal(str(value).strip().removesuffix("人"))
    except InvalidOperation:
        number = Decimal(-1)
    if number < 0 or number != number.to_integral_value() or number > 10_000_000:
        raise CellError("应是整数", "请只写数字，例如 85")
    return int(number)


def _points(value: Any) -> Decimal:
    try:
        number = Decimal(str(value).strip().removesuffix("分"))
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 0 < number <= 100 or number != round(number, 2):
        raise CellError("分值应在 0 到 100 之间，最多两位小数", "请只写数字，例如 5")
    return number


def _methods(value: Any) -> tuple[Method, ...]:
    found = []
    for name in str(value).replace("，", "、").replace(",", "、").split("、"):
        if name.strip():
            found.append(Method(_choice(Method, "考评方法")(name)))
    return tuple(dict.fromkeys(found))


ORGANISATIONS = (
    Column(key="name", title="名称", synonyms=("组织名称", "单位名称", "企业名称"), required=True,
           filled=True, parse=_text("名称", 100)),
    Column(key="kind", title="类型", synonyms=("组织类型",), required=True, filled=True,
           parse=_choice(OrganisationKind, "类型")),
    Column(key="credit_code", title="统一社会信用代码", synonyms=("信用代码",), required=True,
           filled=True, parse=check_credit_code),
    Column(key="industry", title="行业", synonyms=("所属行业",), required=True, filled=True,
           parse=_choice(Industry, "行业")),
    Column(key="staff_count", title="职工人数", synonyms=("从业人员",), required=True, filled=True,
           parse=_count),
    Column(key="member_count", title="党员人数", synonyms=("党员数",), required=True, filled=True,
           parse=_count),
    Column(key="party_form", title="组建方式", synonyms=("党组织组建方式",), required=True,
           filled=True, parse=_choice(PartyForm, "组建方式")),
    Column(key="unit", title="党组织代码", synonyms=("所在党组织", "党组织代码或名称"),
           required=True, filled=True, parse=_text("党组织", 100)),
    Column(key="managed_by", title="管理方式", parse=_choice(ManagedBy, "管理方式")),
    Column(key="manager", title="属地管理党组织", synonyms=("属地管理",), parse=_text("属地", 100)),
    Column(key="founded_on", title="党组织成立日期", synonyms=("成立日期",),
           parse=lambda value: parse_date(value).day),
)  # fmt: skip
ITEMS = (
    Column(key="category", title="类别", required=True, parse=_choice(Category, "类别")),
    Column(key="name", title="指标", synonyms=("评定指标", "指标名称"), required=True, filled=True,
           parse=_text("指标", 100)),
    Column(key="points", title="分值", synonyms=("分数",), required=True, filled=True,
           parse=_points),
    Column(key="methods", title="考评方法", synonyms=("考评方式", "方法"), parse=_methods),
    Column(key="evidence", title="佐证材料", synonyms=("材料",), parse=_text("佐证材料", 200)),
)  # fmt: skip


@dataclass
class Plan:
    """What a file holds: rows ready for the verb, or the faults that forbid them."""

    rows: list[Any] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to write and nothing against it."""
        return bool(self.rows) and not self.faults


def _table(plan: Plan, source: Source, columns: Sequence[Column]) -> Table | None:
    try:
        table = read_table(source, columns=columns)
    except WorkbookError as error:
        plan.faults.append(error.fault)
        return None
    if len(table.rows) > MOST_ROWS:
        hint = f"一次最多 {MOST_ROWS} 行，请分几次"
        plan.faults.append(Fault(0, "", "", f"有 {len(table.rows)} 行", hint))
        return None
    return table


def read_organisations(source: Source, *, roots: Sequence[Unit]) -> Plan:
    """Read a register; units are found by code or name below ``roots`` only. Two queries."""
    plan = Plan()
    table = _table(plan, source, ORGANISATIONS)
    if table is None:
        return plan
    asked = {row.text(key) for row in table.rows for key in ("unit", "manager")} - {""}
    units = _units(asked, roots)
    seen: dict[str, int] = {}
    for row, values, faults in table.parsed():
        _organisation(plan, table, row, values, faults, units, seen)
    return plan


def _units(names: set[str], roots: Sequence[Unit]) -> dict[str, list[Unit]]:
    wanted = Q(code__in=names) | Q(name__in=names) | Q(short_name__in=names)
    found: dict[str, list[Unit]] = {}
    for unit in Unit.objects.within(*roots).filter(wanted).select_related("committee", "parent"):
        for key in {unit.code, unit.name, unit.short_name} & names:
            found.setdefault(key, []).append(unit)
    return found


def _organisation(
    plan: Plan, table: Table, row: Row, values: dict[str, Any], faults: list[Fault],
    units: dict[str, list[Unit]], seen: dict[str, int],
) -> None:  # fmt: skip
    for key in ("unit", "manager"):
        name = values.get(key)
        if not name:
            values[key] = None
            continue
        found = units.get(name, [])
        if len(found) != 1:
            message = "有几个党组织叫这个名称" if found else "没有这个党组织"
            hint = "请写党组织代码" if found else "请核对代码或名称，应在您管理的范围内"
            faults.append(table.fault(row, key, message, hint))
            continue
        values[key] = found[0]
        if key == "unit" and found[0].kind not in UNIT_KINDS:
            faults.append(table.fault(row, key, "这里不能挂组织", "请写党支部、党总支或党委"))
    staff, members = values.get("staff_count"), values.get("member_count")
    if staff is not None and members is not None and members > staff:
        faults.append(table.fault(row, "member_count", "党员多于职工", "请核对人数"))
    code = values.get("credit_code")
    if code and code in seen:
        faults.append(table.fault(row, "credit_code", f"与第 {seen[code]} 行重复", "请删去一行"))
    if code:
        seen.setdefault(code, row.number)
    plan.faults += faults
    if not faults:
        known = {key: value for key, value in values.items() if value is not None}
        plan.rows.append({**known, "number": row.number})


def read_standard(source: Source) -> Plan:
    """Read a sheet; an empty class is that of the row above (merged cells). No query."""
    plan = Plan()
    table = _table(plan, source, ITEMS)
    if table is None:
        return plan
    category: str | None = None
    for row, values, faults in table.parsed():
        category = values.get("category") or category
        if category is None and not faults:
            faults.append(table.fault(row, "category", "没有填写", "请写六类中的一类"))
        plan.faults += faults
        if not faults and category is not None:
            plan.rows.append(
                Line(
                    Category(category), values["name"], values["points"],
                    values.get("methods") or (), values.get("evidence") or "",
                )
            )  # fmt: skip
    if not plan.faults:
        whole = item_faults([(line.category, line.name, line.points) for line in plan.rows])
        plan.faults += [Fault(0, "", "", one.rstrip("。"), "请改好再上传") for one in whole]
    return plan
