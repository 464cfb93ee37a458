"""What the page of one venue and of one joint committee shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from support.enums import CheckState, EntryKind
from support.models import (
    JointCommittee,
    JointEntry,
    JointMember,
    JointProgress,
    JointProject,
    Venue,
    VenueAnswer,
    VenueCheck,
    VenueFile,
    VenueItem,
)

CHECK_TONES = {
    CheckState.SUBMITTED: "wait", CheckState.CONFIRMED: "ok", CheckState.RETURNED: "late",
}  # fmt: skip


@dataclass
class ItemLine:
    """One item of the list: the last answer (None: never answered) and its photos."""

    item: VenueItem
    answer: Any = None
    photos: list[VenueFile] = field(default_factory=list)


@dataclass(frozen=True)
class VenueFacts:
    """A venue with its list, this year's check (or None) and those before."""

    venue: Venue
    lines: list[ItemLine]
    check: VenueCheck | None
    before: list[VenueCheck]
    missing: list[str]

    @property
    def tone(self) -> str:
        """The colour of this year's check."""
        return CHECK_TONES[CheckState(self.check.state)] if self.check else "late"

    @property
    def to_do(self) -> bool:
        """Whether the branch owes this year's check."""
        return self.check is None or self.check.state == CheckState.RETURNED


def venues_facts(uuids: Collection[UUID], *, on: date) -> dict[UUID, VenueFacts]:
    """Of venues that the caller may read of; five queries, however many."""
    rows = list(Venue.unscoped.filter(uuid__in=uuids).select_related("unit"))
    items = list(VenueItem.objects.filter(is_active=True))
    checks: dict[int, list[VenueCheck]] = {}
    for check in (
        VenueCheck.unscoped.filter(venue__in=rows)
        .select_related("submitted_by", "decided_by")
        .prefetch_related("answers")
    ):
        checks.setdefault(check.venue_id, []).append(check)
    photos: dict[tuple[int, int], list[VenueFile]] = {}
    for photo in VenueFile.unscoped.filter(venue__in=rows):
        photos.setdefault((photo.venue_id, photo.item_id), []).append(photo)
    return {row.uuid: _facts(row, items, checks.get(row.pk, []), photos, on) for row in rows}


def _facts(
    venue: Venue,
    items: list[VenueItem],
    checks: list[VenueCheck],
    photos: dict[tuple[int, int], list[VenueFile]],
    on: date,
) -> VenueFacts:
    """The last answer to each item counts, whichever year it is of."""
    answers: dict[int, VenueAnswer] = {}
    for check in checks:
        check.venue = venue
    for check in sorted(checks, key=lambda one: one.year):
        answers |= {answer.item_id: answer for answer in check.answers.all()}
    lines = [
        ItemLine(item, answers.get(item.pk), photos.get((venue.pk, item.pk), [])) for item in items
    ]
    missing = [line.item.title for line in lines if line.answer and not line.answer.is_there]
    now = next((check for check in checks if check.year == on.year), None)
    return VenueFacts(venue, lines, now, [check for check in checks if check is not now], missing)


@dataclass(frozen=True)
class JointFacts:
    """A joint committee with its members, its two lists and its projects."""

    members: list[JointMember]
    resources: list[JointEntry]
    needs: list[JointEntry]
    projects: list[JointProject]
    steps: dict[int, list[JointProgress]]


def joint_facts(joint: JointCommittee) -> JointFacts:
    """Of a joint committee that the caller may read of; four queries."""
    entries = list(JointEntry.unscoped.filter(joint=joint).select_related("member"))
    projects = list(JointProject.unscoped.filter(joint=joint).select_related("resource", "need"))
    steps: dict[int, list[JointProgress]] = {}
    for step in JointProgress.unscoped.filter(project__joint=joint):
        steps.setdefault(step.project_id, []).append(step)
    return JointFacts(
        list(JointMember.unscoped.filter(joint=joint)),
        [row for row in entries if row.kind == EntryKind.RESOURCE],
        [row for row in entries if row.kind == EntryKind.NEED],
        projects,
        steps,
    )
