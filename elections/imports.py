"""自治组织的进度表 from a workbook: every fault listed first, then all steps or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.dates import parse_date
from core.workbooks import Column, Fault, Source, Table, WorkbookError, read_table
from elections.enums import CIVIC_COUNTS, CivicStage

MOST_ROWS = 500


@dataclass(frozen=True)
class CivicLine:
    """One step as a row says it."""

    body: Any
    stage: int
    day: date
    first: int | None
    second: int | None
    place: str


@dataclass
class CivicPlan:
    """What a file holds: steps ready for the verb, or the faults that forbid them."""

    steps: list[CivicLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to write and nothing against it."""
        return bool(self.steps) and not self.faults


def _day(value: Any) -> date:
    return parse_date(value).day


def _number(value: Any) -> int:
    text = str(value).strip().removesuffix("人").removesuffix(".0")
    if not text.isdigit() or len(text) > 7:
        raise ValueError("应是整数，请只写人数")
    return int(text)


def columns() -> list[Column]:
    """党组织代码, then a day and the counts of each step; all but the code may be missing."""
    found = [Column(key="code", title="党组织代码", synonyms=("代码",), required=True, filled=True)]
    for stage in CivicStage:
        found.append(Column(key=f"day_{stage}", title=f"{stage.label}日期", parse=_day))
        for at, name in enumerate(CIVIC_COUNTS[stage]):
            found.append(Column(key=f"count_{stage}_{at}", title=name, parse=_number))
    return found


def read_civic(source: Source, *, bodies: Mapping[str, Any], on: date) -> CivicPlan:
    """Read a sheet; ``bodies`` are those of the wave in the asker's reach, by code."""
    plan = CivicPlan()
    try:
        table = read_table(source, columns=columns())
    except WorkbookError as error:
        plan.faults.append(error.fault)
        return plan
    if len(table.rows) > MOST_ROWS:
        plan.faults.append(
            Fault(0, "", "", f"有 {len(table.rows)} 行", f"一次最多 {MOST_ROWS} 行，请分几次")
        )
        return plan
    for row in table.rows:
        _row(plan, table, row, bodies, on)
    return plan


def _row(
    plan: CivicPlan, table: Table, row: Any, bodies: Mapping[str, Any], on: date
) -> None:  # fmt: skip
    values, faults = table.parse(row)
    code = str(values.get("code") or "").strip()
    body = bodies.get(code)
    if body is None and not faults:
        faults.append(table.fault(row, "code", "这个党组织不在本批次里", "请核对代码"))
    for stage in CivicStage:
        day = values.get(f"day_{stage}")
        if day is None:
            continue
        if day > on:
            faults.append(table.fault(row, f"day_{stage}", "日期在今天以后", "请核对"))
        counts = [values.get(f"count_{stage}_{at}") for at in range(2)]
        for at, name in enumerate(CIVIC_COUNTS[stage]):
            if counts[at] is None:
                faults.append(table.fault(row, f"day_{stage}", f"没有写{name}", "请补上人数"))
        if body is not None:
            place = f"第 {row.number} 行{body.unit}"
            plan.steps.append(CivicLine(body, stage.value, day, counts[0], counts[1], place))
    plan.faults += faults
