"""Days that matter, counted by working days with 调休."""

from __future__ import annotations

from datetime import date

from core.holidays import calendar_around
from rectification.models import Case
from rectification.rules import due_after, workdays_left


def default_due(case: Case, day: date) -> date:
    """The last day for a problem taken up on ``day``: the batch's number of working days later."""
    return due_after(day, case.batch.problem_days, calendar=calendar_around(day)).day


def left(on: date, *dues: date | None) -> dict[date, int]:
    """Working days from ``on`` to each of these days, negative when past; one query."""
    days = sorted({due for due in dues if due is not None})
    if not days:
        return {}
    calendar = calendar_around(on, days[0], days[-1])
    return {due: workdays_left(on, due, calendar=calendar) for due in days}


def said(count: int) -> str:
    """Working days left in words."""
    if count < 0:
        return f"已过 {-count} 个工作日"
    return f"还有 {count} 个工作日" if count else "今天截止"
