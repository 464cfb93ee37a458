"""Records, checks and lectures as workbooks: the pages' exports and the admin's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.utils import timezone

from core.workbooks import stream_rows
from meetings.enums.checks import UNSETTLED
from meetings.enums.lectures import BookingState
from meetings.ground import rulebook
from meetings.lateness import was_late
from meetings.models import Booking, Finding, Meeting, SpotCheck
from meetings.querysets import MeetingQuerySet
from meetings.rules import Rulebook

HEAD = (
    "党组织代码", "党组织", "所属党（工）委", "会议类别", "召开日期", "开始时间", "地点", "主持人",
    "记录人",
    "主题", "应到", "实到", "完成的动作", "状态", "首次提交日期", "是否补录", "决议",
)  # fmt: skip


def workbook(records: MeetingQuerySet, *, cover: Mapping[str, object]) -> Iterator[bytes]:
    """Stream an .xlsx of the records in their order, read in batches."""
    rows = records.select_related("unit", "unit__committee").iterator(chunk_size=2000)
    book = rulebook()
    return iter(stream_rows(HEAD, (_row(record, book) for record in rows), cover=cover))


def _row(record: Meeting, book: Rulebook) -> tuple[object, ...]:
    late = was_late(record, book)
    committee = record.unit.committee
    return (
        record.unit.code,
        record.unit.name,
        committee.name if committee else "",
        record.kinds_label,
        record.held_on,
        record.started_at.strftime("%H:%M") if record.started_at else "",
        record.place,
        record.chair,
        record.recorder,
        record.topic,
        record.eligible_count,
        record.present_count,
        "、".join(record.item_labels),
        record.get_status_display(),
        record.first_submitted_on or "",
        "是" if late else "否",
        record.resolution,
    )


CHECK_HEAD = (
    "党组织代码", "党组织", "所属党（工）委", "调阅日期", "会议记录", "召开日期", "会议类别",
    "得分", "各项得分", "问题数", "未办结", "问题、要求和整改情况", "调阅人",
)  # fmt: skip


def checks_workbook(checks: QuerySet[SpotCheck], *, cover: Mapping[str, object]) -> Iterator[bytes]:
    """Stream an .xlsx of checks in their order, with points and findings, read in batches."""
    rows = checks.prefetch_related("points", "finding_rows").iterator(chunk_size=1000)
    return iter(stream_rows(CHECK_HEAD, (_check_row(check) for check in rows), cover=cover))


def _check_row(check: SpotCheck) -> tuple[object, ...]:
    findings = sorted(check.finding_rows.all(), key=lambda one: one.pk)
    points = sorted(check.points.all(), key=lambda one: one.place)
    committee, meeting = check.unit.committee, check.meeting
    return (
        check.unit.code,
        check.unit.name,
        committee.name if committee else "",
        check.checked_on,
        meeting.topic if meeting else "",
        meeting.held_on if meeting else "",
        meeting.kinds_label if meeting else "",
        check.score,
        "；".join(f"{one.name} {one.points.normalize():f}" for one in points),
        len(findings),
        sum(one.state in UNSETTLED for one in findings),
        "\n".join(_finding(one) for one in findings) or check.findings,
        check.by.name if check.by else "",
    )


def _finding(one: Finding) -> str:
    said = f"；整改情况：{one.result}" if one.result else ""
    return (
        f"{one.text}；要求：{one.ask}（{one.due_on:%Y-%m-%d} 前）{said}；{one.get_state_display()}"
    )


LECTURE_HEAD = (
    "党（工）委", "党支部", "课程", "类型", "讲师", "开始时间", "地点", "情况", "会议记录日期",
)  # fmt: skip


def lectures_workbook(
    bookings: QuerySet[Booking], *, cover: Mapping[str, object]
) -> Iterator[bytes]:
    """Stream an .xlsx of bookings in their order, read in batches."""
    rows = (_lecture_row(row) for row in bookings.iterator(chunk_size=2000))
    return iter(stream_rows(LECTURE_HEAD, rows, cover=cover, sheet="党课台账"))


def _lecture_row(row: Booking) -> tuple[object, ...]:
    return (
        str(row.unit.committee or ""),
        row.unit.name,
        row.course.title,
        row.course.get_kind_display(),
        (row.lecturer or row.course.lecturer).name,
        timezone.localtime(row.starts_at) if row.starts_at else "",
        row.place,
        row.get_state_display(),
        row.meeting.held_on if row.meeting and row.state == BookingState.DELIVERED else "",
    )
