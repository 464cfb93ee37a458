"""一次录入，多处使用: 承诺书 and the project sheet as Word files."""

from __future__ import annotations

from datetime import date

from core.papers import Paper
from works.models import Milestone, Pledge, Project


def said(day: date | None) -> str:
    """2026年7月5日, or a dash."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def pledge_paper(pledge: Pledge) -> bytes:
    """承诺书: what is promised until when, to be signed and hung up; and what came of it."""
    who = pledge.member.name if pledge.member else pledge.unit.name
    paper = Paper("承诺书" if pledge.member else "党支部承诺书", subtitle=pledge.unit.name)
    begin = "作为一名共产党员，我" if pledge.member else f"{pledge.unit.name}"
    paper.text(f"{begin}郑重承诺：")
    paper.text(f"{pledge.title}。于{said(pledge.due_on)}前完成，请党员群众监督。")
    if pledge.result:
        paper.heading("践诺情况")
        paper.text(f"{said(pledge.done_on)}：{pledge.result}")
    if pledge.confirmed_on:
        paper.text(f"{said(pledge.confirmed_on)}确认兑现。")
    paper.text(f"承诺{'人' if pledge.member else '单位'}：{who}")
    paper.text(said(pledge.pledged_on))
    return paper.data()


def project_paper(project: Project) -> bytes:
    """项目书: goal, owner, milestones with what showed that they were done, the result."""
    paper = Paper("项目管理表", subtitle=project.title)
    paper.facts(
        [
            ("党组织", project.unit.name),
            ("工作载体", project.tag.title),
            ("目标", project.goal),
            ("负责人", project.owner),
            ("起止日期", f"{said(project.starts_on)}至{said(project.due_on)}"),
            ("状态", project.get_state_display()),
            ("结果", project.result or "—"),
        ]
    )
    rows = list(Milestone.unscoped.filter(project=project))
    if rows:
        paper.heading("节点")
        paper.table(
            ("序号", "节点", "期限", "完成日期", "完成情况"),
            [
                [str(number), row.title, said(row.due_on), said(row.done_on), row.result or "—"]
                for number, row in enumerate(rows, start=1)
            ],
            widths=(14, 48, 30, 30, 34),
        )
    return paper.data()
