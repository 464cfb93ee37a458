"""The people of a branch for its own page: posts and counts; no numbers, no list of members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from branches.enums import BRANCH_KINDS, PRESENT_STATES, MemberKind, PostKind, UnitKind
from branches.models import Member, Post, Unit
from branches.permissions import may_see_people
from branches.scope import Scope
from core.panels import Line, Panel

_ORDER: dict[str, int] = {kind: at for at, kind in enumerate(PostKind.values)}


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """班子成员 of a branch and how many members, each 党小组 with its leader; four queries."""
    groups = _groups(unit, on)
    posts = sorted(
        Post.objects.within(unit)
        .in_force(on=on)
        .filter(unit__in=[unit.pk, *(one.pk for one in groups)])
        .select_related("member"),
        key=lambda post: (_ORDER[post.kind], post.since, post.pk),
    )
    counts = _counts(groups)
    found = [_group(one, posts, counts) for one in groups]
    if unit.kind in BRANCH_KINDS:
        found.insert(0, _people(unit, posts, scope))
    return found


def _groups(unit: Unit, on: date) -> list[Unit]:
    rows = Unit.objects.within(unit).standing(on=on).filter(kind=UnitKind.GROUP)
    return list(rows.filter(Q(pk=unit.pk) | Q(parent=unit)).order_by("path"))


def _counts(groups: Sequence[Unit]) -> dict[int | None, int]:
    rows = Member.objects.everywhere("counted only, in groups that the asker reaches").filter(
        group__in=[group.pk for group in groups], state__in=PRESENT_STATES
    )
    return dict(rows.order_by().values_list("group").annotate(Count("pk")))


def _people(unit: Unit, posts: Sequence[Post], scope: Scope) -> Panel:
    committee = tuple(
        Line(f"{post.get_kind_display()}　{post.member.name}", f"{post.since:%Y-%m-%d} 任职")
        for post in posts
        if post.unit_id == unit.pk and post.kind != PostKind.GROUP_LEADER
    )
    counted = (
        Member.objects.within(unit)
        .filter(unit=unit, state__in=PRESENT_STATES)
        .aggregate(
            all=Count("pk"),
            trial=Count("pk", filter=Q(kind=MemberKind.PROBATIONARY)),
        )
    )
    trial = f"，其中预备党员 {counted['trial']} 名" if counted["trial"] else ""
    return Panel(
        key="people",
        title="班子成员",
        icon="users",
        lines=committee,
        note=f"党员 {counted['all']} 名{trial}",
        empty="还没有登记班子成员，在支部资料里登记任职。",
        more=reverse("branches:unit_detail", args=[unit.code])
        if may_see_people(scope, unit.path)
        else "",
        public=tuple(Line(line.text) for line in committee),
    )


def _group(group: Unit, posts: Sequence[Post], counts: dict[int | None, int]) -> Panel:
    leaders = [
        post.member.name
        for post in posts
        if post.unit_id == group.pk and post.kind == PostKind.GROUP_LEADER
    ]
    return Panel(
        key="group",
        title=str(group),
        icon="users-group",
        lines=(
            Line(
                f"组长　{'、'.join(leaders)}" if leaders else "还没有登记组长",
                f"党员 {counts.get(group.pk, 0)} 名",
            ),
        ),
        group_id=group.pk,
    )
