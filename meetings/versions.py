"""A record drawn as text and numbers: kept with each 更正, and compared when two people write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from meetings.entries import AttendanceEntry, MeetingContent, VoteEntry
from meetings.enums import AbsenceReason, Item, Kind
from meetings.models import Attendance, Meeting, Vote

_TEXTS = ("place", "chair", "recorder", "topic", "agenda", "minutes", "resolution")
_ITEMS = dict(Item.choices)
_REASONS = dict(AbsenceReason.choices)


def of_record(meeting: Meeting) -> dict[str, Any]:
    """The record as it is stored, people and votes included."""
    return drawn(
        MeetingContent(
            kinds=meeting.kinds,
            held_on=meeting.held_on,
            started_at=meeting.started_at,
            ended_at=meeting.ended_at,
            items=meeting.items,
            **{name: getattr(meeting, name) for name in _TEXTS},
        ),
        Attendance.unscoped.filter(meeting=meeting).order_by("pk"),
        Vote.unscoped.filter(meeting=meeting).order_by("pk"),
    )


def drawn(
    content: MeetingContent, people: Iterable[Attendance], votes: Iterable[Vote]
) -> dict[str, Any]:
    """These facts as ``meetings.rules.differences`` reads them, and :func:`content_of` too."""
    return {
        "kinds": "、".join(str(kind.label) for kind in Kind if content.kind_mask & kind),
        "kind_mask": content.kind_mask,
        "held_on": content.held_on.isoformat(),
        "started_at": _clock(content.started_at),
        "ended_at": _clock(content.ended_at),
        "items": "、".join(str(_ITEMS.get(item, item)) for item in content.items),
        "item_codes": [str(item) for item in content.items],
        **{name: str(getattr(content, name)).replace("\x00", "").strip() for name in _TEXTS},
        "attendance": [_person(row) for row in people],
        "votes": [_vote(row) for row in votes],
    }


def _clock(value: time | None) -> str:
    return f"{value:%H:%M}" if value else ""


def _person(row: Attendance) -> dict[str, Any]:
    if not row.eligible:
        said = "列席"
    elif row.present:
        said = "到会"
    else:
        said = f"缺席（{_REASONS.get(row.reason, row.reason)}）"
    return {
        "member": row.member_id,
        "name": row.name,
        "eligible": row.eligible,
        "present": row.present,
        "reason": str(row.reason),
        "note": row.note,
        "said": f"{said} {row.note}".strip(),
    }


def _vote(row: Vote) -> dict[str, Any]:
    return {
        "subject": row.subject,
        "eligible": row.eligible,
        "present": row.present,
        "yes": row.yes,
        "no": row.no,
        "abstain": row.abstain,
        "said": f"应到 {row.eligible}，实到 {row.present}，"
        f"赞成 {row.yes}，反对 {row.no}，弃权 {row.abstain}",
    }


def content_of(version: dict[str, Any]) -> MeetingContent:
    """The facts of a drawn record."""
    return MeetingContent(
        kinds=[kind for kind in Kind if version["kind_mask"] & kind],
        held_on=date.fromisoformat(version["held_on"]),
        started_at=_time(version["started_at"]),
        ended_at=_time(version["ended_at"]),
        items=version["item_codes"],
        **{name: version[name] for name in _TEXTS},
    )


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def people_of(version: dict[str, Any]) -> list[AttendanceEntry]:
    """The roll of a drawn record."""
    return [
        AttendanceEntry(
            member_id=row["member"],
            present=row["present"],
            reason=row["reason"],
            note=row["note"],
            eligible=row["eligible"],
        )
        for row in version["attendance"]
    ]


def votes_of(version: dict[str, Any]) -> Sequence[VoteEntry]:
    """The votes of a drawn record."""
    names = ("subject", "yes", "no", "abstain", "eligible", "present")
    return [VoteEntry(**{name: row[name] for name in names}) for row in version["votes"]]
