"""承诺, 示范岗, 在职党员 and 项目 as workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from branches.scope import Scope
from works.permissions import sees_names

MOST = 5000
PLEDGE_HEAD = (
    "党组织代码", "党组织", "承诺人", "承诺事项", "承诺日期", "完成期限", "状态", "践诺情况",
    "完成日期", "确认日期",
)  # fmt: skip
POST_HEAD = (
    "党组织代码",
    "党组织",
    "岗位名称",
    "党员",
    "示范什么",
    "设岗日期",
    "撤岗日期",
    "今年确认",
)
SERVICE_HEAD = ("日期", "党员", "所在党支部", "报到社区", "做了什么", "时长（小时）", "状态")
PROJECT_HEAD = (
    "党组织代码", "党组织", "项目", "工作载体", "负责人", "开始日期", "完成期限", "状态", "节点",
    "已完成节点", "逾期节点", "结果",
)  # fmt: skip


def pledge_rows(rows: Any, *, scope: Scope) -> Iterator[tuple[object, ...]]:
    """Pledges; a member's name only for those who may read it. One query."""
    for row in rows[:MOST]:
        who = "支部" if row.member is None else "党员"
        if row.member is not None and sees_names(scope, row.unit.path):
            who = row.member.name
        yield (
            row.unit.code, row.unit.name, who, row.title, row.pledged_on, row.due_on,
            row.get_state_display(), row.result, row.done_on or "", row.confirmed_on or "",
        )  # fmt: skip


def post_rows(rows: Any) -> Iterator[tuple[object, ...]]:
    """Posts; one query."""
    for row in rows[:MOST]:
        yield (
            row.unit.code, row.unit.name, row.name, row.member.name, row.stands_for, row.since,
            row.until or "", "已确认" if row.confirmed else "没有确认",
        )  # fmt: skip


def service_rows(rows: Any) -> Iterator[tuple[object, ...]]:
    """What was done, by day; one query."""
    for row in rows[:MOST]:
        where = row.placement
        yield (
            row.day, where.member.name, where.home.name, where.community.name, row.what,
            "" if row.hours is None else f"{row.hours:g}", row.get_state_display(),
        )  # fmt: skip


def project_rows(rows: Any) -> Iterator[tuple[object, ...]]:
    """Projects with their milestones counted; one query."""
    for row in rows[:MOST]:
        yield (
            row.unit.code, row.unit.name, row.title, row.tag.title, row.owner, row.starts_on,
            row.due_on, row.get_state_display(), row.total, row.done, row.late, row.result,
        )  # fmt: skip
