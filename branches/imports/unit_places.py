"""Where the organisations of a sheet would stand: parents, circles, names, what stands below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from branches.enums import BRANCH_KINDS, PARENT_KINDS, UnitKind
from branches.imports.lookup import Found, Lookup, listed
from branches.models import Member, Unit
from branches.permissions import STAFF
from branches.rules import ancestors

if TYPE_CHECKING:
    from branches.imports.units import Line, Sheet


def fitting(kind: UnitKind | None) -> Iterable[str]:
    """The kinds that may stand above this one."""
    return PARENT_KINDS[kind] if kind is not None else ()


def name_of(sheet: Sheet, code: str) -> str:
    """The name that goes with a code, as it will be."""
    if code in sheet.by_code and sheet.by_code[code].name:
        return sheet.by_code[code].name
    return sheet.standing[code].name if code in sheet.standing else ""


def ambiguous(sheet: Sheet, line: Line, written: str, found: list[Found]) -> None:
    """Several organisations fit what was written."""
    sheet.fault(
        line,
        "parent",
        f"上级党组织“{written}”可能是：{listed(found)}",
        "请改填上级的代码",
    )


def lost_parents(sheet: Sheet, lines: list[Line], kinds: list[UnitKind]) -> None:
    """Say of each parent that was not found whether it is dissolved, or not there at all."""
    if not lines:
        return
    gone = Lookup()
    units = sheet.rights.reach(*STAFF).filter(dissolved_on__isnull=False, kind__in=kinds)
    for code, name, kind in units.order_by().values_list("code", "name", "kind"):
        gone.add(Found(code, name, kind))
    for line in lines:
        written = line.row.text("parent")
        if gone.find(written):
            sheet.fault(line, "parent", f"上级党组织“{written}”已经撤销", "请改填现在的上级")
        else:
            sheet.fault(
                line,
                "parent",
                f"找不到上级党组织“{written}”",
                "请核对名称或改填代码；它要在本表中，或在您管理的范围内",
            )


def check(sheet: Sheet) -> None:
    """Check where every line would stand."""
    _check_kinds(sheet)
    _check_circles(sheet)
    _check_names(sheet)
    _check_children(sheet)


def _kind_at(sheet: Sheet, code: str) -> UnitKind | None:
    if code in sheet.by_code:
        return sheet.by_code[code].kind
    return UnitKind(sheet.standing[code].kind) if code in sheet.standing else None


def _check_kinds(sheet: Sheet) -> None:
    for line in sheet.lines:
        if not line.parent_code or line.kind is None:
            continue
        above = _kind_at(sheet, line.parent_code)
        if above is not None and above not in PARENT_KINDS[line.kind]:
            parent = name_of(sheet, line.parent_code)
            sheet.fault(
                line,
                "parent",
                f"{line.kind.label}不能直接设在{above.label}“{parent}”之下",
                "请核对类别或上级",
            )


def _check_circles(sheet: Sheet) -> None:
    """Follow every line upwards; who comes back to himself stands in a circle."""
    at_path = {unit.path: code for code, unit in sheet.standing.items() if code in sheet.by_code}
    safe: set[str] = set()
    told: set[str] = set()
    for start in sheet.by_code:
        trail: list[str] = []
        code = start
        while code and code not in safe and code not in trail:
            trail.append(code)
            code = _next_up(sheet, code, at_path)
        if code and code not in safe:
            circle = trail[trail.index(code) :]
            names = " → ".join(name_of(sheet, one) for one in [*circle[:6], circle[0]])
            for one in circle:
                if one not in told and one in sheet.by_code:
                    told.add(one)
                    sheet.fault(
                        sheet.by_code[one],
                        "parent",
                        f"上级关系绕成了圈：{names}",
                        "请核对这几行的上级党组织",
                    )
        safe |= set(trail)


def _next_up(sheet: Sheet, code: str, at_path: dict[str, str]) -> str:
    """The next line above: the parent when it is a line, else the nearest ancestor that is one."""
    if code not in sheet.by_code:
        return ""
    parent = sheet.by_code[code].parent_code
    if parent in sheet.by_code or parent not in sheet.standing:
        return parent if parent in sheet.by_code else ""
    for path in reversed(ancestors(sheet.standing[parent].path)):
        if path in at_path:
            return at_path[path]
    return ""


def final_depth(sheet: Sheet, code: str) -> int:
    """How many lines stand above, so that moves are made from the top down."""
    depth, seen = 0, {code}
    while code in sheet.by_code:
        code = sheet.by_code[code].parent_code
        if code in seen:
            break
        seen.add(code)
        depth += 1
    return depth


def _check_names(sheet: Sheet) -> None:
    """One name once below one parent, within the sheet and against what stands."""
    seen: dict[tuple[str, str], Line] = {}
    for line in sheet.by_code.values():
        if not line.name or not line.parent_code:
            continue
        key = (line.parent_code, line.name)
        first = seen.setdefault(key, line)
        if first is not line:
            sheet.fault(
                line,
                "name",
                f"与第 {first.row.number} 行同名，上级也相同",
                "如是同一个党组织请删去一行，不是请改用全称",
            )
    parents = [unit.pk for unit in sheet.standing.values()]
    twins = (
        Unit.objects.everywhere("children of parents just found")
        .filter(parent__in=parents, name__in={name for _, name in seen}, dissolved_on__isnull=True)
        .exclude(code__in=list(sheet.by_code))
    )
    for parent_code, name, code in twins.values_list("parent__code", "name", "code"):
        if (parent_code, name) in seen:
            sheet.fault(
                seen[parent_code, name],
                "name",
                f"“{name_of(sheet, parent_code)}”下已有同名的党组织，代码是 {code}",
                "如是同一个请改用这个代码，不是请改用全称",
            )


def _check_children(sheet: Sheet) -> None:
    """A changed kind must suit what stands below and is not in the sheet."""
    changed = {
        line.existing.pk: line
        for line in sheet.lines
        if line.existing and line.kind and line.kind != line.existing.kind
    }
    if not changed:
        return
    below = Unit.objects.everywhere("children of lines that change their kind").filter(
        parent__in=changed, dissolved_on__isnull=True
    )
    told: set[int] = set()
    for child in below.exclude(code__in=list(sheet.by_code)):
        line = changed[child.parent_id or 0]
        if line.kind not in PARENT_KINDS[UnitKind(child.kind)] and child.parent_id not in told:
            told.add(child.parent_id or 0)
            sheet.fault(
                line,
                "kind",
                f"它下面有{child.get_kind_display()}“{child.name}”，"
                f"不能改为{line.kind.label if line.kind else ''}",
                "请先调整下级，或核对类别",
            )
    emptied = [pk for pk, line in changed.items() if line.kind not in BRANCH_KINDS]
    people = Member.objects.everywhere("rosters of lines that change their kind")
    for pk in people.filter(unit__in=emptied).values_list("unit_id", flat=True).distinct():
        sheet.fault(
            changed[pk], "kind", "它的名册上有党员，只有支部才有名册", "请先转出党员，或核对类别"
        )
