"""项目化管理."""

from __future__ import annotations

from core.dates import Period
from core.deed_forms import (
    PAPER,
    DeedForm,
    OnceForm,
    day_field,
    line_field,
    pick_field,
    upload_field,
    words_field,
)
from works.models import SchemeTag


class ProjectForm(OnceForm):
    """立项."""

    tag = pick_field("为哪项工作服务")
    title = line_field("项目", 120)
    goal = words_field("目标", 1000, hint="到什么时候、做成什么样")
    owner = line_field("负责人", 60)
    starts_on = day_field("开始日期")
    due_on = day_field("完成期限")

    def prepare(self) -> None:
        """From today to the year's end."""
        rows = SchemeTag.objects.filter(is_active=True)
        self.choose("tag", [("", "请选择"), *((row.code, row.title) for row in rows)])
        self.begin(starts_on=self.on, due_on=Period.containing(self.on, "year").end)


class MilestoneForm(OnceForm):
    """一个节点."""

    title = line_field("节点", 100)
    due_on = day_field("期限")


class FinishMilestoneForm(DeedForm):
    """节点完成."""

    done_on = day_field("完成日期")
    result = words_field("完成情况", 300, rows=2)
    file = upload_field("佐证", help_text=PAPER)

    def prepare(self) -> None:
        """Today."""
        self.begin(done_on=self.on)


class FinishForm(DeedForm):
    """项目完成."""

    ended_on = day_field("完成日期")
    result = words_field("结果", 1000, hint="目标达到没有，群众得到什么")

    def prepare(self) -> None:
        """Today."""
        self.begin(ended_on=self.on)


class StopForm(DeedForm):
    """终止."""

    result = words_field("终止原因", 1000)
