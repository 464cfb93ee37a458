"""The fixed day to take away: for a phone's calendar, and as 通知 in 公文格式."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from branches.models import Unit
from core.dates import Period
from core.papers import Paper
from meetings.fixed_days import WEEKDAYS
from meetings.models import ProgrammeItem
from meetings.programmes import Line, branch_day, plan_for

_NUMBERS = "一二三四五六七八九十"


def calendar_file(*, unit: Unit, day: date, theme: str, now: datetime) -> bytes:
    """One whole-day event (RFC 5545); a month keeps its identity, so that a move replaces it."""
    title = f"固定组织生活日（{unit}）"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//desk//fixed day//ZH",
        "BEGIN:VEVENT",
        f"UID:fixed-day-{unit.uuid}-{day:%Y%m}@desk",
        f"DTSTAMP:{now.astimezone(timezone.get_fixed_timezone(0)):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(theme)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        "TRIGGER:-PT15H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text.replace("\r", "")


def _folded(line: str) -> str:
    """Lines of at most 75 octets; a character is never cut in two."""
    pieces, piece, room = [], "", 75
    for char in line:
        if len(piece.encode()) + len(char.encode()) > room:
            pieces.append(piece)
            piece, room = "", 74
        piece += char
    return "\r\n ".join([*pieces, piece])


def programme_paper(*, unit: Unit, month: Period, on: date) -> bytes:
    """组织生活日通知: the day, the theme, the items, in 公文格式; for printing and for the wall."""
    plan, day = plan_for(unit, month), branch_day(unit, month, on=on)
    sender = plan.programmes[0].unit.name if plan.programmes else ""
    paper = Paper(f"关于开展{month.name}固定组织生活日活动的通知")
    paper.text(f"{unit.name}：")
    weekday = WEEKDAYS[day.day.weekday()]
    paper.text(
        f"现将{month.name}固定组织生活日活动安排通知如下，请认真组织，按时召开，开后及时记录。"
    )
    paper.heading("一、时间")
    paper.text(f"{day.day.year}年{day.day.month}月{day.day.day}日（星期{weekday}）。")
    if day.postponement is not None:
        before = day.postponement.before
        paper.text(f"原定{before.month}月{before.day}日，经批准延期：{day.postponement.reason}")
    paper.heading("二、主题")
    paper.text(plan.theme or "按支部年度学习计划确定。")
    for one in plan.programmes:
        paper.text(one.note)
    paper.heading("三、内容")
    for number, line in enumerate(plan.lines, start=1):
        _line(paper, number, line)
    if sender:
        paper.text("")
        paper.text(f"　　　　　　　　　　　　{sender}")
        at = plan.programmes[0].published_at
        signed = timezone.localtime(at).date() if at else on
        paper.text(f"　　　　　　　　　　　　{signed.year}年{signed.month}月{signed.day}日")
    return paper.data()


def _line(paper: Paper, number: int, line: Line) -> None:
    kind = "规定动作" if line.is_set else "自选动作"
    paper.text(f"（{_NUMBERS[number - 1]}）{line.item.label}（{kind}）。")
    for one in line.asked:
        for text in _said(one):
            paper.text(text)


def _said(one: ProgrammeItem) -> list[str]:
    texts = [one.text, one.reading, f"网址：{one.link}" if one.link else ""]
    return [text for text in texts if text.strip()]
