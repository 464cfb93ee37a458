"""The roster from a sheet: every row checked, found again by its number, compared, then written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import User
from branches import services
from branches.enums import BRANCH_KINDS, MemberKind, MemberState, Sex, UnitKind
from branches.imports.columns import MEMBER_COLUMNS
from branches.imports.lookup import Lookup, candidates, listed
from branches.imports.names import name_key
from branches.imports.plan import Plan, Progress, Rights, too_many
from branches.models import Member, Unit
from branches.permissions import WRITERS
from branches.services import NewMember
from branches.services.roster import FACTS
from core.codes import EDUCATION, NATIONALITY, mask_phone
from core.workbooks import Row, Source, Table, WorkbookError, read_table

TITLES = {column.key: column.title for column in MEMBER_COLUMNS} | {
    "unit": "所在党支部",
    "state": "党籍状态",
}
_WORDS: dict[str, Mapping[str, str]] = {
    "sex": {str(value): str(label) for value, label in Sex.choices},
    "kind": {str(value): str(label) for value, label in MemberKind.choices},
    "ethnicity": NATIONALITY.names,
    "education": EDUCATION.names,
}
_BATCH = 10_000
_ELSEWHERE = "这个身份号码已在您管理范围以外的党支部登记"


@dataclass(slots=True)
class Line:
    """One row on its way: what was read, whose number it is, which branch and group are meant."""

    row: Row
    values: dict[str, Any]
    sound: bool = True
    mark: bytes = b""
    phone_mark: bytes | None = None
    unit: Unit | None = None
    group: Unit | None = None
    existing: Member | None = None


@dataclass
class Sheet:
    """The sheet in work."""

    table: Table
    plan: Plan
    rights: Rights
    today: date
    lines: list[Line] = field(default_factory=list)

    def fault(self, line: Line, key: str, message: str, hint: str = "") -> None:
        """Note a fault of one cell; the line will not be written."""
        line.sound = False
        self.plan.faults.append(self.table.fault(line.row, key, message, hint))


def check(
    source: Source, *, rights: Rights, today: date, progress: Progress, lock: bool = False
) -> Plan:
    """The plan for a roster; with ``lock`` the members found are locked until the commit."""
    plan = Plan("members")
    try:
        table = read_table(source, columns=MEMBER_COLUMNS)
    except WorkbookError as error:
        plan.faults.append(error.fault)
        return plan
    plan.read(table)
    sheet = Sheet(table, plan, rights, today)
    _read(sheet, progress)
    progress(len(sheet.lines), len(sheet.lines), "正在查找党支部和已有党员")
    _find_branches(sheet)
    _find_groups(sheet)
    _find_members(sheet, lock=lock)
    _compare(sheet)
    plan.faults.sort(key=lambda fault: fault.row)
    return plan


def write(plan: Plan, *, by: User | None, today: date, progress: Progress) -> None:
    """Write what a plan without faults says, a few statements; inside the caller's transaction."""
    new, changed, total = plan.work["new"], plan.work["changed"], plan.rows
    progress(0, total, "正在写入更改")
    services.change_many(changed, on=today, by=by)
    progress(len(changed), total, "正在写入新党员")
    services.add_many(new, by=by)
    progress(total, total, "写入完成")


# --- Reading ---------------------------------------------------------------------------------


def _read(sheet: Sheet, progress: Progress) -> None:
    total, seen = len(sheet.table.rows), dict[bytes, int]()
    id_field, phone_field = Member.sealed_field("id_number"), Member.sealed_field("phone")
    for number, (row, values, faults) in enumerate(sheet.table.parsed()):
        if number % 1000 == 0:
            progress(number, total, "正在核对各行")
        if too_many(sheet.plan.faults):
            return
        line = Line(row, values, sound=not faults)
        sheet.plan.faults += faults
        sheet.lines.append(line)
        if values.get("phone"):
            line.phone_mark = phone_field.fingerprint(values["phone"])
        if values.get("id_number") is None:
            continue
        line.mark = id_field.fingerprint(values["id_number"].number)
        first = seen.setdefault(line.mark, row.number)
        if first != row.number:
            sheet.fault(line, "id_number", f"与第 {first} 行的公民身份号码相同", "同一个人只留一行")
        _check_person(sheet, line)


def _check_person(sheet: Sheet, line: Line) -> None:
    """Birth date and sex must be those of the number; the dates of Party life must follow."""
    values, number = line.values, line.values["id_number"]
    born, sex = values.get("birth_date"), values.get("sex")
    if born is not None:
        same_month = born.day.replace(day=1) == number.birth_date.replace(day=1)
        if born.day != number.birth_date and not (born.partial and same_month):
            sheet.fault(
                line,
                "birth_date",
                f"与公民身份号码里的出生日期 {number.birth_date} 不一致",
                "请对照身份证核对",
            )
    if sex is not None and sex != number.sex:
        sheet.fault(line, "sex", "与公民身份号码里的性别不一致", "请对照身份证核对")
    joined, confirmed = values.get("joined_on"), values.get("confirmed_on")
    if joined and joined > sheet.today:
        sheet.fault(line, "joined_on", "入党日期在今天之后", "请核对")
    elif joined and joined.year < number.birth_date.year + 18:
        sheet.fault(line, "joined_on", "入党时不满 18 周岁", "请核对入党日期和身份号码")
    if joined and confirmed and confirmed < joined:
        sheet.fault(line, "confirmed_on", "转正日期早于入党日期", "请核对两个日期")


# --- Branches and groups ---------------------------------------------------------------------


def _find_branches(sheet: Sheet) -> None:
    """Find each branch once, within the importer's reach: by code, by name, or nearly."""
    lookup = Lookup()
    reach = sheet.rights.reach(*WRITERS)
    for found in candidates(reach):
        lookup.add(found)
    lookup.know_districts(sheet.rights.districts())
    texts = {line.row.text("unit") for line in sheet.lines} - {""}
    said: dict[str, tuple[str, str]] = {}
    codes: dict[str, str] = {}
    for text in texts:
        found_here = lookup.find(text, kinds=BRANCH_KINDS)
        if len(found_here) == 1 and found_here[0].kind in BRANCH_KINDS:
            codes[text] = found_here[0].code
        elif len(found_here) == 1:
            label = UnitKind(found_here[0].kind).label
            said[text] = (f"“{text}”是{label}，党员要在党支部里", "请改填党员所在的党支部")
        elif found_here:
            said[text] = (f"党支部“{text}”可能是：{listed(found_here)}", "请改填党支部代码")
        else:
            said[text] = (
                f"找不到党支部“{text}”",
                "请核对名称或改填代码；要先导入党组织，且在您管理的范围内",
            )
    units = {unit.code: unit for unit in reach.filter(code__in=set(codes.values()))}
    for line in sheet.lines:
        text = line.row.text("unit")
        if text in said:
            sheet.fault(line, "unit", *said[text])
        elif text:
            line.unit = units[codes[text]]


def _find_groups(sheet: Sheet) -> None:
    """Find the 党小组 of the branch by name; a number counts too (第一党小组 is 1)."""
    asked = {line.unit.pk for line in sheet.lines if line.unit and line.row.text("group")}
    if not asked:
        return
    groups: dict[tuple[int, str], list[Unit]] = defaultdict(list)
    standing = Unit.objects.everywhere("groups of branches just authorised").filter(
        parent__in=asked, kind=UnitKind.GROUP, dissolved_on__isnull=True
    )
    for group in standing:
        for key in {name_key(group.name), name_key(group.short_name), group.code}:
            groups[group.parent_id or 0, key].append(group)
    for line in sheet.lines:
        text = line.row.text("group")
        if not text or line.unit is None:
            continue
        found = groups.get((line.unit.pk, text)) or groups.get((line.unit.pk, name_key(text)))
        if found and len(found) == 1:
            line.group = found[0]
        else:
            sheet.fault(
                line,
                "group",
                f"“{line.unit.name}”没有叫“{text}”的党小组",
                "请先建立党小组，或把这一格留空",
            )


# --- Members ---------------------------------------------------------------------------------


def _find_members(sheet: Sheet, *, lock: bool) -> None:
    """Find who is on a roster already by the keyed index of his number, a query per 10,000."""
    lines = [line for line in sheet.lines if line.mark]
    found: dict[bytes, Member] = {}
    members = Member.objects.everywhere("a number is unique in the whole database")
    if lock:
        members = members.select_for_update(of=("self",))
    for start in range(0, len(lines), _BATCH):
        marks = [line.mark for line in lines[start : start + _BATCH]]
        for member in members.filter(id_number_index__in=marks).select_related("unit"):
            found[bytes(member.id_number_index or b"")] = member
    for line in lines:
        member = found.get(line.mark)
        if member is None:
            continue
        if not sheet.rights.covers(member.unit.path, *WRITERS):
            sheet.fault(line, "id_number", _ELSEWHERE, "请核对；调入须由上级办理组织关系转接")
            continue
        if member.state in (MemberState.EXPELLED, MemberState.DEAD):
            label = member.get_state_display()
            sheet.fault(line, "id_number", f"这位同志登记为“{label}”", "请核对，或从表中删去")
            continue
        line.existing = member


def _compare(sheet: Sheet) -> None:
    new: list[NewMember] = []
    changed: list[tuple[Member, dict[str, Any]]] = []
    for line in sheet.lines:
        if not line.sound or line.unit is None or not line.mark:
            continue
        if line.existing is None:
            new.append(_new(sheet, line, line.unit))
        else:
            facts = _changes(sheet, line, line.existing, line.unit)
            if facts:
                changed.append((line.existing, facts))
    sheet.plan.work = {"new": new, "changed": changed}


def _facts(line: Line) -> dict[str, Any]:
    """What the row says, as the services take it; empty cells say nothing."""
    facts = {key: line.values[key] for key in FACTS if line.values.get(key) is not None}
    number = facts["id_number"]
    facts["id_number"] = number.number
    facts["birth_date"], facts["sex"] = number.birth_date, number.sex
    return facts


def _new(sheet: Sheet, line: Line, unit: Unit) -> NewMember:
    facts = _facts(line)
    kind = MemberKind(facts.get("kind", MemberKind.FULL)).label
    mark = [line.mark.hex(), unit.code, line.group and line.group.code, facts]
    sheet.plan.add_created(line.row.number, facts["name"], f"{kind}，{unit.name}", mark)
    return NewMember(unit=unit, group=line.group, **facts)


def _changes(sheet: Sheet, line: Line, member: Member, unit: Unit) -> dict[str, Any]:
    """The facts that differ; also noted for the preview."""
    facts: dict[str, Any] = {}
    shown: list[tuple[str, str, str]] = []
    for key, new in _facts(line).items():
        if key == "id_number":
            continue
        if key == "phone":
            index = member.phone_index
            if index is not None and bytes(index) == line.phone_mark:
                continue
            old: Any = member.unseal("phone")
        else:
            old = getattr(member, key)
        if old != new:
            facts[key] = new
            shown.append((TITLES[key], _shown(key, old), _shown(key, new)))
    if member.unit_id != unit.pk:
        facts["unit"] = unit
        shown.append((TITLES["unit"], member.unit.name, unit.name))
    if member.state == MemberState.LEFT:
        facts["state"] = MemberState.ACTIVE
        shown.append((TITLES["state"], MemberState.LEFT.label, MemberState.ACTIVE.label))
    if line.group is not None and member.group_id != line.group.pk:
        facts["group"] = line.group
        shown.append((TITLES["group"], "", line.group.name))
    joined = facts.get("joined_on", member.joined_on)
    confirmed = facts.get("confirmed_on", member.confirmed_on)
    if joined and confirmed and confirmed < joined:
        sheet.fault(
            line, "joined_on", "与已登记的日期合起来，转正早于入党", "请两个日期都填写并核对"
        )
        return {}
    if not shown:
        sheet.plan.unchanged += 1
        return {}
    mark = [line.mark.hex(), unit.code, {key: str(value) for key, value in facts.items()}, shown]
    sheet.plan.add_changed(line.row.number, member.name, shown, mark)
    return facts


def _shown(key: str, value: object) -> str:
    """A value as a person reads it."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    if key == "phone":
        return mask_phone(text)
    return _WORDS.get(key, {}).get(text, text)
