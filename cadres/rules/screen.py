"""What a text or a file of this programme may not be (rules.md §10); a reminder, no secrecy check.

Refused besides the marks of secrecy: what looks like the text of a talk, an accusation or a report
of personal matters, and whole numbers of identity or phone outside their own columns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from core.screening import mark_in_name, mark_in_text, refusal_of

_SCANS = re.compile(
    r"档案|考察材料|考察报告|个人有关事项|事项报告|谈话记录|谈话笔录|谈话提纲|函询回复|信访|举报|线索"
    r"|选票|推荐票|酝酿|廉政意见|处分决定"
)
_TALK = re.compile(
    r"(^|\n)\s*[问答][:：]|被谈话人|谈话人[:：]|举报人|反映人|检举|被举报|据反映|信访件|问题线索"
    r"|考察材料如下|主要不足[:：]|房产.{0,6}[套处]|持有股票|配偶.{0,8}(移居|经商)|存款.{0,8}万元"
)
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ADVICE = "本系统不存放这类内容，只记办没办、谁办、哪天办、结论代码和纸质材料存放处。"


def refused_name(name: str) -> str:
    """Why a file of that name is not taken; "" when it is."""
    text = unicodedata.normalize("NFKC", name)
    if mark := mark_in_name(text):
        return refusal_of(mark, "文件名")
    found = _SCANS.search(text)
    return f"文件名里有“{found[0]}”：{_ADVICE}" if found else ""


def refused_text(text: str) -> str:
    """Why a text is not taken; "" when it is."""
    text = unicodedata.normalize("NFKC", text)
    if mark := mark_in_text(text):
        return refusal_of(mark, "文字")
    if _ID.search(text) or _PHONE.search(text):
        return "文字里有完整的身份号码或手机号码：号码只填在专门的栏里，请删去后再保存。"
    found = _TALK.search(text)
    if found:
        return f"文字里有“{found[0].strip()}”，像是谈话、举报、考察或个人事项的内容：{_ADVICE}"
    return ""


def named(text: str, names: Iterable[str]) -> str:
    """The first of the names that stands in the text; "" for none (two characters at least)."""
    return next((name for name in names if len(name) > 1 and name in text), "")
