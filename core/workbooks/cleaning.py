"""Making cells comparable: invisible marks off, blanks trimmed, headings reduced to their words."""

from __future__ import annotations

import re
import unicodedata

from core.workbooks.reading import Cell

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f]")
_BLANKS = re.compile(r"\s+")
_DOTS = str.maketrans(dict.fromkeys("•‧・･●∙⋅．.﹒", "·"))
_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_BRACKETS = re.compile(r"[(\[【{〔〈<][^()\[\]【】{}〔〕〈〉<>]*[)\]】}〕〉>]")
_MARKS = re.compile(r"[*★☆#:：、,，。.;；!！?？\"'“”‘’]+")
_WISHES = re.compile(r"(必填|选填|必须填写|可不填|必录)\Z|\A(必填|选填)")

# Beyond this a number cell has lost figures and must not be shown as if it were whole.
_EXACT = 10**15


def clean_text(value: object) -> str:
    """Return a cell as text: no invisible marks, no blanks around it, one blank within.

    Whole numbers lose the ".0" that number cells have; full-width characters stay as they are.
    """
    if isinstance(value, str) and value.isprintable() and "  " not in value:
        return value.strip(" ")
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return _BLANKS.sub(" ", _INVISIBLE.sub("", str(value))).strip()


def clean_name(value: object) -> str:
    """Return a person's name: half-width, one kind of middle dot, no blanks between Chinese.

    买买提·吐尔逊 keeps its dot whichever of the lookalikes was typed; "王 明" becomes 王明.
    """
    text = unicodedata.normalize("NFKC", clean_text(value)).strip()
    if _CHINESE.search(text):
        return text.replace(" ", "").translate(_DOTS)
    return text


def clean_cell(value: Cell) -> Cell:
    """Return a cell trimmed; nothing for an empty one, an int for a whole number."""
    if isinstance(value, str):
        return clean_text(value) or None
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


def heading_keys(value: object) -> tuple[str, str]:
    """Return what a heading is compared by: with and without what stands in brackets.

    "＊出生 日期（年月日）" gives 出生日期年月日 and 出生日期.
    """
    text = _BLANKS.sub("", unicodedata.normalize("NFKC", clean_text(value)))
    bare = text
    for _ in range(3):
        bare = _BRACKETS.sub("", bare)
    return _word(re.sub(r"[()\[\]【】{}<>]", "", text)), _word(bare)


def _word(text: str) -> str:
    return _WISHES.sub("", _MARKS.sub("", text)).lower()
