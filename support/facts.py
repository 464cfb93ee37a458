"""What the page of one venue and of one joint committee shows."""

from __future__ import annotations

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


def venue_facts(uuid: UUID, *, on: date) -> VenueFacts:
    """Of a venue that the caller may read of; five queries."""
    venue = Venue.unscoped.select_related("unit").get(uuid=uuid)
    lines = {item.pk: ItemLine(item) for item in VenueItem.objects.filter(is_active=True)}
    checks = list(
        VenueCheck.unscoped.filter(venue=venue)
        .select_related("submitted_by", "decided_by")
        .prefetch_related("answers")
    )
    for check in sorted(checks, key=lambda one: one.year):
        for answer in check.answers.all():
            if answer.item_id in lines:
                lines[answer.item_id].answer = answer
    for photo in VenueFile.unscoped.filter(venue=venue):
        if photo.item_id in lines:
            lines[photo.item_id].photos.append(photo)
    missing = [
        line.item.title for line in lines.values() if line.answer and not line.answer.is_there
    ]
    now = next((check for check in checks if check.year == on.year), None)
    before = [check for check in checks if check is not now]
    return VenueFacts(venue, list(lines.values()), now, before, missing)


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
