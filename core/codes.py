"""National code tables and numbers: what people type, made canonical or refused with a reason.

Pure: no Django. Every check returns the canonical value or raises `CodeError`, whose sentence is
Chinese and says what is allowed. Identity and phone numbers never appear whole in a message.
Sources: GB 11643, GB 32100, GB/T 2261.1, GB/T 3304, GB/T 4658, GB/T 4762, 党组织类别代码.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple


class CodeError(ValueError):
    """A value no table or check accepts: `message` says so, `hint` what to do; str() joins them."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}，{hint}")
        self.message = message
        self.hint = hint


_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff'’‘`\"]+")
_SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)E\+?(\d{1,2})\Z", re.ASCII)


def _squeeze(value: object) -> str:
    """Return the value as half-width capitals without blanks, quotes and invisible marks."""
    text = "" if value is None else str(value)
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def _shown(value: object) -> str:
    text = str(value).strip()
    return text if len(text) <= 40 else f"{text[:40]}…"


# --- Masks ------------------------------------------------------------


def mask_id(number: str) -> str:
    """Return an identity number with only area and last four shown: 620102********0586."""
    if len(number) < 11:
        return "*" * len(number)
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def mask_phone(number: str) -> str:
    """Return a phone number with its middle hidden: 138****5678, 0931-****345."""
    if len(number) < 8:
        return "*" * len(number)
    area, dash, local = number.partition("-")
    if dash and local:
        return f"{area}-{'*' * max(len(local) - 3, 0)}{local[-3:]}"
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_name(name: str) -> str:
    """Return a name with all but its first character hidden: 王**."""
    return name[:1] + "*" * (len(name) - 1)


# --- 公民身份号码, GB 11643 -------------------------------------------------

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_DESTROYED = "号码被 Excel 存成了数字，后几位已丢失"
_AS_TEXT = "请把该列设为文本后重新填写"


class IdNumber(NamedTuple):
    """A checked identity number: 18 characters, birth date, sex as GB/T 2261.1 (1 男, 2 女)."""

    number: str
    birth_date: date
    sex: str


def check_id_number(value: object) -> IdNumber:
    """Read a 公民身份号码 by check digit and birth date (GB 11643).

    The area is not checked: numbers keep areas that were abolished long ago. Takes small x,
    full-width figures and blanks. Raises CodeError; a number that Excel cut to 15 places gets
    its own sentence.
    """
    text = _squeeze(value).translate({ord("×"): "X", ord("-"): None})
    text = text.removesuffix(".0")
    if isinstance(value, float) or _SCIENTIFIC.match(text):
        raise CodeError(_DESTROYED, _AS_TEXT)
    if not text:
        raise CodeError("没有填写公民身份号码", "请填写 18 位号码")
    if not re.fullmatch(r"\d+X?", text, re.ASCII):
        raise CodeError("公民身份号码里有不该有的字", "请填写 18 位号码，前 17 位是数字")
    if len(text) == 15 and text.isdigit():
        raise CodeError(
            f"公民身份号码“{mask_id(text)}”是 15 位的旧号码", "请填写 18 位的公民身份号码"
        )
    if len(text) != 18:
        raise CodeError(f"公民身份号码应为 18 位，现在是 {len(text)} 位", "请核对后重新填写")
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    if _ID_CHECKS[total % 11] != text[17]:
        if text.endswith("000"):
            raise CodeError(_DESTROYED, _AS_TEXT)
        raise CodeError(
            f"公民身份号码“{mask_id(text)}”的最后一位校验码不对", "请对照身份证核对有没有抄错"
        )
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        born = date.min
    if born.year < 1890:
        raise CodeError(f"公民身份号码“{mask_id(text)}”中的出生日期不存在", "请对照身份证核对")
    return IdNumber(text, born, "1" if int(text[16]) % 2 else "2")


# --- 统一社会信用代码, GB 32100 -----------------------------------------------

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {character: value for value, character in enumerate(_CREDIT_ALPHABET)}


def check_credit_code(value: object) -> str:
    """Read a 统一社会信用代码 (GB 32100): 18 characters, the last a check mod 31."""
    text = _squeeze(value).replace("-", "")
    if isinstance(value, float) or _SCIENTIFIC.match(text):
        raise CodeError(_DESTROYED, _AS_TEXT)
    if not text:
        raise CodeError("没有填写统一社会信用代码", "请填写营业执照或登记证上的 18 位代码")
    if len(text) != 18:
        raise CodeError(f"统一社会信用代码应为 18 位，现在是 {len(text)} 位", "请核对后重新填写")
    if any(character not in _CREDIT_VALUES for character in text):
        raise CodeError(
            f"统一社会信用代码“{text}”里有不用的字",
            "代码只用数字和大写字母，不用 I、O、S、V、Z",
        )
    total = sum(
        _CREDIT_VALUES[character] * pow(3, place, 31) for place, character in enumerate(text[:17])
    )
    if _CREDIT_ALPHABET[-total % 31] != text[17]:
        raise CodeError(f"统一社会信用代码“{text}”的最后一位校验码不对", "请对照证照核对")
    return text


# --- Telephone numbers ------------------------------------------------

_MOBILE = re.compile(r"1[3-9]\d{9}\Z", re.ASCII)
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d\d)(\d{7,8})\Z", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}\Z", re.ASCII)
_PHONE_HINT = "请填写 11 位手机号码，或带区号的座机号码，如 0931-8412345"


def check_phone(value: object) -> str:
    """Read a phone number: 13812345678 for a mobile, 0931-8412345 (-extension) for a landline.

    Takes what Excel makes of numbers (13812345678.0, 1.3812345678E10), +86, blanks, dashes,
    brackets and full-width figures, and puts back the area code's 0 that a number cell drops.
    """
    if isinstance(value, str) and _MOBILE.match(value):
        return value
    text = _squeeze(value)
    if not text:
        raise CodeError("没有填写电话号码", _PHONE_HINT)
    scientific = _SCIENTIFIC.match(text)
    if scientific:
        # Fewer figures than the exponent asks for: the rest was cut off when it was saved.
        if len(scientific[1]) - 2 < int(scientific[2]):
            raise CodeError(_DESTROYED, _AS_TEXT)
        text = str(int(Decimal(text)))
    text = re.sub(r"\.0+\Z", "", text)
    if re.search(r"\d{7}[/、,;，；|]+\+?\d", text) or re.fullmatch(r"1\d{10}1\d{10}", text):
        raise CodeError(f"“{mask_phone(text)}”像是几个号码写在了一起", "一格只填一个号码")
    main, _, extension = re.sub(r"转|EXT\.?|#", "转", text).partition("转")
    number = re.sub(r"[-—–()\[\].]", "", main)
    number = re.sub(r"\A(\+|00)?86(?=0?\d{10})", "", number)
    number, extension = _split_extension(main, number, extension)
    if not re.fullmatch(r"\d+", number, re.ASCII) or (
        extension and not (extension.isascii() and extension.isdecimal())
    ):
        raise CodeError(f"“{_shown(mask_phone(text))}”不是电话号码", _PHONE_HINT)
    if _MOBILE.match(number) or _SERVICE.match(number):
        return number
    landline = _LANDLINE.match(number) or _LANDLINE.match(f"0{number}")
    if landline:
        return "-".join(filter(None, (landline[1], landline[2], extension)))
    if len(number) in (7, 8):
        raise CodeError(f"“{mask_phone(number)}”没有区号", "请在座机号码前加区号，如 0931-8412345")
    if number.startswith("1") and len(number) != 11:
        raise CodeError(f"手机号码应为 11 位，现在是 {len(number)} 位", "请核对后重新填写")
    raise CodeError(f"“{mask_phone(number)}”不是电话号码", _PHONE_HINT)


def _split_extension(main: str, number: str, extension: str) -> tuple[str, str]:
    """Take a dashed extension off a landline: 0931-8412345-801 is number and extension."""
    parts = main.split("-")
    if not extension and len(parts) == 3 and parts[0].startswith("0") and len(parts[2]) <= 6:
        return "".join(parts[:2]), parts[2]
    return number, extension


# --- Code tables ------------------------------------------------------


@dataclass(frozen=True)
class CodeTable:
    """A national code list: codes with their canonical names, and other ways to write them.

    `title` is the field's Chinese name and opens the refusal; `hint` says what is allowed (all
    names when left empty). `synonyms` give a code's other spellings, parted by blanks; `reduce`
    takes off what may be left out, such as the 族 of 汉族.
    """

    title: str
    names: Mapping[str, str]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    reduce: Callable[[str], str] = str

    @cached_property
    def _lookup(self) -> dict[str, str]:
        found = {self.reduce(_squeeze(name)): code for code, name in self.names.items()}
        for code, spellings in self.synonyms.items():
            found |= {self.reduce(_squeeze(name)): code for name in spellings.split()}
        return found | {code: code for code in self.names}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return (code, name) pairs in the table's order, for model fields and forms."""
        return list(self.names.items())

    def code(self, value: object) -> str:
        """Return the code of a name, synonym or code (also 1, 1.0 and 01); CodeError if none."""
        if isinstance(value, str) and value in self._lookup:
            return self._lookup[value]
        text = re.sub(r"\.0+\Z", "", _squeeze(value))
        width = len(next(iter(self.names)))
        for key in (self.reduce(text), text.zfill(width)):
            if key and key in self._lookup:
                return self._lookup[key]
        hint = self.hint or f"请填写：{'、'.join(dict.fromkeys(self.names.values()))}"
        if not text:
            raise CodeError(f"没有填写{self.title}", hint)
        raise CodeError(f"{self.title}“{_shown(value)}”不在规定的范围内", hint)

    def name(self, value: object) -> str:
        """Return the canonical name of a name, synonym or code; CodeError if there is none."""
        return self.names[self.code(value)]


SEX = CodeTable(
    "性别",
    {"1": "男", "2": "女"},
    {"1": "男性 男士 M", "2": "女性 女士 F"},
    hint="请填写：男 或 女",
)

_PEOPLES = """
汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水
东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克
俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
"""

NATIONALITY = CodeTable(
    "民族",
    {f"{number:02d}": f"{people}族" for number, people in enumerate(_PEOPLES.split(), start=1)},
    {"05": "维族", "36": "毛难族", "46": "崩龙族"},
    hint="请填写 56 个民族之一，如 汉族、回族、东乡族",
    reduce=lambda text: text.removesuffix("族"),
)

EDUCATION = CodeTable(
    "学历",
    {
        "10": "研究生",
        "20": "大学本科",
        "30": "大学专科",
        "40": "中等专科",
        "60": "高中",
        "70": "初中",
        "80": "小学",
        "90": "其他",
    },
    {
        "10": "研究生教育 博士 硕士 博士研究生 硕士研究生 博士研究生毕业 硕士研究生毕业 "
        "研究生毕业 研究生班 在职研究生 全日制研究生 中央党校研究生 省委党校研究生 党校研究生",
        "20": "本科 大学 学士 双学士 大学本科教育 大学毕业 大学普通班 大本 本科毕业 大学本科毕业 "
        "在职大学 全日制大学 中央党校大学 省委党校大学 党校大学 党校本科",
        "30": "大专 专科 专科教育 大学专科教育 高职 高等职业 高职高专 大专毕业 大学专科毕业 "
        "在职大专 党校大专 省委党校大专",
        "40": "中专 中职 中等职业教育 中等职业 中专毕业 中等专业 中等专科学校 技校 技工学校 中技 "
        "职高 职业高中 中师 中等师范 幼师",
        "60": "普通高中 普通高级中学 高级中学 高中毕业 高中教育",
        "70": "初级中学 普通初中 初中毕业 初中教育 初中及以下",
        "80": "小学毕业 小学教育 高小 初小",
        "90": "其它 文盲 半文盲 文盲半文盲 文盲或半文盲 无",
    },
)

ORGANISATION_KIND = CodeTable(
    "党组织类别",
    {
        # 511 is a weak source [v]: the published list of basic-level kinds begins at 611.
        "511": "党工委",
        "611": "党委",
        "621": "党总支",
        "631": "党支部",
        "632": "联合党支部",
        "641": "党小组",
        "911": "临时党委",
        "921": "临时党总支",
        "931": "临时党支部",
        "932": "临时联合党支部",
    },
    {
        "511": "工委 党的工作委员会 党工作委员会 街道党工委",
        "611": "基层党委 机关党委 党的委员会 党的基层委员会",
        "621": "总支 总支部 党总支部 党总支委员会 党的总支部 党的总支部委员会",
        "631": "支部 党支部委员会 党的支部 党的支部委员会",
        "632": "联合支部 党的联合支部",
        "641": "小组 党的小组",
        "921": "临时总支 临时党总支部",
        "931": "临时支部",
        "932": "临时联合支部",
    },
)

MEMBER_KIND = CodeTable(
    "人员类别",
    {"01": "正式党员", "02": "预备党员"},
    {
        "01": "正式 党员 中共党员 中共正式党员 中国共产党党员",
        "02": "预备 中共预备党员 中国共产党预备党员",
    },
    hint="请填写：正式党员 或 预备党员",
)

YES_NO = CodeTable(
    "是否",
    {"1": "是", "0": "否"},
    {
        "1": "有 对 已 √ ✓ ✔ ☑ Y YES T TRUE",
        "0": "无 未 不 不是 没有 错 空 × ✗ ✘ □ ☐ - — – / X N NO F FALSE",
    },
    hint="请填写：是 或 否",
)


def yes_no(value: object) -> bool:
    """Read 是/有/1/√ as true and 否/无/0/×/空 or nothing as false; CodeError for anything else."""
    return bool(_squeeze(value)) and YES_NO.code(value) == "1"
