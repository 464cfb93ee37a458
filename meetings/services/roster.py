"""Who ought to come: the roster of a branch, its committee, or a 党小组 on a day."""

from __future__ import annotations

from datetime import date

from branches.enums import MemberKind, MemberState, PostKind
from branches.models import Member, Post, Unit
from branches.querysets import MemberQuerySet
from meetings.entries import Expected
from meetings.enums import AbsenceReason, Kind

# The shown word and the order of those who hold a post.
_POSTS = {kind: order for order, kind in enumerate(PostKind)}


def roster(unit: Unit) -> MemberQuerySet:
    """All members a record of ``unit`` may name: its branch's, those of other groups included."""
    branch = unit.parent if unit.is_group else unit
    found: MemberQuerySet = Member.objects.everywhere("of the one branch").filter(unit=branch)
    return found


def expected_members(*, unit: Unit, on: date, kind_mask: int = 0) -> list[Expected]:
    """The members who ought to come on the day, office holders first.

    A meeting that is only a 支委会 expects the holders of posts, when some are known. Lost members
    are offered as 失去联系, floating ones as 流动在外, all others as present.
    """
    return roll_call(unit=unit, on=on, kind_mask=kind_mask)[0]


def roll_call(*, unit: Unit, on: date, kind_mask: int = 0) -> tuple[list[Expected], list[Expected]]:
    """Those who ought to come, and those of the same branch who may sit in (列席).

    A 党小组 keeps to its own members.
    """
    members = list(roster(unit).on_roster(on=on).order_by("name", "pk"))
    posts = _posts(unit, on)
    due = {member.pk for member in members}
    if unit.is_group:
        # Its leader has no business with the rest of the branch: nobody else is offered.
        members = [member for member in members if member.group_id == unit.pk]
        due = {member.pk for member in members}
    elif kind_mask == Kind.COMMITTEE and due & posts.keys():
        due &= posts.keys()
    members.sort(key=lambda member: _POSTS[posts[member.pk]] if member.pk in posts else 99)
    return (
        [_offer(member, posts.get(member.pk)) for member in members if member.pk in due],
        [
            Expected(id=member.pk, name=member.name, voting=member.votes, eligible=False)
            for member in members
            if member.pk not in due
        ],
    )


def _posts(unit: Unit, on: date) -> dict[int, PostKind]:
    """Member → his highest post in the unit on the day."""
    posts = Post.objects.within(unit).filter(unit=unit).in_force(on=on)
    rows = posts.values_list("member_id", "kind")
    held: dict[int, PostKind] = {}
    for member_id, kind in sorted(rows, key=lambda row: _POSTS[PostKind(row[1])], reverse=True):
        held[member_id] = PostKind(kind)
    return held


def _offer(member: Member, post: PostKind | None) -> Expected:
    notes = [str(post.label)] if post else []
    if member.kind == MemberKind.PROBATIONARY:
        notes.append("预备党员")
    if member.state == MemberState.ON_PROBATION:
        notes.append("留党察看")
    reason = ""
    if member.is_lost:
        notes.append("失联")
        reason = AbsenceReason.LOST
    elif member.is_floating:
        notes.append("流动党员")
        reason = AbsenceReason.AWAY
    return Expected(
        id=member.pk,
        name=member.name,
        voting=member.votes,
        note="、".join(notes),
        present=not reason,
        reason=str(reason),
    )
