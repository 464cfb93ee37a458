"""What stands beside a record: hints, what was said about it, and how it was read and scored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from branches.enums import Role
from meetings import permissions
from meetings.checking import with_findings
from meetings.enums import Status
from meetings.forms.record import new_key
from meetings.hints import hints_of
from meetings.models import Comment, Meeting, MeetingFile, SpotCheck
from meetings.querysets import MeetingQuerySet
from meetings.views.parts import DeskRequest


def beside(request: DeskRequest, meeting: Meeting, files: Sequence[MeetingFile]) -> dict[str, Any]:
    """Six questions to the database at most, whatever stands there."""
    scope, path = request.scope, meeting.unit.path
    filed = meeting.status != Status.DRAFT and meeting.first_submitted_on is not None
    return {
        "hints": _hints(request, meeting, files) if permissions.may_see_hints(scope, path) else (),
        "threads": _threads(meeting),
        "may_comment": filed and permissions.may_comment(scope, path),
        "may_answer": permissions.may_answer_comment(scope, path),
        "me": request.user.pk,
        "new_key": new_key(),
        "checks": _checks(request, meeting),
    }


def _hints(request: DeskRequest, meeting: Meeting, files: Sequence[MeetingFile]) -> Any:
    own = request.scope.units_as(Role.SECRETARY, Role.GROUP_LEADER)

    def readable(rows: MeetingQuerySet) -> MeetingQuerySet:
        return rows.readable(user_id=request.user.pk, own=own)

    return hints_of(meeting, files, units=request.scope.units, readable=readable)


def _threads(meeting: Meeting) -> list[dict[str, Any]]:
    """Each comment with its answers, in the order they came."""
    said = list(Comment.unscoped.filter(meeting=meeting).select_related("by").order_by("pk"))
    return [
        {
            "comment": one,
            "answers": [other for other in said if other.answers_id == one.pk],
            "key": new_key(),
        }
        for one in said
        if one.answers_id is None
    ]


def _checks(request: DeskRequest, meeting: Meeting) -> list[SpotCheck]:
    """The checks of this record that the asker may open, the latest first."""
    rows = SpotCheck.objects.within(*request.scope.units).filter(meeting=meeting)
    return list(with_findings(rows).select_related("by").order_by("-checked_on", "-pk"))
