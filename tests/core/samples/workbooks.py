"""Workbooks: clean, messy and hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def book(
    *sheets: Iterable[Sequence[object]], merges: Sequence[str] = (), hidden: Sequence[int] = ()
) -> bytes:
    """A workbook of these sheets (rows of cells); merges and hiding apply by place."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for place, rows in enumerate(sheets):
        sheet = made.create_sheet(f"表{place + 1}")
        for row in rows:
            sheet.append(list(row))
        if place == 0:
            for merged in merges:
                sheet.merge_cells(merged)
        if place in hidden:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def csv_of(rows: Iterable[Sequence[object]], *, encoding: str = "utf-8", mark: str = ",") -> bytes:
    """The rows as text."""
    return "\r\n".join(mark.join(map(str, row)) for row in rows).encode(encoding)


def raw(
    cells: str = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>',
    *,
    before: str = "",
    extra: Mapping[str, bytes] | None = None,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook written by hand: `cells` are its sheet's rows, `before` stands above the root."""
    parts: dict[str, bytes] = {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.'
        b'org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        b"</Types>",
        "_rels/.rels": (
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
            f'2006/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="表1" sheetId="1" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
            f'2006/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        "xl/worksheets/sheet1.xml": (
            f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>'
            "</worksheet>"
        ).encode(),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in (parts | dict(extra or {})).items():
            archive.writestr(name, content)
    return stream.getvalue()


def cell(place: str, text: str) -> str:
    """One text cell of a handwritten sheet."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def far_cell(place: str = "XFD1048576", text: str = "x") -> bytes:
    """Two columns of honest data, and one cell at the end of the world."""
    number = "".join(filter(str.isdigit, place))
    return raw(
        f'<row r="1">{cell("A1", "姓名")}{cell("B1", "性别")}</row>'
        f'<row r="2">{cell("A2", "王明")}{cell("B2", "男")}</row>'
        f'<row r="{number}">{cell(place, text)}</row>'
    )


def far_format() -> bytes:
    """Honest data in a sheet that is formatted, but empty, to its last row and column."""
    return raw(
        f'<row r="1">{cell("A1", "姓名")}{cell("B1", "性别")}</row>'
        f'<row r="2">{cell("A2", "王明")}{cell("B2", "男")}<c r="XFD2" s="0"/></row>'
        '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )


def zip_bomb() -> bytes:
    """A sheet of 60 MB of blanks in 60 KB."""
    return raw(" " * 60_000_000)


def lying_bomb() -> bytes:
    """A bomb whose directory says it is small."""
    honest = zip_bomb()
    size = (60_000_000 + len(raw("")) * 0).to_bytes(4, "little")
    real = next(
        info.file_size
        for info in zipfile.ZipFile(io.BytesIO(honest)).infolist()
        if "sheet1" in info.filename
    ).to_bytes(4, "little")
    assert size[3] == real[3]
    return honest.replace(real, (1000).to_bytes(4, "little"))


def many_parts() -> bytes:
    """Five thousand parts."""
    return raw(extra={f"xl/media/{number}.xml": b"<a/>" for number in range(5000)})


def entity_bomb() -> bytes:
    """A billion laughs."""
    laughs = "".join(
        f'<!ENTITY l{number} "{f"&l{number - 1};" * 10 if number else "lol"}">'
        for number in range(10)
    )
    return raw(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>',
        before=f"<!DOCTYPE bomb [{laughs}]>",
    )


def external_entity() -> bytes:
    """A sheet that wants to read a file of the server."""
    return raw(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&file;</t></is></c></row>',
        before='<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
    )


def late_entity() -> bytes:
    """A document type behind a comment longer than anyone looks."""
    return raw(before=f"<!--{'x' * 100_000}--><!DOCTYPE a []>")


def encrypted() -> bytes:
    """An OLE container as Excel writes it for a workbook with a password."""
    return OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)


def old_with_macros() -> bytes:
    """An OLE container holding a workbook and a macro project."""
    return OLE + bytes(504) + "Workbook".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le")
