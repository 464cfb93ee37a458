"""How people write the name of one and the same organisation. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_MARKS = re.compile(r"[()（）\[\]【】·.\-—_“”\"'《》]+")
_PARTY = re.compile(r"^(中国共产党|中共)")
# Longer endings first: 党总支部委员会 must not be read as 委员会.
_ENDINGS: tuple[tuple[str, str], ...] = (
    ("联合党支部委员会", "联支"),
    ("联合党支部", "联支"),
    ("联合支部", "联支"),
    ("党总支部委员会", "总支"),
    ("总支部委员会", "总支"),
    ("党总支委员会", "总支"),
    ("总支委员会", "总支"),
    ("党总支部", "总支"),
    ("总支部", "总支"),
    ("党总支", "总支"),
    ("总支", "总支"),
    ("党支部委员会", "支部"),
    ("支部委员会", "支部"),
    ("党支部", "支部"),
    ("支部", "支部"),
    ("党的工作委员会", "工委"),
    ("党工作委员会", "工委"),
    ("工作委员会", "工委"),
    ("党工委", "工委"),
    ("工委", "工委"),
    ("党的委员会", "党委"),
    ("基层委员会", "党委"),
    ("党委会", "党委"),
    ("委员会", "党委"),
    ("党委", "党委"),
    ("党小组", "小组"),
    ("小组", "小组"),
)
_LOOSE = {"工委": "党委"}
# What a district's own name ends in: 金水区委 is 中共金水区委员会.
_SHORT_DISTRICT = re.compile(r"(?<=[区县市旗])委$")


def squeezed(name: object) -> str:
    """The name half-width and without blanks: what counts as written alike."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", str(name or "")))


def name_key(name: object) -> str:
    """What spellings of one organisation share: 中共 off, the ending reduced to its sort.

    中共金水区丰庆路街道工作委员会, 金水区丰庆路街道党工委 and 金水区丰庆路街道 工委 are one;
    工委 and 党委 stay two.
    """
    text = _PARTY.sub("", _MARKS.sub("", squeezed(name)))
    text = _SHORT_DISTRICT.sub("党委", text)
    for ending, sort in _ENDINGS:
        if text.endswith(ending) and len(text) > len(ending):
            return f"{text.removesuffix(ending)}|{sort}"
    return f"{text}|"


def loose_key(name: object, districts: Iterable[str] = ()) -> str:
    """The last try: 工委 taken for 党委, and the district's own name left out in front."""
    stem, _, sort = name_key(name).partition("|")
    for district in districts:
        if district and stem.startswith(district) and stem != district:
            stem = stem.removeprefix(district)
            break
    return f"{stem}|{_LOOSE.get(sort, sort)}"


def district_stem(name: object) -> str:
    """金水区 of 中共金水区委员会: what its units may carry in front, or leave out."""
    return name_key(name).partition("|")[0]
