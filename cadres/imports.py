"""干部名册 from a workbook: every fault listed first, then all rows or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from cadres import services
from cadres.enums import Level, Politics
from cadres.models import Cadre
from cadres.rules.screen import refused_text
from core.codes import NATIONALITY, SEX, check_id_number, check_phone, mask_id, mask_phone
from core.dates import parse_date
from core.workbooks import Column, Fault, Row, Source, Table, WorkbookError, read_table

MOST_ROWS = 2000


class CellError(ValueError):
    """A cell that will not do; ``hint`` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}，{hint}")
        self.message, self.hint = message, hint


def _text(longest: int) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        text = str(value).replace("\x00", "").strip()
        if len(text) > longest:
            raise CellError("太长", f"请控制在 {longest} 字以内")
        if fault := refused_text(text):
            raise CellError("不能放在这里", fault)
        return text

    return parse


def _one_of(choices: Any) -> Callable[[Any], str]:
    names = {str(one.label): str(one.value) for one in choices}

    def parse(value: Any) -> str:
        found = names.get(str(value).strip())
        if found is None:
            raise CellError("不认识", f"请写：{'、'.join(names)}")
        return found

    return parse


def _day(value: Any) -> date:
    return parse_date(value).day


def _number(value: Any) -> str:
    return check_id_number(value).number


COLUMNS = (
    Column(key="name", title="姓名", required=True, filled=True, parse=_text(60)),
    Column(key="sex", title="性别", required=True, filled=True, parse=SEX.code),
    Column(key="unit", title="单位代码", synonyms=("党组织代码",), required=True, filled=True),
    Column(key="level", title="职务层次", required=True, filled=True, parse=_one_of(Level)),
    Column(key="born", title="出生日期", synonyms=("出生年月",), parse=_day),
    Column(key="id_number", title="公民身份号码", synonyms=("身份证号",), parse=_number,
           mask=mask_id),
    Column(key="phone", title="手机号码", synonyms=("电话",), parse=check_phone, mask=mask_phone),
    Column(key="ethnicity", title="民族", parse=NATIONALITY.code),
    Column(key="native_place", title="籍贯", parse=_text(40)),
    Column(key="birthplace", title="出生地", parse=_text(40)),
    Column(key="politics", title="政治面貌", parse=_one_of(Politics)),
    Column(key="party_on", title="入党时间", parse=_day),
    Column(key="work_on", title="参加工作时间", parse=_day),
    Column(key="health", title="健康状况", parse=_text(40)),
    Column(key="title", title="专业技术职务", parse=_text(60)),
    Column(key="specialty", title="熟悉专业有何专长", parse=_text(100)),
    Column(key="full_education", title="全日制学历学位", parse=_text(60)),
    Column(key="full_school", title="全日制院系及专业", parse=_text(100)),
    Column(key="part_education", title="在职学历学位", parse=_text(60)),
    Column(key="part_school", title="在职院系及专业", parse=_text(100)),
)  # fmt: skip


@dataclass
class Plan:
    """What a file holds: rows ready for the verb, or the faults that forbid them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to write and nothing against it."""
        return bool(self.rows) and not self.faults


def read_cadres(source: Source, *, reach: Sequence[Unit]) -> Plan:
    """Read a roster; units are looked up within reach only."""
    plan = Plan()
    try:
        table = read_table(source, columns=COLUMNS)
    except WorkbookError as error:
        plan.faults.append(error.fault)
        return plan
    if len(table.rows) > MOST_ROWS:
        plan.faults.append(
            Fault(0, "", "", f"有 {len(table.rows)} 行", f"一次最多 {MOST_ROWS} 行，请分几次")
        )
        return plan
    codes = {row.text("unit") for row in table.rows}
    units = {one.code: one for one in Unit.objects.within(*reach).filter(code__in=codes)}
    seen: dict[str, int] = {}
    for row in table.rows:
        _row(plan, table, row, units, seen)
    return plan


def _row(plan: Plan, table: Table, row: Row, units: dict[str, Unit], seen: dict[str, int]) -> None:
    values, faults = table.parse(row)
    unit = units.get(str(values.get("unit") or ""))
    if unit is None and not any(fault.row == row.number for fault in faults):
        faults.append(table.fault(row, "unit", "没有这个单位", "请用“党组织”名册里的代码"))
    number = values.get("id_number")
    if number and number in seen:
        faults.append(table.fault(row, "id_number", f"与第 {seen[number]} 行重复", "请删去一行"))
    if number:
        seen[number] = row.number
    plan.faults += faults
    if not faults:
        plan.rows.append({**{k: v for k, v in values.items() if v is not None}, "unit": unit})


@transaction.atomic
def write_cadres(*, rows: Sequence[dict[str, Any]], by: User, reach: Sequence[Unit]) -> int:
    """Open a file for each row that has none yet; how many were new.

    The same person is known by the number, else by unit, name and the start of work.
    """
    numbers = [row["id_number"] for row in rows if row.get("id_number")]
    field_ = Cadre.sealed_field("id_number")
    prints = {field_.fingerprint(number): number for number in numbers}
    mine = Cadre.objects.within(*reach)
    known = {
        prints[bytes(found)]
        for found in mine.filter(id_number_index__in=list(prints)).values_list(
            "id_number_index", flat=True
        )
    }
    names = set(
        mine.filter(unit__in=[row["unit"] for row in rows]).values_list("unit", "name", "work_on")
    )
    made = 0
    for row in rows:
        person = (row["unit"].pk, row["name"], row.get("work_on"))
        if row.get("id_number") in known or person in names:
            continue
        services.add_cadre(by=by, **row)
        names.add(person)
        made += 1
    return made
