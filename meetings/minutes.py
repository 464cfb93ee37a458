"""会议内容 begun from a template per kind: the nearest unit's above, else the usual one."""

from __future__ import annotations

from branches.models import Unit
from branches.rules import ancestors
from meetings.entries import MeetingContent
from meetings.enums import Item, Kind
from meetings.models import Attendance, MinutesTemplate, Vote
from meetings.papers import absent_and_why, vote_sentence
from meetings.rules.minutes import filled

_OPENING = "【日期】，【主持人】主持召开会议，应到【应到】人，实到【实到】人，缺席：【缺席】。\n"
USUAL: dict[Kind, str] = {
    Kind.MEMBERS: _OPENING
    + "一、主持人说明会议议题：【主题】。\n二、支委会报告有关情况：________\n"
    "三、党员讨论发言：________\n四、表决：【表决】\n五、会议决定：________",
    Kind.COMMITTEE: _OPENING + "一、研究事项：【主题】。\n二、委员逐一发表意见：________\n"
    "三、表决：【表决】\n四、分工和完成时限：________",
    Kind.GROUP: _OPENING
    + "一、学习内容：【主题】。\n二、交流发言：________\n三、下一步安排：________",
    Kind.LECTURE: "【日期】，在【地点】讲党课，题目：【主题】。主讲人：________。"
    "应到【应到】人，实到【实到】人。\n一、主要内容：________\n二、交流讨论：________",
    Kind.FIXED_DAY: _OPENING
    + "一、规定动作：【动作】。\n二、主题：【主题】。\n三、交流发言：________",
    Kind.THEME_DAY: _OPENING
    + "一、活动主题：【主题】。\n二、活动过程：________\n三、成效：________",
    Kind.ORGANISATION_LIFE: _OPENING
    + "一、通报会前准备情况：________\n二、支部班子对照检查：________\n"
    "三、开展批评和自我批评（写明问题和整改方向，不写个人隐私）：________\n四、整改措施：________",
    Kind.APPRAISAL: _OPENING
    + "一、个人自评。\n二、党员互评。\n三、民主测评：________\n四、组织评定：________",
    Kind.TALK: "【日期】开展谈心谈话。只记已经谈过，谈话内容不写在这里。",
}


def begun(
    *, unit: Unit, content: MeetingContent, people: list[Attendance], votes: list[Vote]
) -> str:
    """The minutes as far as they are known; for several kinds one part each. One question."""
    own = _templates(unit)
    known = _known(content, people, votes)
    kinds = [kind for kind in Kind if content.kind_mask & kind]
    parts = []
    for kind in kinds:
        text = filled(own.get(kind) or USUAL[kind], known)
        parts.append(f"（{kind.label}）\n{text}" if len(kinds) > 1 else text)
    return "\n\n".join(parts)


def _templates(unit: Unit) -> dict[int, str]:
    """By kind, the text of the nearest unit above."""
    above = [*ancestors(unit.path), unit.path]
    rows = MinutesTemplate.unscoped.filter(unit__path__in=above).order_by("unit__path")
    return dict(rows.values_list("kind", "text"))


def _known(content: MeetingContent, people: list[Attendance], votes: list[Vote]) -> dict[str, str]:
    times = [f"{time:%H:%M}" for time in (content.started_at, content.ended_at) if time]
    day = content.held_on
    guests = [row.name for row in people if row.present and not row.eligible]
    return {
        "日期": f"{day.year}年{day.month}月{day.day}日",
        "时间": "—".join(times),
        "地点": content.place,
        "主持人": content.chair,
        "记录人": content.recorder,
        "主题": content.topic,
        "应到": str(sum(row.eligible for row in people) or ""),
        "实到": str(sum(row.eligible and row.present for row in people) or ""),
        "缺席": (absent_and_why(people) or "无") if people else "",
        "列席": "、".join(guests),
        "动作": "、".join(str(Item(item).label) for item in content.items if item in Item.values),
        "表决": "".join(vote_sentence(vote) for vote in votes),
    }
