"""应到会, read from the roster of the day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from branches.enums import MemberKind, MemberState
from branches.models import Member, Unit
from elections.models import Candidate, Election, Exclusion


def voters(unit: Unit, *, on: date) -> QuerySet[Member]:
    """Who has the vote below a unit on the day: 正式党员, not under 留党察看, arrived by then."""
    return (
        Member.objects.everywhere("reckoned for the unit that votes")
        .filter(
            Q(arrived_on__isnull=True) | Q(arrived_on__lte=on),
            Q(confirmed_on__isnull=True) | Q(confirmed_on__lte=on),
            unit__path__startswith=unit.path, kind=MemberKind.FULL, state=MemberState.ACTIVE,
        )
        .order_by("unit__path", "name")
    )  # fmt: skip


def eligible(election: Election, *, on: date) -> int:
    """应到会 on the day: delegates, or the roster's voters without those who are not counted."""
    if election.delegates:
        return int(election.delegates)
    away = Exclusion.unscoped.filter(election=election).values("member")
    return voters(election.unit, on=on).exclude(pk__in=away).count()


def standing(election: Election) -> list[Candidate]:
    """Who stands in the next round of the meeting.

    All candidates first; after equal votes those who are tied; otherwise those not elected yet.
    """
    last = election.ballots.filter(body="meeting").exclude(verdict="struck").order_by("-pk").first()
    people = election.people.select_related("member").order_by("pk")
    if last is not None and last.tied:
        return list(people.filter(member__in=last.tied))
    return list(people.filter(elected=False, written_in=False))


def elected(election: Election) -> list[Candidate]:
    """Who has been elected so far, by name."""
    rows: Any = election.people.filter(elected=True).select_related("member")
    return list(rows.order_by("pk"))
