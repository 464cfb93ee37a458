"""转入名单 from a workbook: every fault listed first, then all letters or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from branches.enums import MemberKind, MemberState
from branches.models import Member, Unit
from core.codes import CodeError, check_id_number, check_phone, mask_id, mask_phone
from core.dates import parse_date
from core.screening import mark_in_text
from core.workbooks import Column, Fault, Row, Source, Table, WorkbookError, read_table
from membership.enums import UNDER_WAY, Way
from membership.models import Transfer
from membership.rules import is_expired

MOST_ROWS = 300


def _text(longest: int) -> Any:
    def reader(value: Any) -> str:
        words = " ".join(str(value).replace("\x00", "").split())
        if len(words) > longest:
            raise CodeError(f"文字超过 {longest} 个字", "请缩短")
        if mark_in_text(words):
            raise CodeError("带有密级字样", "本系统不得存放涉密内容")
        return words

    return reader


def _day(value: Any) -> date:
    return parse_date(value).day


def _days(value: Any) -> int:
    words = str(value).strip().removesuffix("天").removesuffix(".0")
    if words.isdecimal() and 1 <= int(words) <= 365:
        return int(words)
    raise CodeError("有效天数不对", "请填 1 到 365 的整数")


def _kind(value: Any) -> str:
    names = {"正式党员": MemberKind.FULL, "预备党员": MemberKind.PROBATIONARY,
             "正式": MemberKind.FULL, "预备": MemberKind.PROBATIONARY}  # fmt: skip
    found = names.get(str(value).strip())
    if found is None:
        raise CodeError("没有这种人员类别", "请填写：正式党员、预备党员")
    return found.value


def _column(key: str, title: str, parse: Any, *synonyms: str, needed: bool = True, mask: Any = None
            ) -> Column:  # fmt: skip
    return Column(key=key, title=title, synonyms=synonyms, required=needed, filled=needed,
                  parse=parse, mask=mask)  # fmt: skip


COLUMNS = (
    _column("name", "姓名", _text(60)),
    _column("id_number", "公民身份号码", check_id_number, "身份证号", "身份证号码", mask=mask_id),
    _column("kind", "人员类别", _kind, "类别"),
    _column("joined_on", "入党日期", _day, "入党时间"),
    _column("confirmed_on", "转正日期", _day, "转正时间", needed=False),
    _column("phone", "手机号码", check_phone, "联系电话", "手机", needed=False, mask=mask_phone),
    _column("to", "转入党支部", _text(120), "接收党支部", "党支部", "所在党支部"),
    _column("outside", "转出党组织", _text(120), "原党组织", "来自党组织"),
    _column("letter_number", "介绍信编号", _text(40), "介绍信号"),
    _column("letter_on", "开具日期", _day, "介绍信日期"),
    _column("valid_days", "有效天数", _days, "有效期"),
    _column("dues_until", "党费交至", _day, "党费交到", needed=False),
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


def read_letters(source: Source, *, branches: Mapping[str, Unit], on: date) -> Plan:
    """Read letters; ``branches`` are those in reach by code, full and short name.

    The same row of the same file is always the same form key. Two questions for all rows.
    """
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
    read = [(row, *table.parse(row)) for row in table.rows]
    numbers = [values["id_number"].number for _, values, _ in read if values.get("id_number")]
    known = _known(numbers)
    seen: dict[str, int] = {}
    for row, values, faults in read:
        plan.faults += faults
        if not faults:
            _row(plan, table, row, values, branches, known, seen, on)
    return plan


def _known(numbers: list[str]) -> tuple[set[str], dict[str, Any]]:
    """Numbers that are on a roster, and the form keys of letters under way; two questions."""
    column, letters = Member.sealed_field("id_number"), Transfer.sealed_field("id_number")
    marks = {column.fingerprint(number): number for number in numbers}
    kept = {letters.fingerprint(number): number for number in numbers}
    there = Member.unscoped.filter(id_number_index__in=list(marks)).exclude(state=MemberState.LEFT)
    running = Transfer.unscoped.filter(
        id_number_index__in=list(kept), way=Way.IN, state__in=UNDER_WAY
    )
    return (
        {marks[bytes(row.id_number_index or b"")] for row in there.only("id_number_index")},
        {kept[bytes(row.id_number_index or b"")]: row.form_key for row in running},
    )


def _row(
    plan: Plan,
    table: Table,
    row: Row,
    values: dict[str, Any],
    branches: Mapping[str, Unit],
    known: tuple[set[str], dict[str, Any]],
    seen: dict[str, int],
    on: date,
) -> None:
    faults = []
    number, unit = values["id_number"].number, branches.get(values["to"])
    if unit is None:
        faults.append(
            table.fault(row, "to", "没有这个党支部，或不归您管", "请写党支部全称、简称或代码")
        )
    if number in seen:
        faults.append(table.fault(row, "id_number", f"与第 {seen[number]} 行重复", "请删去一行"))
    seen[number] = row.number
    key = uuid5(NAMESPACE_URL, f"letter {number} {values['letter_number']} {values['letter_on']}")
    if number in known[0]:
        faults.append(table.fault(row, "id_number", "已在党员名册上", "请核对"))
    elif number in known[1] and known[1][number] != key:
        faults.append(table.fault(row, "id_number", "有一笔转入正在办理", "请核对"))
    if values["letter_on"] > on:
        faults.append(table.fault(row, "letter_on", "开具日期在今天以后", "请核对"))
    elif is_expired(values["letter_on"], values["valid_days"], on):
        faults.append(
            table.fault(row, "valid_days", "介绍信已过有效期", "请在网页上单独登记并写明原因")
        )
    joined, confirmed = values["joined_on"], values.get("confirmed_on")
    if joined > on:
        faults.append(table.fault(row, "joined_on", "入党日期在今天以后", "请核对"))
    if confirmed and confirmed < joined:
        faults.append(table.fault(row, "confirmed_on", "转正日期早于入党日期", "请核对"))
    plan.faults += faults
    if not faults:
        plan.rows.append(
            {
                "to": unit, "form_key": key, "id_number": number,
                "phone": values.get("phone") or "", "confirmed_on": confirmed,
                "dues_until": values.get("dues_until"),
                **{n: values[n] for n in ("name", "kind", "joined_on", "outside", "letter_number",
                                          "letter_on", "valid_days")},
            }
        )  # fmt: skip


def example(on: date) -> list[str]:
    """One line as it should be."""
    return [
        "张某某", "（18 位身份号码）", "正式党员", "2015-07-01", "2016-07-01", "", "某某社区党支部",
        "中共某市某区某街道某社区支部", "2026-0001", f"{on - timedelta(days=7):%Y-%m-%d}", "90", "",
    ]  # fmt: skip
