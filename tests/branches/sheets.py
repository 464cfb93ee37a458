"""Workbooks as people send them, built for tests."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import openpyxl

UNIT_HEAD = ("党组织名称", "党组织代码", "党组织类别", "上级党组织", "领域", "成立日期", "联系电话")
MEMBER_HEAD = (
    "姓名",
    "性别",
    "公民身份号码",
    "出生日期",
    "人员类别",
    "所在党支部",
    "手机号码",
    "入党日期",
    "是否流动",
)


def workbook(
    head: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    footer: str = "",
    merged: str = "",
) -> bytes:
    """An .xlsx, with a title above the heading and a footer below when they are given."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
    for row in (head, *rows):
        sheet.append(list(row))
    if footer:
        sheet.append([footer])
    if merged:
        sheet.merge_cells(merged)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
