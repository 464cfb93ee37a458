"""Rules of 阵地与联系, as pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def lacking(items: Collection[int], answers: Mapping[int, bool]) -> list[int]:
    """The items of the checklist that are not there; what nobody answered is not there either."""
    return [item for item in items if not answers.get(item, False)]


def visits_owed(*, visited: int, wanted: int) -> int:
    """How many visits of the period are still owed."""
    return max(wanted - visited, 0)


def share(part: int, whole: int) -> float:
    """Percent with one decimal; 0 of nothing is 0."""
    return round(part * 100 / whole, 1) if whole else 0.0


def read_frequency(value: object) -> int:
    """Visits per quarter as staff wrote it.

    Raises:
        ValueError: it is no whole number from 0 to 12.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 12:
        raise ValueError("每季度走访次数应是 0 到 12 的整数")
    return value
