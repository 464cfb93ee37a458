"""The tree: placing, moving, merging, dissolving, renaming. Nobody else writes paths.

Every verb takes one lock for the whole tree, so that two of them never hand out the same path.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from branches.enums import (
    PARENT_KINDS,
    ChangeKind,
    Field,
    UnitKind,
)
from branches.models import Unit, UnitChange
from branches.rules import STEP, segment, segment_number
from core.bulk import assign_keys, copy_in
from core.codes import CodeError, check_credit_code, check_phone
from core.errors import Refusal
from core.pinyin import search_key

# First number of pg_advisory_xact_lock: the org tree.
_LOCK = 7302
DEEPEST = 16


@dataclass(frozen=True, kw_only=True)
class NewUnit:
    """One organisation to be placed: below ``parent``, or below the one with ``parent_code``.

    ``parent_code`` may name another row of the same call. Neither means a district.
    """

    code: str
    name: str
    kind: str
    parent: Unit | None = None
    parent_code: str = ""
    field: str = Field.OTHER
    short_name: str = ""
    founded_on: date | None = None
    dissolved_on: date | None = None
    territory: str = ""
    contact: str = ""
    contact_phone: str = ""
    address: str = ""
    credit_code: str = ""


def place(
    *,
    parent: Unit | None,
    code: str,
    name: str,
    kind: str,
    field: str = Field.OTHER,
    short_name: str = "",
    founded_on: date | None = None,
    dissolved_on: date | None = None,
    territory: str = "",
    contact: str = "",
    contact_phone: str = "",
    address: str = "",
    credit_code: str = "",
    by: User | None = None,
    reason: str = "",
) -> Unit:
    """Found an organisation below ``parent`` (None: a district) and return it.

    Raises Refusal: a kind that may not stand there, a taken code or name, a bad phone number.
    """
    row = NewUnit(
        parent=parent,
        code=code,
        name=name,
        kind=kind,
        field=field,
        short_name=short_name,
        founded_on=founded_on,
        dissolved_on=dissolved_on,
        territory=territory,
        contact=contact,
        contact_phone=contact_phone,
        address=address,
        credit_code=credit_code,
    )
    return place_many([row], by=by, reason=reason)[0]


@transaction.atomic
def place_many(rows: Sequence[NewUnit], *, by: User | None = None, reason: str = "") -> list[Unit]:
    """Found many organisations, in any order of rows; returns them in the order given.

    A fixed number of statements whatever the number of rows. Raises Refusal for the first fault;
    who wants all faults listed checks the rows before (branches.imports).
    """
    if not rows:
        return []
    lock_tree()
    _refuse_taken(rows)
    known = _parents_of(rows)
    units: dict[str, Unit] = {}
    order = _top_down(rows, known)
    numbers = last_numbers(known.values(), any(not _parent_code(row) for row in rows))
    assign_keys(built := [Unit(code=row.code.strip()) for row in order])
    children: dict[int | None, set[str]] = defaultdict(set)
    for row, unit in zip(order, built, strict=True):
        above = _parent_code(row)
        parent = (units.get(above) or known[above]) if above else None
        refuse_place(row.kind, parent)
        _fill(unit, row)
        parent_id = parent.pk if parent else None
        if row.name in children[parent_id] and row.dissolved_on is None:
            raise Refusal(f"“{parent}”下有两个党组织都叫“{row.name}”，请改用全称。", field="name")
        children[parent_id].add(row.name)
        numbers[parent_id] += 1
        _settle(unit, parent, numbers[parent_id])
        units[unit.code] = unit
    copy_in(built)
    _count_children([(u.parent.pk, 1) for u in built if u.parent and u.parent.code in known])
    _note_founding(built, by, reason)
    return [units[row.code.strip()] for row in rows]


# --- Parts -----------------------------------------------------------------------------------


def lock_tree() -> None:
    """Wait until nobody else writes the tree; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _parent_code(row: NewUnit) -> str:
    return row.parent.code if row.parent else row.parent_code.strip()


def _refuse_taken(rows: Sequence[NewUnit]) -> None:
    codes = [row.code.strip() for row in rows]
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise Refusal(f"党组织代码“{twice}”出现了两次。", field="code")
    taken = Unit.unscoped.filter(code__in=codes).values_list("code", flat=True).first()
    if taken:
        raise Refusal(f"党组织代码“{taken}”已被使用，请核对。", field="code")
    if not all(codes) or not all(row.name.strip() for row in rows):
        raise Refusal("党组织代码和名称都要填写。", field="code")


def _parents_of(rows: Sequence[NewUnit]) -> dict[str, Unit]:
    """The parents that stand already, by code, checked for names that are taken below them."""
    own = {row.code.strip() for row in rows}
    wanted = {_parent_code(row) for row in rows} - own - {""}
    known = {unit.code: unit for unit in Unit.unscoped.filter(code__in=wanted)}
    missing = sorted(wanted - set(known))
    if missing:
        raise Refusal(f"找不到代码为“{missing[0]}”的上级党组织。", field="parent")
    names = {(_parent_code(row), row.name.strip()) for row in rows if row.dissolved_on is None}
    standing = Unit.unscoped.filter(
        parent__in=known.values(), dissolved_on__isnull=True, name__in=[name for _, name in names]
    ).values_list("parent__code", "name")
    for parent_code, name in standing:
        if (parent_code, name) in names:
            raise Refusal(f"“{known[parent_code]}”下已有“{name}”，请核对或改用全称。", field="name")
    return known


def _top_down(rows: Sequence[NewUnit], known: dict[str, Unit]) -> list[NewUnit]:
    """The rows with every parent before its children; Refusal when they run in a circle."""
    below: dict[str, list[NewUnit]] = defaultdict(list)
    for row in rows:
        below[_parent_code(row)].append(row)
    order: list[NewUnit] = [row for code in ("", *known) for row in below.get(code, ())]
    for row in order:  # grows while it is walked: breadth first
        order.extend(below.get(row.code.strip(), ()))
    if len(order) < len(rows):
        lost = next(row for row in rows if row not in order)
        raise Refusal(f"“{lost.name}”的上级关系绕成了圈，请核对上级党组织。", field="parent")
    return order


def last_numbers(parents: Iterable[Unit], roots: bool) -> dict[int | None, int]:
    """The number of the last child of each parent; key None: the roots."""
    parents = list(parents)
    last: dict[int | None, int] = defaultdict(int)
    query = Unit.unscoped.filter(parent__in=parents).order_by()
    for parent_id, path in query.values_list("parent_id").annotate(last=Max("path")):
        last[parent_id] = segment_number(path[-STEP:])
    if roots:
        top = Unit.unscoped.filter(depth=1).aggregate(last=Max("path"))["last"]
        last[None] = segment_number(top) if top else 0
    return last


def refuse_place(kind: str, parent: Unit | None) -> None:
    """Raise Refusal when a unit of that kind may not stand directly below ``parent``."""
    label = UnitKind(kind).label
    if parent is None:
        if kind != UnitKind.DISTRICT:
            raise Refusal(f"{label}要有上级党组织，请填写。", field="parent")
        return
    if parent.kind not in PARENT_KINDS[UnitKind(kind)]:
        above = UnitKind(parent.kind).label
        raise Refusal(
            f"{label}不能直接设在{above}“{parent}”之下，请核对类别或上级。", field="parent"
        )
    if parent.dissolved_on is not None:
        raise Refusal(f"上级党组织“{parent}”已经撤销，请另选上级。", field="parent")


def checked_number(check: object, value: object, field: str) -> str:
    """A number made canonical; nothing stays nothing."""
    if not value:
        return ""
    assert callable(check)
    try:
        return str(check(value))
    except CodeError as error:
        raise Refusal(f"{error}。", field=field) from error


def _fill(unit: Unit, row: NewUnit) -> None:
    unit.name = row.name.strip()
    unit.short_name = row.short_name.strip()
    unit.kind = row.kind
    unit.dissolved_on = row.dissolved_on
    unit.name_key = search_key(unit.name, unit.short_name)
    unit.field = row.field
    unit.founded_on = row.founded_on
    unit.territory, unit.contact, unit.address = row.territory, row.contact, row.address
    unit.credit_code = checked_number(check_credit_code, row.credit_code, "credit_code")
    if row.contact_phone:
        unit.seal("contact_phone", checked_number(check_phone, row.contact_phone, "contact_phone"))
    if row.founded_on and row.dissolved_on and row.founded_on > row.dissolved_on:
        raise Refusal(f"“{row.name}”的撤销日期早于成立日期。", field="dissolved_on")


def _settle(unit: Unit, parent: Unit | None, number: int) -> None:
    """Write path, depth, parent, district and committee: the ``number``-th child of its parent."""
    try:
        step = segment(number)
    except ValueError as error:
        raise Refusal("这个上级之下的党组织太多，放不下了。", field="parent") from error
    unit.path = (parent.path if parent else "") + step
    unit.depth = parent.depth + 1 if parent else 1
    if unit.depth > DEEPEST:
        raise Refusal(f"“{unit.name}”的层级超过 {DEEPEST} 层。", field="parent")
    unit.parent = parent
    if parent is None:
        unit.district_id, unit.committee_id = unit.pk, None
        return
    parent.numchild += 1
    unit.district_id = parent.district_id
    unit.committee_id = unit.pk if parent.kind == UnitKind.DISTRICT else parent.committee_id


def _count_children(steps: Iterable[tuple[int, int]]) -> None:
    """Correct the number of children of standing parents, by one statement."""
    totals: dict[int, int] = defaultdict(int)
    for key, step in steps:
        totals[key] += step
    if not totals:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE branches_unit AS u SET numchild = u.numchild + s.more"
            " FROM unnest(%s::bigint[], %s::int[]) AS s(id, more) WHERE u.id = s.id",
            [list(totals), list(totals.values())],
        )


def _note_founding(units: Sequence[Unit], by: User | None, reason: str) -> None:
    today = timezone.localdate()
    copy_in(
        [
            UnitChange(
                unit_id=unit.pk,
                kind=ChangeKind.FOUNDED,
                day=unit.founded_on or today,
                to_parent_id=unit.parent_id,
                by=by,
                reason=reason,
            )
            for unit in units
        ]
    )
