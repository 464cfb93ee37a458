"""Reading check-ins: who scanned, and what that makes of the roll-call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from meetings.models import CheckIn, CheckInSession, Meeting
from meetings.rules.checkin import is_running


def running(meeting: Meeting, now: datetime) -> CheckInSession | None:
    """The check-in of a record that takes names now."""
    rows = CheckInSession.objects.within(meeting.unit).filter(meeting=meeting, ended_at=None)
    session: CheckInSession | None = rows.select_related("meeting__unit").first()
    if session is None or not meeting.is_editable:
        return None
    open_ = is_running(started_at=session.started_at, ended_at=None, now=now)
    return session if open_ else None


def scanned(meeting: Meeting) -> dict[int, datetime]:
    """Member → when he scanned."""
    rows = CheckIn.objects.within(meeting.unit).filter(meeting=meeting)
    return dict(rows.values_list("member_id", "at"))


def mark_rows(
    meeting: Meeting | None, rows: Sequence[dict[str, Any]], *, called: bool
) -> list[dict[str, Any]]:
    """The tick-list with a note beside everybody who scanned.

    Until the secretary has called the roll himself (``called``), those who scanned are ticked and
    the others are not; afterwards his word stands, whatever was scanned.
    """
    marks = scanned(meeting) if meeting is not None else {}
    if not marks:
        return list(rows)
    marked = []
    for row in rows:
        at = marks.get(row["id"])
        note = f"扫码 {timezone.localtime(at):%H:%M}" if at else ""
        new = {**row, "note": "，".join(filter(None, (row["note"], note)))}
        if not called:
            new |= {"present": at is not None, "reason": "" if at else row["reason"]}
        marked.append(new)
    return marked
