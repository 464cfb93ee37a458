"""一次录入，多处使用: a visit to a contact point as a Word file."""

from __future__ import annotations

from datetime import date

from core.papers import Paper
from support.models import ContactVisit


def said(day: date | None) -> str:
    """2026年7月5日, or a dash."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def visit_paper(visit: ContactVisit) -> bytes:
    """联系点走访记录."""
    link = visit.link
    paper = Paper("领导干部联系点走访记录", subtitle=link.unit.name)
    paper.facts(
        [
            ("联系领导", f"{link.leader.name}　{link.leader.position}"),
            ("联系点", link.unit.name),
            ("走访日期", said(visit.day)),
            ("了解到的情况", visit.found),
            ("发现的问题", visit.problem or "没有发现问题"),
        ]
    )
    steps = list(visit.follow_ups.all())
    if steps:
        paper.heading("跟进情况")
        for step in steps:
            paper.text(f"{said(step.day)}：{step.what}")
    if visit.outcome:
        paper.heading("处理结果")
        paper.text(f"{said(visit.solved_on)}：{visit.outcome}")
    return paper.data()
