"""Who belongs to a branch on a day, and what its talks of a year come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from branches.enums import MemberKind, MemberState, PostKind
from branches.models import Member, Post, Unit
from meetings.enums.life import BOARD_POSTS
from meetings.models import Talk
from meetings.rules.life import Coverage, Pair, coverage

_ORDER = {kind.value: place for place, kind in enumerate(BOARD_POSTS)}


@dataclass(frozen=True)
class Person:
    """One member on the roster; ``note`` is his post, or what sets him apart."""

    id: int
    name: str
    note: str
    on_board: bool
    kind: str
    votes: bool


def reckoned_on(year: int, today: date) -> date:
    """The day whose roster a year is measured by: today, or the last day of a year gone by."""
    return min(today, date(year, 12, 31))


def people(unit: Unit, on: date) -> list[Person]:
    """The roster on the day, the 班子 first in the order of posts, then by name; two queries."""
    members = Member.objects.within(unit).filter(unit=unit).on_roster(on=on).order_by("name", "pk")
    posts = _posts(unit, on)
    found = [_person(member, posts.get(member.pk)) for member in members]
    return sorted(found, key=lambda one: _ORDER[posts[one.id]] if one.id in posts else 99)


def _posts(unit: Unit, on: date) -> dict[int, str]:
    """Member → his highest post in the 班子 on the day."""
    posts = Post.objects.within(unit).filter(unit=unit, kind__in=BOARD_POSTS).in_force(on=on)
    rows = posts.values_list("member_id", "kind")
    return dict(sorted(rows, key=lambda row: _ORDER[row[1]], reverse=True))


def _person(member: Member, post: str | None) -> Person:
    notes = [str(PostKind(post).label)] if post else []
    if member.kind == MemberKind.PROBATIONARY:
        notes.append("预备党员")
    if member.state == MemberState.ON_PROBATION:
        notes.append("留党察看")
    if member.is_floating:
        notes.append("流动")
    return Person(
        id=member.pk,
        name=member.name,
        note="、".join(notes),
        on_board=post is not None,
        kind=member.kind,
        votes=member.votes,
    )


def days_of(unit: Unit, year: int) -> dict[Pair, list[date]]:
    """The pairs that talked in the year, each with its days, the first day first."""
    rows = Talk.unscoped.filter(unit=unit, day__year=year).order_by("day")
    found: dict[Pair, list[date]] = {}
    for first, second, day in rows.values_list("first_id", "second_id", "day"):
        found.setdefault((first, second), []).append(day)
    return found


def coverage_of(who: Sequence[Person], days: dict[Pair, list[date]]) -> Coverage:
    """The rule's answer for a roster and a year's talks."""
    return coverage(
        board=[one.id for one in who if one.on_board],
        members=[one.id for one in who],
        talked=days.keys(),
    )
