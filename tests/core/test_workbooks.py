"""Reading what people send, refusing what they must not, and writing what Excel cannot run."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from core.codes import check_id_number, check_phone, mask_id
from core.dates import parse_date
from core.workbooks import (
    Column,
    Fault,
    WorkbookError,
    clean_name,
    read_sheets,
    read_table,
    reading,
    safety,
    write_rows,
)
from tests.core.samples import workbooks as samples

COLUMNS = (
    Column(key="name", title="姓名", required=True, filled=True, parse=clean_name),
    Column(key="sex", title="性别", required=True),
    Column(
        key="born",
        title="出生日期",
        synonyms=("出生年月",),
        parse=lambda value: parse_date(value).day,
    ),
    Column(
        key="number",
        title="公民身份号码",
        synonyms=("身份证号", "身份证号码"),
        parse=lambda value: check_id_number(value).number,
        mask=mask_id,
    ),
)
HEAD = ["姓名", "性别", "出生日期", "公民身份号码"]
WANG = ["王明", "男", date(1949, 12, 31), "11010519491231002X"]
LI = ["李红", "女", date(1990, 1, 2), None]


def names(data: bytes) -> list[tuple[int, str]]:
    return [(row.number, row.text("name")) for row in read_table(data, columns=COLUMNS).rows]


def refusal(data: bytes) -> str:
    with pytest.raises(WorkbookError) as caught:
        read_table(data, columns=COLUMNS)
    assert str(caught.value) == caught.value.fault.text
    return str(caught.value)


# --- Clean files -----------------------------------------------------------------------------


def test_a_clean_workbook_gives_its_rows_with_their_excel_numbers() -> None:
    table = read_table(samples.book([HEAD, WANG, LI]), columns=COLUMNS)
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, {"name": "王明", "sex": "男", "born": date(1949, 12, 31), "number": WANG[3]}),
        (3, {"name": "李红", "sex": "女", "born": date(1990, 1, 2), "number": None}),
    ]
    assert (table.sheet, table.heading_row, table.unused, table.dropped, table.notes) == (
        "表1",
        1,
        [],
        [],
        [],
    )


def test_cells_keep_their_kinds() -> None:
    rows = [["字", 1, 2.5, True, date(2020, 3, 5), datetime(2020, 3, 5, 8, 30), None, "尾"]]
    assert read_sheets(samples.book(rows))[0].rows == [
        ["字", 1, 2.5, True, date(2020, 3, 5), datetime(2020, 3, 5, 8, 30), "", "尾"]
    ]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("utf-8", ";")],
)
def test_a_csv_is_read_in_the_encodings_excel_writes(encoding: str, mark: str) -> None:
    data = samples.csv_of([HEAD, ["王明", "男", "1949-12-31", ""]], encoding=encoding, mark=mark)
    assert names(data) == [(2, "王明")]


def test_a_csv_cell_may_hold_commas_and_line_breaks() -> None:
    assert read_sheets(b'"a,b","c\r\nd"\r\n1,2')[0].rows == [["a,b", "c\r\nd"], ["1", "2"]]


def test_a_file_is_read_from_a_path_a_stream_and_bytes(tmp_path: Path) -> None:
    data = samples.book([HEAD, WANG])
    path = tmp_path / "名册.xlsx"
    path.write_bytes(data)
    stream = io.BytesIO(data)
    stream.read(100)
    assert read_sheets(path) == read_sheets(stream) == read_sheets(data)


# --- Messy files -----------------------------------------------------------------------------


def test_titles_and_blank_rows_above_the_heading_are_passed_over() -> None:
    data = samples.book(
        [["×街道党员名册"], [], ["填报单位：×街道", None, "2026年7月"], HEAD, WANG],
        merges=["A1:D1"],
    )
    assert names(data) == [(5, "王明")]


@pytest.mark.parametrize(
    "heading",
    [
        "＊姓名",
        "姓 名",
        "姓\n名",
        "姓名（必填）",
        "姓名*",
        " 姓　名 ",
        "姓名：",
        "*姓名(与身份证一致)",
    ],
)
def test_a_heading_is_known_in_whatever_dress(heading: str) -> None:
    assert names(samples.book([[heading, "性别"], ["王明", "男"]])) == [(2, "王明")]


def test_a_column_is_known_by_its_synonyms_and_keeps_its_own_heading_and_letter() -> None:
    table = read_table(
        samples.book([["序号", "性别", "身份证号码（18位）", "姓名"], [1, "男", WANG[3], "王明"]]),
        columns=COLUMNS,
    )
    assert {key: (one.heading, one.letter) for key, one in table.columns.items()} == {
        "name": ("姓名", "D"),
        "sex": ("性别", "B"),
        "number": ("身份证号码（18位）", "C"),
    }
    assert table.unused == ["序号"]


def test_a_heading_of_two_rows_with_merged_cells_is_put_together() -> None:
    data = samples.book(
        [
            ["姓名", "性别", "基本情况", None],
            [None, None, "出生年月", "身份证号"],
            ["王明", "男", "1949.12.31", WANG[3]],
        ],
        merges=["A1:A2", "B1:B2", "C1:D1"],
    )
    table = read_table(data, columns=COLUMNS)
    assert (table.heading_row, sorted(table.columns)) == (2, ["born", "name", "number", "sex"])
    assert [(row.number, row.text("name"), row.text("born")) for row in table.rows] == [
        (3, "王明", "1949.12.31")
    ]


def test_a_heading_of_two_rows_without_merged_cells_is_put_together() -> None:
    data = samples.book(
        [["姓名", "性别", "基本情况", None], [None, None, "出生年月", "身份证号"], WANG]
    )
    assert sorted(read_table(data, columns=COLUMNS).columns) == ["born", "name", "number", "sex"]
    assert names(data) == [(3, "王明")]


def test_a_cell_merged_over_several_rows_counts_for_each_of_them() -> None:
    data = samples.book([HEAD, ["王明", "男"], ["李刚", None], ["赵强", None]], merges=["B2:B4"])
    table = read_table(data, columns=COLUMNS)
    assert [(row.text("name"), row.text("sex")) for row in table.rows] == [
        ("王明", "男"),
        ("李刚", "男"),
        ("赵强", "男"),
    ]


@pytest.mark.parametrize(
    "footer",
    [
        ["合计", None, None, None],
        ["合 计", "3", "4", "5"],
        ["总计：2人"],
        ["填表人：张三", None, "填表日期：2026.7.1"],
        ["填表人张三"],
        ["制表：李四", None, "审核：王五"],
        ["负责人（签字）：", None, None, "（盖章）"],
        ["备注：本表一式两份"],
        ["注：出生日期按身份证填写"],
        ["说明：一、姓名必填"],
        ["共2人"],
        ["第 1 页，共 3 页"],
        [None, None, None, "填报日期：2026年7月1日"],
    ],
)
def test_a_footer_is_left_out_and_recorded(footer: list[object]) -> None:
    table = read_table(samples.book([HEAD, WANG, footer]), columns=COLUMNS)
    assert [row.text("name") for row in table.rows] == ["王明"]
    assert [number for number, _ in table.dropped] == [3]


@pytest.mark.parametrize(
    "name", ["审计局党支部", "联系群众中心", "注册会计师协会", "说明", "单位", "共青团", "合家欢"]
)
def test_a_name_that_begins_like_a_footer_is_still_data(name: str) -> None:
    assert names(samples.book([HEAD, [name, "男", "1990-01-01", WANG[3]]])) == [(2, name)]
    assert names(samples.book([HEAD[:2], [name, "男"]])) == [(2, name)]


def test_blank_rows_and_rows_with_only_a_running_number_are_left_out() -> None:
    data = samples.book(
        [["序号", *HEAD], [1, *WANG], [], [2, None, "　", None, None], [3, *LI], [4], [5]]
    )
    table = read_table(data, columns=COLUMNS)
    assert [(row.number, row.text("name")) for row in table.rows] == [(2, "王明"), (5, "李红")]
    assert table.dropped == []


def test_a_heading_repeated_for_print_is_left_out() -> None:
    table = read_table(samples.book([HEAD, WANG, HEAD, LI]), columns=COLUMNS)
    assert [row.number for row in table.rows] == [2, 4]
    assert table.dropped == [(3, "姓名 性别 出生日期 公民身份号码")]


def test_the_table_is_found_on_whichever_sheet_it_stands() -> None:
    data = samples.book([["填写说明"], ["一、……"]], [[], HEAD, WANG])
    table = read_table(data, columns=COLUMNS)
    assert (table.sheet, [row.number for row in table.rows]) == ("表2", [3])


def test_hidden_sheets_are_not_read() -> None:
    data = samples.book([HEAD, WANG], [HEAD, LI], hidden=[0])
    assert names(data) == [(2, "李红")]


def test_a_second_column_of_the_same_name_is_told() -> None:
    table = read_table(
        samples.book([["姓名", "性别", "姓名"], ["王明", "男", "别名"]]), columns=COLUMNS
    )
    assert table.notes == ["C 列也叫「姓名」，只读了 A 列"]
    assert table.rows[0].text("name") == "王明"


def test_the_original_stays_beside_the_trimmed_value() -> None:
    row = read_table(samples.book([HEAD, ["　王\u200b 明 ", "男"]]), columns=COLUMNS).rows[0]
    assert (row.cells["name"], row.raw["name"]) == ("王 明", "　王\u200b 明 ")


def test_a_sheet_formatted_to_its_last_cell_reads_as_its_data() -> None:
    assert names(samples.far_format()) == [(2, "王明")]


# --- Faults ----------------------------------------------------------------------------------


def test_each_wrong_cell_gives_one_fault_with_row_column_value_and_what_to_do() -> None:
    data = samples.book(
        [["名册"], HEAD, ["王明", "男", "1990.13", "110105194912310021"], [None, "女"]]
    )
    table = read_table(data, columns=COLUMNS)
    parsed = list(table.parsed())
    assert [[fault.text for fault in faults] for _, _, faults in parsed] == [
        [
            "第 3 行「出生日期」列：值“1990.13”不是日期，请改成 2020-03-05 这样的写法",
            "第 3 行「公民身份号码」列：公民身份号码“110105********0021”的最后一位校验码不对，"
            "请对照身份证核对有没有抄错",
        ],
        ["第 4 行「姓名」列：没有填写，请补上"],
    ]
    assert parsed[0][1] == {"name": "王明", "sex": "男", "born": None, "number": None}
    assert parsed[0][2][1] == Fault(
        row=3,
        column="公民身份号码",
        value="110105********0021",
        message="公民身份号码“110105********0021”的最后一位校验码不对",
        hint="请对照身份证核对有没有抄错",
        letter="D",
    )


def test_a_right_row_gives_its_parsed_values() -> None:
    table = read_table(samples.book([HEAD, ["王 明", "男", 18263, WANG[3]]]), columns=COLUMNS)
    assert table.parse(table.rows[0]) == (
        {"name": "王明", "sex": "男", "born": date(1949, 12, 31), "number": WANG[3]},
        [],
    )


def test_phones_and_codes_that_became_numbers_are_read_whole() -> None:
    columns = (
        Column(key="code", title="代码", required=True),
        Column(key="phone", title="电话", parse=check_phone),
    )
    table = read_table(
        samples.book([["代码", "电话"], [41010501020002.0, 13812345678.0]]), columns=columns
    )
    assert table.parse(table.rows[0]) == (
        {"code": "41010501020002", "phone": "13812345678"},
        [],
    )


def test_an_identity_number_that_became_a_number_is_named_as_such() -> None:
    table = read_table(
        samples.book([HEAD, ["王明", "男", None, 620102195611120586]]), columns=COLUMNS
    )
    assert table.parse(table.rows[0])[1][0].text == (
        "第 2 行「公民身份号码」列：号码被 Excel 存成了数字，后几位已丢失，"
        "请把该列设为文本后重新填写"
    )


def test_a_fault_can_be_raised_for_a_cell_by_the_importer_itself() -> None:
    table = read_table(samples.book([HEAD, WANG]), columns=COLUMNS)
    fault = table.fault(table.rows[0], "number", "与第 9 行重复", "请删去一行")
    assert (fault.text, fault.value) == (
        "第 2 行「公民身份号码」列：与第 9 行重复，请删去一行",
        "110105********002X",
    )
    assert table.fault(table.rows[0], "absent", "整行不对").text == "第 2 行：整行不对"


def test_a_fault_becomes_plain_values_for_storing() -> None:
    assert Fault.of(3, "电话", "x" * 50, ValueError("不对"), letter="B").as_dict() == {
        "row": 3,
        "column": "电话",
        "value": "x" * 40 + "…",
        "message": "不对",
        "hint": "",
        "letter": "B",
        "text": "第 3 行「电话」列：不对",
    }


def test_missing_required_columns_are_one_fault_that_names_them_and_what_was_found() -> None:
    assert refusal(samples.book([["名册"], ["出生日期", "民族", "身份证号"], ["x", "y", "z"]])) == (
        "缺少必填的列：姓名、性别，表头（第 2 行）里有：出生日期、民族、身份证号。"
        "请补上缺少的列，或改成规定的列名"
    )


def test_a_file_without_any_heading_is_one_fault_that_names_the_columns() -> None:
    assert refusal(samples.book([["王明", "男"], ["李红", "女"]])) == (
        "没有找到表头，表格里要有一行写着各列的名称：姓名、性别"
    )


def test_a_heading_without_data_is_said() -> None:
    assert refusal(samples.book([HEAD])) == "表头下面没有数据，请从第 2 行开始填写"
    assert refusal(samples.book([HEAD, [], ["合计"]])) == "表头下面没有数据，请从第 2 行开始填写"


# --- Hostile files ---------------------------------------------------------------------------

NOT_A_TABLE = "这不是表格文件，请上传 .xlsx、.xls 或 .csv 文件"
NO_MACROS = "文件带有宏或控件，请另存为不含宏的 .xlsx 或 .docx 后再上传"
PASSWORD = "文件加了密码，请取消密码后再上传"
HUGE = "文件解开后异常庞大，请新建一个工作簿，只复制需要的表格后再上传"
FAR = (
    "离表格很远的地方（500 列以外或 20 万行以下）还有内容，"
    "请按 Ctrl+End 找到并删去，或新建一个工作簿，只复制需要的表格后再上传"
)
BROKEN_ZIP = (
    "文件不完整或已损坏，请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传；"
    "若打不开，请重新获取原文件"
)
BROKEN = (
    "文件不完整或已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx，"
    "或新建一个工作簿，只复制需要的表格后再上传"
)
ENTITIES = "文件里有不该有的定义，不像 Excel 存的文件，请新建一个工作簿，只复制需要的表格后再上传"
WEB_PAGE = (
    "这是网页或 XML 文件，只是名字改成了表格，"
    "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传"
)
LINKS = (
    "文件里有外部链接或嵌入的对象，"
    "请断开链接、删去嵌入的对象，或把内容复制到新文件（按“值”粘贴）后再上传"
)
MANY_PARTS = (
    "文件里的部件太多，不像正常的工作簿，请用 Excel 或 WPS 打开，"
    "另存为“Excel 工作簿（.xlsx）”后再上传"
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的，请确认选对了文件"),
        (b" \r\n", "文件是空的，请确认选对了文件"),
        (b"<html><table><tr><td>x</td></tr></table></html>", WEB_PAGE),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", WEB_PAGE),
        ("\ufeff<html>".encode("utf-16-le"), WEB_PAGE),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', WEB_PAGE),
        (b"%PDF-1.7", NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n", NOT_A_TABLE),
        (b"Rar!\x1a\x07", NOT_A_TABLE),
        (b"MZ\x90\x00", NOT_A_TABLE),
        (bytes(range(1, 256)), None),
        (b"a,b\0c", NOT_A_TABLE),
        (b"a,\x07b\nc,d", NOT_A_TABLE),
        (b"\xff\xfea", None),
        (samples.zip_bomb(), HUGE),
        (samples.many_parts(), MANY_PARTS),
        (samples.entity_bomb(), ENTITIES),
        (samples.external_entity(), ENTITIES),
        (samples.late_entity(), ENTITIES),
        (samples.far_cell(), FAR),
        (samples.far_cell("XFD2"), FAR),
        (samples.far_cell("A1048576"), FAR),
        (samples.raw(extra={"xl/vbaProject.bin": b"x"}), NO_MACROS),
        (samples.raw(extra={"xl/VBAPROJECT.BIN": b"x"}), NO_MACROS),
        (samples.raw(extra={"xl/macrosheets/sheet1.xml": b"<a/>"}), NO_MACROS),
        (samples.raw(extra={"xl/activeX/activeX1.xml": b"<a/>"}), NO_MACROS),
        (samples.raw(extra={"xl/externalLinks/externalLink1.xml": b"<a/>"}), LINKS),
        (samples.raw(extra={"xl/embeddings/oleObject1.bin": b"x"}), LINKS),
        (samples.encrypted(), PASSWORD),
        (samples.old_with_macros(), NO_MACROS),
        (samples.OLE + bytes(2000), NOT_A_TABLE),
        (samples.OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(2000), BROKEN),
        (samples.book([HEAD, WANG])[:-400], BROKEN_ZIP),
        (samples.book([HEAD, WANG])[:100], BROKEN_ZIP),
        (b"PK\x03\x04" + bytes(100), BROKEN_ZIP),
        (b"PK\x05\x06" + bytes(18), NOT_A_TABLE),
        (samples.raw("<row r=1"), BROKEN),
        (
            samples.csv_of([["姓名", "性别", *range(100_000)]]),
            "表格超过 500 列，请删去多余的列，或新建一个工作簿，只复制需要的表格后再上传",
        ),
        (b"a\n" * 200_001, "表格超过 20 万行，请分成几个文件上传"),
        ("姓名,性别\n".encode("gb18030") + b"\xff\xff\xff", None),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(data: bytes, sentence: str | None) -> None:
    said = refusal(data)
    assert said == (sentence or said)


def test_a_file_beyond_the_size_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "MAX_BYTES", 1000)
    assert refusal(samples.book([HEAD, WANG])) == (
        "文件超过 0 MB，请删去图片和多余的工作表，或分成几个文件上传"
    )


def test_a_directory_that_lies_about_sizes_harms_only_the_child() -> None:
    said = refusal(samples.lying_bomb())
    assert said in {BROKEN, BROKEN_ZIP, HUGE, ENTITIES}


def test_one_long_text_in_every_cell_does_not_flood_the_parent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(reading.LIMITS, "output", 100_000)
    # Of many signs: what shrinks to nothing is refused for that already.
    long = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(10_000))
    assert refusal(samples.book([HEAD, *[[long, "男"]] * 20])) == (
        "表格里的内容太多，请分成几个文件上传"
    )


def test_cells_that_are_few_but_far_apart_die_in_the_child() -> None:
    assert refusal(samples.far_cell("SF200000")) == (
        "文件在规定的内存和时间里读不完，请新建一个工作簿，只复制需要的表格后再上传"
    )


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(samples.raw())
    for start in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[start] |= 1
    assert refusal(bytes(data)) == PASSWORD


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    assert refusal(samples.book([HEAD, WANG])) == (
        "文件在规定的内存和时间里读不完，请新建一个工作簿，只复制需要的表格后再上传"
    )


def test_a_child_that_wants_too_much_memory_dies_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reading.LIMITS, "memory", 40 * 1024 * 1024)
    rows = [[f"名{number}", "男", *["长" * 200] * 20] for number in range(1000)]
    assert refusal(samples.book([HEAD[:2], *rows])) == (
        "文件在规定的内存和时间里读不完，请新建一个工作簿，只复制需要的表格后再上传"
    )


def test_the_child_gets_nothing_of_the_servers_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATA_KEYS", "1:secret")
    kept: dict[str, object] = {}

    def watched(*args: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        kept.update(options)
        return subprocess.CompletedProcess([], 0, b"", b"")

    monkeypatch.setattr(reading.subprocess, "run", watched)
    assert read_sheets(b"a,b") == []
    assert kept["env"] == {}


def test_the_child_stays_within_its_memory_on_a_large_honest_file() -> None:
    # The kernel holds the child to this; a file that needs more is refused, not read.
    assert reading.MEMORY == 512 * 1024 * 1024
    stream = io.BytesIO()
    write_rows(stream, HEAD, (["王明", "男", "1990-01-01", WANG[3]] for _ in range(20_000)))
    assert len(read_sheets(stream.getvalue())[0].rows) == 20_001


def test_reading_needs_no_django() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import core.workbooks, sys; print('django' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "False"


def test_broken_files_give_rows_or_a_sentence_and_never_a_traceback() -> None:
    chance = random.Random(20260707)
    seeds = [samples.book([HEAD, WANG, LI]), samples.raw(), samples.csv_of([HEAD, WANG])]
    for turn in range(24):
        data = bytearray(seeds[turn % 3])
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            outcome: object = read_table(bytes(data), columns=COLUMNS).rows
        except WorkbookError as refused:
            outcome = refused.fault.text
        assert outcome
