"""The roster: members, their groups, transfers, posts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from branches.enums import (
    BRANCH_KINDS,
    MemberKind,
    MemberState,
    PostKind,
    Sex,
    UnitKind,
)
from branches.models import Member, Post, Unit
from core.bulk import copy_in, update_many
from core.codes import CodeError, check_id_number, check_phone
from core.errors import Refusal
from core.pinyin import search_key

# Facts that change_member may write; place, state and posts have verbs of their own.
FACTS = (
    "name",
    "sex",
    "id_number",
    "birth_date",
    "ethnicity",
    "education",
    "degree",
    "kind",
    "is_floating",
    "is_lost",
    "is_migrant_worker",
    "phone",
    "joined_on",
    "confirmed_on",
    "job",
    "residence",
    "registered_residence",
)
SEALED = ("id_number", "phone")
GONE = (MemberState.LEFT, MemberState.EXPELLED, MemberState.DEAD)
_TAKEN = "这个身份号码已经登记在册，请核对；如在其他支部，请办理组织关系转接。"


@dataclass(frozen=True, kw_only=True)
class NewMember:
    """One person to be put on a branch's roster; numbers in plain text."""

    unit: Unit
    name: str
    group: Unit | None = None
    sex: str = Sex.UNKNOWN
    id_number: str = ""
    phone: str = ""
    birth_date: date | None = None
    ethnicity: str = ""
    education: str = ""
    degree: str = ""
    kind: str = MemberKind.FULL
    state: str = MemberState.ACTIVE
    is_floating: bool = False
    is_lost: bool = False
    is_migrant_worker: bool = False
    joined_on: date | None = None
    confirmed_on: date | None = None
    job: str = ""
    residence: str = ""
    registered_residence: str = ""
    arrived_on: date | None = None


def add_member(*, unit: Unit, name: str, by: User | None = None, **facts: Any) -> Member:
    """Put somebody on a branch's roster; the facts are those of :class:`NewMember`.

    Birth date and sex come from the identity number when it is given. Raises Refusal.
    """
    return add_many([NewMember(unit=unit, name=name, **facts)], by=by)[0]


@transaction.atomic
def add_many(rows: Sequence[NewMember], *, by: User | None = None) -> list[Member]:
    """Put many people on rosters by one COPY; returns them in the order given.

    Raises Refusal for the first fault, and when a number stands on a roster already.
    """
    members = [_built(row) for row in rows]
    marks = [bytes(m.id_number_index) for m in members if m.id_number_index]
    if len(set(marks)) < len(marks):
        raise Refusal("名单里有重复的公民身份号码，请核对。", field="id_number")
    if Member.unscoped.filter(id_number_index__in=marks).exists():
        raise Refusal(_TAKEN, field="id_number", code="conflict")
    copy_in(members)
    return members


@transaction.atomic
def change_member(*, member: Member, by: User | None = None, **facts: Any) -> Member:
    """Change facts of a member (:data:`FACTS`); numbers in plain text, "" clears them."""
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"not facts of a member: {', '.join(sorted(unknown))}")
    member = _locked(member)
    apply_facts(member, facts)
    mark = member.id_number_index
    twins = Member.unscoped.filter(id_number_index=mark).exclude(pk=member.pk)
    if "id_number" in facts and mark and twins.exists():
        raise Refusal(_TAKEN, field="id_number", code="conflict")
    member.save()
    return member


@transaction.atomic
def change_many(
    rows: Sequence[tuple[Member, dict[str, Any]]], *, on: date, by: User | None = None
) -> int:
    """Change facts and branches of many members by one UPDATE; how many were written.

    Takes (member, facts): those in :data:`FACTS`, ``unit`` (a transfer on that day: the posts in
    the old branch end), ``group`` and ``state``. Who calls has checked that the branch keeps a
    roster and that the group is its own (branches.imports).
    """
    moved: list[int] = []
    fields: set[str] = set()
    for member, given in rows:
        facts = dict(given)
        to = facts.pop("unit", None)
        if to is not None and to.pk != member.unit_id:
            moved.append(member.pk)
            member.unit, member.group, member.arrived_on, member.left_on = to, None, on, None
            fields |= {"unit", "group", "arrived_on", "left_on"}
        for name in ("group", "state"):
            if name in facts:
                setattr(member, name, facts.pop(name))
                fields.add(name)
        apply_facts(member, facts)
        fields |= set(facts)
    _end_posts(moved, on)
    if "name" in fields:
        fields.add("name_key")
    if "id_number" in fields:
        fields |= {"id_number_index", "birth_date", "sex"}
    if "phone" in fields:
        fields.add("phone_index")
    return update_many([member for member, _ in rows], fields)


@transaction.atomic
def transfer(
    *, member: Member, to: Unit, on: date, group: Unit | None = None, by: User | None = None
) -> Member:
    """Move a member to another branch of the district (组织关系转接); posts in the old one end."""
    member = _locked(member)
    if member.unit_id == to.pk:
        raise Refusal("他就在这个党支部，不用转接。", field="to")
    _refuse_roster(to)
    if member.unit.district_id != to.district_id:
        raise Refusal("只能在本区的党支部之间转接。", field="to")
    _refuse_group(group, to)
    _end_posts([member.pk], on)
    member.unit, member.group, member.arrived_on = to, group, on
    member.state = MemberState.ACTIVE if member.state == MemberState.LEFT else member.state
    member.left_on = None
    member.save()
    return member


@transaction.atomic
def leave(*, member: Member, state: str, on: date, by: User | None = None) -> Member:
    """Note a change of 党籍状态: left the district, suspended, expelled, dead, or active again."""
    member = _locked(member)
    member.state = state
    member.left_on = on if state in GONE else None
    if state in GONE:
        member.group = None
        Post.unscoped.filter(member=member, until__isnull=True, since__lte=on).update(until=on)
    member.save()
    return member


@transaction.atomic
def set_group(
    *, unit: Unit, group: Unit | None, members: Iterable[Member], by: User | None = None
) -> int:
    """Put members of one branch into one of its groups (None: into none); how many changed."""
    if unit.kind not in BRANCH_KINDS:
        raise Refusal("只有党支部的党员可以分到党小组。")
    _refuse_group(group, unit)
    mine = Member.unscoped.filter(unit=unit, pk__in=[member.pk for member in members])
    return (mine.exclude(group=group) if group else mine.exclude(group=None)).update(
        group=group, updated_at=timezone.now()
    )


@transaction.atomic
def appoint(*, unit: Unit, member: Member, kind: str, since: date, by: User | None = None) -> Post:
    """Give a member a dated post in a unit.

    A new 书记 ends the post of the one before on the day before. Raises Refusal.
    """
    if unit.dissolved_on is not None:
        raise Refusal(f"“{unit}”已经撤销。", code="conflict")
    if (kind == PostKind.GROUP_LEADER) != (unit.kind == UnitKind.GROUP):
        raise Refusal("党小组只设组长，组长只在党小组里设。", field="kind")
    if member.state in GONE:
        raise Refusal(f"{member}已不在册，不能任职。", field="member")
    if unit.kind in BRANCH_KINDS and member.unit_id != unit.pk:
        raise Refusal(f"{member}不是“{unit}”的党员。", field="member")
    if unit.kind == UnitKind.GROUP and member.unit_id != unit.parent_id:
        raise Refusal(f"{member}不是这个支部的党员。", field="member")
    held = Post.unscoped.select_for_update().filter(unit=unit, until__isnull=True)
    if held.filter(member=member, kind=kind).exists():
        raise Refusal(f"{member}已在任{PostKind(kind).label}。", field="member", code="conflict")
    if kind in (PostKind.SECRETARY, PostKind.GROUP_LEADER):
        for post in held.filter(kind=kind):
            if post.since >= since:
                raise Refusal(
                    f"现任{PostKind(kind).label}从 {post.since} 起任职，新任日期应更晚。",
                    field="since",
                )
        held.filter(kind=kind).update(until=_day_before(since))
    return Post.unscoped.create(unit=unit, member=member, kind=kind, since=since)


@transaction.atomic
def relieve(*, post: Post, until: date, by: User | None = None) -> Post:
    """End a post: ``until`` is its last day."""
    post = Post.unscoped.select_for_update().get(pk=post.pk)
    if post.until is not None:
        raise Refusal("这个职务已经登记了免职日期。", code="conflict")
    if until < post.since:
        raise Refusal("免职日期不能早于任职日期。", field="until")
    post.until = until
    post.save(update_fields=["until"])
    return post


# --- Parts -----------------------------------------------------------------------------------


def apply_facts(member: Member, facts: dict[str, Any]) -> None:
    """Set facts on a member, numbers checked and sealed; does not save. Raises Refusal."""
    facts = dict(facts)
    for name, value in facts.items():
        if name not in SEALED:
            setattr(member, name, value)
    if "id_number" in facts:
        _seal_id(member, facts["id_number"])
    if "phone" in facts:
        try:
            member.seal("phone", check_phone(facts["phone"]) if facts["phone"] else "")
        except CodeError as error:
            raise Refusal(f"{error}。", field="phone") from error
    if "name" in facts:
        member.name = " ".join(str(facts["name"]).split())
        if not member.name:
            raise Refusal("请填写姓名。", field="name")
        member.name_key = search_key(member.name)
    if member.joined_on and member.confirmed_on and member.confirmed_on < member.joined_on:
        raise Refusal("转正日期不能早于入党日期。", field="confirmed_on")


def _seal_id(member: Member, given: str) -> None:
    if not given:
        member.seal("id_number", "")
        return
    try:
        number = check_id_number(given)
    except CodeError as error:
        raise Refusal(f"{error}。", field="id_number") from error
    if member.birth_date and member.birth_date != number.birth_date:
        raise Refusal(
            f"出生日期与身份号码不一致，号码中是 {number.birth_date}。", field="birth_date"
        )
    if member.sex not in (Sex.UNKNOWN, Sex.UNSTATED, number.sex):
        raise Refusal("性别与身份号码不一致，请核对。", field="sex")
    member.birth_date, member.sex = number.birth_date, number.sex
    member.seal("id_number", number.number)


def _built(row: NewMember) -> Member:
    _refuse_roster(row.unit)
    _refuse_group(row.group, row.unit)
    member = Member(unit=row.unit, group=row.group, state=row.state, arrived_on=row.arrived_on)
    apply_facts(member, {name: getattr(row, name) for name in FACTS})
    return member


def _locked(member: Member) -> Member:
    return Member.unscoped.select_for_update(of=("self",)).select_related("unit").get(pk=member.pk)


def _end_posts(members: Sequence[int], on: date) -> None:
    """End the posts that members hold in their branch and its groups; higher posts go on."""
    below = Q(unit=F("member__unit")) | Q(unit__parent=F("member__unit"))
    posts = Post.unscoped.filter(member__in=members, until__isnull=True, since__lte=on)
    Post.unscoped.filter(pk__in=posts.filter(below).values("pk")).update(until=on)


def _refuse_roster(unit: Unit) -> None:
    if unit.kind not in BRANCH_KINDS:
        raise Refusal(
            f"“{unit}”是{unit.get_kind_display()}，只有党支部才有党员名册。", field="unit"
        )
    if unit.dissolved_on is not None:
        raise Refusal(f"“{unit}”已经撤销，请另选党支部。", field="unit")


def _refuse_group(group: Unit | None, unit: Unit) -> None:
    if group is None:
        return
    if group.kind != UnitKind.GROUP or group.parent_id != unit.pk:
        raise Refusal(f"“{group}”不是“{unit}”的党小组。", field="group")
    if group.dissolved_on is not None:
        raise Refusal(f"党小组“{group}”已经撤销。", field="group")


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
