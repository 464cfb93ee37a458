"""Writing workbooks and CSV: strings only, streamed, opened again."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from core.workbooks import (
    clean_cell,
    clean_name,
    clean_text,
    read_sheets,
    read_table,
    stream_csv,
    write_rows,
)
from core.workbooks.cleaning import heading_keys
from core.workbooks.tables import letter
from tests.core.test_workbooks import COLUMNS, HEAD, WANG, names

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1+1", "\t=1", "普通"]


def written(headers: list[str], rows: list[list[object]], **options: object) -> bytes:
    stream = io.BytesIO()
    write_rows(stream, headers, rows, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def test_every_written_cell_is_a_string_when_it_is_opened_again() -> None:
    rows: list[list[object]] = [
        DANGEROUS,
        [1, 2.5, True, False, date(2026, 7, 7), datetime(2026, 7, 7, 9, 5), Decimal("0.10"), "<&>"],
    ]
    data = written(["=A1", *"bcdefgh"], rows)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["数据"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["=A1", *"bcdefgh"],
        DANGEROUS,
        ["1", "2.5", "是", "否", "2026-07-07", "2026-07-07 09:05", "0.10", "<&>"],
    ]


def test_what_was_written_is_read_back() -> None:
    data = written(HEAD, [["王明", "男", date(1949, 12, 31), WANG[3]], ["李红", None, "", "x"]])
    table = read_table(data, columns=COLUMNS)
    assert [row.cells for row in table.rows] == [
        {"name": "王明", "sex": "男", "born": "1949-12-31", "number": WANG[3]},
        {"name": "李红", "sex": None, "born": None, "number": "x"},
    ]


def test_a_cover_comes_first_and_does_not_hide_the_table() -> None:
    data = written(HEAD, [WANG], cover={"导出人": "张三", "事由": "=1+1"})
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["说明", "数据"]
    assert read_sheets(data)[0].rows == [["导出人", "张三"], ["事由", "=1+1"]]
    assert names(data) == [(2, "王明")]


def test_characters_that_no_workbook_may_hold_are_left_out() -> None:
    data = written(["a"], [["\x00x\x0b\ud800\uffff"], ["长" * 40_000]])
    assert read_sheets(data)[0].rows == [["a"], ["x"], ["长" * 32_767]]


def test_rows_beyond_excels_last_begin_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.workbooks.writing.MAX_ROWS", 2)
    sheets = read_sheets(written(["n"], [[number] for number in range(5)]))
    assert [(sheet.name, sheet.rows) for sheet in sheets] == [
        ("数据", [["n"], ["0"], ["1"]]),
        ("数据2", [["n"], ["2"], ["3"]]),
        ("数据3", [["n"], ["4"]]),
    ]


def test_no_rows_still_make_a_workbook_with_its_heading() -> None:
    assert read_sheets(written(HEAD, []))[0].rows == [HEAD]


def test_writing_takes_rows_one_by_one_and_passes_bytes_on() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[object]]:
        for number in range(30_000):
            taken.append(number)
            yield [random.Random(number).randbytes(30).hex()]

    class Stream(io.BytesIO):
        first = 0

        def write(self, data: object, /) -> int:
            self.first = self.first or len(taken)
            return super().write(data)  # type: ignore[arg-type]

    stream = Stream()
    assert write_rows(stream, ["n"], rows()) == 30_000
    assert 0 < stream.first < 10_000
    assert zipfile.ZipFile(io.BytesIO(stream.getvalue())).testzip() is None


def test_a_csv_disarms_formulas_and_opens_as_chinese_in_excel() -> None:
    data = b"".join(stream_csv(["姓名", "=x"], [[value, '引"号'] for value in DANGEROUS]))
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_sheets(data)[0].rows == [
        ["姓名", "'=x"],
        *[[value if value == "普通" else f"'{value}", '引"号'] for value in DANGEROUS],
    ]


def test_a_long_csv_comes_in_pieces() -> None:
    pieces = list(stream_csv(["n"], ([number] for number in range(50_000))))
    assert len(pieces) > 3
    assert len(read_sheets(b"".join(pieces))[0].rows) == 50_001


# --- Cleaning --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\u3000王\xa0 明\u200b ", "王 明"),
        ("\ufeff第一\n党支部", "第一 党支部"),
        ("（括号）", "（括号）"),
        (None, ""),
        (3.0, "3"),
        (2.5, "2.5"),
        (6.2e17, "6.2e+17"),
        ("a\x07b", "ab"),
    ],
)
def test_text_is_trimmed_of_all_that_cannot_be_seen(value: object, text: str) -> None:
    assert clean_text(value) == text


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("王 明", "王明"),
        ("　王　明 ", "王明"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提·吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("Ａnna  Lee", "Anna Lee"),
        ("㐂\U00020bb7", "㐂\U00020bb7"),
    ],
)
def test_a_name_has_one_dot_and_no_blanks_between_chinese(value: str, name: str) -> None:
    assert clean_name(value) == name


def test_a_cell_is_nothing_when_only_blanks_are_in_it() -> None:
    assert [clean_cell(value) for value in ("　", "", None, 3.0, 2.5, " a ")] == [
        None,
        None,
        None,
        3,
        2.5,
        "a",
    ]


def test_a_heading_is_compared_with_and_without_its_brackets() -> None:
    assert heading_keys("＊出生 日期（年月日）") == ("出生日期年月日", "出生日期")
    assert heading_keys("学历（全日制（最高））") == ("学历全日制最高", "学历")


def test_columns_are_lettered_as_in_excel() -> None:
    assert [letter(place) for place in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
