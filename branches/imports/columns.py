"""The columns of both sheets, with the headings people use (党组织信息, 党员信息采集表)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from branches.enums import UNIT_CODES, Field, UnitKind
from core.codes import (
    EDUCATION,
    MEMBER_KIND,
    NATIONALITY,
    ORGANISATION_KIND,
    SEX,
    CodeError,
    IdNumber,
    check_credit_code,
    check_id_number,
    check_phone,
    mask_id,
    mask_phone,
    yes_no,
)
from core.dates import parse_date
from core.workbooks import Column
from core.workbooks.cleaning import clean_name, clean_text

_KIND_OF_CODE = {code: kind for kind, code in UNIT_CODES.items()} | {
    "511": UnitKind.WORKING_COMMITTEE
}
_DISTRICTS = ("区委", "县委", "市委", "旗委", "区委员会", "县委员会")
_FIELDS = {label: value for value, label in Field.choices} | {
    "非公": Field.PRIVATE_FIRM,
    "非公企业党组织": Field.PRIVATE_FIRM,
    "非公有制企业": Field.PRIVATE_FIRM,
    "民营企业": Field.PRIVATE_FIRM,
    "两新": Field.PRIVATE_FIRM,
    "国有企业": Field.STATE_FIRM,
    "公有制企业": Field.STATE_FIRM,
    "社团": Field.SOCIAL,
    "社会团体": Field.SOCIAL,
    "两新社会组织": Field.SOCIAL,
    "村": Field.VILLAGE,
    "行政村": Field.VILLAGE,
    "农村社区": Field.VILLAGE,
    "城市社区": Field.COMMUNITY,
    "居委会": Field.COMMUNITY,
    "街道社区": Field.COMMUNITY,
    "乡镇": Field.STREET,
    "机关事业单位": Field.OFFICE,
    "事业单位": Field.OFFICE,
    "高校": Field.SCHOOL,
    "中小学": Field.SCHOOL,
    "教育": Field.SCHOOL,
    "其它": Field.OTHER,
}


def kind(value: object) -> UnitKind:
    """Read 党组织类别: its name or national code."""
    text = clean_text(value).replace(" ", "")
    if text in _DISTRICTS:
        return UnitKind.DISTRICT
    return _KIND_OF_CODE[ORGANISATION_KIND.code(text)]


def field(value: object) -> Field:
    """Read 领域."""
    text = clean_text(value).replace(" ", "")
    if text in _FIELDS:
        return Field(_FIELDS[text])
    raise CodeError(f"领域“{text[:20]}”不在规定的范围内", f"请填写：{'、'.join(Field.labels)}")


def day(value: object) -> date:
    """Read a day; year and month alone give the first of the month."""
    return parse_date(value).day


def years(value: object) -> int:
    """Read 任期年限: 3, 3年, 五年."""
    text = clean_text(value).removesuffix("年")
    text = {"三": "3", "四": "4", "五": "5", "两": "2", "二": "2"}.get(text, text)
    if text.isdecimal() and 1 <= int(text) <= 10:
        return int(text)
    raise CodeError(f"任期年限“{text[:20]}”不是年数", "请填写数字，如 3 或 5")


def code(value: object) -> str:
    """Read 党组织代码: figures and letters, the .0 of a number cell taken off."""
    text = clean_text(value).replace(" ", "").upper()
    if isinstance(value, float) or "E+" in text:
        raise CodeError("代码被 Excel 存成了数字，后几位可能已丢失", "请把该列设为文本后重新填写")
    if not text.replace("-", "").isalnum() or len(text) > 40:
        raise CodeError(f"代码“{text[:20]}”里有不该有的字", "只能用数字、字母和短横线，最多 40 位")
    return text


def once(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same parser, remembering what it read: most columns repeat a few words."""
    remembered = lru_cache(maxsize=4096, typed=True)(parse)

    def reader(value: Any) -> Any:
        return remembered(value)

    return reader


def short_text(length: int) -> Callable[[Any], str]:
    """A parser of text of at most ``length`` characters."""

    def reader(value: object) -> str:
        text = clean_text(value)
        if len(text) > length:
            raise CodeError(f"文字有 {len(text)} 个字，超过 {length} 个", "请缩短")
        return text

    return reader


def person(value: object) -> str:
    """Read a person's name."""
    text = clean_name(value)
    if len(text) > 60:
        raise CodeError(f"姓名有 {len(text)} 个字，太长了", "一格只填一个人的姓名")
    return text


def identity(value: object) -> IdNumber:
    """Read 公民身份号码."""
    return check_id_number(value)


def _mask_phone(text: str) -> str:
    return mask_phone(text.removesuffix(".0"))


UNIT_COLUMNS = (
    Column(
        key="name",
        title="党组织名称",
        synonyms=("党组织全称", "组织名称", "支部名称", "党组织", "名称"),
        required=True,
        filled=True,
        parse=short_text(120),
    ),
    Column(
        key="code",
        title="党组织代码",
        synonyms=("代码", "组织代码", "党组织编码", "编码", "党组织编号"),
        required=True,
        filled=True,
        parse=code,
    ),
    Column(
        key="kind",
        title="党组织类别",
        synonyms=("类别", "组织类别", "党组织类型", "类型", "组织类型"),
        required=True,
        filled=True,
        parse=once(kind),
    ),
    Column(
        key="parent",
        title="上级党组织",
        synonyms=("上级党组织名称", "上级", "上级组织", "隶属党组织", "隶属", "上级党组织代码"),
        required=True,
    ),
    Column(
        key="field",
        title="领域",
        synonyms=("所属领域", "行业领域", "领域类别"),
        parse=once(field),
    ),
    Column(
        key="short_name",
        title="简称",
        synonyms=("党组织简称", "组织简称"),
        parse=short_text(60),
    ),
    Column(
        key="founded_on",
        title="成立日期",
        synonyms=("成立时间", "批准成立日期", "建立日期", "批准建立党组织日期"),
        parse=once(day),
    ),
    Column(key="territory", title="属地关系", synonyms=("属地",), parse=short_text(60)),
    Column(
        key="contact",
        title="联系人",
        synonyms=("党组织联系人", "联系人姓名"),
        parse=short_text(40),
    ),
    Column(
        key="contact_phone",
        title="联系电话",
        synonyms=("联系人电话", "电话", "联系方式", "手机", "手机号码"),
        parse=check_phone,
        mask=_mask_phone,
    ),
    Column(
        key="address",
        title="地址",
        synonyms=("通讯地址", "办公地址", "详细地址", "党组织地址"),
        parse=short_text(200),
    ),
    Column(
        key="credit_code",
        title="统一社会信用代码",
        synonyms=("信用代码", "社会信用代码", "单位统一社会信用代码"),
        parse=check_credit_code,
    ),
    Column(key="years", title="任期年限", synonyms=("任期", "任期（年）"), parse=once(years)),
    Column(
        key="started_on",
        title="当选日期",
        synonyms=("换届日期", "本届当选日期", "班子当选日期"),
        parse=once(day),
    ),
    Column(
        key="due_on",
        title="届满日期",
        synonyms=("届满时间", "任期届满日期", "本届届满日期"),
        parse=once(day),
    ),
)

MEMBER_COLUMNS = (
    Column(
        key="name",
        title="姓名",
        synonyms=("党员姓名", "名字"),
        required=True,
        filled=True,
        parse=person,
    ),
    Column(key="sex", title="性别", parse=once(SEX.code)),
    Column(
        key="id_number",
        title="公民身份号码",
        synonyms=(
            "身份证号",
            "身份证号码",
            "公民身份证号码",
            "身份证",
            "身份号码",
            "证件号码",
            "居民身份证号码",
        ),
        required=True,
        filled=True,
        parse=identity,
        mask=mask_id,
    ),
    Column(key="ethnicity", title="民族", parse=once(NATIONALITY.code)),
    Column(
        key="birth_date",
        title="出生日期",
        synonyms=("出生年月", "出生年月日", "出生时间", "生日"),
        parse=once(parse_date),
    ),
    Column(
        key="education",
        title="学历",
        synonyms=("文化程度", "最高学历", "学历情况"),
        parse=once(EDUCATION.code),
    ),
    Column(key="degree", title="学位", parse=short_text(20)),
    Column(
        key="kind",
        title="人员类别",
        synonyms=("党员类别", "类别", "政治面貌", "党员类型"),
        parse=once(MEMBER_KIND.code),
    ),
    Column(
        key="unit",
        title="所在党支部",
        synonyms=(
            "所在支部",
            "党支部",
            "支部名称",
            "所属党支部",
            "所在党组织",
            "所在党支部名称",
            "党支部名称",
            "所在党支部代码",
            "所属支部",
        ),
        required=True,
        filled=True,
    ),
    Column(key="group", title="所在党小组", synonyms=("党小组", "所属党小组", "党小组名称")),
    Column(
        key="phone",
        title="手机号码",
        synonyms=("手机号", "联系电话", "手机", "电话", "联系方式", "移动电话", "联系手机"),
        parse=check_phone,
        mask=_mask_phone,
    ),
    Column(
        key="joined_on",
        title="入党日期",
        synonyms=("入党时间", "加入党组织日期", "加入中共组织日期", "入党年月"),
        parse=once(day),
    ),
    Column(
        key="confirmed_on",
        title="转正日期",
        synonyms=("转正时间", "转为正式党员日期", "转正年月"),
        parse=once(day),
    ),
    Column(
        key="job",
        title="工作岗位",
        synonyms=("岗位", "职业", "工作岗位及职务", "工作单位及职务", "从事职业"),
        parse=short_text(60),
    ),
    Column(
        key="residence",
        title="现居住地",
        synonyms=("居住地", "现住址", "家庭住址", "住址", "家庭地址"),
        parse=short_text(200),
    ),
    Column(
        key="registered_residence",
        title="户籍所在地",
        synonyms=("户籍地", "户口所在地", "籍贯所在地"),
        parse=short_text(200),
    ),
    Column(
        key="is_lost",
        title="是否失联",
        synonyms=("失联党员", "是否失联党员", "是否为失联党员", "失联"),
        parse=once(yes_no),
    ),
    Column(
        key="is_floating",
        title="是否流动",
        synonyms=("流动党员", "是否流动党员", "是否为流动党员", "流动"),
        parse=once(yes_no),
    ),
    Column(
        key="is_migrant_worker",
        title="是否农民工",
        synonyms=("农民工", "农民工党员", "是否为农民工"),
        parse=once(yes_no),
    ),
)
