"""A ranking as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.utils import timezone

from assessment.models import Run, RunRow
from core.dates import Period
from core.workbooks import stream_rows

HEAD = (
    "全区名次", "党（工）委内名次", "领域内名次", "党组织代码", "党组织", "所属党（工）委", "领域",
    "得分", "职责得分", "实到人次", "应到人次", "质量得分", "调阅次数",
)  # fmt: skip
_ASKED = {"q": "查找", "committee": "党（工）委", "field": "领域", "band": "得分段"}


def workbook(
    rows: QuerySet[RunRow], *, run: Run, by: str, asked: Mapping[str, str]
) -> Iterator[bytes]:
    """Stream an .xlsx of rows in their order; its cover says of what, when, by which scheme."""
    conditions = [f"{_ASKED[name]}：{value}" for name, value in asked.items() if value]
    cover = {
        "内容": f"{run.unit} {Period.parse(run.period).name}考核结果",
        "版本": f"第{run.version}版（{run.get_state_display()}）",
        "评分方案": str(run.scheme),
        "数据时点": _moment(run.data_at),
        "参评": run.ranked,
        "不参评": run.unranked,
        "筛选条件": "；".join(conditions) or "无",
        "导出人": by,
        "导出时间": _moment(timezone.now()),
    }
    return iter(stream_rows(HEAD, map(_row, rows.iterator(chunk_size=2000)), cover=cover))


def _moment(at: object) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""  # type: ignore[arg-type]


def _row(row: RunRow) -> tuple[object, ...]:
    return (
        row.rank_district if row.rank_district is not None else "不参评",
        row.rank_committee,
        row.rank_field,
        row.code,
        row.name,
        row.committee_name,
        row.get_field_display(),
        row.score,
        row.duty_score,
        row.present,
        row.eligible,
        row.quality,
        row.checks,
    )
