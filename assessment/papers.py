"""复核答复 as a Word file, from the appeal as it was answered."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from assessment.enums import RULING_REMEDIES, AppealState
from assessment.models import Appeal
from core.dates import Period
from core.papers import Paper


def answer_paper(appeal: Appeal) -> bytes:
    """The district's letter to the branch: what it asked, what was found, what follows."""
    quarter = Period.parse(appeal.run.period).name
    paper = Paper(f"关于{quarter}考核申诉的复核答复")
    paper.text(f"{appeal.unit.name}：")
    paper.text(
        f"你支部{_day(appeal.filed_at)}对{quarter}考核（第{appeal.run.version}版）"
        f"“{appeal.duty_name}”提出的申诉收悉。经核查，现答复如下。"
    )
    paper.heading("一、申诉理由")
    paper.text(appeal.reason)
    if appeal.opinion:
        paper.heading("二、党（工）委意见")
        paper.text(appeal.opinion)
    paper.heading(f"{'三' if appeal.opinion else '二'}、复核结论")
    upheld = appeal.state == AppealState.UPHELD
    paper.text(f"申诉{'成立' if upheld else '不成立'}。{appeal.answer}")
    if upheld:
        paper.text(f"处理：{appeal.get_remedy_display()}。{_follows(appeal)}")
    paper.text(f"{appeal.run.unit.name}组织部")
    paper.text(_day(appeal.decided_at))
    return paper.data()


def _follows(appeal: Appeal) -> str:
    kept = f"已发布的第{appeal.run.version}版结果不变，"
    if appeal.remedy in RULING_REMEDIES:
        return f"{kept}本季度重新计算的下一版按此认定计分。"
    return f"{kept}相应更正后，由本季度重新计算的下一版体现。"


def _day(at: datetime | None) -> str:
    if at is None:
        return ""
    day = timezone.localdate(at)
    return f"{day.year}年{day.month}月{day.day}日"
