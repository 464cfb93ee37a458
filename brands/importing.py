"""Brands from a sheet: every row checked, every fault listed, then all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from branches.permissions import WRITERS
from branches.scope import Scope
from brands.entries import Five
from brands.models import Brand
from brands.services import brands
from brands.sheets import COLUMNS
from core.errors import Refusal
from core.workbooks import Fault, Row, Source, Table, WorkbookError, read_table

MOST_ROWS = 300
_SALT = "brands.import"
_KEPT_FOR = 3600
_TEXTS = ("theme", "concept", "meaning", "goal")


@dataclass
class Plan:
    """What an import would do; with one fault it does nothing. ``rows`` are (unit code, 五有)."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    known: int = 0

    @property
    def shown(self) -> list[dict[str, str]]:
        """The rows as the preview shows them."""
        return [{"owner": self.units[code], **five} for code, five in self.rows[:50]]


def check(source: Source, *, scope: Scope) -> Plan:
    """Read a file and say what importing it would do; writes nothing. Four queries."""
    plan = Plan()
    try:
        table = read_table(source, columns=COLUMNS)
    except WorkbookError as error:
        plan.faults.append(error.fault)
        return plan
    plan.notes += table.notes
    if table.unused:
        plan.notes.append(f"没有用到的列：{'、'.join(table.unused[:20])}。")
    if len(table.rows) > MOST_ROWS:
        message = f"有 {len(table.rows)} 行，超过 {MOST_ROWS} 行"
        plan.faults.append(Fault(0, "", "", message, "请分成几个文件上传"))
        return plan
    _rows(plan, table, scope)
    if not plan.rows and not plan.faults and not plan.known:
        plan.faults.append(Fault(0, "", "", "表格里没有品牌", "请填写后再上传"))
    return plan


def _rows(plan: Plan, table: Table, scope: Scope) -> None:
    read = list(table.parsed())
    found = _units([values.get("unit") or "" for _, values, _ in read], scope)
    taken = set(
        Brand.unscoped.filter(
            unit__in=[one.pk for many in found.values() for one in many]
        ).values_list("unit__code", "name")
    )
    seen: dict[tuple[str, str], int] = {}
    for row, values, faults in read:
        plan.faults += faults
        unit = _owner(plan, table, row, values, found)
        if faults or unit is None:
            continue
        key = (unit.code, str(values["name"]))
        first = seen.setdefault(key, row.number)
        if first != row.number:
            plan.faults.append(
                table.fault(row, "name", f"与第 {first} 行是同一个品牌", "同一个品牌只留一行")
            )
        elif key in taken:
            plan.known += 1
        else:
            texts = {name: str(values.get(name) or "") for name in _TEXTS}
            plan.units[unit.code] = str(unit)
            plan.rows.append((unit.code, {"name": key[1], "kind": str(values["kind"]), **texts}))


def _units(texts: Sequence[str], scope: Scope) -> Mapping[str, list[Unit]]:
    """What was written (a code, a name or a short name) → the units in reach it may mean."""
    rows = Unit.objects.within(*scope.units_as(*WRITERS)).exclude(
        kind__in=(UnitKind.DISTRICT, UnitKind.GROUP)
    )
    wanted, found = set(texts), dict[str, list[Unit]]()
    for lookup in ("code", "name", "short_name"):
        for unit in rows.filter(**{f"{lookup}__in": wanted}):
            known = found.setdefault(getattr(unit, lookup), [])
            if unit not in known:
                known.append(unit)
    return found


def _owner(
    plan: Plan, table: Table, row: Row, values: Mapping[str, Any], found: Mapping[str, list[Unit]]
) -> Unit | None:
    text = values.get("unit")
    if not text:
        return None
    units = found.get(text, [])
    if len(units) == 1:
        return units[0]
    if units:
        message, hint = "有几个同名的党组织", "请改填党组织代码"
    else:
        message, hint = "没有这个党组织，或不在您的管理范围内", "请核对名称，或改填党组织代码"
    plan.faults.append(table.fault(row, "unit", message, hint))
    return None


# --- Between the preview and the writing -----------------------------------------------------


def ticket(plan: Plan, by: User) -> str:
    """The checked rows, signed: what is confirmed is what was shown, by who was shown it."""
    return signing.dumps({"by": by.pk, "rows": plan.rows}, salt=_SALT, compress=True)


@transaction.atomic
def commit(*, text: str, by: User, scope: Scope, year: int, on: date) -> int:
    """Write the rows of a ticket, all or nothing; returns how many brands are new.

    Raises Refusal: a ticket that is another's, too old or broken, a unit that is gone by now.
    """
    try:
        kept = signing.loads(text, salt=_SALT, max_age=_KEPT_FOR)
    except signing.BadSignature:
        kept = {}
    if kept.get("by") != by.pk:
        raise Refusal("预览已过期，请重新上传。", code="conflict")
    rows = kept["rows"]
    units = {
        unit.code: unit
        for unit in Unit.objects.within(*scope.units_as(*WRITERS)).filter(
            code__in=[code for code, _ in rows]
        )
    }
    before = Brand.unscoped.filter(unit__in=units.values()).count()
    for code, five in rows:
        if code not in units:
            raise Refusal("预览之后，有党组织不在您的管理范围内了，请重新上传。", code="conflict")
        brands.create_brand(unit=units[code], by=by, year=year, on=on, five=Five(**five))
    return Brand.unscoped.filter(unit__in=units.values()).count() - before
