"""Everything on the page of one case; a constant number of questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from branches.scope import Scope
from rectification import permissions as may
from rectification import services
from rectification.agenda import ABOVE, BRANCH, DISTRICT, next_step, steps
from rectification.clock import left, said
from rectification.enums import (
    AT_WORK,
    BOARD,
    FIGURE_UNITS,
    WATCHING,
    WITH_BRANCH,
    ClosingState,
    FigureKind,
    HelperKind,
    PollState,
    ProblemState,
    State,
)
from rectification.models import (
    Acceptance,
    Case,
    CaseStep,
    Closing,
    FigureEntry,
    Helper,
    Inspection,
    ListingReason,
    Poll,
    Problem,
    Promise,
    Report,
    ReportDue,
    Visit,
)
from rectification.rules import plain, poll_faults, satisfaction, share

# The colour of a problem by its state.
PROBLEM_TONES = {
    ProblemState.COLLECTED: "draft",
    ProblemState.SOLVING: "info",
    ProblemState.DONE: "wait",
    ProblemState.CONFIRMED: "ok",
    ProblemState.DISMISSED: "exempt",
}
_MOST_VISITS = 100


@dataclass(frozen=True)
class _Reader:
    """Who reads, on which day, and on which side of the case he stands."""

    scope: Scope
    user_id: int
    path: str
    on: date

    def may(self, predicate: Callable[[Scope, str], bool]) -> bool:
        return predicate(self.scope, self.path)

    @property
    def works(self) -> bool:
        return self.may(may.may_work)

    @property
    def oversees(self) -> bool:
        return self.may(may.may_oversee)


def case_facts(case: Any, *, scope: Scope, user_id: int, on: date) -> dict[str, Any]:
    """The context of the page of a case :func:`rectification.agenda.with_progress`."""
    reader = _Reader(scope, user_id, case.unit.path, on)
    problems = list(Problem.unscoped.filter(case=case).select_related("done_by", "confirmed_by"))
    reports = {r.due_id: r for r in Report.unscoped.filter(case=case).select_related("due", "file")}
    dues = list(ReportDue.unscoped.filter(batch=case.batch_id))
    days = left(on, case.deadline, *(p.due_on for p in problems), *(d.due_on for d in dues))
    return {
        "case": case,
        "today": on,
        "reasons": _titles(case),
        **_next(case, reader),
        "left": said(days[case.deadline]) if case.state in AT_WORK else "",
        "late": case.is_late(on),
        "way": _way(case),
        "four": _four(case),
        "visits": list(Visit.unscoped.filter(case=case).select_related("helper")[:_MOST_VISITS]),
        "problems": [_problem(p, days, reader) for p in problems],
        "promises": list(Promise.unscoped.filter(case=case).select_related("photo", "problem")),
        "reports": [_report(d, reports.get(d.pk), days) for d in dues],
        "inspections": list(Inspection.unscoped.filter(case=case)),
        "polls": [poll_facts(p, case) for p in Poll.unscoped.filter(case=case)],
        "figures": _figures(case),
        "acceptances": list(Acceptance.unscoped.filter(case=case).prefetch_related("scores")),
        "closings": [_closing(c, reader) for c in _closings(case)],
        "history": list(CaseStep.unscoped.filter(case=case).select_related("by")),
        "may": _may(case, reader, owes_reports=len(reports) < len(dues)),
    }


def _next(case: Any, reader: _Reader) -> dict[str, Any]:
    """What happens next: a branch sees its own step first, others the most pressing."""
    side = BRANCH if reader.works and not reader.oversees else ""
    step = next_step(case, on=reader.on, who=side) or next_step(case, on=reader.on)
    mine = {BRANCH: may.may_work, ABOVE: may.may_oversee, DISTRICT: may.may_examine}
    return {
        "step": step,
        "step_mine": step is not None and reader.may(mine[step.who]),
        "steps": steps(case, on=reader.on),
    }


def _may(case: Any, reader: _Reader, *, owes_reports: bool) -> dict[str, bool]:
    """Which deeds the page offers: those that the state allows, to who may do them."""
    state, works, oversees = case.state, reader.works, reader.oversees
    with_helpers = state in (*AT_WORK, *WATCHING)
    examined = state == State.EXAMINED and not case.closing_uuid
    watched = state == State.WATCHED and case.watch_until is not None
    return {
        "decide": state == State.PROPOSED and reader.may(may.may_decide_listing),
        "describe": (case.is_open or state == State.PROPOSED) and works,
        "assign": with_helpers and reader.may(may.may_assign),
        "start": state == State.STAFFED and oversees,
        "work": case.is_open and works,
        "visit": with_helpers and works,
        "report": state in AT_WORK and works and owes_reports,
        "inspect": with_helpers and oversees,
        "poll": state in (State.UNDERWAY, State.EXAMINED) and oversees,
        "examine": state == State.UNDERWAY and oversees,
        "accept": examined and reader.may(may.may_examine),
        "close": examined and oversees and bool(case.accepted) and not case.closing_used,
        "settle": watched and case.watch_until < reader.on and reader.may(may.may_watch),
        "reopen": state in WATCHING and oversees,
    }


def _titles(case: Case) -> list[str]:
    known = dict(ListingReason.objects.values_list("code", "title"))
    return [known.get(code, code) for code in case.reasons]


def _way(case: Case) -> list[dict[str, Any]]:
    """The stations with those behind and the one it stands at."""
    if case.state == State.DROPPED:
        return [{"label": State.DROPPED.label, "state": "now"}]
    return [
        {
            "label": state.label,
            "state": "done" if state < case.state else "now" if state == case.state else "ahead",
        }
        for state in BOARD
    ]


def _four(case: Case) -> list[dict[str, Any]]:
    helpers = list(Helper.unscoped.filter(case=case))
    return [
        {
            "kind": kind,
            "helper": next((h for h in helpers if h.kind == kind and h.until is None), None),
            "before": [h for h in helpers if h.kind == kind and h.until is not None],
        }
        for kind in HelperKind
    ]


def _problem(problem: Problem, days: dict[date, int], reader: _Reader) -> dict[str, Any]:
    works, oversees, me = reader.works, reader.oversees, reader.user_id
    going, done = problem.state in WITH_BRANCH, problem.state == ProblemState.DONE
    count = days.get(problem.due_on) if problem.due_on and going else None
    own = problem.done_by_id == me
    return {
        "problem": problem,
        "tone": PROBLEM_TONES[ProblemState(problem.state)],
        "left": said(count) if count is not None else "",
        "late": count is not None and count < 0,
        "may_take_up": going and works,
        "may_done": problem.state == ProblemState.SOLVING and works,
        "may_confirm": done and oversees and not own,
        "may_back": done and oversees,
        "own": done and oversees and own,
        "may_dismiss": going and oversees and problem.by_id != me,
    }


def _report(due: ReportDue, report: Report | None, days: dict[date, int]) -> dict[str, Any]:
    return {
        "due": due,
        "report": report,
        "left": said(days[due.due_on]) if report is None else "",
        "late": days[due.due_on] < 0 if report is None else report.is_late,
    }


def poll_facts(poll: Poll, case: Case) -> dict[str, Any]:
    """A poll and, once it is counted and has enough valid answers, what came out."""
    lines, tally = services.lines_of(case), services.tally_of(poll)
    counted = poll.state == PollState.CLOSED
    enough = counted and tally.valid >= lines.least_answers
    faults = poll_faults(tally, lines) if counted else []
    return {
        "poll": poll,
        "counted": counted,
        "enough": enough,
        "rate": satisfaction(tally, lines) if enough else None,
        "against": share(tally.dissatisfied, tally.valid) if enough else None,
        "faults": faults,
        "passed": counted and not faults,
    }


def _figures(case: Case) -> list[dict[str, Any]]:
    rows = [e for e in FigureEntry.unscoped.filter(case=case) if not e.is_void]
    return [
        {
            "kind": kind,
            "measure": FIGURE_UNITS[kind],
            "amount": plain(sum((e.amount for e in rows if e.kind == kind), start=Decimal(0))),
        }
        for kind in FigureKind
    ]


def _closings(case: Case) -> list[Closing]:
    rows = Closing.unscoped.filter(case=case)
    return list(rows.select_related("proposed_by", "first_by", "second_by", "refused_by"))


def _closing(closing: Closing, reader: _Reader) -> dict[str, Any]:
    waits, me = closing.state == ClosingState.PROPOSED, reader.user_id
    own = me in (closing.proposed_by_id, closing.first_by_id)
    is_last = closing.first_by_id is not None
    rank = may.may_approve_last if is_last else may.may_approve_first
    approves = reader.may(may.may_approve_first)
    return {
        "closing": closing,
        "may_approve": waits and not own and reader.may(rank),
        "may_refuse": waits and me != closing.proposed_by_id and approves,
        "own": waits and own and approves,
        "is_last": is_last,
    }
