"""From a body of the API to the verbs: members by uuid, kinds by slug."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts.models import User
from branches.feeds import UNKNOWN_UNIT
from branches.models import Member, Unit
from branches.scope import Scope
from core.errors import Refusal
from meetings import services
from meetings.entries import AttendanceEntry, MeetingContent, VoteEntry
from meetings.enums import KIND_SLUGS, Kind
from meetings.kept_record import kept_attendance, kept_votes
from meetings.models import Meeting
from meetings.permissions import may_record

_KINDS: dict[str, Kind] = {slug: kind for kind, slug in KIND_SLUGS.items()}
_UNKNOWN_MEMBER = "没有这名党员，或不在这个支部的名册中，请核对标识。"


@transaction.atomic
def created(*, scope: Scope, by: User | None, form_key: UUID, body: dict[str, Any]) -> Meeting:
    """Save a new record, and file it unless it is to stay a draft.

    Raises:
        ValidationError: the unit or a member is not there, or not the caller's.
        Refusal: the caller may not write there, or the facts do not hold.
    """
    unit = Unit.objects.within(*scope.units).filter(code=body["unit"]).first()
    if unit is None:
        raise ValidationError({"unit": [UNKNOWN_UNIT]})
    if not may_record(scope, unit.path):
        raise Refusal("您没有为这个党组织记会议的权限。", field="unit", code="forbidden")
    meeting = services.save(
        unit=unit,
        by=by,
        form_key=form_key,
        content=_content(body),
        attendance=_attendance(unit, body.get("attendance", ())),
        votes=[VoteEntry(**vote) for vote in body.get("votes", ())],
    )
    if not body["draft"]:
        meeting = services.submit(meeting=meeting, by=by, on=timezone.localdate())
    return meeting


@transaction.atomic
def changed(*, meeting: Meeting, by: User | None, body: dict[str, Any]) -> Meeting:
    """Write what the body names into a draft or a returned record, and leave the rest.

    Raises:
        ValidationError, Refusal: as :func:`created`; ``conflict`` when somebody was faster.
    """
    meeting = (
        Meeting.unscoped.select_for_update(of=("self",)).select_related("unit").get(pk=meeting.pk)
    )
    facts = {name: getattr(meeting, name) for name in MeetingContent.__dataclass_fields__}
    content = _content({**facts, **body, "kinds": body.get("kinds", _slugs(meeting))})
    attendance = (
        _attendance(meeting.unit, body["attendance"])
        if "attendance" in body
        else kept_attendance(meeting)
    )
    votes = (
        [VoteEntry(**vote) for vote in body["votes"]] if "votes" in body else kept_votes(meeting)
    )
    return services.save(
        unit=meeting.unit,
        by=by,
        form_key=None,
        content=content,
        attendance=attendance,
        votes=votes,
        expected_revision=body.get("revision"),
        meeting=meeting,
    )


def _slugs(meeting: Meeting) -> list[str]:
    return [KIND_SLUGS[kind] for kind in meeting.kinds]


def _content(body: dict[str, Any]) -> MeetingContent:
    known = {name: body[name] for name in MeetingContent.__dataclass_fields__ if name in body}
    known["kinds"] = [_KINDS[slug] for slug in dict.fromkeys(body["kinds"])]
    return MeetingContent(**known)


def _attendance(unit: Unit, rows: Sequence[dict[str, Any]]) -> list[AttendanceEntry]:
    """Members by uuid; one query. Those of another branch are as unknown as those nowhere (S4)."""
    branch_id = (unit.parent_id or 0) if unit.is_group else unit.pk
    wanted = {row["member"] for row in rows}
    known = dict(
        Member.unscoped.filter(unit_id=branch_id, uuid__in=wanted).values_list("uuid", "pk")
    )
    faults = [{} if row["member"] in known else {"member": [_UNKNOWN_MEMBER]} for row in rows]
    if any(faults):
        raise ValidationError({"attendance": faults})
    return [
        AttendanceEntry(
            member_id=known[row["member"]],
            present=row["present"],
            reason="" if row["present"] else row.get("reason", ""),
            note=row.get("note", ""),
            eligible=row["eligible"],
        )
        for row in rows
    ]
