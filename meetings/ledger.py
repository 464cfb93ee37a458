"""年度台账: a branch's year as one workbook, from the records that were filed anyway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Prefetch

from branches.models import Unit
from core.workbooks import TableSheet, stream_sheets
from meetings.duties import Duty, duties
from meetings.enums import COUNTING
from meetings.models import Attendance, Meeting
from meetings.papers import absent_and_why
from meetings.rules import verdict

_DUTIES = ("职责", "考核期", "截止日", "完成情况", "召开日期", "首次提交日期", "得分率")
_RECORDS = (
    "序号", "召开日期", "会议类别", "组织", "主题", "主持人", "记录人", "应到", "实到",
    "缺席及事由", "完成的动作", "议程", "会议内容", "形成决议", "状态",
)  # fmt: skip
_VOTES = ("召开日期", "会议", "表决事项", "应到", "实到", "赞成", "反对", "弃权", "结果")


def ledger(*, unit: Unit, year: int, on: date, cover: Mapping[str, object]) -> Iterator[bytes]:
    """Stream the workbook: 完成情况, 会议台账, 表决, and who came to what.

    Records are those filed and not withdrawn, of the branch and its 党小组. Four questions to the
    database, whatever the year holds.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    records = list(
        Meeting.objects.within(unit)
        .filter(status__in=COUNTING)
        .held_in(first, last)
        .select_related("unit")
        .prefetch_related(
            Prefetch("attendance", Attendance.unscoped.order_by("pk")),
            "votes",
        )
        .order_by("held_on", "pk")
    )
    owed = duties(units=[unit], first=first, last=last, on=on)
    sheets = [
        TableSheet("完成情况", _DUTIES, (_duty(duty) for duty in owed)),
        TableSheet(
            "会议台账", _RECORDS, (_record(at, one) for at, one in enumerate(records, start=1))
        ),
        TableSheet("表决", _VOTES, (row for one in records for row in _votes(one))),
        TableSheet(
            "到会情况",
            ("姓名", "应到次数", "实到次数", *(_short(one) for one in records)),
            _people(records),
        ),
    ]
    return stream_sheets(sheets, cover=cover)


def _duty(duty: Duty) -> tuple[object, ...]:
    return (
        duty.kind_label,
        duty.period_name,
        duty.due,
        duty.state.label,
        duty.held_on,
        duty.first_submitted_on,
        f"{duty.credit:.2f}" if duty.is_done else "",
    )


def _record(number: int, record: Meeting) -> tuple[object, ...]:
    return (
        number,
        record.held_on,
        record.kinds_label,
        record.unit.name,
        record.topic,
        record.chair,
        record.recorder,
        record.eligible_count,
        record.present_count,
        absent_and_why(record.attendance.all()),
        "、".join(record.item_labels),
        record.agenda,
        record.minutes,
        record.resolution,
        record.get_status_display(),
    )


def _votes(record: Meeting) -> Iterator[tuple[object, ...]]:
    for vote in record.votes.all():
        outcome = verdict(eligible=vote.eligible, present=vote.present, yes=vote.yes)
        yield (
            record.held_on,
            record.topic,
            vote.subject,
            vote.eligible,
            vote.present,
            vote.yes,
            vote.no,
            vote.abstain,
            outcome.label,
        )


def _short(record: Meeting) -> str:
    """The head of a column: the day and what it was."""
    return f"{record.held_on.month}.{record.held_on.day}{record.kinds_label}"


def _people(records: list[Meeting]) -> Iterator[tuple[object, ...]]:
    """A row for everybody who was expected at least once, by name; in no other order."""
    said: dict[int, dict[int, str]] = {}
    names: dict[int, str] = {}
    for record in records:
        for row in record.attendance.all():
            names[row.member_id] = row.name
            said.setdefault(row.member_id, {})[record.pk] = _mark(row)
    for member_id in sorted(names, key=lambda pk: (names[pk], pk)):
        marks: dict[int, Any] = said[member_id]
        due = [mark for mark in marks.values() if mark != "列席"]
        came = sum(mark == "到" for mark in due)
        yield (names[member_id], len(due), came, *(marks.get(one.pk, "") for one in records))


def _mark(row: Attendance) -> str:
    if not row.eligible:
        return "列席"
    return "到" if row.present else f"缺（{row.get_reason_display()}）"
