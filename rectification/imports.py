"""问题清单 from a workbook: every fault listed first, then all rows or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from core.dates import parse_date
from core.screening import mark_in_text
from core.workbooks import Column, Fault, Row, Source, Table, WorkbookError, read_table
from rectification.enums import Source as Origin

MOST_ROWS = 500


class CellError(ValueError):
    """A cell that will not do; ``hint`` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}，{hint}")
        self.message, self.hint = message, hint


def _origin(value: Any) -> str:
    names = {str(one.label): one.value for one in Origin}
    text = str(value).strip()
    found = names.get(text) or next((c for label, c in names.items() if text in label), "")
    if not found:
        raise CellError("没有这种来源", f"请写：{'、'.join(names)}")
    return found


def _title(value: Any) -> str:
    text = str(value).replace("\x00", "").strip()
    if len(text) > 200:
        raise CellError("问题太长", "请控制在 200 字以内")
    if mark_in_text(text):
        raise CellError("带有密级字样", "本系统不得存放涉密内容")
    return text


def _day(value: Any) -> date:
    return parse_date(value).day


COLUMNS = (
    Column(key="title", title="问题", synonyms=("问题描述", "意见建议"), required=True, filled=True,
           parse=_title),
    Column(key="source", title="来源", synonyms=("问题来源",), required=True, filled=True,
           parse=_origin),
    Column(key="collected_on", title="收集日期", synonyms=("日期",), required=True, filled=True,
           parse=_day),
)  # fmt: skip


@dataclass
class Plan:
    """What a file holds: rows ready for the verb, or the faults that forbid them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to write and nothing against it."""
        return bool(self.rows) and not self.faults


def read_problems(source: Source, *, case_uuid: object, on: date) -> Plan:
    """Read a list of problems; the same row of the same file is always the same form key."""
    plan = Plan()
    try:
        table = read_table(source, columns=COLUMNS)
    except WorkbookError as error:
        plan.faults.append(error.fault)
        return plan
    plan.notes = list(table.notes)
    if len(table.rows) > MOST_ROWS:
        plan.faults.append(
            Fault(0, "", "", f"有 {len(table.rows)} 行", f"一次最多 {MOST_ROWS} 行，请分几次")
        )
        return plan
    seen: dict[Any, int] = {}
    for row in table.rows:
        _row(plan, table, row, case_uuid, on, seen)
    return plan


def _row(
    plan: Plan, table: Table, row: Row, case_uuid: object, on: date, seen: dict[Any, int]
) -> None:
    values, faults = table.parse(row)
    day = values.get("collected_on")
    if not faults and day is not None and day > on:
        faults.append(table.fault(row, "collected_on", "日期在今天以后", "请核对"))
    key = uuid5(NAMESPACE_URL, f"{case_uuid} {values.get('title')} {values.get('source')} {day}")
    if not faults and key in seen:
        faults.append(table.fault(row, "title", f"与第 {seen[key]} 行重复", "请删去一行"))
    seen[key] = row.number
    plan.faults += faults
    if not faults:
        plan.rows.append({**values, "form_key": key})
