"""调阅情况通报: a draw as a paper, with the digest and the seed by which it can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from core.papers import Paper
from meetings.checking import DrawnLine
from meetings.enums.checks import UNSETTLED
from meetings.models import CheckDraw


def draw_paper(draw: CheckDraw, lines: Sequence[DrawnLine], *, on: date) -> bytes:
    """The paper of a draw as it stands on the day."""
    paper = Paper("关于会议记录不定期调阅情况的通报", subtitle=f"（{_day(on)}）")
    paper.heading("一、抽取情况")
    paper.text(_drawing(draw))
    paper.heading("二、调阅结果")
    paper.text(_reading(lines))
    paper.table(
        ("序号", "党组织", "召开日期", "会议类别", "得分", "情况"),
        [_row(line) for line in lines],
        widths=(14, 44, 28, 32, 16, 22),
    )
    found = [(line, one) for line in lines for one in line.findings]
    if found:
        paper.heading("三、发现的问题和整改情况")
        paper.table(
            ("党组织", "问题", "整改要求和期限", "整改情况"),
            [
                [
                    str(line.record.meeting.unit),
                    one.text,
                    f"{one.ask}（{_day(one.due_on)}前）",
                    "\n".join(filter(None, [str(one.get_state_display()), one.result])),
                ]
                for line, one in found
            ],
            widths=(34, 42, 42, 38),
        )
    paper.heading(f"{'四' if found else '三'}、核验方法")
    paper.text(
        "每一条记录的编号前加上随机种子和英文冒号，取 SHA-256 值，从小到大排列，依次抽取；"
        + (
            f"其中先从有提示的记录里抽取百分之{draw.risk_percent}，其余从全部名单里抽取。"
            if draw.risk_percent
            else "不分先后，机会均等。"
        )
        + "持有名单的任何人用同一种子都能得到同样的结果。"
    )
    paper.facts([("名单摘要", draw.list_sha256), ("随机种子", draw.seed)])
    paper.text(f"{draw.unit.name}")
    paper.text(_day(on))
    return paper.data()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _drawing(draw: CheckDraw) -> str:
    return (
        f"{_day(timezone.localtime(draw.at).date())}，从{draw.unit}"
        f"{_day(draw.since)}至{_day(draw.until)}召开、已经提交的会议记录"
        f"（{draw.fields_label}，{draw.kinds_label}）{draw.listed_count} 条中，"
        f"随机抽取 {draw.wanted} 条进行调阅，要求在{_day(draw.due_on)}前读完。"
    )


def _reading(lines: Sequence[DrawnLine]) -> str:
    scores = [line.check.score for line in lines if line.check]
    found = [one for line in lines for one in line.findings]
    unsettled = sum(one.state in UNSETTLED for one in found)
    if not scores:
        return "抽中的记录还没有开始调阅。"
    text = f"已调阅 {len(scores)} 条，平均得分 {sum(scores) / len(scores):.1f} 分。"
    if not found:
        return f"{text}没有发现需要整改的问题。"
    return f"{text}发现问题 {len(found)} 个，已办结 {len(found) - unsettled} 个。"


def _row(line: DrawnLine) -> list[str]:
    meeting = line.record.meeting
    return [
        str(line.record.place),
        str(meeting.unit),
        f"{meeting.held_on:%Y-%m-%d}",
        meeting.kinds_label,
        f"{line.check.score.normalize():f}" if line.check else "",
        str(line.state.label),
    ]
