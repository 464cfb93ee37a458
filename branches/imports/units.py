"""Organisations from a sheet: every row checked, compared with what stands, then written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import User
from branches import services
from branches.enums import BRANCH_KINDS, Field, UnitKind
from branches.imports import unit_places as places
from branches.imports.columns import UNIT_COLUMNS
from branches.imports.lookup import Found, Lookup, candidates
from branches.imports.plan import Plan, Progress, Rights, too_many
from branches.models import CommitteeTerm, Unit
from branches.permissions import STAFF
from branches.services import NewTerm, NewUnit
from branches.services.changes import FACTS
from branches.services.terms import usual_years
from branches.services.tree import lock_tree
from core.codes import mask_phone
from core.dates import add_months
from core.workbooks import Row, Source, Table, WorkbookError, read_table

TITLES = {column.key: column.title for column in UNIT_COLUMNS}
_ELSEWHERE = "代码已被别的党组织使用，或不在您的管理范围内"


@dataclass
class Line:
    """One row of the sheet on its way: what was read, and what it was found to be."""

    row: Row
    values: dict[str, Any]
    sound: bool = True
    existing: Unit | None = None
    parent_code: str = ""
    kind: UnitKind | None = None
    term: tuple[date, date] | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def code(self) -> str:
        """党组织代码, "" where it could not be read."""
        return self.values.get("code") or ""

    @property
    def name(self) -> str:
        """党组织名称."""
        return self.values.get("name") or ""


@dataclass
class Sheet:
    """The sheet in work: its table, its lines, and the plan that grows from them."""

    table: Table
    plan: Plan
    rights: Rights
    today: date
    lines: list[Line] = field(default_factory=list)
    by_code: dict[str, Line] = field(default_factory=dict)
    standing: dict[str, Unit] = field(default_factory=dict)

    def fault(self, line: Line, key: str, message: str, hint: str = "") -> None:
        """Note a fault of one cell; the line will not be written."""
        line.sound = False
        self.plan.faults.append(self.table.fault(line.row, key, message, hint))


def check(
    source: Source, *, rights: Rights, today: date, progress: Progress, lock: bool = False
) -> Plan:
    """The plan for a sheet of organisations; with ``lock`` the tree stands still until commit."""
    plan = Plan("units")
    try:
        table = read_table(source, columns=UNIT_COLUMNS)
    except WorkbookError as error:
        plan.faults.append(error.fault)
        return plan
    plan.read(table)
    if lock:
        lock_tree()
    sheet = Sheet(table, plan, rights, today)
    _read(sheet, progress)
    _find_standing(sheet)
    _find_parents(sheet)
    places.check(sheet)
    _check_terms(sheet)
    _compare(sheet)
    plan.faults.sort(key=lambda fault: fault.row)
    return plan


def write(plan: Plan, *, by: User | None, today: date, progress: Progress) -> None:
    """Write what a plan without faults says, a few statements; inside the caller's transaction."""
    work, total = plan.work, plan.rows
    progress(0, total, "正在写入更改")
    services.change_units(work["facts"], by=by)
    progress(len(work["facts"]), total, "正在写入新的党组织")
    placed = {unit.code: unit for unit in services.place_many(work["new"], by=by)}
    progress(len(work["facts"]) + len(placed), total, "正在调整隶属")
    units = work["standing"] | placed
    # Few: a district seldom moves more than a street at once, and each takes its whole subtree.
    for unit, parent_code in work["moves"]:
        services.move(unit=unit, to=units[parent_code], on=today, by=by, reason="批量导入")
    for term in work["ended"]:
        services.end_term(term=term[0], on=term[1], by=by)
    services.add_terms(
        [
            NewTerm(unit=units[code], started_on=started, due_on=due)
            for code, started, due in work["terms"]
        ]
    )
    progress(total, total, "写入完成")


# --- Reading ---------------------------------------------------------------------------------


def _read(sheet: Sheet, progress: Progress) -> None:
    total = len(sheet.table.rows)
    for number, (row, values, faults) in enumerate(sheet.table.parsed()):
        if number % 1000 == 0:
            progress(number, total, "正在核对各行")
        if too_many(sheet.plan.faults):
            return
        line = Line(row, values, sound=not faults, kind=values.get("kind"))
        sheet.plan.faults += faults
        sheet.lines.append(line)
        if line.code and line.code in sheet.by_code:
            first = sheet.by_code[line.code].row.number
            sheet.fault(
                line, "code", f"与第 {first} 行的代码重复", "每个党组织的代码都不同，请核对"
            )
        elif line.code:
            sheet.by_code[line.code] = line
        if values.get("founded_on") and values["founded_on"] > sheet.today:
            sheet.fault(line, "founded_on", "成立日期在今天之后", "请核对")


def _find_standing(sheet: Sheet) -> None:
    """Find which lines stand already, and refuse those of others."""
    units = Unit.objects.everywhere("a code is unique in the whole database")
    found = units.filter(code__in=list(sheet.by_code)).select_related("parent")
    sheet.standing = {unit.code: unit for unit in found}
    for code, unit in sheet.standing.items():
        line = sheet.by_code[code]
        if not sheet.rights.covers(unit.path, *STAFF):
            sheet.fault(line, "code", _ELSEWHERE, "请核对代码")
        elif unit.dissolved_on is not None:
            sheet.fault(
                line, "code", f"“{unit.name}”已经撤销", "请从表中删去这一行，或换成新的代码"
            )
        line.existing = unit
        if unit.kind == UnitKind.DISTRICT:
            line.kind = UnitKind.DISTRICT


# --- Parents ---------------------------------------------------------------------------------


def _find_parents(sheet: Sheet) -> None:
    lookup = Lookup()
    kinds: list[UnitKind] = [
        kind for kind in UnitKind if kind not in (*BRANCH_KINDS, UnitKind.GROUP)
    ]
    if any(line.kind == UnitKind.GROUP for line in sheet.lines):
        kinds += BRANCH_KINDS
    for found in candidates(sheet.rights.reach(*STAFF), kinds):
        lookup.add(found)
    lookup.know_districts(sheet.rights.districts())
    for line in sheet.by_code.values():
        if line.name and line.kind:
            above = line.row.text("parent")
            top = not above and line.kind in (UnitKind.COMMITTEE, UnitKind.WORKING_COMMITTEE)
            new_root = top and line.existing is None
            kind = UnitKind.DISTRICT if new_root else line.kind
            lookup.add(Found(line.code, line.name, kind, above))
    roots: list[Line] = []
    lost: list[Line] = []
    for line in sheet.lines:
        written = line.row.text("parent")
        if not written:
            _without_parent(sheet, line, roots)
            continue
        if line.existing and line.existing.kind == UnitKind.DISTRICT:
            sheet.fault(line, "parent", "区委没有上级党组织", "请把上级党组织一格留空")
            continue
        fits = places.fitting(line.kind)
        found_here = [one for one in lookup.find(written, kinds=fits) if one.code != line.code]
        if len(found_here) == 1:
            line.parent_code = found_here[0].code
        elif found_here:
            places.ambiguous(sheet, line, written, found_here)
        else:
            lost.append(line)
    _settle_roots(sheet, roots)
    places.lost_parents(sheet, lost, kinds)
    _load_parents(sheet)


def _without_parent(sheet: Sheet, line: Line, roots: list[Line]) -> None:
    """No parent is written: it keeps the one it has, or it is the district."""
    if line.existing is not None and line.existing.parent is not None:
        line.parent_code = line.existing.parent.code
    elif line.kind in (UnitKind.COMMITTEE, UnitKind.WORKING_COMMITTEE, UnitKind.DISTRICT):
        roots.append(line)
    elif line.kind is not None:
        sheet.fault(line, "parent", f"{line.kind.label}要有上级党组织", "请填写上级的名称或代码")


def _settle_roots(sheet: Sheet, roots: list[Line]) -> None:
    """The one 党委 without a parent is the district."""
    if len(roots) > 1:
        names = "、".join(f"第 {line.row.number} 行{line.name}" for line in roots[:5])
        for line in roots:
            sheet.fault(
                line,
                "parent",
                f"有 {len(roots)} 个党组织没有填写上级（{names}），看不出哪个是区委",
                "只留区委的上级为空，其余请补上",
            )
        return
    for line in roots:
        line.kind = UnitKind.DISTRICT
        if line.existing is None and not sheet.rights.may_found_district:
            sheet.fault(
                line, "parent", "新建区委只能由系统管理员办理", "请填写上级党组织，或联系系统管理员"
            )


def _load_parents(sheet: Sheet) -> None:
    """Fetch the parents that stand in the database only."""
    wanted = {line.parent_code for line in sheet.lines} - set(sheet.by_code) - {""}
    parents = Unit.objects.everywhere("found within the importer's reach before")
    for unit in parents.filter(code__in=wanted).select_related("parent"):
        sheet.standing[unit.code] = unit


# --- Terms -----------------------------------------------------------------------------------


def _check_terms(sheet: Sheet) -> None:
    for line in sheet.lines:
        started, due, years = (line.values.get(key) for key in ("started_on", "due_on", "years"))
        if started is None:
            if due is not None or years is not None:
                key = "due_on" if due is not None else "years"
                sheet.fault(line, key, "没有当选日期，记不下这一届", "请补上当选日期，或留空")
            continue
        if due is None:
            usual = usual_years(_as_unit(line))
            due = add_months(started, 12 * (years or usual))
        if due <= started:
            sheet.fault(line, "due_on", "届满日期不晚于当选日期", "请核对两个日期")
            continue
        line.term = (started, due)


def _as_unit(line: Line) -> Unit:
    return Unit(kind=line.kind or "", field=line.values.get("field") or Field.OTHER)


# --- Comparing -------------------------------------------------------------------------------


def _compare(sheet: Sheet) -> None:
    """Sort the sound lines into new, changed and unchanged, and gather the work."""
    work: dict[str, Any] = {key: [] for key in ("new", "facts", "moves", "terms", "ended")}
    work["standing"] = sheet.standing
    terms = CommitteeTerm.objects.everywhere("of the units just authorised").filter(
        unit__in=[unit.pk for unit in sheet.standing.values()], ended_on__isnull=True
    )
    open_terms = {term.unit_id: term for term in terms}
    for line in sheet.lines:
        if not line.sound or line.kind is None:
            continue
        if line.existing is None:
            _plan_new(sheet, line, work)
        else:
            _plan_change(sheet, line, line.existing, open_terms.get(line.existing.pk), work)
    work["moves"].sort(key=lambda move: places.final_depth(sheet, move[0].code))
    sheet.plan.work = work


def _facts(line: Line) -> dict[str, Any]:
    return {key: line.values[key] for key in FACTS if line.values.get(key) is not None}


def _plan_new(sheet: Sheet, line: Line, work: dict[str, Any]) -> None:
    assert line.kind is not None
    facts = _facts(line)
    work["new"].append(
        NewUnit(
            code=line.code, name=line.name, kind=line.kind, parent_code=line.parent_code, **facts
        )
    )
    if line.term:
        work["terms"].append((line.code, *line.term))
    above = places.name_of(sheet, line.parent_code)
    about = f"{line.kind.label}，上级：{above}" if above else line.kind.label
    mark = [line.code, line.name, line.kind, line.parent_code, line.term, facts]
    sheet.plan.add_created(line.row.number, line.name, about, mark)


def _plan_change(
    sheet: Sheet, line: Line, unit: Unit, term: CommitteeTerm | None, work: dict[str, Any]
) -> None:
    assert line.kind is not None
    facts: dict[str, Any] = {}
    given: dict[str, Any] = {"name": line.name, "kind": line.kind, **_facts(line)}
    for key, new in given.items():
        old = unit.unseal(key) if key == "contact_phone" else getattr(unit, key)
        if old != new:
            facts[key] = new
            line.changes.append((TITLES[key], _shown(key, old), _shown(key, new)))
    if facts:
        work["facts"].append((unit, facts))
    old_parent = unit.parent.code if unit.parent else ""
    if line.parent_code != old_parent:
        work["moves"].append((unit, line.parent_code))
        old_name = unit.parent.name if unit.parent else ""
        names = old_name, places.name_of(sheet, line.parent_code)
        line.changes.append((TITLES["parent"], *names))
    _plan_term(sheet, line, unit, term, work)
    if not line.sound:
        return
    if line.changes:
        mark = [line.code, facts, line.parent_code, line.term, line.changes]
        sheet.plan.add_changed(line.row.number, line.name, line.changes, mark)
    else:
        sheet.plan.unchanged += 1


def _plan_term(
    sheet: Sheet, line: Line, unit: Unit, term: CommitteeTerm | None, work: dict[str, Any]
) -> None:
    """A later term ends the open one on the day before; the same days change nothing."""
    if line.term is None:
        return
    started, due = line.term
    if term is not None and (term.started_on, term.due_on) == line.term:
        return
    if term is not None and started <= term.started_on:
        sheet.fault(
            line,
            "started_on",
            f"本届已登记为 {term.started_on} 当选、{term.due_on} 届满",
            "请核对；要更正本届日期，请到党组织页面修改",
        )
        return
    if term is not None:
        work["ended"].append((term, date.fromordinal(started.toordinal() - 1)))
    work["terms"].append((unit.code, started, due))
    old = f"{term.started_on} 至 {term.due_on}" if term else ""
    line.changes.append(("届次", old, f"{started} 至 {due}"))


def _shown(key: str, value: object) -> str:
    """A value as a person reads it."""
    if value in (None, ""):
        return ""
    if key == "kind":
        return str(UnitKind(str(value)).label)
    if key == "field":
        return str(Field(str(value)).label)
    return mask_phone(str(value)) if key == "contact_phone" else str(value)
