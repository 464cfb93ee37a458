"""What a record looks like in the API, coming and going."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from branches.feeds import Slug, Slugs
from core.api import Strict
from core.feeds import Row
from meetings.enums import (
    KIND_SLUGS,
    STATUS_SLUGS,
    AbsenceReason,
    FileKind,
    Item,
    Status,
    VoteVerdict,
)
from meetings.models import Attendance, Meeting, MeetingFile, MeetingStep, Vote
from meetings.rules import verdict

STATUS_CHOICES = [(slug, str(status.label)) for status, slug in STATUS_SLUGS.items()]
_KIND_CHOICES = [(slug, str(kind.label)) for kind, slug in KIND_SLUGS.items()]
MAX_PEOPLE = 2000
MAX_TEXT = 50_000


class MeetingRow(Row):
    """会议记录 as a row of the feed."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="支部或党小组代码。")
    kinds = Slugs(
        KIND_SLUGS, source="kind_mask", help_text="会议类别；一次会议可兼作几种（合开）。"
    )
    held_on = serializers.DateField(help_text="召开日期。")
    started_at = serializers.TimeField(allow_null=True)
    ended_at = serializers.TimeField(allow_null=True)
    place = serializers.CharField()
    topic = serializers.CharField()
    status = Slug(STATUS_SLUGS)
    eligible = serializers.IntegerField(source="eligible_count", help_text="应到。")
    present = serializers.IntegerField(source="present_count", help_text="实到。")
    first_submitted_on = serializers.DateField(
        allow_null=True, help_text="首次提交日期（北京时间）；退回后重新提交不改变它。"
    )
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="最近一次提交。")
    reviewed_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(help_text="修订号。")
    version = serializers.IntegerField(help_text="版本：每一次获批的更正加一。")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class AttendanceShape(serializers.Serializer[Any]):
    """出席情况的一行."""

    member = serializers.UUIDField(help_text="党员标识。")
    name = serializers.CharField()
    eligible = serializers.BooleanField(help_text="计入应到；列席人员为 false。")
    voting = serializers.BooleanField(help_text="有表决权。")
    present = serializers.BooleanField(help_text="到会。")
    reason = serializers.ChoiceField([("", "到会"), *AbsenceReason.choices])
    note = serializers.CharField()


class VoteShape(serializers.Serializer[Any]):
    """一次表决."""

    subject = serializers.CharField()
    eligible = serializers.IntegerField(help_text="应到会有表决权人数。")
    present = serializers.IntegerField(help_text="实到会有表决权人数。")
    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    abstain = serializers.IntegerField()
    verdict = serializers.ChoiceField(VoteVerdict.choices, help_text="按应到会人数过半计算。")


class FileShape(serializers.Serializer[Any]):
    """附件的信息；内容不经接口给出."""

    uuid = serializers.UUIDField()
    kind = serializers.ChoiceField(FileKind.choices)
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="字节数。")
    sha256 = serializers.CharField()
    at = serializers.DateTimeField()


class StepShape(serializers.Serializer[Any]):
    """办理过程的一步."""

    before = Slug(STATUS_SLUGS, allow_null=True)
    after = Slug(STATUS_SLUGS)
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class MeetingFull(MeetingRow):
    """会议记录 with everything that belongs to it."""

    chair = serializers.CharField(help_text="主持人。")
    recorder = serializers.CharField(help_text="记录人。")
    agenda = serializers.CharField(help_text="议程。")
    minutes = serializers.CharField(help_text="会议内容。")
    resolution = serializers.CharField(help_text="形成决议。")
    items = serializers.ListField(child=serializers.ChoiceField(Item.choices))
    attendance = AttendanceShape(many=True, allow_null=True)
    votes = VoteShape(many=True)
    files = FileShape(many=True)
    steps = StepShape(many=True)


def shown(meeting: Meeting, *, people: Callable[[str], bool]) -> dict[str, Any]:
    """A record in full; five queries. ``meeting.unit`` is at hand."""
    columns = {
        lookup: meeting.unit.code if lookup == "unit__code" else getattr(meeting, lookup)
        for _, lookup, _ in MeetingRow().shaped()
    }
    texts = ("chair", "recorder", "agenda", "minutes", "resolution", "items")
    return {
        **MeetingRow().to_representation(columns),
        **{name: getattr(meeting, name) for name in texts},
        "attendance": _attendance(meeting) if people(meeting.unit.path) else None,
        "votes": _votes(meeting),
        "files": list(
            MeetingFile.unscoped.filter(meeting=meeting)
            .order_by("pk")
            .values("uuid", "kind", "name", "content_type", "size", "sha256", "at")
        ),
        "steps": [
            {
                "before": None if before is None else STATUS_SLUGS[Status(before)],
                "after": STATUS_SLUGS[Status(after)],
                "reason": reason,
                "at": at,
            }
            for before, after, reason, at in MeetingStep.unscoped.filter(meeting=meeting)
            .order_by("pk")
            .values_list("before", "after", "reason", "at")
        ],
    }


def _attendance(meeting: Meeting) -> list[dict[str, Any]]:
    rows = (
        Attendance.unscoped.filter(meeting=meeting)
        .order_by("pk")
        .values("member__uuid", "name", "eligible", "voting", "present", "reason", "note")
    )
    return [{"member": row.pop("member__uuid"), **row} for row in map(dict, rows)]


def _votes(meeting: Meeting) -> list[dict[str, Any]]:
    rows = (
        Vote.unscoped.filter(meeting=meeting)
        .order_by("pk")
        .values("subject", "eligible", "present", "yes", "no", "abstain")
    )
    return [
        {
            **row,
            "verdict": verdict(eligible=row["eligible"], present=row["present"], yes=row["yes"]),
        }
        for row in rows
    ]


# --- Coming in -------------------------------------------------------------------------------


class AttendanceBody(Strict):
    """出席情况的一行: who ought to come, and came or not."""

    member = serializers.UUIDField(help_text="党员标识，须在该支部名册中。")
    present = serializers.BooleanField(default=True, help_text="到会。")
    reason = serializers.ChoiceField(
        AbsenceReason.choices, required=False, allow_blank=True, help_text="缺席事由，缺席时必填。"
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=100)
    eligible = serializers.BooleanField(default=True, help_text="列席人员写 false。")


class VoteBody(Strict):
    """一次表决: 应到和实到 are counted from the attendance when left out."""

    subject = serializers.CharField(max_length=200)
    yes = serializers.IntegerField(min_value=0, max_value=100_000)
    no = serializers.IntegerField(min_value=0, max_value=100_000, default=0)
    abstain = serializers.IntegerField(min_value=0, max_value=100_000, default=0)
    eligible = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    present = serializers.IntegerField(min_value=0, max_value=100_000, required=False)


class MeetingFacts(Strict):
    """What may be said about a gathering."""

    kinds = serializers.ListField(
        child=serializers.ChoiceField(_KIND_CHOICES),
        allow_empty=False,
        max_length=len(KIND_SLUGS),
        help_text="会议类别，可几种合开。",
    )
    held_on = serializers.DateField(help_text="召开日期。")
    topic = serializers.CharField(max_length=200, help_text="主题，一句话。")
    started_at = serializers.TimeField(required=False, allow_null=True)
    ended_at = serializers.TimeField(required=False, allow_null=True)
    place = serializers.CharField(required=False, allow_blank=True, max_length=100)
    chair = serializers.CharField(required=False, allow_blank=True, max_length=60)
    recorder = serializers.CharField(required=False, allow_blank=True, max_length=60)
    agenda = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TEXT)
    minutes = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TEXT)
    resolution = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TEXT)
    items = serializers.ListField(
        child=serializers.ChoiceField(Item.choices), required=False, max_length=len(Item)
    )
    attendance = AttendanceBody(many=True, required=False, max_length=MAX_PEOPLE)  # type: ignore[call-arg]
    votes = VoteBody(many=True, required=False, max_length=50)  # type: ignore[call-arg]


class MeetingBody(MeetingFacts):
    """A new record."""

    unit = serializers.CharField(max_length=40, help_text="支部或党小组代码。")
    draft = serializers.BooleanField(default=False, help_text="true：只存草稿，不提交。")


class MeetingPatch(MeetingFacts):
    """What is to be changed."""

    revision = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="读到的修订号。"
    )
