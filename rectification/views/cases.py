"""Cases: the list behind the figures, a new one, its page, the secretary's page, the queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of
from rectification import services
from rectification.agenda import ABOVE, BRANCH, DISTRICT, next_step, steps, with_progress
from rectification.enums import AT_WORK, INSIDE, RUNNING, State
from rectification.forms.desk import CASE_STATES, FilterForm, NewCaseForm
from rectification.models import Case
from rectification.permissions import may_propose
from rectification.querysets import CaseQuerySet
from rectification.views.facts import facts
from rectification.views.parts import (
    DeskRequest,
    asked_batch,
    batch_of,
    batches,
    case_of,
    cases,
    demand,
    subtree,
)

_SHOWN = 30


def narrowed(request: DeskRequest) -> tuple[CaseQuerySet, FilterForm]:
    """The cases that the filters of the address leave, and the form of the filters."""
    chosen, committees = subtree(request)
    form = FilterForm(
        request.GET, batches=batches(request)[:40], states=CASE_STATES, committees=committees,
        chosen=chosen,
    )  # fmt: skip
    batch, state, rows = asked_batch(request), form.value("state"), cases(request)
    if batch is not None:
        rows = rows.filter(batch=batch)
    if chosen is not None:
        rows = rows.filter(unit__path__startswith=chosen.path)
    if state == "overdue":
        rows = rows.overdue(on=timezone.localdate()).filter(state__in=AT_WORK)
    elif state:
        rows = rows.filter(state__in=_states(state))
    return rows, form


def _states(text: str) -> tuple[State, ...]:
    groups = {"at_work": AT_WORK, "done": (State.CLOSED, State.WATCHED, State.SETTLED)}
    return groups.get(text) or (State[text.upper()],)


@login_required
@require_GET
def case_list(request: DeskRequest) -> HttpResponse:
    """The rows behind every figure about cases."""
    rows, form = narrowed(request)
    on = timezone.localdate()
    shown = page_of(with_progress(rows, on=on), request.GET)
    lines = [
        {
            "case": case,
            "step": next_step(case, on=on),
            "late": case.state in AT_WORK and case.deadline < on,
        }
        for case in shown
    ]
    context = {"page": shown, "lines": lines, "form": form, "query": request.GET.urlencode()}
    return page(request, "rectification/case_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def case_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """拟列: find the organisation, then say why."""
    batch = batch_of(request, uuid)
    demand(bool(request.scope.units_as(*STAFF)))
    reach = Unit.objects.within(*request.scope.units_as(*STAFF)).exclude(
        kind__in=(UnitKind.DISTRICT, UnitKind.GROUP)
    )
    code = request.POST.get("unit") or request.GET.get("unit", "")
    if not code:
        return _choose(request, batch, reach)
    unit = get_object_or_404(reach.select_related("committee"), code=code[:40])
    demand(may_propose(request.scope, unit.path))
    form = NewCaseForm(request.POST if request.method == "POST" else None, batch=batch)
    if request.method == "POST" and form.is_valid():
        made = _proposed(request, batch, unit, form)
        if made is not None:
            return go(request, "rectification:case_detail", made.uuid)
    status = 422 if request.method == "POST" else 200
    context = {"batch": batch, "unit": unit, "form": form}
    return page(request, "rectification/case_form.html", context, status=status)


def _choose(request: DeskRequest, batch: Any, reach: Any) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = list(reach.search(text).select_related("committee").order_by("path")[:_SHOWN])
    context = {"batch": batch, "q": text, "units": found, "more": len(found) == _SHOWN}
    return page(
        request, "rectification/case_unit.html", context, fragment="rectification/_unit_choice.html"
    )


def _proposed(request: DeskRequest, batch: Any, unit: Unit, form: NewCaseForm) -> Case | None:
    try:
        made = services.propose_case(
            batch=batch, unit=unit, by=request.user, on=timezone.localdate(), **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    messages.success(request, "已登记为拟列，等会议研究确定。")
    return made


@login_required
@require_GET
def case_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The whole 台账 of one case, with what happens next."""
    case = case_of(request, uuid)
    return page(request, "rectification/case_detail.html", facts(request, case))


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """The branch's page: what is to be done next, in each of its cases; the phone first."""
    on, roots = timezone.localdate(), request.scope.units_as(Role.SECRETARY)
    found: Any = Case.objects.within(*roots).exclude(state__in=INSIDE)
    lines = []
    for case in with_progress(found, on=on)[:_SHOWN]:
        todo = [step for step in steps(case, on=on) if step.who == BRANCH]
        lines.append(
            {
                "case": case,
                "step": todo[0] if todo else None,
                "rest": todo[1:],
                "waits": next_step(case, on=on),
                "late": case.state in AT_WORK and case.deadline < on,
            }
        )
    return page(request, "rectification/mine.html", {"lines": lines, "today": on})


@login_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """What waits for committee and district, the oldest last day first."""
    roots = request.scope.units_as(*STAFF)
    demand(bool(roots))
    on, sides = timezone.localdate(), {ABOVE}
    if Role.DISTRICT_STAFF in request.scope.roles:
        sides.add(DISTRICT)
    found: Any = Case.objects.within(*roots).exclude(state__in=(State.SETTLED, State.DROPPED))
    lines = [
        {"case": case, "step": step}
        for case in with_progress(found, on=on)[:300]
        for step in steps(case, on=on)
        if step.who in sides and (case.state in RUNNING or step.deed != "inspect")
    ]
    lines.sort(key=lambda line: (line["step"].until is None, line["step"].until or on))
    return page(request, "rectification/queue.html", {"lines": lines, "today": on})
