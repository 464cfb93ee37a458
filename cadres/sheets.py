"""干部名册 as a workbook. Whole numbers of identity and phone never leave the house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from cadres.facts import with_posts
from cadres.querysets import CadreQuerySet
from core.codes import NATIONALITY
from core.workbooks import stream_rows

HEAD = (
    "姓名", "性别", "单位代码", "单位", "现任职务", "职务层次", "出生日期", "民族",
    "籍贯", "出生地", "政治面貌", "入党时间", "参加工作时间", "健康状况", "专业技术职务",
    "熟悉专业有何专长", "全日制学历学位", "全日制院系及专业", "在职学历学位", "在职院系及专业",
    "现状", "导出标记",
)  # fmt: skip


def roster_workbook(rows: CadreQuerySet, *, mark: str) -> Iterator[bytes]:
    """An .xlsx, a person a row; the mark stands on the cover and in every row."""
    cover = {
        "内容": "干部名册",
        "导出标记": mark,
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M}",
    }
    lines = (_row(one, mark) for one in list(with_posts(rows)))
    return iter(stream_rows(HEAD, lines, cover=cover, sheet="干部名册"))


def _row(one: Any, mark: str) -> tuple[object, ...]:
    return (
        one.name, one.get_sex_display(), one.unit.code, str(one.unit), one.posts or "",
        one.get_level_display(), one.born_on or "", NATIONALITY.name(one.ethnicity),
        one.unseal("native_place"), one.unseal("birthplace"), one.get_politics_display(),
        one.party_on or "", one.work_on or "", one.unseal("health"), one.title, one.specialty,
        one.full_education, one.full_school, one.part_education, one.part_school,
        one.get_state_display(), mark,
    )  # fmt: skip
