"""The rows behind the figures, as the lists show them: problems, reports, entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from branches.scope import Scope
from rectification.case_facts import PROBLEM_TONES
from rectification.enums import FIGURE_UNITS, ProblemState, State
from rectification.models import FigureEntry, Problem, Report, ReportDue
from rectification.overview import MOST_CASES
from rectification.permissions import may_work
from rectification.querysets import CaseQuerySet

# Those that owe reports, or did.
_REPORTING = (
    State.UNDERWAY, State.EXAMINED, State.CLOSED, State.WATCHED, State.SETTLED,
)  # fmt: skip


def problem_lines(problems: Iterable[Problem], *, on: date) -> list[dict[str, Any]]:
    """Problems with their colour and whether they are late."""
    return [
        {
            "problem": problem,
            "tone": PROBLEM_TONES[ProblemState(problem.state)],
            "is_late": problem.is_late(on),
        }
        for problem in problems
    ]


def entry_lines(entries: Iterable[FigureEntry], *, scope: Scope) -> list[dict[str, Any]]:
    """Entries with their measure and whether the reader may strike them out."""
    return [
        {
            "entry": entry,
            "measure": FIGURE_UNITS[entry.kind],
            "may_void": not entry.is_void and may_work(scope, entry.case.unit.path),
        }
        for entry in entries
    ]


def report_rows(*, cases: CaseQuerySet, on: date, state: str) -> list[Any]:
    """Case, due and report (or None) of those that owe reports, by day; three queries."""
    known = cases.filter(state__in=_REPORTING).select_related("unit", "batch")
    found = list(known.order_by("unit__path")[:MOST_CASES])
    dues: dict[int, list[ReportDue]] = {}
    for due in ReportDue.unscoped.filter(batch__in={case.batch_id for case in found}):
        dues.setdefault(due.batch_id, []).append(due)
    filed = {
        (report.case_id, report.due_id): report
        for report in Report.unscoped.filter(case__in=found).select_related("due", "file", "by")
    }
    rows = [
        {"case": case, "due": due, "report": filed.get((case.pk, due.pk))}
        for case in found
        for due in dues.get(case.batch_id, [])
    ]
    for row in rows:
        row["state"] = _report_state(row, on)
    return sorted(
        (row for row in rows if row["state"] and (not state or row["state"] == state)),
        key=lambda row: (row["due"].due_on, row["case"].unit.path),
    )


def _report_state(row: dict[str, Any], on: date) -> str:
    if row["report"] is not None:
        return "filed"
    case = row["case"]
    if case.state not in (State.UNDERWAY, State.EXAMINED) or row["due"].due_on < case.started_on:
        return ""
    return "late" if row["due"].due_on < on else "ahead"
