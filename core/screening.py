"""Words that say a text must not be here: 绝密, 机密, 秘密 and the ★ of a term of secrecy.

The system is not classified and may hold no state secrets (rules.md §10). What is screened are
the marks only: this is a reminder, not a secrecy check, and no sentence may claim otherwise.
"""

from __future__ import annotations

import re
import unicodedata

_LEVEL = r"[绝机秘]\s*密"
# Everyday words that hold a mark: the oath's 保守党的秘密, a ballot's 秘密写票.
_PLAIN = r"(?<!党的)(?<!国家)(?<!商业)(?<!工作)(?<!保守)(?<!技术)秘密(?!写票|投票|划票|选举)"
_IN_NAME = re.compile(rf"绝密|机密(?!码)|{_PLAIN}|★")
# In a text only what looks like the mark itself: 机密★1年, or a line of its own.
_IN_TEXT = re.compile(
    rf"({_LEVEL})\s*★|★\s*\d+\s*(年|个月|月|天|日)|^[\s【\[(（]*({_LEVEL})"
    r"[\s】\])）]*(长期|\d+\s*(年|个月|月))?\s*$",
    re.MULTILINE,
)


def mark_in_name(name: str) -> str:
    """Return the mark of secrecy that a file's name or a title carries, "" for none."""
    return _found(_IN_NAME, unicodedata.normalize("NFKC", name))


def mark_in_text(text: str) -> str:
    """Return the mark of secrecy that stands in a text as a mark, "" for none.

    Sentences that merely speak of secrets (保守党的秘密) carry no mark.
    """
    return _found(_IN_TEXT, unicodedata.normalize("NFKC", text))


def refusal_of(mark: str, where: str) -> str:
    """Return the sentence with which a marked file or text is refused."""
    return (
        f"{where}带有“{mark}”字样：本系统不得存放涉密内容，请不要上传。"
        "确认不涉密的，请去掉该字样后再试（这里只认字样，不能代替保密审查）。"
    )


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return re.sub(r"\s+", "", found[0]) if found else ""
