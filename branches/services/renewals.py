"""换届: one committee after another, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from branches.enums import PostKind
from branches.models import CommitteeTerm, Member, Post, Unit
from branches.services.roster import appoint
from branches.services.terms import end_term, start_term
from core.errors import Refusal

# What an election renews: everything but 党小组组长.
_RENEWED = tuple(kind for kind in PostKind if kind != PostKind.GROUP_LEADER)


@dataclass(frozen=True, kw_only=True)
class NewPost:
    """One seat of the new committee."""

    member: Member
    kind: str


@transaction.atomic
def renew_committee(
    *,
    unit: Unit,
    posts: Sequence[NewPost],
    elected_on: date,
    in_office_on: date,
    years: int,
    number: int,
    with_committee: bool = True,
    seats: int = 0,
    by: User | None = None,
) -> CommitteeTerm:
    """End the old term and the old posts on the day before, begin the new ones; all or nothing.

    The term runs from ``elected_on`` (当选日期), the posts from ``in_office_on`` (when the
    secretary was elected). Raises Refusal: no secretary or two, days that cross, somebody who may
    not hold a post here.
    """
    if [post.kind for post in posts].count(PostKind.SECRETARY) != 1:
        raise Refusal("新一届须有书记一名。", code="conflict")
    if in_office_on < elected_on:
        raise Refusal("任职日期不能早于当选日期。", code="conflict")
    unit = Unit.unscoped.select_for_update().get(pk=unit.pk)
    running = CommitteeTerm.unscoped.filter(unit=unit, ended_on__isnull=True).first()
    if running is not None:
        if running.started_on >= elected_on:
            raise Refusal(
                f"现任的一届从 {running.started_on} 开始，新一届的当选日期应更晚。", code="conflict"
            )
        end_term(term=running, on=elected_on - timedelta(days=1), by=by)
    _relieve_all(unit, in_office_on)
    term = start_term(
        unit=unit, started_on=elected_on, years=years, with_committee=with_committee,
        number=number, seats=seats, by=by,
    )  # fmt: skip
    for post in posts:
        appoint(unit=unit, member=post.member, kind=post.kind, since=in_office_on, by=by)
    return term


def _relieve_all(unit: Unit, day: date) -> None:
    held = Post.unscoped.select_for_update().filter(
        unit=unit, until__isnull=True, kind__in=_RENEWED
    )
    late = held.filter(since__gte=day).select_related("member").first()
    if late is not None:
        raise Refusal(
            f"{late.member}的{late.get_kind_display()}从 {late.since} 起任职，不早于新一届的任职"
            f"日期 {day}，请先核对职务。",
            code="conflict",
        )
    held.update(until=day - timedelta(days=1))
