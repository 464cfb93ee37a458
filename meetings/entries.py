"""What a branch says about a gathering, as plain data: one shape for form, API and import.

Rows of people carry no names and no voting rights: those are read from the roster on saving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from core.files import Upload
from meetings.enums import AbsenceReason, Item, Kind


@dataclass(frozen=True)
class MeetingContent:
    """The facts of one record; texts may be empty except ``topic``."""

    kinds: Sequence[Kind]
    held_on: date
    topic: str
    started_at: time | None = None
    ended_at: time | None = None
    place: str = ""
    chair: str = ""
    recorder: str = ""
    agenda: str = ""
    minutes: str = ""
    resolution: str = ""
    items: Sequence[str] = field(default_factory=tuple)

    @property
    def kind_mask(self) -> int:
        """The kinds as bits."""
        mask = 0
        for kind in self.kinds:
            mask |= kind
        return mask


@dataclass(frozen=True)
class AttendanceEntry:
    """One member: ought to come (or sits in, 列席, when not ``eligible``), came, or why not."""

    member_id: int
    present: bool = True
    reason: AbsenceReason | str = ""
    note: str = ""
    eligible: bool = True


@dataclass(frozen=True)
class VoteEntry:
    """One 表决. ``eligible`` and ``present`` are counted from the attendance when not given."""

    subject: str
    yes: int
    no: int = 0
    abstain: int = 0
    eligible: int | None = None
    present: int | None = None


@dataclass(frozen=True)
class Expected:
    """A member who ought to come, as the form offers him: with what is known about him before."""

    id: int
    name: str
    voting: bool
    note: str = ""
    present: bool = True
    reason: str = ""
    eligible: bool = True


@dataclass(frozen=True)
class BulkOutcome:
    """What became of many records decided at once: how many moved, and why the others did not."""

    done: int
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class PointEntry:
    """One item of the score sheet with what it was given; ``full`` is what it could get."""

    name: str
    full: Decimal
    points: Decimal


@dataclass(frozen=True)
class FindingEntry:
    """问题: what was found, what is asked, until when."""

    text: str
    ask: str
    due_on: date


@dataclass(frozen=True)
class ItemEntry:
    """One item of a month's programme as it is written: what to do, what to study, where it is."""

    item: Item
    text: str = ""
    reading: str = ""
    link: str = ""
    upload: Upload | None = None
    drop_file: bool = False
