"""Everything on the page of one case; a constant number of questions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from rectification import permissions as may
from rectification import services
from rectification.agenda import ABOVE, BRANCH, DISTRICT, next_step, steps, with_progress
from rectification.clock import left, said
from rectification.enums import (
    AT_WORK,
    FIGURE_UNITS,
    WATCHING,
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
from rectification.views.parts import DeskRequest, cases

_TONES = {
    ProblemState.COLLECTED: "draft",
    ProblemState.SOLVING: "info",
    ProblemState.DONE: "wait",
    ProblemState.CONFIRMED: "ok",
    ProblemState.DISMISSED: "exempt",
}
# The way of a case as the page draws it.
_WAY = (
    State.PROPOSED, State.LISTED, State.STAFFED, State.UNDERWAY, State.EXAMINED, State.CLOSED,
    State.WATCHED, State.SETTLED,
)  # fmt: skip


def facts(request: DeskRequest, case: Case) -> dict[str, Any]:
    """The context of the page."""
    on, scope, path = timezone.localdate(), request.scope, case.unit.path
    shown: Any = with_progress(cases(request).filter(pk=case.pk), on=on).get()
    works, oversees = may.may_work(scope, path), may.may_oversee(scope, path)
    side = BRANCH if works and not oversees else ""
    step = next_step(shown, on=on, who=side) or next_step(shown, on=on)
    mine = {BRANCH: works, ABOVE: oversees, DISTRICT: may.may_examine(scope, path)}
    problems = list(Problem.unscoped.filter(case=case).select_related("done_by", "confirmed_by"))
    reports = {r.due_id: r for r in Report.unscoped.filter(case=case).select_related("due", "file")}
    dues = list(ReportDue.unscoped.filter(batch=case.batch_id))
    days = left(on, case.deadline, *(p.due_on for p in problems), *(d.due_on for d in dues))
    open_work = case.is_open and case.state != State.PROPOSED
    return {
        "case": case,
        "today": on,
        "reasons": _titles(case),
        "step": step,
        "step_mine": step is not None and mine[step.who],
        "steps": steps(shown, on=on),
        "left": said(days[case.deadline]) if case.state in AT_WORK else "",
        "late": case.state in AT_WORK and case.deadline < on,
        "way": _way(case),
        "four": _four(case),
        "visits": list(Visit.unscoped.filter(case=case).select_related("helper")[:100]),
        "problems": [_problem(p, days, works, oversees, request) for p in problems],
        "promises": list(Promise.unscoped.filter(case=case).select_related("photo", "problem")),
        "reports": [_report(d, reports.get(d.pk), days) for d in dues],
        "inspections": list(Inspection.unscoped.filter(case=case)),
        "polls": [poll_facts(p, case) for p in Poll.unscoped.filter(case=case)],
        "figures": _figures(case),
        "acceptances": list(Acceptance.unscoped.filter(case=case).prefetch_related("scores")),
        "closings": [_closing(c, scope, path, request) for c in _closings(case)],
        "history": list(CaseStep.unscoped.filter(case=case).select_related("by")),
        "may": {
            "decide": case.state == State.PROPOSED and may.may_decide_listing(scope, path),
            "describe": (open_work or case.state == State.PROPOSED) and works,
            "assign": (case.state in (*AT_WORK, *WATCHING)) and may.may_assign(scope, path),
            "start": case.state == State.STAFFED and oversees,
            "work": open_work and works,
            "visit": case.state in (*AT_WORK, *WATCHING) and works,
            "report": case.state in AT_WORK and works and len(reports) < len(dues),
            "inspect": case.state in (*AT_WORK, *WATCHING) and oversees,
            "poll": case.state in (State.UNDERWAY, State.EXAMINED) and oversees,
            "examine": case.state == State.UNDERWAY and oversees,
            "accept": case.state == State.EXAMINED
            and not shown.closing_uuid
            and may.may_examine(scope, path),
            "close": case.state == State.EXAMINED
            and oversees
            and bool(shown.accepted)
            and not shown.closing_uuid
            and not shown.closing_used,
            "settle": case.state == State.WATCHED
            and case.watch_until is not None
            and case.watch_until < on
            and may.may_watch(scope, path),
            "reopen": case.state in WATCHING and oversees,
        },
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
        for state in _WAY
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


def _problem(
    problem: Problem, days: dict[Any, int], works: bool, oversees: bool, request: DeskRequest
) -> dict[str, Any]:
    state = ProblemState(problem.state)
    going = state in (ProblemState.COLLECTED, ProblemState.SOLVING)
    count = days.get(problem.due_on) if problem.due_on and going else None
    return {
        "problem": problem,
        "tone": _TONES[state],
        "left": said(count) if count is not None else "",
        "late": count is not None and count < 0,
        "may_take_up": going and works,
        "may_done": state == ProblemState.SOLVING and works,
        "may_confirm": state == ProblemState.DONE
        and oversees
        and problem.done_by_id != request.user.pk,
        "may_back": state == ProblemState.DONE and oversees,
        "own": state == ProblemState.DONE and oversees and problem.done_by_id == request.user.pk,
        "may_dismiss": going and oversees and problem.by_id != request.user.pk,
    }


def _report(due: ReportDue, report: Report | None, days: dict[Any, int]) -> dict[str, Any]:
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


def _closing(closing: Closing, scope: Any, path: str, request: DeskRequest) -> dict[str, Any]:
    waits = closing.state == ClosingState.PROPOSED
    me = request.user.pk
    own = me in (closing.proposed_by_id, closing.first_by_id)
    first = closing.first_by_id is None
    rank = may.may_approve_first if first else may.may_approve_last
    return {
        "closing": closing,
        "may_approve": waits and not own and rank(scope, path),
        "may_refuse": waits and me != closing.proposed_by_id and may.may_approve_first(scope, path),
        "own": waits and own and may.may_approve_first(scope, path),
        "is_last": not first,
    }
