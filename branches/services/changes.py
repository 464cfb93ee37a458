"""What happens to organisations after their founding: moves, mergers, ends, names, facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from branches.enums import (
    BRANCH_KINDS,
    COMMITTEE_KINDS,
    PARENT_KINDS,
    PRESENT_STATES,
    ChangeKind,
    MemberState,
    UnitKind,
)
from branches.models import CommitteeTerm, Grant, Member, Post, Unit, UnitChange
from branches.rules import segment
from branches.services.tree import (
    DEEPEST,
    checked_number,
    last_numbers,
    lock_tree,
    refuse_place,
)
from core.bulk import copy_in, update_many
from core.codes import check_credit_code, check_phone
from core.errors import Refusal
from core.pinyin import search_key

# What may be changed without a change of place, name or life.
FACTS = (
    "short_name",
    "field",
    "founded_on",
    "territory",
    "contact",
    "contact_phone",
    "address",
    "credit_code",
)


@transaction.atomic
def move(*, unit: Unit, to: Unit, on: date, by: User | None = None, reason: str = "") -> Unit:
    """Put a unit with everything below it under another parent (调整隶属).

    One statement rewrites the whole subtree. Raises Refusal when it may not stand there.
    """
    lock_tree()
    unit, to = _fresh(unit), _fresh(to)
    old_parent = unit.parent
    if old_parent is None:
        raise Refusal("区委没有上级，不能调整隶属。")
    if old_parent.pk == to.pk:
        raise Refusal(f"“{unit}”现在就在“{to}”之下，不用调整。", field="to")
    if unit.covers(to):
        raise Refusal(f"不能把“{unit}”调整到它自己或它的下级之下。", field="to")
    refuse_place(unit.kind, to)
    _refuse_name(unit.name, to)
    below = Unit.unscoped.filter(path__startswith=unit.path)
    deepest = below.aggregate(deepest=Max("depth"))["deepest"]
    if deepest + to.depth + 1 - unit.depth > DEEPEST:
        raise Refusal(f"调整后层级超过 {DEEPEST} 层，请先调整下级组织。", field="to")
    path = to.path + segment(last_numbers([to], roots=False)[to.pk] + 1)
    committee = unit.pk if to.kind == UnitKind.DISTRICT else to.committee_id
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            {
                "old": unit.path,
                "beyond": unit.path + "~",
                "new": path,
                "cut": len(unit.path) + 1,
                "deeper": to.depth + 1 - unit.depth,
                "unit": unit.pk,
                "from": old_parent.pk,
                "to": to.pk,
                "district": to.district_id,
                "committee": committee,
                "touched": [old_parent.pk, to.pk],
            },
        )
    UnitChange.unscoped.create(
        unit=unit,
        kind=ChangeKind.MOVED,
        day=on,
        from_parent=old_parent,
        to_parent=to,
        by=by,
        reason=reason,
    )
    return _fresh(unit)


# Old and new places never overlap, so the unique index on the path is never hurt half-way.
_MOVE = """
UPDATE branches_unit AS u SET
    path = CASE WHEN s.inside THEN %(new)s || substr(u.path, %(cut)s) ELSE u.path END,
    depth = u.depth + CASE WHEN s.inside THEN %(deeper)s ELSE 0 END,
    parent_id = CASE WHEN u.id = %(unit)s THEN %(to)s ELSE u.parent_id END,
    district_id = CASE WHEN s.inside THEN %(district)s ELSE u.district_id END,
    committee_id = CASE WHEN s.inside THEN %(committee)s ELSE u.committee_id END,
    numchild = u.numchild + CASE u.id WHEN %(to)s THEN 1 WHEN %(from)s THEN -1 ELSE 0 END,
    updated_at = clock_timestamp()
FROM (
    SELECT id, true AS inside FROM branches_unit WHERE path >= %(old)s AND path < %(beyond)s
    UNION ALL
    SELECT unnest(%(touched)s), false
) AS s
WHERE u.id = s.id
"""


@transaction.atomic
def merge(*, unit: Unit, into: Unit, on: date, by: User | None = None, reason: str = "") -> Unit:
    """Merge a unit into another of its sort: members and lower units go along, it is dissolved.

    Returns the unit that goes on.
    """
    lock_tree()
    unit, into = _fresh(unit), _fresh(into)
    if unit.pk == into.pk:
        raise Refusal("请选择另一个党组织来并入。", field="into")
    _refuse_dissolved(unit)
    _refuse_dissolved(into)
    sort = next((k for k in (BRANCH_KINDS, COMMITTEE_KINDS) if unit.kind in k), (unit.kind,))
    if into.kind not in sort or unit.kind == UnitKind.DISTRICT:
        raise Refusal(
            f"{unit.get_kind_display()}不能并入{into.get_kind_display()}，只能并入同类的党组织。",
            field="into",
        )
    if into.covers(unit) and unit.pk != into.pk and into.kind in BRANCH_KINDS:
        raise Refusal("不能并入自己的上级支部。", field="into")
    if unit.covers(into):
        raise Refusal(f"“{into}”是“{unit}”的下级，请先调整隶属再合并。", field="into")
    now = timezone.now()
    if unit.kind == UnitKind.GROUP:
        if into.parent_id != unit.parent_id:
            raise Refusal("只能与同一支部的党小组合并。", field="into")
        Member.unscoped.filter(group=unit).update(group=into, updated_at=now)
    else:
        gone = (MemberState.LEFT, MemberState.EXPELLED, MemberState.DEAD)
        stay = Member.unscoped.filter(unit=unit).exclude(state__in=gone)
        stay.update(unit=into, updated_at=now)
    # A handful of direct children; each brings its whole subtree by one statement.
    for child in Unit.unscoped.filter(parent=unit, dissolved_on__isnull=True).order_by("path"):
        move(unit=child, to=into, on=on, by=by, reason=reason)
    _close(unit, on)
    UnitChange.unscoped.create(
        unit=unit, kind=ChangeKind.MERGED, day=on, into=into, by=by, reason=reason
    )
    return _fresh(into)


@transaction.atomic
def dissolve(*, unit: Unit, on: date, by: User | None = None, reason: str = "") -> Unit:
    """Dissolve a unit: ``on`` is its last day. Members and lower units are settled first."""
    lock_tree()
    unit = _fresh(unit)
    _refuse_dissolved(unit)
    if unit.founded_on and on < unit.founded_on:
        raise Refusal("撤销日期不能早于成立日期。", field="on")
    if Unit.unscoped.filter(parent=unit, dissolved_on__isnull=True).exists():
        raise Refusal(f"“{unit}”还有下级党组织，请先调整或撤销它们。")
    people = Member.unscoped.filter(group=unit) | Member.unscoped.filter(unit=unit)
    count = people.filter(state__in=PRESENT_STATES).count()
    if count:
        raise Refusal(f"“{unit}”还有 {count} 名党员，请先转到别的党组织。")
    _close(unit, on)
    UnitChange.unscoped.create(unit=unit, kind=ChangeKind.DISSOLVED, day=on, by=by, reason=reason)
    return unit


@transaction.atomic
def rename(
    *,
    unit: Unit,
    name: str,
    short_name: str | None = None,
    on: date,
    by: User | None = None,
    reason: str = "",
) -> Unit:
    """Give a unit a new name (更名); the old one stays in its history."""
    lock_tree()
    unit, name = _fresh(unit), name.strip()
    if not name:
        raise Refusal("请填写党组织名称。", field="name")
    old = unit.name
    if name != old and unit.parent:
        _refuse_name(name, unit.parent)
    unit.name = name
    unit.short_name = unit.short_name if short_name is None else short_name.strip()
    unit.name_key = search_key(unit.name, unit.short_name)
    unit.save(update_fields=["name", "short_name", "name_key", "updated_at"])
    if name != old:
        UnitChange.unscoped.create(
            unit=unit, kind=ChangeKind.RENAMED, day=on, old_name=old, by=by, reason=reason
        )
    return unit


@transaction.atomic
def change_unit(*, unit: Unit, kind: str | None = None, **facts: object) -> Unit:
    """Change facts of a unit: those in :data:`FACTS`, and its kind where its place allows it.

    Place, name and life have verbs of their own.
    """
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"not facts of a unit: {', '.join(sorted(unknown))}")
    lock_tree()
    unit = _fresh(unit)
    if kind is not None and kind != unit.kind:
        refuse_kind(unit, kind)
        unit.kind = kind
    apply_facts(unit, facts)
    unit.save()
    return unit


def refuse_kind(unit: Unit, kind: str) -> None:
    """Raise Refusal when a unit's place, or what stands below it, forbids the new kind."""
    if (unit.kind == UnitKind.DISTRICT) != (kind == UnitKind.DISTRICT):
        raise Refusal("区委不能改成别的类别，别的党组织也不能改成区委。", field="kind")
    refuse_place(kind, unit.parent)
    for child in Unit.unscoped.filter(parent=unit, dissolved_on__isnull=True):
        if kind not in PARENT_KINDS[UnitKind(child.kind)]:
            raise Refusal(
                f"“{unit}”下有{child.get_kind_display()}“{child}”，"
                f"不能改为{UnitKind(kind).label}。",
                field="kind",
            )
    if kind not in BRANCH_KINDS and Member.unscoped.filter(unit=unit).exists():
        raise Refusal(f"“{unit}”名册上有党员，只有支部才有党员名册。", field="kind")


def apply_facts(unit: Unit, facts: dict[str, object]) -> None:
    """Set facts on a unit, numbers checked and sealed; does not save. Raises Refusal."""
    for name, value in facts.items():
        if name == "contact_phone":
            unit.seal(name, checked_number(check_phone, value, name))
        elif name == "credit_code":
            unit.credit_code = checked_number(check_credit_code, value, name)
        else:
            setattr(unit, name, value)
    if "short_name" in facts:
        unit.name_key = search_key(unit.name, unit.short_name)
    if unit.founded_on and unit.dissolved_on and unit.founded_on > unit.dissolved_on:
        raise Refusal("撤销日期不能早于成立日期。", field="founded_on")


@transaction.atomic
def change_units(rows: Sequence[tuple[Unit, dict[str, object]]], *, by: User | None = None) -> int:
    """Change facts, kinds and names of many units by one UPDATE; how many were written.

    Takes (unit, facts): those in :data:`FACTS`, ``kind`` and ``name``; a new name goes into the
    history. Who calls has checked places and names (branches.imports); the database refuses a
    name that is taken.
    """
    lock_tree()
    today, written, renamed = timezone.localdate(), [], []
    fields: set[str] = set()
    for unit, given in rows:
        facts = dict(given)
        unit.kind = str(facts.pop("kind", unit.kind))
        if "name" in facts and facts["name"] != unit.name:
            renamed.append(
                UnitChange(unit=unit, kind=ChangeKind.RENAMED, day=today, old_name=unit.name, by=by)
            )
            unit.name = str(facts.pop("name"))
        apply_facts(unit, facts)
        unit.name_key = search_key(unit.name, unit.short_name)
        fields |= {*facts, "kind", "name", "name_key"}
        written.append(unit)
    copy_in(renamed)
    return update_many(written, fields)


# --- Parts -----------------------------------------------------------------------------------


def _fresh(unit: Unit) -> Unit:
    """The row as it stands under the lock."""
    return Unit.unscoped.select_related("parent").get(pk=unit.pk)


def _refuse_dissolved(unit: Unit) -> None:
    if unit.dissolved_on is not None:
        raise Refusal(f"“{unit}”已经撤销。", code="conflict")


def _refuse_name(name: str, parent: Unit) -> None:
    same = Unit.unscoped.filter(parent=parent, name=name, dissolved_on__isnull=True)
    if same.exists():
        raise Refusal(f"“{parent}”下已有“{name}”，请核对或改用全称。", field="name")


def _close(unit: Unit, on: date) -> None:
    """End a unit's life: its last day is ``on``; posts, term and grants end with it."""
    unit.dissolved_on = on
    unit.save(update_fields=["dissolved_on", "updated_at"])
    Post.unscoped.filter(unit=unit, until__isnull=True, since__lte=on).update(until=on)
    CommitteeTerm.unscoped.filter(unit=unit, ended_on__isnull=True, started_on__lte=on).update(
        ended_on=on, updated_at=timezone.now()
    )
    end = min(on, timezone.localdate() - timedelta(days=1))
    Grant.unscoped.filter(unit=unit, until__isnull=True, since__lte=end).update(until=end)
