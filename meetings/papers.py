"""一次录入，多处使用: the record and the sign-in sheet as Word files, from the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from branches.models import Unit
from core.papers import Paper
from meetings.enums import Item, Status
from meetings.models import Attendance, Meeting, Vote
from meetings.rules import verdict, votes_needed
from meetings.studying import of_record

_VERDICTS = {"passed": "通过", "rejected": "未通过"}
_BLANK_LINES = 5


def record_paper(meeting: Meeting) -> bytes:
    """会议记录 as the branch files it: 时间 地点 主持 记录 应到 实到 缺席 议程 内容 表决 决议.

    What has not been accepted says so under its title. Three questions to the database.
    """
    people = list(meeting.attendance.all())
    status = Status(meeting.status)
    note = "" if status == Status.ACCEPTED else f"（{status.label}，尚未审核通过）"
    paper = Paper(_title(meeting, "记录"), subtitle=note)
    paper.facts(_facts(meeting, people))
    for title, text in (
        ("议程", meeting.agenda), ("会议内容", meeting.minutes),
    ):  # fmt: skip
        _part(paper, title, text)
    votes = list(meeting.votes.all())
    if votes:
        paper.heading("表决情况")
        for vote in votes:
            paper.text(vote_sentence(vote))
    _part(paper, "形成决议", meeting.resolution)
    paper.text("主持人（签字）：　　　　　　　　记录人（签字）：")
    return paper.data()


def sign_in_paper(meeting: Meeting) -> bytes:
    """签到表: everybody who was to come, with room to sign; reasons beside the absent."""
    people = list(meeting.attendance.all())
    paper = Paper(_title(meeting, "签到表"), subtitle=_when(meeting))
    paper.text(f"地点：{meeting.place or '　　　　　　'}")
    paper.text(f"应到 {meeting.eligible_count} 人，实到 {meeting.present_count} 人")
    rows = [
        [str(number), person.name, "", _beside(person)]
        for number, person in enumerate(people, start=1)
    ]
    rows += [[str(len(rows) + 1 + at), "", "", ""] for at in range(0 if rows else _BLANK_LINES)]
    paper.table(("序号", "姓名", "签名", "备注"), rows, widths=(18, 40, 58, 40), height=11)
    return paper.data()


def _branch(unit: Unit) -> str:
    return f"{unit.parent.name}{unit.name}" if unit.is_group and unit.parent else unit.name


def _title(meeting: Meeting, what: str) -> str:
    # 支部 is said once: 书院社区党支部党员大会记录.
    return f"{_branch(meeting.unit)}{meeting.kinds_label}{what}".replace("支部支部", "支部")


def _when(meeting: Meeting) -> str:
    day = f"{meeting.held_on:%Y}年{meeting.held_on.month}月{meeting.held_on.day}日"
    times = [f"{time:%H:%M}" for time in (meeting.started_at, meeting.ended_at) if time]
    return " ".join([day, "—".join(times)]).strip()


def _facts(meeting: Meeting, people: Sequence[Attendance]) -> list[tuple[str, str]]:
    guests = [person.name for person in people if person.present and not person.eligible]
    done = [Item(item).label for item in meeting.items if item in Item.values]
    facts = [
        ("主题", meeting.topic),
        ("时间", _when(meeting)),
        ("地点", meeting.place),
        ("主持人", meeting.chair),
        ("记录人", meeting.recorder),
        ("应到、实到", f"应到 {meeting.eligible_count} 人，实到 {meeting.present_count} 人"),
        ("到会人员", "、".join(p.name for p in people if p.present and p.eligible)),
        ("缺席及事由", absent_and_why(people) or "无"),
        ("列席人员", "、".join(guests)),
        ("完成动作", "、".join(done)),
        ("学习内容", "、".join(of_record(meeting.pk, meeting.unit))),
    ]
    return [(label, text) for label, text in facts if text]


def absent_and_why(people: Iterable[Attendance]) -> str:
    """张三（生病）、李四（因公外出，出差北京）; empty when everybody came."""
    away = (person for person in people if person.eligible and not person.present)
    return "、".join(f"{person.name}（{_reason(person)}）" for person in away)


def _reason(person: Attendance) -> str:
    return "，".join(filter(None, [person.get_reason_display(), person.note])) or "未注明"


def _beside(person: Attendance) -> str:
    if not person.eligible:
        return "列席"
    return "" if person.present else _reason(person)


def vote_sentence(vote: Vote) -> str:
    """A vote as minutes say it, with what it needed (Art. 11)."""
    outcome = verdict(eligible=vote.eligible, present=vote.present, yes=vote.yes)
    return (
        f"{vote.subject}：有表决权党员应到 {vote.eligible} 人、实到 {vote.present} 人；"
        f"赞成 {vote.yes} 票，反对 {vote.no} 票，弃权 {vote.abstain} 票；"
        f"赞成须达 {votes_needed(vote.eligible)} 票，"
        f"{_VERDICTS.get(outcome, '到会人数不足，表决无效')}。"
    )


def _part(paper: Paper, title: str, text: str) -> None:
    if text.strip():
        paper.heading(title)
        paper.text(text)
