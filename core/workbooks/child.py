"""The process that opens a stranger's file: bytes in on stdin, rows out on stdout as JSON lines.

Started by path with `python -I child.py KIND LIMITS`, where LIMITS is JSON; imports nothing of
the project and gets nothing from its environment. It bounds its own memory, time, files and
processes before it reads a byte, so that a hostile file can end only this process.

A line is `{"sheet": name}`, `{"rows": [[cell, …], …]}` (rows from A1 on, dates as `["d", iso]`),
or, once and last, `{"error": code}`.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

CHUNK = 500
PIECE = 1 << 20
HEAD = 64 * 1024

_ROOT = re.compile(rb"<[A-Za-z_]")
# A cell with content in a column of three letters, or in a row of six figures; the first pattern
# is the quick one, and in an honest sheet finds nothing.
_FAR = re.compile(rb'r="(?:[A-Z]{3}\d|[A-Z]{1,2}\d{6})')
_FAR_COLUMN = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{3})\d+"[^>/]*>')
_FAR_ROW = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="[A-Z]+(\d{6,7})"[^>/]*>')


class Refused(Exception):
    """The file is refused; the argument is a code that the parent has a sentence for."""


def main(kind: str, limits: dict[str, int]) -> int:
    """Read stdin and write rows; return the exit status."""
    bound(limits)
    data = sys.stdin.buffer.read()
    write = sys.stdout.buffer.write
    try:
        sheets = csv_rows(data) if kind == "csv" else workbook_rows(data, kind, limits)
        cells = size = 0
        for name, rows in sheets:
            write(line({"sheet": name}))
            trimmed = [trim(row) for row in rows]
            while trimmed and not trimmed[-1]:
                trimmed.pop()
            cells += sum(map(len, trimmed))
            check(len(trimmed) > limits["rows"], "rows")
            check(any(len(row) > limits["columns"] for row in trimmed), "columns")
            check(cells > limits["cells"], "cells")
            for start in range(0, len(trimmed), CHUNK):
                # One long text may stand in every cell: what counts is what comes out.
                size += write(line({"rows": trimmed[start : start + CHUNK]}))
                check(size > limits["output"], "cells")
    except Refused as refused:
        write(line({"error": refused.args[0]}))
    except MemoryError:
        write(line({"error": "memory"}))
    except Exception as broken:
        known = {"PasswordError": "password"}
        write(line({"error": known.get(type(broken).__name__, "broken")}))
    sys.stdout.buffer.flush()
    return 0


def bound(limits: dict[str, int]) -> None:
    """Take from this process what it does not need; without effect where the system has no way."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def workbook_rows(
    data: bytes, kind: str, limits: dict[str, int]
) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the visible sheets with all their rows from A1 on, vertical merges filled."""
    if kind == "xlsx":
        check_parts(data, limits)
    import python_calamine as calamine  # noqa: PLC0415 - after the limits are set

    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    visible = [
        meta.name
        for meta in book.sheets_metadata
        if meta.visible == calamine.SheetVisibleEnum.Visible
        and meta.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    check(not visible, "sheets")
    for name in visible[: limits["sheets"]]:
        sheet = book.get_sheet_by_name(name)
        check(sheet.total_height * sheet.total_width > limits["area"], "far")
        rows = sheet.to_python(skip_empty_area=False)
        if kind == "xlsx":
            fill_down(rows, sheet.merged_cell_ranges or [], limits["cells"])
        yield name, rows


def check_parts(data: bytes, limits: dict[str, int]) -> None:
    """Refuse document types (entity bombs) and cells far away from every table."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            name = part.filename.lower()
            if not name.endswith((".xml", ".rels")):
                continue
            with archive.open(part) as stream:
                head = stream.read(HEAD)
                # A document type stands before the first element, and nowhere else.
                root = _ROOT.search(head)
                check(root is None, "entities")
                check(root is not None and b"<!DOCTYPE" in head[: root.start()], "entities")
                if name.startswith("xl/worksheets/"):
                    check_far(head, stream, limits)


def check_far(head: bytes, stream: Any, limits: dict[str, int]) -> None:
    """Refuse a sheet with content beyond the limits of rows and columns."""
    piece = head
    while True:
        more = stream.read(PIECE)
        if _FAR.search(piece):
            columns = _FAR_COLUMN.findall(piece)
            check(any(column_number(name) > limits["columns"] for name in columns), "far")
            check(any(int(row) > limits["rows"] for row in _FAR_ROW.findall(piece)), "far")
        if not more:
            return
        piece = piece[-200:] + more


def column_number(letters: bytes) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def fill_down(rows: list[list[Any]], ranges: Iterable[Any], budget: int) -> None:
    """Give every row of a merged cell the value that Excel keeps in the first."""
    for (top, left), (bottom, _) in ranges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for number in range(top + 1, min(bottom + 1, len(rows))):
            budget -= 1
            check(budget < 0, "cells")
            if left < len(rows[number]) and rows[number][left] == "":
                rows[number][left] = value


def csv_rows(data: bytes) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the one table of a text file, its encoding and separator found out."""
    text = decode(data)
    check(bool(re.search(r"[\x00-\x08\x0e-\x1f]", text)), "text")
    head = text[:20_000].splitlines()[:20]
    separator = max(",\t;", key=lambda mark: sum(line.count(mark) for line in head))
    csv.field_size_limit(100_000)
    try:
        yield "CSV", list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise Refused("text") from None


def decode(data: bytes) -> str:
    """Return text from UTF-8, UTF-16 with its mark, or GB18030 as Excel in China writes it."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def trim(row: list[Any]) -> list[Any]:
    """Return the row without the empty cells at its end."""
    end = len(row)
    while end and (row[end - 1] is None or row[end - 1] == ""):
        end -= 1
    return row[:end]


def plain(value: object) -> Any:
    """Return what JSON has no form for: days and moments tagged, the rest as text."""
    if isinstance(value, datetime.date | datetime.datetime):
        return ["d", value.isoformat()]
    return str(value)


def line(content: dict[str, Any]) -> bytes:
    """Return one line of output."""
    return json.dumps(content, ensure_ascii=False, default=plain).encode() + b"\n"


def check(wrong: bool, code: str) -> None:
    """Refuse the file with that code if something is wrong."""
    if wrong:
        raise Refused(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
