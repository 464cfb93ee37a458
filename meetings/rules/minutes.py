"""会议内容 begun from a template: what is known is filled in, what is not stays to be written."""

from __future__ import annotations

import re
from collections.abc import Mapping

BLANK = "________"
_PLACE = re.compile(r"【([^【】]{1,12})】")
# What a template may ask for, and where it comes from.
PLACES: dict[str, str] = {
    "日期": "召开日期，例如 2026年7月7日",
    "时间": "开始和结束时间",
    "地点": "地点",
    "主持人": "主持人",
    "记录人": "记录人",
    "主题": "主题",
    "应到": "应到人数",
    "实到": "实到人数",
    "缺席": "缺席的同志和事由",
    "列席": "列席人员",
    "动作": "完成的规定动作和自选动作",
    "表决": "每一项表决的票数和结果",
}


def filled(template: str, known: Mapping[str, str]) -> str:
    """The template with its 【places】 filled; a blank line to write on where nothing is known.

    A place that the list does not name stays as it is, for the writer to see.
    """

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        return (known.get(name) or BLANK) if name in PLACES else found[0]

    return _PLACE.sub(fill, template)


def unknown_places(template: str) -> list[str]:
    """Places of a template that nothing can fill, in their order, each once."""
    return list(dict.fromkeys(name for name in _PLACE.findall(template) if name not in PLACES))
