"""三步: 收集民意 → 解决问题 → 办结反馈, and the public promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from core import files
from core.errors import Refusal
from rectification.enums import ProblemState, PromiseWay, Source
from rectification.models import Case, Problem, Promise
from rectification.permissions import is_same_person
from rectification.rules import can_move_problem
from rectification.services.common import at_work, lock, once, past, sane, text
from rectification.services.files import keep_file


@transaction.atomic
def collect(
    *,
    case: Case,
    by: User | None,
    source: str,
    title: str,
    collected_on: date,
    on: date,
    form_key: UUID | None = None,
) -> Problem:
    """收集民意: enter a problem as people put it."""
    case = lock(case)
    at_work(case)
    if source not in Source.values:
        raise Refusal("请选择问题从哪里来。", field="source")
    words = text(title, "问题", field="title", longest=200)
    past(collected_on, on, "收集日期", field="collected_on")
    problem, _ = once(
        Problem,
        form_key,
        lambda: Problem(
            case=case, source=source, title=words, collected_on=collected_on, by=by,
            form_key=form_key,
        ),
    )  # fmt: skip
    return problem


@transaction.atomic
def collect_all(
    *, case: Case, by: User | None, rows: Sequence[Mapping[str, Any]], on: date
) -> list[Problem]:
    """Enter a list of problems, each as :func:`collect` does; all of them or none."""
    return [collect(case=case, by=by, on=on, **row) for row in rows]


def _locked(problem: Problem) -> Problem:
    rows = Problem.unscoped.select_for_update(of=("self",)).select_related("case__unit")
    found: Problem = rows.get(pk=problem.pk)
    return found


def _move(problem: Problem, to: ProblemState) -> Problem:
    if not can_move_problem(problem.state, to):
        raise Refusal(
            f"这个问题现在是“{ProblemState(problem.state).label}”，不能改为“{to.label}”；"
            "请刷新页面看最新情况。",
            code="conflict",
        )
    problem.state = to
    problem.save()
    return problem


@transaction.atomic
def take_up(*, problem: Problem, owner: str, due_on: date, measures: str, on: date) -> Problem:
    """解决问题: who answers for it, by when, and how. Again: correct these while it runs."""
    lock(problem.case)
    problem = _locked(problem)
    if problem.state not in (ProblemState.COLLECTED, ProblemState.SOLVING):
        raise Refusal("这个问题已经报办结，责任人和期限不能再改。", code="conflict")
    problem.owner = text(owner, "责任人", field="owner", longest=60)
    problem.measures = text(measures, "整改措施", field="measures", longest=2000)
    if sane(due_on, field="due_on") < problem.collected_on:
        raise Refusal("办结期限不能早于收集日期。", field="due_on")
    problem.due_on = due_on
    if problem.state == ProblemState.SOLVING:
        problem.save()
        return problem
    return _move(problem, ProblemState.SOLVING)


@transaction.atomic
def report_done(
    *, problem: Problem, by: User | None, done_on: date, result: str, on: date
) -> Problem:
    """The branch says that it is done, and how. A second arrival changes nothing."""
    lock(problem.case)
    problem = _locked(problem)
    if problem.state == ProblemState.DONE and problem.done_by_id == (by.pk if by else None):
        return problem
    problem.result = text(result, "办理结果", field="result", longest=2000)
    problem.done_on = past(done_on, on, "办结日期", field="done_on", since=problem.collected_on)
    problem.done_by, problem.answer = by, ""
    return _move(problem, ProblemState.DONE)


@transaction.atomic
def confirm_done(
    *, problem: Problem, by: User, answer: str, confirmed_on: date, on: date
) -> Problem:
    """办结反馈: somebody above, not who reported it, has gone back to the people and confirms."""
    lock(problem.case)
    problem = _locked(problem)
    _other(problem, by)
    problem.answer = text(answer, "反馈情况", field="answer")
    problem.confirmed_on = past(
        confirmed_on, on, "确认日期", field="confirmed_on", since=problem.done_on
    )
    problem.confirmed_by = by
    return _move(problem, ProblemState.CONFIRMED)


@transaction.atomic
def send_back(*, problem: Problem, by: User, reason: str) -> Problem:
    """Not done yet in the eyes of those above: it goes on, with the reason."""
    lock(problem.case)
    problem = _locked(problem)
    if problem.state != ProblemState.DONE:
        raise Refusal("只有报了办结的问题可以退回。", code="conflict")
    problem.answer = text(reason, "退回的原因", field="reason")
    return _move(problem, ProblemState.SOLVING)


@transaction.atomic
def dismiss(*, problem: Problem, by: User, reason: str, on: date) -> Problem:
    """已解释说明: not to be solved here; those above say why, and have explained it."""
    lock(problem.case)
    problem = _locked(problem)
    if is_same_person(by.pk, problem.by_id):
        raise Refusal("本人登记的问题，须由另一位同志认定。", code="forbidden")
    problem.answer = text(reason, "解释说明的情况", field="reason")
    problem.confirmed_by, problem.confirmed_on = by, on
    problem.done_by = None
    return _move(problem, ProblemState.DISMISSED)


def _other(problem: Problem, by: User) -> None:
    if is_same_person(by.pk, problem.done_by_id):
        raise Refusal("这个问题是您报的办结，请由另一位同志确认。", code="forbidden")


@transaction.atomic
def promise(
    *,
    case: Case,
    by: User | None,
    way: str,
    item: str,
    person: str,
    due_on: date,
    posted_on: date,
    on: date,
    problem: Problem | None = None,
    photo: files.Upload | None = None,
    form_key: UUID | None = None,
) -> Promise:
    """公开承诺: what, who, by when, and a picture of where it hangs.

    The same form again is the same promise; a photo in it is not kept twice.
    """
    case = lock(case)
    at_work(case)
    if way not in PromiseWay.values:
        raise Refusal("请选择公开的方式。", field="way")
    if problem is not None and problem.case_id != case.pk:
        raise Refusal("请选择本对象的问题。", field="problem")
    found = Promise.unscoped.filter(form_key=form_key).first() if form_key else None
    if found is not None:
        return found
    past(posted_on, on, "公开日期", field="posted_on")
    if sane(due_on, field="due_on") < posted_on:
        raise Refusal("完成期限不能早于公开日期。", field="due_on")
    words = text(item, "承诺事项", field="item", longest=200)
    name = text(person, "责任人", field="person", longest=60)
    kept = keep_file(case=case, by=by, upload=photo, field="photo") if photo else None
    made, _ = once(
        Promise,
        form_key,
        lambda: Promise(
            case=case, problem=problem, way=way, item=words, person=name, due_on=due_on,
            posted_on=posted_on, photo=kept, by=by, form_key=form_key,
        ),
    )  # fmt: skip
    return made


@transaction.atomic
def keep_promise(
    *, promise: Promise, by: User | None, kept_on: date, outcome: str, on: date
) -> Promise:
    """兑现: the day, and what came of it. A second arrival changes nothing."""
    lock(promise.case)
    found: Promise = Promise.unscoped.select_for_update().get(pk=promise.pk)
    if found.kept_on is not None:
        return found
    found.outcome = text(outcome, "兑现情况", field="outcome", longest=300)
    found.kept_on = past(kept_on, on, "兑现日期", field="kept_on", since=found.posted_on)
    found.save()
    return found


def still_open(case: Case) -> int:
    """How many problems of a case are not settled on both sides."""
    done = Q(state__in=(ProblemState.CONFIRMED, ProblemState.DISMISSED))
    return Problem.unscoped.filter(case=case).exclude(done).count()
