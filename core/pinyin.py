"""Search keys: pinyin and initials beside a name, so that wxm and wangxiaoming find 王小明."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, pinyin

_MOST_READINGS = 4


@lru_cache(maxsize=30_000)
def _readings(character: str) -> tuple[str, ...]:
    """All readings of one character, the usual one first; itself when it is no Chinese one."""
    found = pinyin(character, style=Style.NORMAL, heteronym=True)
    if not found or found[0] == [character]:
        return (character.lower(),) if character.isalnum() else ("",)
    return tuple(dict.fromkeys(found[0]))[:_MOST_READINGS]


def search_key(*texts: str) -> str:
    """Return what a search by pinyin looks in: whole readings and initials, parted by blanks.

    The first character goes in with all its readings, since surnames are misread (曾 单 解 仇).
    Characters are read one by one: a name is found fast, not recited.
    """
    words: list[str] = []
    for text in texts:
        if not text:
            continue
        rest = [_readings(character)[0] for character in text[1:]]
        for first in _readings(text[0]):
            parts = [part for part in (first, *rest) if part]
            words.append("".join(parts))
            words.append("".join(part[0] for part in parts))
    return " ".join(dict.fromkeys(words))
