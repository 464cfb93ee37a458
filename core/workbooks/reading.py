"""Opening a stranger's workbook in a child process; what comes back are plain rows."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from core.workbooks.faults import WorkbookError
from core.workbooks.safety import MAX_BYTES, kind_of

Cell = str | int | float | bool | date | datetime | None

SECONDS = 30
MEMORY = 512 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 500
LIMITS = {
    "memory": MEMORY,
    "seconds": SECONDS,
    "rows": MAX_ROWS,
    "columns": MAX_COLUMNS,
    "cells": 6_000_000,
    "output": 120_000_000,
    "area": 12_000_000,
    "sheets": 20,
}

_CHILD = Path(__file__).with_name("child.py")
# Nothing of the server's environment goes along: no keys, no addresses.
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")
_FRESH = "请新建一个工作簿，只复制需要的表格后再上传"
_SENTENCES = {
    "rows": (f"表格超过 {MAX_ROWS // 10_000} 万行", "请分成几个文件上传"),
    "columns": (f"表格超过 {MAX_COLUMNS} 列", f"请删去多余的列，或{_FRESH[1:]}"),
    "cells": ("表格里的内容太多", "请分成几个文件上传"),
    "far": (
        f"离表格很远的地方（{MAX_COLUMNS} 列以外或 {MAX_ROWS // 10_000} 万行以下）还有内容",
        f"请按 Ctrl+End 找到并删去，或{_FRESH[1:]}",
    ),
    "entities": ("文件里有不该有的定义，不像 Excel 存的文件", _FRESH),
    "sheets": ("文件里没有可见的工作表", "请取消隐藏要上传的工作表"),
    "password": ("文件加了密码", "请取消密码后再上传"),
    "encoding": ("看不出文字的编码", "请用 Excel 另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再上传"),
    "text": ("这不是表格文件", "请上传 .xlsx、.xls 或 .csv 文件"),
    "memory": ("文件在规定的内存和时间里读不完", _FRESH),
    "broken": ("文件不完整或已损坏", f"请用 Excel 或 WPS 打开后另存为 .xlsx，或{_FRESH[1:]}"),
}


class Readable(Protocol):
    """A file opened for reading bytes, such as an upload."""

    def read(self, size: int = ..., /) -> bytes:
        """Return up to `size` bytes."""


Source = bytes | Path | Readable


@dataclass(slots=True)
class Sheet:
    """One visible sheet: rows from A1 on, without the empty cells at their ends."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)


def read_sheets(source: Source) -> list[Sheet]:
    """Return the visible sheets of an .xlsx, .xls or .csv file.

    Cells are text, numbers, truth values and dates; a cell merged over several rows has its value
    in each. Raises WorkbookError, in Chinese, for whatever cannot or may not be read; never
    takes longer than 30 s nor more than 512 MB, and those in another process.
    """
    data = _bytes(source)
    return list(_sheets(_run(kind_of(data), data)))


def _bytes(source: Source) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    if hasattr(source, "seek"):
        source.seek(0)
    return source.read(MAX_BYTES + 1)


def _run(kind: str, data: bytes) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), kind, json.dumps(LIMITS)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd="/",
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        raise WorkbookError(*_SENTENCES["memory"]) from None
    if done.returncode:
        raise WorkbookError(*_SENTENCES["memory"])
    return done.stdout


def _sheets(output: bytes) -> Iterator[Sheet]:
    sheet: Sheet | None = None
    for text in io.BytesIO(output):
        content: dict[str, Any] = json.loads(text)
        if "error" in content:
            raise WorkbookError(*_SENTENCES[content["error"]])
        if "sheet" in content:
            if sheet:
                yield sheet
            sheet = Sheet(content["sheet"])
        elif sheet:
            sheet.rows += [[_cell(value) for value in row] for row in content["rows"]]
    if sheet:
        yield sheet


def _cell(value: Any) -> Cell:
    if type(value) is list:
        text: str = value[1]
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    kept: Cell = value
    return kept
