"""换届选举 full of canaries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from branches.models import CommitteeTerm, Member
from elections.models import (
    Ballot,
    BallotLine,
    Candidate,
    CivicStep,
    Election,
    ElectionFile,
    ElectionStep,
    Exclusion,
    ExclusionReason,
    Shift,
    Wave,
    WaveBody,
)

_DAY = date(2026, 7, 1)


def build(world: Any, branches: Iterable[str]) -> None:
    """A wave in each district; in each branch an election with a round that came out short."""
    for key in ("1", "2"):
        world.objects["wave"][key] = Wave.unscoped.create(
            unit=world.units[key], name=f"批次zu{key}z", year=2026, starts_on=_DAY,
            party_by=date(2099, 1, 1), civic_by=date(2099, 6, 1), demands=f"要求zu{key}z",
            regulation=f"依据zu{key}z",
        )  # fmt: skip
    for key in branches:
        _branch(world, key)


def _branch(world: Any, key: str) -> None:
    things, unit, wave = world.objects, world.units[key], world.objects["wave"][key[0]]
    author = things["author"][key]
    term = CommitteeTerm.unscoped.filter(unit=unit, ended_on=None).first()
    body = WaveBody.unscoped.create(wave=wave, unit=unit)
    things["wave_body"][key] = body
    CivicStep.unscoped.create(body=body, stage=1, day=_DAY, first=7, by=author)
    election = Election.unscoped.create(
        unit=unit, term=term, wave=wave, number=2, route="branch", seats=3, candidates=4,
        planned_on=date(2026, 8, 1), created_by=author,
    )  # fmt: skip
    things["election"][key] = election
    kept = ElectionFile.unscoped.create(
        election=election, name=f"批复zo{key}z.jpg", path=f"{uuid.uuid4()}.jpg",
        thumbnail=f"{uuid.uuid4()}.jpg", content_type="image/jpeg", sha256="0" * 64, size=10,
        by=author,
    )  # fmt: skip
    things["election_file"][key] = kept
    for before, after in ((None, 0), (0, 1), (1, 2), (2, 3), (3, 4), (4, 6), (6, 7), (7, 8)):
        quiet = after in (4, 6, 7)
        if before is not None:
            Election.unscoped.filter(pk=election.pk).update(state=after)
        ElectionStep.unscoped.create(
            election=election, before=before, after=after, day=_DAY, document=f"文号zo{key}z",
            note="" if quiet else f"说明zo{key}z", file=None if quiet else kept,
            by=None if after in (2, 8) else author,
        )  # fmt: skip
    election.refresh_from_db()
    member = Member.unscoped.filter(unit=unit).order_by("pk")[0]
    things["exclusion"][key] = Exclusion.unscoped.create(
        election=election, member=member, reason=ExclusionReason.objects.order_by("pk")[0],
        decided_on=_DAY, consent=f"同意zo{key}z", by=author,
    )  # fmt: skip
    candidate = Candidate.unscoped.create(election=election, member=member)
    ballot = Ballot.unscoped.create(
        election=election, body="meeting", round=1, day=_DAY, eligible=10, present=9, seats=3,
        issued=9, returned=9, verdict="short", remaining=3, by=author,
    )  # fmt: skip
    things["ballot"][key] = ballot
    BallotLine.unscoped.create(ballot=ballot, candidate=candidate, yes=3, no=6)
    if term is not None:
        things["shift"][key] = Shift.unscoped.create(
            unit=unit, term=term, kind="late", due_on=date(2027, 1, 1),
            moved_to=date(2027, 6, 1), reason=f"理由zo{key}z", document=f"请示zo{key}z",
            proposed_by=author,
        )  # fmt: skip
