"""Finding the table in a workbook: its heading, its columns, its rows, and what is none of them.

People put titles above the heading, notes in it and signatures below it; they reorder, rename
and merge. `read_table` copes with that, and where it cannot, says exactly what and where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.workbooks.cleaning import clean_cell, clean_text, heading_keys
from core.workbooks.faults import Fault, WorkbookError, shown
from core.workbooks.reading import Cell, Sheet, Source, read_sheets

SEARCHED = 30

_SUMS = re.compile(r"(合计|总计|小计|共计|总数)([:：(（\d].*)?\Z")
_FOOTERS = re.compile(
    r"(填表|填报|制表|报送|审核|审批|复核|经办|负责|联系)"
    r"((人|单位|日期|时间|部门|领导|电话)([(（].*|[\u4e00-\u9fff]{0,4})\Z|.{0,4}[:：].*)"
    r"|(单位)?(主要)?(负责人|领导)(签字|签名|签章|盖章)?[:：(（].*"
    r"|(备\s*注|注|说明|填表说明|填报说明|注意|注意事项|示例|例如?|日期|时间|单位|盖章|签字)\d*[:：.、].*"
    r"|[(（]?(盖章|公章|签字)[)）]?\Z"
    r"|共\s*\d+\s*(人|名|条|个|行|户|页).*"
    r"|第\s*\d+\s*页.*"
    r"|[—\-=_]{3,}\Z"
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column the importer asks for.

    `key` is its name in code, `title` its Chinese heading, `synonyms` other headings for it.
    `required`: the workbook must have it; `filled`: no cell may be empty. `parse` turns a cell
    into a value and raises a ValueError with `message` and `hint` (see core.dates, core.codes);
    without it the cell becomes text. `mask` hides the value in faults.
    """

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    parse: Callable[[Any], Any] = clean_text
    mask: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a column stands: its heading as found, its letter, its place from 0."""

    column: Column
    heading: str
    letter: str
    place: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data: its number as Excel shows it, and its cells by column key.

    `cells` are trimmed (None where empty), `raw` as they stand in the file.
    """

    number: int
    cells: dict[str, Cell]
    raw: dict[str, Cell]

    def text(self, key: str) -> str:
        """Return a cell as text, "" where the cell is empty or the column missing."""
        return clean_text(self.cells.get(key))


@dataclass(slots=True)
class Table:
    """The table that was found.

    `columns` by key, for those present; `unused` are headings nobody asked for; `dropped` are
    the rows left out (row number, their text); `notes` tell the person what was assumed.
    """

    sheet: str
    heading_row: int
    columns: dict[str, Placed]
    rows: list[Row]
    unused: list[str] = field(default_factory=list)
    dropped: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, row: Row, key: str, message: str, hint: str = "") -> Fault:
        """Return a fault of one cell, with heading, letter and (masked) value filled in."""
        placed = self.columns.get(key)
        raw = clean_text(row.raw.get(key))
        if placed is None:
            return Fault(row.number, "", "", message, hint)
        value = placed.column.mask(raw) if placed.column.mask else raw
        return Fault(row.number, placed.heading, shown(value), message, hint, placed.letter)

    def parse(self, row: Row) -> tuple[dict[str, Any], list[Fault]]:
        """Return the row's parsed values by key, and the faults of the cells that are wrong.

        An empty cell and an absent column give None; a wrong cell gives no value and one fault.
        """
        values: dict[str, Any] = dict.fromkeys(row.cells)
        faults: list[Fault] = []
        for key, placed in self.columns.items():
            cell = row.cells[key]
            if cell is None:
                if placed.column.filled:
                    faults.append(self.fault(row, key, "没有填写", "请补上"))
                continue
            try:
                values[key] = placed.column.parse(cell)
            except ValueError as error:
                message = getattr(error, "message", None) or str(error)
                faults.append(self.fault(row, key, message, getattr(error, "hint", "")))
        return values, faults

    def parsed(self) -> Iterator[tuple[Row, dict[str, Any], list[Fault]]]:
        """Yield every row with its values and faults."""
        for row in self.rows:
            values, faults = self.parse(row)
            yield row, values, faults


@dataclass(slots=True)
class _Heading:
    """A candidate for the heading: the rows it takes and the columns it names."""

    sheet: Sheet
    first: int
    last: int
    places: dict[str, int]
    twins: list[tuple[str, int]]


def read_table(source: Source, *, columns: Sequence[Column]) -> Table:
    """Return the table with these columns out of an .xlsx, .xls or .csv file.

    Finds sheet and heading by the columns' titles and synonyms, in any order, with titles above
    and signatures below. Raises WorkbookError when the file cannot be read, a required column is
    missing, or there is no row of data.
    """
    sheets = read_sheets(source)
    heading = _find_heading(sheets, columns)
    if heading is None:
        titles = "、".join(column.title for column in columns if column.required)
        raise WorkbookError("没有找到表头", f"表格里要有一行写着各列的名称：{titles}")
    missing = [one for one in columns if one.required and one.key not in heading.places]
    if missing:
        found = "、".join(name for _, name in _headings(heading))
        raise WorkbookError(
            f"缺少必填的列：{'、'.join(column.title for column in missing)}",
            f"表头（第 {heading.last + 1} 行）里有：{found}。请补上缺少的列，或改成规定的列名",
        )
    table = _extract(heading, columns)
    if not table.rows:
        raise WorkbookError("表头下面没有数据", f"请从第 {heading.last + 2} 行开始填写")
    return table


def _find_heading(sheets: Iterable[Sheet], columns: Sequence[Column]) -> _Heading | None:
    """Return the row, or two rows, naming most columns; the first of equals; None if none do."""
    wanted: dict[str, str] = {}
    for column in columns:
        for name in (column.title, *column.synonyms):
            wanted.setdefault(heading_keys(name)[0], column.key)
            wanted.setdefault(heading_keys(name)[1], column.key)
    wanted.pop("", None)
    best: _Heading | None = None
    need = min(2, len(columns))
    for sheet in sheets:
        above: dict[int, str] = {}
        for number, row in enumerate(sheet.rows[:SEARCHED]):
            named = _named(row, wanted)
            for first, names in ((number, named), (number - 1, above | named)):
                found = _heading(sheet, first, number, names)
                if len(found.places) >= max(need, len(best.places) + 1 if best else 0):
                    best = found
            above = named
    return best


def _named(row: list[Cell], wanted: dict[str, str]) -> dict[int, str]:
    """Return which cells of a row name a column: place → key."""
    named = {}
    for place, cell in enumerate(row):
        if isinstance(cell, str) and len(cell) <= 200:
            whole, bare = heading_keys(cell)
            key = wanted.get(whole) or wanted.get(bare)
            if key:
                named[place] = key
    return named


def _heading(sheet: Sheet, first: int, last: int, names: dict[int, str]) -> _Heading:
    places: dict[str, int] = {}
    twins = []
    for place, key in sorted(names.items()):
        if key in places:
            twins.append((key, place))
        else:
            places[key] = place
    return _Heading(sheet, first, last, places, twins)


def _headings(heading: _Heading) -> list[tuple[int, str]]:
    """Return the headings that are not empty, with their places, the lower row before the upper."""
    upper, lower = (heading.sheet.rows[number] for number in (heading.first, heading.last))
    found = []
    for place in range(max(len(upper), len(lower))):
        name = clean_text(_at(lower, place)) or clean_text(_at(upper, place))
        if name:
            found.append((place, name))
    return found


def _extract(heading: _Heading, columns: Sequence[Column]) -> Table:
    names = dict(_headings(heading))
    by_key = {column.key: column for column in columns}
    placed = {
        column.key: Placed(
            column,
            names[heading.places[column.key]],
            letter(heading.places[column.key]),
            heading.places[column.key],
        )
        for column in columns
        if column.key in heading.places
    }
    twins = [place for _, place in heading.twins]
    used = {*heading.places.values(), *twins}
    table = Table(
        sheet=heading.sheet.name,
        heading_row=heading.last + 1,
        columns=placed,
        rows=[],
        unused=[name for place, name in names.items() if place not in used],
        notes=[
            f"{letter(place)} 列也叫「{by_key[key].title}」，只读了 {placed[key].letter} 列"
            for key, place in heading.twins
        ],
    )
    titles = {key: clean_text(place.heading) for key, place in placed.items()}
    for number, cells in enumerate(heading.sheet.rows[heading.last + 1 :], heading.last + 2):
        raw = {key: _at(cells, place.place) for key, place in placed.items()}
        clean = {key: clean_cell(cell) for key, cell in raw.items()}
        filled = {key: cell for key, cell in clean.items() if cell is not None}
        if not filled:
            _note_lost_text(table, number, cells)
        elif _is_footer(cells, len(filled), len(placed)) or _repeats(filled, titles):
            table.dropped.append((number, _summary(cells)))
        else:
            table.rows.append(Row(number, clean, raw))
    return table


def _note_lost_text(table: Table, number: int, cells: list[Cell]) -> None:
    """Record a row whose only content stands outside the columns asked for, if it is words."""
    text = _summary(cells)
    if text and not re.fullmatch(r"[\d.\s]+", text):
        table.dropped.append((number, text))


def _is_footer(cells: list[Cell], filled: int, asked: int) -> bool:
    """Say whether a row is a sum, a signature or a note rather than data."""
    first = next((text for text in map(clean_text, cells) if text), "")
    if _SUMS.match(first.replace(" ", "")):
        return True
    return filled * 2 <= max(asked, 2) and bool(_FOOTERS.match(first))


def _repeats(filled: Mapping[str, Cell], titles: Mapping[str, str]) -> bool:
    """Say whether a row is the heading again, as on every printed page."""
    same = sum(cell == titles[key] for key, cell in filled.items())
    return same > 1 and same * 2 > len(filled)


def _summary(cells: list[Cell]) -> str:
    """Return what a row says, without repeats, cut short."""
    texts = dict.fromkeys(text for text in map(clean_text, cells) if text)
    return " ".join(texts)[:80]


def _at(cells: list[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None


def letter(place: int) -> str:
    """Return a column's letters for its place from 0: A, Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
