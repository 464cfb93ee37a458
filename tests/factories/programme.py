"""Programmes, postponements and shares for tests, made directly and within the constraints."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from meetings.enums import Item
from meetings.enums.programme import PostponeState, ProgrammeState, ShareState
from meetings.models import (
    Meeting,
    MeetingFile,
    Postponement,
    Programme,
    ProgrammeItem,
    Share,
    SharePhoto,
)
from tests.factories.accounts import make_account


def make_programme(
    unit: Unit,
    month: date,
    *,
    theme: str = "学习贯彻全会精神",
    items: tuple[Item, ...] = (Item.CONSTITUTION, Item.OATH, Item.DUES, Item.STUDY),
    published: bool = True,
    by: User | None = None,
    text: str = "集中进行",
    **fields: Any,
) -> Programme:
    """A month's programme with its items."""
    programme: Programme = Programme.unscoped.create(
        unit=unit, month=month.replace(day=1), theme=theme, written_by=by, **fields
    )
    ProgrammeItem.unscoped.bulk_create(
        ProgrammeItem(programme=programme, item=item, place=at, text=text)
        for at, item in enumerate(items)
    )
    if published:
        programme.state, programme.issue = ProgrammeState.PUBLISHED, 1
        programme.published_by, programme.published_at = by or make_account(), timezone.now()
        programme.save()
    return programme


def make_postponement(
    unit: Unit,
    before: date,
    day: date,
    *,
    state: str = PostponeState.PROPOSED,
    by: User | None = None,
    reason: str = "与防汛演练冲突",
) -> Postponement:
    """A postponement, decided by another when it is decided."""
    decided = state in (PostponeState.APPROVED, PostponeState.REFUSED)
    made: Postponement = Postponement.unscoped.create(
        unit=unit,
        month=before.replace(day=1),
        before=before,
        day=day,
        reason=reason,
        state=state,
        proposed_by=by or make_account(),
        decided_by=make_account() if decided else None,
        decided_at=timezone.now() if decided else None,
    )
    return made


def make_photo(meeting: Meeting, *, number: int = 0, **fields: Any) -> MeetingFile:
    """The row of a photo, without bytes."""
    fields.setdefault("path", f"ab/cd/abcd{number:028x}")
    made: MeetingFile = MeetingFile.unscoped.create(
        meeting=meeting,
        name=f"照片{number}.jpg",
        thumbnail="",
        content_type="image/jpeg",
        sha256=f"{meeting.pk:032d}{number:032d}",
        size=10,
        **fields,
    )
    return made


def make_share(
    meeting: Meeting,
    *,
    state: str = ShareState.APPROVED,
    theme: str = "把党章读到楼院里",
    text: str = "分楼院诵读，党员轮流领读。",
    photos: tuple[MeetingFile, ...] = (),
    by: User | None = None,
    consented: bool = True,
) -> Share:
    """An example of a record."""
    by = by or make_account()
    decided = state in (ShareState.APPROVED, ShareState.REFUSED)
    share: Share = Share.unscoped.create(
        meeting=meeting,
        unit=meeting.unit,
        month=meeting.held_on.replace(day=1),
        theme=theme,
        text=text,
        state=state,
        proposed_by=by,
        consented_by=by if consented else None,
        consented_at=timezone.now() if consented else None,
        decided_by=make_account() if decided else None,
        decided_at=timezone.now() if decided else None,
    )
    SharePhoto.unscoped.bulk_create(SharePhoto(share=share, file=file) for file in photos)
    return share
