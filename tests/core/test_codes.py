"""Identity numbers, credit codes, phones and the national code tables."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import (
    EDUCATION,
    MEMBER_KIND,
    NATIONALITY,
    ORGANISATION_KIND,
    SEX,
    CodeError,
    CodeTable,
    IdNumber,
    check_credit_code,
    check_id_number,
    check_phone,
    mask_id,
    mask_name,
    mask_phone,
    yes_no,
)

DESTROYED = "号码被 Excel 存成了数字，后几位已丢失，请把该列设为文本后重新填写"


def with_check_digit(first17: str) -> str:
    """Return the number with its check digit, reckoned by the standard's other form (2^i)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first17))
    check = (12 - total % 11) % 11
    return first17 + ("X" if check == 10 else str(check))


# --- Identity numbers --------------------------------------------------------------------------


def test_the_standards_own_example_passes() -> None:
    assert check_id_number("11010519491231002X") == IdNumber(
        "11010519491231002X", date(1949, 12, 31), "2"
    )


@pytest.mark.parametrize(
    "value",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X\n",
        "\u3000110105-19491231-002x",
        "'11010519491231002X",
        "\ufeff11010519491231\u200b002X",
        "11010519491231002×",
    ],
)
def test_an_identity_number_is_read_however_it_is_typed(value: str) -> None:
    assert check_id_number(value).number == "11010519491231002X"


def test_an_identity_number_kept_whole_as_an_integer_passes() -> None:
    number = with_check_digit("62010219561112058")
    assert check_id_number(int(number)).number == number


def test_an_abolished_area_is_not_a_fault() -> None:
    assert check_id_number(with_check_digit("99999919800229001")).birth_date == date(1980, 2, 29)


@pytest.mark.parametrize(
    "value", [6.20102195611120e17, "6.20102195611120e17", "6.2010219561112E+17", 110105491231002.0]
)
def test_a_number_destroyed_by_excel_has_its_own_sentence(value: object) -> None:
    with pytest.raises(CodeError) as caught:
        check_id_number(value)
    assert str(caught.value) == DESTROYED


def test_a_number_cut_to_fifteen_places_is_known_by_its_zeros() -> None:
    with pytest.raises(CodeError) as caught:
        check_id_number("620102195611120000")
    assert str(caught.value) == DESTROYED


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "没有填写公民身份号码，请填写 18 位号码"),
        (None, "没有填写公民身份号码，请填写 18 位号码"),
        (
            "110105491231002",
            "公民身份号码“110105*****1002”是 15 位的旧号码，请填写 18 位的公民身份号码",
        ),
        ("1101051949123100", "公民身份号码应为 18 位，现在是 16 位，请核对后重新填写"),
        ("1101051949123100X2", "公民身份号码里有不该有的字，请填写 18 位号码，前 17 位是数字"),
        ("无", "公民身份号码里有不该有的字，请填写 18 位号码，前 17 位是数字"),
        (
            "110105194912310021",
            "公民身份号码“110105********0021”的最后一位校验码不对，请对照身份证核对有没有抄错",
        ),
        (
            with_check_digit("11010519490231002"),
            f"公民身份号码“{mask_id(with_check_digit('11010519490231002'))}”中的出生日期不存在，"
            "请对照身份证核对",
        ),
        (
            with_check_digit("11010501010101002"),
            f"公民身份号码“{mask_id(with_check_digit('11010501010101002'))}”中的出生日期不存在，"
            "请对照身份证核对",
        ),
    ],
)
def test_a_wrong_identity_number_is_refused_with_the_reason_and_never_shown_whole(
    value: object, sentence: str
) -> None:
    with pytest.raises(CodeError) as caught:
        check_id_number(value)
    assert str(caught.value) == sentence


PEOPLE = st.tuples(
    st.integers(100000, 999999), st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 999)
)


@given(PEOPLE)
def test_every_well_formed_number_passes_with_its_birth_date_and_sex(
    person: tuple[int, date, int],
) -> None:
    area, born, order = person
    number = with_check_digit(f"{area}{born:%Y%m%d}{order:03d}")
    assert check_id_number(number) == IdNumber(number, born, "1" if order % 2 else "2")


@given(PEOPLE, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_figure_is_always_noticed(
    person: tuple[int, date, int], place: int, shift: int
) -> None:
    area, born, order = person
    number = with_check_digit(f"{area}{born:%Y%m%d}{order:03d}")
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(CodeError):
        check_id_number(wrong)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none()))
def test_anything_else_is_refused_without_a_crash(value: object) -> None:
    with pytest.raises(CodeError):
        check_id_number(value)


# --- Credit codes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "91440300708461136T", "91330100799655058B", "91310115591693856A"]
)
def test_real_credit_codes_pass(code: str) -> None:
    assert check_credit_code(code) == code


def test_a_credit_code_is_read_in_small_and_full_width_letters() -> None:
    assert check_credit_code(" ９１３５０１００m000100y43 ") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "没有填写统一社会信用代码，请填写营业执照或登记证上的 18 位代码"),
        ("91350100M000100Y4", "统一社会信用代码应为 18 位，现在是 17 位，请核对后重新填写"),
        (
            "91350100M000100Y44",
            "统一社会信用代码“91350100M000100Y44”的最后一位校验码不对，请对照证照核对",
        ),
        (
            "9135O100M000100Y43",
            "统一社会信用代码“9135O100M000100Y43”里有不用的字，"
            "代码只用数字和大写字母，不用 I、O、S、V、Z",
        ),
        (9.1110000100001e17, DESTROYED),
        ("9.1110000100001E+17", DESTROYED),
    ],
)
def test_a_wrong_credit_code_is_refused_with_the_reason(value: object, sentence: str) -> None:
    with pytest.raises(CodeError) as caught:
        check_credit_code(value)
    assert str(caught.value) == sentence


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_exactly_one_last_character_fits_a_credit_code(first17: str) -> None:
    fitting = []
    for last in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        try:
            fitting.append(check_credit_code(first17 + last))
        except CodeError:
            continue
    assert len(fitting) == 1


# --- Phones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "13812345678",
        13812345678,
        13812345678.0,
        "13812345678.0",
        "1.3812345678E10",
        "1.3812345678e+10",
        "+86 138 1234 5678",
        "+8613812345678",
        "8613812345678",
        "0086-13812345678",
        "138-1234-5678",
        "138 1234 5678",
        "１３８１２３４５６７８",
        "\u3000138\xa01234\u200b5678 ",
        "'13812345678",
    ],
)
def test_a_mobile_number_becomes_eleven_figures(value: object) -> None:
    assert check_phone(value) == "13812345678"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0931-8412345", "0931-8412345"),
        ("09318412345", "0931-8412345"),
        ("(0931)8412345", "0931-8412345"),
        ("（0931）8412345", "0931-8412345"),
        ("0931 841 2345", "0931-8412345"),
        ("+86 931 8412345", "0931-8412345"),
        (9318412345.0, "0931-8412345"),
        ("9318412345", "0931-8412345"),
        ("010-62345678", "010-62345678"),
        ("1062345678", "010-62345678"),
        ("028-84123456", "028-84123456"),
        ("0371-65901234", "0371-65901234"),
        ("0931-8412345-801", "0931-8412345-801"),
        ("0931-8412345转801", "0931-8412345-801"),
        ("400-800-1234", "4008001234"),
    ],
)
def test_a_landline_keeps_its_area_code(value: object, expected: str) -> None:
    assert check_phone(value) == expected


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            "",
            "没有填写电话号码，请填写 11 位手机号码，或带区号的座机号码，如 0931-8412345",
        ),
        ("1381234567", "手机号码应为 11 位，现在是 10 位，请核对后重新填写"),
        ("8412345", "“*******”没有区号，请在座机号码前加区号，如 0931-8412345"),
        ("13812345678/13912345678", None),
        ("13812345678、0931-8412345", None),
        ("1.38123E+10", DESTROYED),
        (
            "12345678901",
            "“123****8901”不是电话号码，请填写 11 位手机号码，或带区号的座机号码，如 0931-8412345",
        ),
        (
            "无",
            "“*”不是电话号码，请填写 11 位手机号码，或带区号的座机号码，如 0931-8412345",
        ),
    ],
)
def test_what_is_no_phone_is_refused_with_the_reason(value: object, sentence: str | None) -> None:
    with pytest.raises(CodeError) as caught:
        check_phone(value)
    if sentence is None:
        assert caught.value.hint == "一格只填一个号码"
    else:
        assert str(caught.value) == sentence


@given(st.one_of(st.text(), st.text("0123456789-+()E. 转"), st.floats(), st.integers()))
def test_a_phone_is_canonical_or_refused(value: object) -> None:
    try:
        phone = check_phone(value)
    except CodeError:
        return
    assert check_phone(phone) == phone
    assert set(phone) <= set(string.digits + "-")


# --- Tables ------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["男", " 男性 ", "1", 1, 1.0, "１"])
def test_male_is_code_one(value: object) -> None:
    assert (SEX.code(value), SEX.name(value)) == ("1", "男")


def test_there_are_fifty_six_nationalities_in_the_standards_order() -> None:
    assert len(NATIONALITY.names) == 56
    assert len(set(NATIONALITY.names.values())) == 56
    assert [NATIONALITY.names[code] for code in ("01", "05", "26", "30", "47", "56")] == [
        "汉族",
        "维吾尔族",
        "东乡族",
        "土族",
        "保安族",
        "基诺族",
    ]


@pytest.mark.parametrize("value", ["汉族", "汉", "01", "1", 1, 1.0, " 汉 族 "])
def test_a_nationality_is_read_with_or_without_its_last_character(value: object) -> None:
    assert (NATIONALITY.code(value), NATIONALITY.name(value)) == ("01", "汉族")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("大学本科", "大学本科"),
        ("本科", "大学本科"),
        ("大学", "大学本科"),
        ("大专", "大学专科"),
        ("大学专科", "大学专科"),
        ("中专", "中等专科"),
        ("中等专科", "中等专科"),
        ("研究生", "研究生"),
        ("硕士", "研究生"),
        ("博士", "研究生"),
        ("高中", "高中"),
        ("初中", "初中"),
        ("小学", "小学"),
        ("20", "大学本科"),
    ],
)
def test_education_is_read_by_its_common_names(value: str, name: str) -> None:
    assert EDUCATION.name(value) == name


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("党工委", "511"),
        ("党委", "611"),
        ("党总支", "621"),
        ("总支", "621"),
        ("党支部", "631"),
        ("支部", "631"),
        ("联合党支部", "632"),
        ("联合支部", "632"),
        ("党小组", "641"),
        ("临时党支部", "931"),
        (631.0, "631"),
    ],
)
def test_an_organisations_kind_is_read_by_name_or_code(value: object, code: str) -> None:
    assert ORGANISATION_KIND.code(value) == code


@pytest.mark.parametrize(
    ("value", "code"), [("正式党员", "01"), ("预备", "02"), ("中共党员", "01"), (2, "02")]
)
def test_a_members_kind_is_full_or_probationary(value: object, code: str) -> None:
    assert MEMBER_KIND.code(value) == code


@pytest.mark.parametrize(
    ("table", "value", "sentence"),
    [
        (SEX, "不详", "性别“不详”不在规定的范围内，请填写：男 或 女"),
        (SEX, "", "没有填写性别，请填写：男 或 女"),
        (
            NATIONALITY,
            "火星族",
            "民族“火星族”不在规定的范围内，请填写 56 个民族之一，如 汉族、回族、东乡族",
        ),
        (
            NATIONALITY,
            "57",
            "民族“57”不在规定的范围内，请填写 56 个民族之一，如 汉族、回族、东乡族",
        ),
        (
            EDUCATION,
            "很高",
            "学历“很高”不在规定的范围内，"
            "请填写：研究生、大学本科、大学专科、中等专科、高中、初中、小学、其他",
        ),
        (MEMBER_KIND, "群众", "人员类别“群众”不在规定的范围内，请填写：正式党员 或 预备党员"),
        (MEMBER_KIND, None, "没有填写人员类别，请填写：正式党员 或 预备党员"),
    ],
)
def test_a_value_outside_the_table_is_refused_with_what_is_allowed(
    table: CodeTable, value: object, sentence: str
) -> None:
    with pytest.raises(CodeError) as caught:
        table.code(value)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("table", [SEX, NATIONALITY, EDUCATION, ORGANISATION_KIND, MEMBER_KIND])
def test_every_code_and_name_of_a_table_leads_back_to_itself(table: CodeTable) -> None:
    assert [table.code(code) for code in table.names] == list(table.names)
    assert [table.code(name) for name in table.names.values()] == list(table.names)
    assert table.choices == list(table.names.items())


@pytest.mark.parametrize("value", ["是", "有", "1", 1, 1.0, True, "√", " 是 ", "Ｙ"])
def test_yes_is_true(value: object) -> None:
    assert yes_no(value) is True


@pytest.mark.parametrize("value", ["否", "无", "0", 0, 0.0, False, "", None, "空", "×", "\u3000"])
def test_no_and_nothing_are_false(value: object) -> None:
    assert yes_no(value) is False


def test_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(CodeError) as caught:
        yes_no("也许")
    assert str(caught.value) == "是否“也许”不在规定的范围内，请填写：是 或 否"


# --- Masks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (mask_id("620102195611120586"), "620102********0586"),
        (mask_id("123"), "***"),
        (mask_phone("13812345678"), "138****5678"),
        (mask_phone("0931-8412345"), "0931-****345"),
        (mask_phone("110"), "***"),
        (mask_name("王小明"), "王**"),
        (mask_name(""), ""),
    ],
)
def test_masks_keep_only_what_helps_to_recognise(masked: str, expected: str) -> None:
    assert masked == expected
