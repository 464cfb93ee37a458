"""Word papers of 干部工作: the printed 干部任免审批表, the 纪实表, the draw sheet.

The 审批表 keeps the boxes of the printed form: the same table of seven columns on both pages.
Everything carries in its head who took it out, when, and the how-manieth time.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from cadres.enums import Conclusion, Step
from cadres.facts import age_on, must_lines, now_posts, relatives
from cadres.models import Appointment, Audit, Cadre, Draw
from core.codes import NATIONALITY
from core.papers import BODY, LEAF, Paper, _clean

_COLUMNS = (19, 24, 21, 24, 24, 24, 28)
_FAMILY_ROWS = 7
_SIZE = Pt(11)


class MarkedPaper(Paper):
    """A paper whose head says who took it out."""

    def __init__(self, title: str, *, mark: str, subtitle: str = "") -> None:
        super().__init__(title, subtitle=subtitle)
        head = self._paper.sections[0].header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _words(head, mark, size=Pt(9), grey=True)


class FormPaper(MarkedPaper):
    """The 审批表: two pages, each one table of seven columns."""

    def __init__(self, title: str, *, mark: str) -> None:
        super().__init__(title, mark=mark)
        section = self._paper.sections[0]
        section.top_margin, section.bottom_margin = Mm(20), Mm(16)
        section.left_margin = section.right_margin = Mm(23)
        section.header_distance, section.footer_distance = Mm(9), Mm(8)
        # The title alone; the form begins right below it.
        self._paper.element.body.remove(self._paper.paragraphs[-1]._p)

    def grid(self, heights: Sequence[int]) -> Table:
        """A table of the form's columns; ``heights`` of its rows in mm."""
        table: Table = self._paper.add_table(rows=len(heights), cols=len(_COLUMNS))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, _COLUMNS, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        for row, height in zip(table.rows, heights, strict=True):
            row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        return table

    def next_page(self) -> None:
        """The back of the form."""
        self._paper.add_section(WD_SECTION.NEW_PAGE)

    def foot(self, text: str) -> None:
        """A line below the form."""
        _words(self._paper.add_paragraph(), text)


def _words(
    paragraph: Paragraph, text: str, *, font: str = BODY, size: Pt = _SIZE, grey: bool = False
) -> None:
    run = paragraph.add_run(_clean(text))
    run.font.name, run.font.size = font, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if grey:
        run.font.color.rgb = RGBColor(0x70, 0x70, 0x70)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.space_before = Pt(0)


def _put(
    table: Table, row: int, first: int, text: str, *, last: int | None = None,
    down: int | None = None, centre: bool = True, label: bool = False, top: bool = False,
) -> _Cell:  # fmt: skip
    """Write into a box that reaches from one cell to another."""
    cell = table.cell(row, first)
    end = table.cell(row if down is None else down, first if last is None else last)
    if end._tc is not cell._tc:
        cell = cell.merge(end)
    for at, line in enumerate(_clean(text).splitlines() or [""]):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        _words(paragraph, line, font=LEAF if label else BODY)
        if top and at == 0:
            paragraph.paragraph_format.space_before = Pt(4)
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if top:
            paragraph.paragraph_format.line_spacing = 1.4
            paragraph.paragraph_format.left_indent = Pt(3)
    cell.vertical_alignment = (
        WD_CELL_VERTICAL_ALIGNMENT.TOP if top else WD_CELL_VERTICAL_ALIGNMENT.CENTER
    )
    return cell


def _down(text: str) -> str:
    """A label written from top to bottom, as in the narrow boxes of the form."""
    return "\n".join(text)


def _month(day: date | None) -> str:
    return f"{day:%Y.%m}" if day else ""


def appointment_form(cadre: Cadre, *, mark: str, on: date) -> bytes:
    """干部任免审批表 of one person, filled from his file."""
    paper = FormPaper("干部任免审批表", mark=mark)
    running = Appointment.unscoped.filter(cadre=cadre, is_over=False).select_related("unit").first()
    _front(paper, cadre, running, on)
    paper.next_page()
    _back(paper, cadre, running)
    paper.foot("填表人：")
    return paper.data()


def _front(paper: FormPaper, cadre: Cadre, running: Appointment | None, on: date) -> None:
    stints, born = list(cadre.stints.all()), cadre.born_on
    age = age_on(born, on)
    table = paper.grid([13, 13, 13, 13, 13, 13, 11, 11, 11, 112])
    shown = f"{_month(born)}\n（{age}岁）" if born else ""
    facts = (
        (("姓  名", cadre.name), ("性  别", cadre.get_sex_display()),
         ("出生年月\n（  岁）", shown)),
        (("民  族", NATIONALITY.name(cadre.ethnicity)), ("籍  贯", cadre.unseal("native_place")),
         ("出生地", cadre.unseal("birthplace"))),
        (("入  党\n时  间", _month(cadre.party_on)), ("参加工\n作时间", _month(cadre.work_on)),
         ("健康状况", cadre.unseal("health"))),
    )  # fmt: skip
    for row, line in enumerate(facts):
        for place, (label, value) in enumerate(line):
            _put(table, row, place * 2, label, label=True)
            _put(table, row, place * 2 + 1, value)
    _photo(_put(table, 0, 6, "", down=3), cadre)
    _put(table, 3, 0, "专业技\n术职务", label=True)
    _put(table, 3, 1, cadre.title, last=2)
    _put(table, 3, 3, "熟悉专业\n有何专长", label=True)
    _put(table, 3, 4, cadre.specialty, last=5)
    _put(table, 4, 0, "学  历\n学  位", down=5, label=True)
    for row, label, education, school in (
        (4, "全日制\n教  育", cadre.full_education, cadre.full_school),
        (5, "在  职\n教  育", cadre.part_education, cadre.part_school),
    ):
        _put(table, row, 1, label, label=True)
        _put(table, row, 2, education, last=3)
        _put(table, row, 4, "毕业院系\n及专业", label=True)
        _put(table, row, 5, school, last=6)
    planned = str(running) if running else ""
    for row, label, value in (
        (6, "现 任 职 务", now_posts(stints)), (7, "拟 任 职 务", planned),
        (8, "拟 免 职 务", ""),
    ):  # fmt: skip
        _put(table, row, 0, label, last=1, label=True)
        _put(table, row, 2, value, last=6, centre=False)
    _put(table, 9, 0, "简\n\n\n历", label=True)
    _put(table, 9, 1, "\n".join(one.line for one in stints), last=6, centre=False, top=True)


def _photo(cell: _Cell, cadre: Cadre) -> None:
    row = cadre.photos.first()
    kept = Path(settings.PRIVATE_ROOT) / row.path if row else None
    if kept is None or not kept.is_file():
        _words(cell.paragraphs[0], "照  片", font=LEAF)
        return
    cell.paragraphs[0].add_run().add_picture(io.BytesIO(kept.read_bytes()), width=Mm(25))


def _back(paper: FormPaper, cadre: Cadre, running: Appointment | None) -> None:
    rows = 4 + _FAMILY_ROWS
    table = paper.grid([30, 22, 22, 10, *[10] * _FAMILY_ROWS, 34, 44])
    grades = "；".join(
        f"{one.year}年{one.get_grade_display()}" for one in cadre.appraisals.all()[:5]
    )
    for row, label, value in (
        (0, "奖惩情况", cadre.unseal("honours") or "无"), (1, "年度考核结果", grades),
        (2, "任免理由", "工作需要" if running else ""),
    ):  # fmt: skip
        _put(table, row, 0, _down(label) if len(label) < 5 else "年 度\n考 核\n结 果", label=True)
        _put(table, row, 1, value, last=6, centre=False)
    _put(table, 3, 0, _down("家庭主要成员及重要社会关系"), down=rows - 1, label=True)
    for place, label in enumerate(("称  谓", "姓  名", "出生年月", "政治面貌"), start=1):
        _put(table, 3, place, label, label=True)
    _put(table, 3, 5, "工 作 单 位 及 职 务", last=6, label=True)
    family = relatives(cadre)[:_FAMILY_ROWS]
    for place in range(_FAMILY_ROWS):
        one = family[place] if place < len(family) else None
        texts = (
            (one.row.relation, one.name, one.born, one.row.get_politics_display(), one.work)
            if one else ("",) * 5
        )  # fmt: skip
        for column, text in enumerate(texts[:4], start=1):
            _put(table, 4 + place, column, text)
        _put(table, 4 + place, 5, texts[4], last=6, centre=False)
    _put(table, rows, 0, _down("呈报单位"), label=True)
    _signed(_put(table, rows, 1, "", last=6))
    _put(table, rows + 1, 0, "审 批\n机 关\n意 见", label=True)
    _signed(_put(table, rows + 1, 1, "", last=3))
    _put(table, rows + 1, 4, "行政机关\n任免意见", label=True)
    _signed(_put(table, rows + 1, 5, "", last=6))


def _signed(cell: _Cell) -> None:
    """Room for the seal, and its day below."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    for at, text in enumerate(("（盖章）", "年    月    日")):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        _words(paragraph, text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _short(day: date | None) -> str:
    """A day in a narrow column."""
    return f"{day:%Y-%m-%d}" if day else ""


def process_sheet(row: Appointment, *, mark: str) -> bytes:
    """干部选拔任用全程纪实表."""
    paper = MarkedPaper("干部选拔任用全程纪实表", mark=mark)
    paper.facts(
        [
            ("拟任职务", f"{row}（{row.get_level_display()}）"),
            ("方式", str(row.get_way_display())),
            ("人选", row.cadre.name if row.cadre else "公示以前不登记"),
            ("职数预审", row.sum_shown),
        ]
    )
    paper.heading("一、程序")
    done = {one.step: one for one in row.steps.select_related("by")}
    steps = [*row.sequence, *([Step.STOPPED] if Step.STOPPED in done else [])]
    lines = []
    for step in steps:
        one = done.get(step)
        facts = "；".join(f"{k} {v}" for k, v in one.facts.items()) if one else ""
        papers = "；".join(filter(None, (one.document, one.paper))) if one else ""
        by = one.by.name if one and one.by_id else ""
        lines.append([str(Step(step).label), _short(one.day) if one else "", facts, papers, by])
    paper.table(("程序", "日期", "情况", "文号、材料存放处", "纪实人"), lines,
                widths=(27, 30, 45, 34, 20))  # fmt: skip
    paper.heading("二、凡提四必")
    paper.table(
        ("事项", "完成日期", "结论", "材料存放处"),
        [_must(line) for line in must_lines(row)],
        widths=(52, 32, 32, 40),
    )
    audit = Audit.unscoped.filter(appointment=row).select_related("by", "reviewed_by").first()
    if audit is not None:
        paper.heading("三、任前档案审核（三龄两历一身份）")
        paper.table(
            ("项目", "档案记载", "认定", "依据", "结论"),
            [
                [
                    str(item), item.unseal("recorded"), item.unseal("confirmed"), item.basis,
                    str(Conclusion(item.conclusion).label),
                ]
                for item in audit.items.all()
            ],
            widths=(38, 32, 32, 30, 24),
        )  # fmt: skip
        second = audit.reviewed_by.name if audit.reviewed_by_id else "未复审"
        paper.text(f"初审：{audit.by.name if audit.by_id else ''}    复审：{second}")
    if row.trial_until:
        paper.text(
            f"试用期从{_day(row.decided_on)}到{_day(row.trial_until)}。{row.get_trial_display()}"
        )
    return paper.data()


def _must(line: dict[str, object]) -> list[str]:
    done = line["row"]
    if done is None:
        return [str(line["label"]), "", "未完成", ""]
    return [
        str(line["label"]),
        _short(done.done_on),  # type: ignore[attr-defined]
        str(done.get_outcome_display()),  # type: ignore[attr-defined]
        done.paper,  # type: ignore[attr-defined]
    ]


def draw_sheet(row: Draw, *, mark: str) -> bytes:
    """个人有关事项报告随机抽查表, with the digest and the seed by which it can be repeated."""
    paper = MarkedPaper("个人有关事项报告随机抽查表", mark=mark, subtitle=f"（{row.year}年度）")
    paper.facts(
        [
            ("抽查范围", str(row.unit)),
            ("名单人数", f"{row.listed_count} 人"),
            ("抽查比例", f"{row.percent}%，抽取 {row.wanted} 人"),
            ("名单摘要", row.list_sha256),
            ("种子", row.seed),
            ("抽取人、监督人", f"{row.by.name if row.by_id else ''}、{row.witness}"),
        ]
    )
    paper.table(
        ("序号", "姓名", "单位", "核实结果", "核实日期"),
        [
            [
                str(one.place), one.report.cadre.name, one.report.cadre.workplace,
                str(one.get_outcome_display()), _short(one.checked_on),
            ]
            for one in row.drawn.select_related("report__cadre__unit").order_by("place")
        ],
        widths=(14, 28, 50, 34, 30),
    )  # fmt: skip
    paper.text(
        "核验方法：名单各行按从小到大排列，用换行符连起来，取 SHA-256 即名单摘要；"
        "每个编号前加上“种子:摘要:”"
        "再取 SHA-256，从小到大排列，依次抽取。持有名单和种子的任何人都能得到同样的结果。"
    )
    paper.text("抽取人（签字）：              监督人（签字）：")
    return paper.data()
