"""Workbooks out: the register, the results of a round, a standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.workbooks import stream_rows
from starrating.agenda import with_progress
from starrating.models import Standard
from starrating.querysets import OrganisationQuerySet, RatingQuerySet
from starrating.rules import plain

MOST = 5000
# The same headings as the import's, so that what goes out comes in again.
REGISTER = (
    "名称", "类型", "统一社会信用代码", "行业", "职工人数", "党员人数", "组建方式", "党组织代码",
    "党组织", "管理方式", "属地管理党组织", "党组织成立日期", "现有星级", "定星日期", "注销日期",
)  # fmt: skip
RESULTS = (
    "轮次", "组织", "统一社会信用代码", "党组织代码", "党组织", "所属党（工）委", "状态", "新成立",
    "原星级", "自评得分", "初核得分", "审核得分", "评定星级", "破格", "一票否决情形",
    "活动经费（元）", "公示开始", "公示截止", "办结日期",
)  # fmt: skip
STANDARD = ("类别", "指标", "分值", "考评方法", "佐证材料")


def register(rows: OrganisationQuerySet, *, cover: Mapping[str, object]) -> Iterator[bytes]:
    """在册组织, one a row; one query."""
    found = rows.select_related("unit", "manager")[:MOST]
    lines = (
        (
            one.name, one.get_kind_display(), one.credit_code, one.get_industry_display(),
            one.staff_count, one.member_count, one.get_party_form_display(), one.unit.code,
            one.unit.name, one.get_managed_by_display(), one.manager.name if one.manager else "",
            one.founded_on or "", one.stars_name, one.stars_since or "", one.closed_on or "",
        )
        for one in found
    )  # fmt: skip
    return iter(stream_rows(REGISTER, lines, cover=cover, sheet="两新组织"))


def results(rows: RatingQuerySet, *, cover: Mapping[str, object]) -> Iterator[bytes]:
    """评定结果, one organisation in one round a row; one query."""
    found = with_progress(rows).select_related(
        "organisation__unit__committee", "round", "veto"
    )[:MOST]  # fmt: skip
    lines = (_result(one) for one in found)
    return iter(stream_rows(RESULTS, lines, cover=cover, sheet="评定结果"))


def _result(one: Any) -> tuple[object, ...]:
    unit = one.organisation.unit
    totals = (one.self_total, one.check_total, one.review_total)
    return (
        one.round.name, one.organisation.name, one.organisation.credit_code, unit.code, unit.name,
        unit.committee.name if unit.committee else "", one.get_state_display(),
        "是" if one.is_new else "否", one.before_name,
        *("" if total is None else plain(total) for total in totals), one.stars_name,
        "是" if one.exception_ok_by_id else "否", one.veto.title if one.veto else "",
        plain(one.reward), one.notice_from or "", one.notice_until or "", one.ended_on or "",
    )  # fmt: skip


def standard_sheet(standard: Standard) -> Iterator[bytes]:
    """A standard as the workbook that can be changed and loaded as the next version."""
    lines = (
        (
            item.get_category_display(), item.name, plain(item.points), item.method_names,
            item.evidence,
        )
        for item in standard.items.all()
    )  # fmt: skip
    return iter(stream_rows(STANDARD, lines, sheet="评定标准"))
