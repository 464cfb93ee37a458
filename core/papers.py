"""公文 as Word files: the page, the fonts and the parts of GB/T 9704-2012, on python-docx.

A4; margins 37, 28, 26 and 35 mm; title 2号小标宋 in the middle; body 3号仿宋, two characters
indented, lines exactly 29 pt, so that a page holds 22 lines of 28 characters; page numbers 4号
between dashes. Where a reader has no 小标宋 or 仿宋_GB2312, his program takes its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE, BODY, HEADING, LEAF = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
LINE = Pt(29)
# Picture and words of a slip.
_SLIP = (Mm(30), Mm(48))
# What XML cannot hold; people paste it from elsewhere.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Paper:
    """A sheet that is filled from the top; :meth:`data` gives the .docx."""

    def __init__(self, title: str, *, subtitle: str = "") -> None:
        self._paper = Document()
        section = self._paper.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(28)
        _number(section.footer.paragraphs[0])
        self._paper.core_properties.title = _clean(title)
        self._paper.core_properties.author = ""
        self._line(title, TITLE, SIZE_2, align=WD_ALIGN_PARAGRAPH.CENTER)
        if subtitle:
            self._line(subtitle, BODY, SIZE_3, align=WD_ALIGN_PARAGRAPH.CENTER)
        self._line("", BODY, SIZE_3)

    def heading(self, text: str) -> None:
        """一级标题: 3号黑体."""
        self._line(text, HEADING, SIZE_3, indent=True)

    def text(self, text: str) -> None:
        """Paragraphs of the body; each line of the text is one."""
        for line in _clean(text).splitlines():
            if line.strip():
                self._line(line.strip(), BODY, SIZE_3, indent=True)

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """A table of two columns: what it is, and what it says."""
        self.table((), [list(row) for row in rows], widths=(34, 122), bold_first=True)

    def table(
        self,
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[int],
        bold_first: bool = False,
        height: int = 0,
    ) -> None:
        """A ruled table over the width of the page (156 mm); its head stands on every page.

        ``widths`` are in mm, as is ``height``, the least height of a row (0: as high as its text).
        """
        lines = [list(headers), *map(list, rows)] if headers else [list(row) for row in rows]
        table = self._paper.add_table(rows=len(lines), cols=len(widths))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        # Word reads the cells' widths, other programs the columns'.
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for at, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
            if height:
                row.height = Mm(height)
            if headers and at == 0:
                _repeat(row._tr)
            for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                cell.width = Mm(widths[place])
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                head = (headers and at == 0) or (bold_first and place == 0)
                _fill(cell, text, HEADING if head else BODY, centre=bool(head or headers))
        self._line("", BODY, SIZE_4)

    def slips(self, slips: Sequence[tuple[bytes, Sequence[str]]], *, across: int = 2) -> None:
        """Small sheets to be cut apart: a picture (PNG) beside a few lines, ``across`` in a row."""
        rows = [slips[at : at + across] for at in range(0, len(slips), across)]
        table = self._paper.add_table(rows=len(rows), cols=across * 2)
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for at, column in enumerate(table.columns):
            column.width = _SLIP[at % 2]
        for line, row in zip(rows, table.rows, strict=True):
            cells = row.cells
            for place, (picture, texts) in enumerate(line):
                left, right = cells[place * 2], cells[place * 2 + 1]
                left.width, right.width = _SLIP
                left.paragraphs[0].add_run().add_picture(io.BytesIO(picture), width=Mm(26))
                _fill(right, "\n".join(texts), BODY, centre=False)
                right.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER

    def picture(self, image: bytes, *, caption: str = "", width: int = 120) -> None:
        """A picture (JPEG or PNG) in the middle, ``width`` in mm, with its caption below."""
        paragraph = self._paper.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.add_run().add_picture(io.BytesIO(image), width=Mm(width))
        if caption:
            self._line(caption, BODY, SIZE_4, align=WD_ALIGN_PARAGRAPH.CENTER)

    def data(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        self._paper.save(stream)
        return stream.getvalue()

    def _line(
        self,
        text: str,
        font: str,
        size: Pt,
        *,
        indent: bool = False,
        align: WD_ALIGN_PARAGRAPH | None = None,
    ) -> None:
        paragraph = self._paper.add_paragraph()
        _write(paragraph, text, font, size)
        form = paragraph.paragraph_format
        form.line_spacing, form.space_before, form.space_after = LINE, Pt(0), Pt(0)
        form.alignment = align
        if indent:
            # In characters for Word, in points for programs that do not know characters.
            form.first_line_indent = Pt(size.pt * 2)
            paragraph._p.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "200")


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _write(paragraph: Paragraph, text: str, font: str, size: Pt) -> None:
    run = paragraph.add_run(_clean(text))
    run.font.name, run.font.size = font, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _fill(cell: _Cell, text: str, font: str, *, centre: bool) -> None:
    paragraph = cell.paragraphs[0]
    for at, line in enumerate(_clean(text).splitlines() or [""]):
        paragraph = paragraph if at == 0 else cell.add_paragraph()
        _write(paragraph, line, font, Pt(12))
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.space_before = Pt(2)
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _repeat(row: object) -> None:
    """Let the row stand at the top of each page that the table reaches."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)  # type: ignore[attr-defined]


def _number(paragraph: Paragraph) -> None:
    """— 1 —, 4号宋体, in the middle of the foot."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, "— ", LEAF, SIZE_4)
    run = paragraph.add_run()
    run.font.name, run.font.size = LEAF, SIZE_4
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)
    _write(paragraph, " —", LEAF, SIZE_4)
