"""Rules of 作用发挥, as pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def open_milestones(done: Iterable[date | None]) -> int:
    """How many milestones are not done: a project with any cannot be finished."""
    return sum(day is None for day in done)


def progress(*, done: int, total: int) -> int:
    """Whole percent of the milestones that are done; nothing of nothing is 0."""
    return done * 100 // total if total else 0


def needs_committee(*, is_branch: bool, is_secretary: bool) -> bool:
    """Who confirms a pledge: the branch its members', those above it its own and its secretary's.

    Nobody confirms what he pledged himself.
    """
    return is_branch or is_secretary


def next_day(days: Iterable[date]) -> date | None:
    """The first of these days, if any."""
    return min(days, default=None)
