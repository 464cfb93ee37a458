"""What two versions of one record say differently, line by line, for two columns side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A record as text and numbers; ``meetings.versions`` draws it.
Version = Mapping[str, Any]

# In the order of the form.
LABELS: dict[str, str] = {
    "kinds": "会议类别",
    "held_on": "召开日期",
    "started_at": "开始时间",
    "ended_at": "结束时间",
    "place": "地点",
    "topic": "主题",
    "items": "完成的动作",
    "chair": "主持人",
    "recorder": "记录人",
    "agenda": "议程",
    "minutes": "会议内容",
    "resolution": "形成决议",
}


@dataclass(frozen=True)
class Difference:
    """One line: which fact, what it was and what it is; an empty text means that nothing stood."""

    name: str
    label: str
    before: str
    after: str

    @property
    def takes(self) -> bool:
        """Whether the line is one field of the form, whose text can be put back as it is."""
        return self.name in LABELS and self.name not in ("kinds", "items")


def differences(before: Version, after: Version) -> list[Difference]:
    """Facts, then people, then votes that differ; nothing when the two say the same.

    Both are mappings with the keys of :data:`LABELS`, ``attendance`` (rows of ``member``, ``name``,
    ``said``) and ``votes`` (rows of ``subject``, ``said``).
    """
    found = [
        Difference(name, label, str(before.get(name, "")), str(after.get(name, "")))
        for name, label in LABELS.items()
        if before.get(name, "") != after.get(name, "")
    ]
    found += _rows("attendance", "到会：", "member", "name", before, after)
    found += _rows("votes", "表决：", "subject", "subject", before, after)
    return found


def _rows(
    name: str, word: str, key: str, shown: str, before: Version, after: Version
) -> list[Difference]:
    """Rows that came, went or say something else, in the order of the later version."""
    old, new = _by(key, before.get(name, ())), _by(key, after.get(name, ()))
    return [
        Difference(
            name,
            f"{word}{(new.get(one) or old[one])[shown]}",
            str(old[one]["said"]) if one in old else "",
            str(new[one]["said"]) if one in new else "",
        )
        for one in [*new, *(row for row in old if row not in new)]
        if (old.get(one) or {}).get("said") != (new.get(one) or {}).get("said")
    ]


def _by(key: str, rows: Sequence[Mapping[str, Any]]) -> dict[Any, Mapping[str, Any]]:
    """Rows by their key; the second of two alike stands for itself."""
    found: dict[Any, Mapping[str, Any]] = {}
    for row in rows:
        name = row[key]
        while name in found:
            name = (name, len(found))
        found[name] = row
    return found
