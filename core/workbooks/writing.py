"""Writing workbooks: streamed row by row, every cell a string, nothing on disk.

An exported cell is never a formula (its text may come from a stranger), so every one is written
as a string in text format. The parts of the .xlsx are written here directly: openpyxl's streaming
mode keeps the sheet in a temporary file, where identity numbers do not belong.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from xml.sax.saxutils import escape

from core.workbooks.tables import letter

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
MAX_TEXT = 32_767
MAX_ROWS = 1_048_575
PIECE = 64 * 1024

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Style 0 plain, 1 heading (bold, grey), 2 text ("@": what looks like a formula stays text).
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="宋体"/>'
    '</font><font><b/><sz val="11"/><name val="宋体"/></font></fonts><fills count="3"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEEEEEE"/></patternFill></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs>"
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1"'
    ' applyFont="1" applyFill="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


class Writable(Protocol):
    """A stream that takes bytes: a file, a response, a buffer."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


def write_rows(
    stream: Writable,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    cover: Mapping[str, object] | None = None,
    sheet: str = "数据",
) -> int:
    """Write an .xlsx of headings and rows to a stream; return the number of rows.

    `cover` (label → value) becomes a first sheet 说明: what, for when, by whom. Rows are taken
    one by one and need not fit in memory; beyond Excel's last row another sheet is begun.
    """
    counted = _Counted(rows)
    for piece in stream_rows(headers, counted, cover=cover, sheet=sheet):
        stream.write(piece)
    return counted.count


def stream_rows(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    cover: Mapping[str, object] | None = None,
    sheet: str = "数据",
) -> Iterator[bytes]:
    """Yield the bytes of an .xlsx as they come to be, for a streamed response."""
    return stream_sheets([TableSheet(sheet, headers, rows)], cover=cover)


@dataclass(frozen=True)
class TableSheet:
    """One sheet to be written: its name (no two alike), its headings, its rows."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[object]]


def stream_sheets(
    sheets: Iterable[TableSheet], *, cover: Mapping[str, object] | None = None
) -> Iterator[bytes]:
    """Yield the bytes of an .xlsx of several sheets, each read and written row by row."""
    pipe = _Pipe()
    names: list[str] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        if cover:
            names.append("说明")
            archive.writestr("xl/worksheets/sheet1.xml", _cover_xml(cover))
        for sheet in sheets:
            source = iter(sheet.rows)
            row = next(source, None)
            begun = 0
            while row is not None or not begun:
                begun += 1
                names.append(f"{sheet.name}{begun}" if begun > 1 else sheet.name)
                with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as part:
                    row = yield from _write_sheet(part, pipe, sheet.headers, row, source)
        for path, text in _skeleton(names):
            archive.writestr(path, text)
    yield pipe.take()


def stream_csv(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV that Excel opens as Chinese (UTF-8 with its mark), formulas disarmed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow([disarmed(name) for name in headers])
    for row in rows:
        writer.writerow([disarmed(value) for value in row])
        if text.tell() > PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def disarmed(value: object) -> str:
    """Return a value as CSV text that no spreadsheet takes for a formula (an apostrophe before)."""
    text = cell_text(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def cell_text(value: object) -> str:
    """Return a value as the text of a cell: days 2026-07-07, moments to the minute, 是 and 否.

    Moments are written as they are: convert them to local time before.
    """
    match value:
        case None:
            return ""
        case str():
            text = value
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case _:
            text = str(value)
    return _ILLEGAL.sub("", text)[:MAX_TEXT]


def _write_sheet(
    part: Writable,
    pipe: _Pipe,
    headers: Sequence[str],
    row: Sequence[object] | None,
    source: Iterator[Sequence[object]],
) -> Generator[bytes, None, Sequence[object] | None]:
    """Write one sheet, yielding what is ready; return the row that the next one begins with."""
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_width(name)}" customWidth="1"/>'
        for place, name in enumerate(headers, start=1)
    )
    part.write(
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{widths}</cols><sheetData>".encode()
    )
    part.write(_row_xml(headers, 1, style=1))
    number = 1
    while row is not None and number <= MAX_ROWS:
        number += 1
        part.write(_row_xml(row, number, style=2))
        if pipe.size > PIECE:
            yield pipe.take()
        row = next(source, None)
    part.write(b"</sheetData></worksheet>")
    return row


def _row_xml(row: Sequence[object], number: int, *, style: int) -> bytes:
    cells = [f'<row r="{number}">']
    for place, value in enumerate(row):
        text = cell_text(value)
        if text:
            cells.append(
                f'<c r="{letter(place)}{number}" s="{style}" t="inlineStr">'
                f'<is><t xml:space="preserve">{escape(text)}</t></is></c>'
            )
    cells.append("</row>")
    return "".join(cells).encode()


def _cover_xml(cover: Mapping[str, object]) -> bytes:
    head = (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><cols>'
        '<col min="1" max="1" width="16" customWidth="1"/>'
        '<col min="2" max="2" width="60" customWidth="1"/></cols><sheetData>'
    )
    rows = (_row_xml(pair, at, style=2) for at, pair in enumerate(cover.items(), start=1))
    return b"".join((head.encode(), *rows, b"</sheetData></worksheet>"))


def _width(heading: str) -> int:
    """Return a column's width in characters: two for each of the heading's, 12 to 40."""
    return min(max(len(heading) * 2 + 4, 12), 40)


def _skeleton(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts that make sheets a workbook: path and text."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{escape(name[:31])}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{_PART}worksheet+xml"/>'
        for number in numbers
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{targets}'
        f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES
    yield (
        "_rels/.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_PART}sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_PART}styles+xml"/>'
        f"{overrides}</Types>",
    )


class _Counted:
    """Rows that know how many of them were taken."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        for row in self.rows:
            self.count += 1
            yield row


class _Pipe(io.RawIOBase):
    """A write-only stream without places, whose bytes are taken out as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def write(self, data: Any, /) -> int:
        """Keep some bytes until they are taken."""
        piece = bytes(data)
        self._pieces.append(piece)
        self.size += len(piece)
        return len(piece)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return taken
