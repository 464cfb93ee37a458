"""联系点 from a workbook: every fault listed first, then all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from branches.models import Unit
from branches.naming import unit_named
from core.dates import parse_date
from core.errors import Refusal
from core.workbooks import Column, Fault, Source, WorkbookError, read_table
from support.enums import Level
from support.services import link, register_leader

MOST_ROWS = 500


class CellError(ValueError):
    """A cell that will not do; ``hint`` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}，{hint}")
        self.message, self.hint = message, hint


def _level(value: Any) -> str:
    names = {str(one.label): one.value for one in Level}
    found = names.get(str(value).strip())
    if found is None:
        raise CellError("没有这种级别", f"请写：{'、'.join(names)}")
    return found


COLUMNS = (
    Column(key="name", title="联系领导", synonyms=("姓名", "领导"), required=True, filled=True),
    Column(key="position", title="职务", required=True, filled=True),
    Column(key="home", title="领导所在党组织", synonyms=("所在党组织",), required=True,
           filled=True),
    Column(key="level", title="级别", required=True, filled=True, parse=_level),
    Column(key="unit", title="联系点", synonyms=("联系党组织",), required=True, filled=True),
    Column(key="since", title="开始日期", required=True, filled=True,
           parse=lambda value: parse_date(value).day),
)  # fmt: skip


@dataclass
class Plan:
    """What a file holds: rows ready for the verbs, or the faults that forbid them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to write and nothing against it."""
        return bool(self.rows) and not self.faults


def read_links(source: Source, *, reach: Sequence[Unit]) -> Plan:
    """Read contact points; both organisations of a row must lie in the asker's ``reach``."""
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
    known: dict[str, Unit] = {}
    for row in table.rows:
        values, faults = table.parse(row)
        for key in () if faults else ("home", "unit"):
            text = str(values[key]).strip()
            try:
                if text not in known:
                    known[text] = unit_named(Unit.objects.within(*reach), text, field=key)
            except Refusal as refusal:
                faults.append(table.fault(row, key, refusal.message.rstrip("。"), "请核对"))
                continue
            values[key] = known[text]
        plan.faults += faults
        if not faults:
            plan.rows.append(values)
    return plan


@transaction.atomic
def write_links(rows: Sequence[dict[str, Any]], *, by: User, on: date) -> int:
    """Write them all or none, by the same verbs as the pages; the same row twice is once."""
    for row in rows:
        leader = register_leader(
            unit=row["home"], name=str(row["name"]), position=str(row["position"]),
            level=row["level"],
        )  # fmt: skip
        link(leader=leader, unit=row["unit"], by=by, since=row["since"], on=on)
    return len(rows)
