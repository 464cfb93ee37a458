"""通知 and 公开栏 as Word files."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from branches.models import Unit
from core.papers import Paper
from portal.models import Circular
from portal.pages import BoardView


def circular_paper(circular: Circular) -> bytes:
    """A 通知 in the form of a 公文."""
    paper = Paper(circular.title)
    paper.text(circular.text)
    rows = [("下发单位", circular.unit.name)]
    if circular.issued_at is not None:
        issued = timezone.localtime(circular.issued_at)
        rows.append(("下发时间", f"{issued.year}年{issued.month}月{issued.day}日"))
    if circular.sign_by is not None:
        until = circular.sign_by
        rows.append(("办理期限", f"{until.year}年{until.month}月{until.day}日"))
    files = "\n".join(one.name for one in circular.files.all())
    if files:
        rows.append(("附件", files))
    paper.facts(rows)
    return paper.data()


def board_paper(unit: Unit, board: BoardView, on: date) -> bytes:
    """公开栏 of a branch, to be hung on the wall."""
    paper = Paper(f"{unit}公开栏", subtitle=f"{on.year}年{on.month}月{on.day}日")
    if board.introduction:
        paper.heading("支部简介")
        paper.text(board.introduction)
    for panel in board.panels:
        paper.heading(panel.title)
        paper.facts([(line.text, line.note) for line in panel.public or ()])
    return paper.data()
