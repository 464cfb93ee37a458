"""Records as a workbook: the page's export and the admin's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.scoring import CreditRules
from core.workbooks import stream_rows
from meetings.enums import Item
from meetings.models import Meeting
from meetings.querysets import MeetingQuerySet
from meetings.rules import is_late

HEAD = (
    "党组织代码", "党组织", "所属党（工）委", "会议类别", "召开日期", "开始时间", "地点", "主持人",
    "记录人",
    "主题", "应到", "实到", "完成的动作", "状态", "首次提交日期", "是否补录", "决议",
)  # fmt: skip
ITEM_LABELS = dict(Item.choices)


def workbook(records: MeetingQuerySet, *, cover: Mapping[str, object]) -> Iterator[bytes]:
    """Stream an .xlsx of the records in their order, read in batches."""
    rows = records.select_related("unit", "unit__committee").iterator(chunk_size=2000)
    return iter(stream_rows(HEAD, (_row(record) for record in rows), cover=cover))


def _row(record: Meeting) -> tuple[object, ...]:
    filed = record.first_submitted_on
    late = filed is not None and is_late(
        held_on=record.held_on, first_submitted_on=filed, late_days=CreditRules().late_days
    )
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
        "、".join(str(ITEM_LABELS.get(item, item)) for item in record.items),
        record.get_status_display(),
        filed or "",
        "是" if late else "否",
        record.resolution,
    )
