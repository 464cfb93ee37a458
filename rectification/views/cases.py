"""Cases: the list behind the figures, a new one, its page, the secretary's page, the queue."""

from __future__ import annotations

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
from branches.querysets import UnitQuerySet
from core.htmx import go, page
from core.pages import page_of
from rectification import services
from rectification.agenda import ABOVE, BRANCH, DISTRICT, lines, waiting, with_progress
from rectification.case_facts import case_facts
from rectification.enums import INSIDE, State
from rectification.forms.desk import CASE_STATES, FilterForm, NewCaseForm
from rectification.models import Batch, Case
from rectification.permissions import may_propose
from rectification.querysets import CaseQuerySet
from rectification.views.parts import DeskRequest, asked, attempt_form, batch_of, cases, demand

# No case is opened against these.
_NEVER = (UnitKind.DISTRICT, UnitKind.GROUP)
_SHOWN = 30
_MOST_WAITING = 300


def narrowed(request: DeskRequest) -> tuple[CaseQuerySet, FilterForm]:
    """The cases that the filters of the address leave, and the form of the filters."""
    want = asked(request, states=CASE_STATES)
    rows = want.narrow(cases(request))
    return rows.standing(want.form.value("state"), on=timezone.localdate()), want.form


@login_required
@require_GET
def case_list(request: DeskRequest) -> HttpResponse:
    """The rows behind every figure about cases."""
    rows, form = narrowed(request)
    on = timezone.localdate()
    shown = page_of(with_progress(rows, on=on), request.GET)
    context = {
        "page": shown,
        "lines": lines(shown, on=on),
        "form": form,
        "query": request.GET.urlencode(),
    }
    return page(request, "rectification/case_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def case_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """拟列: find the organisation, then say why."""
    batch = batch_of(request, uuid)
    demand(bool(request.scope.units_as(*STAFF)))
    reach = Unit.objects.within(*request.scope.units_as(*STAFF)).exclude(kind__in=_NEVER)
    code = request.POST.get("unit") or request.GET.get("unit", "")
    if not code:
        return _choose(request, batch, reach)
    unit = get_object_or_404(reach.select_related("committee"), code=code[:40])
    demand(may_propose(request.scope, unit.path))
    return _propose(request, batch, unit)


def _choose(request: DeskRequest, batch: Batch, reach: UnitQuerySet) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = list(reach.search(text).select_related("committee").order_by("path")[:_SHOWN])
    context = {"batch": batch, "q": text, "units": found, "more": len(found) == _SHOWN}
    return page(
        request, "rectification/case_unit.html", context, fragment="rectification/_unit_choice.html"
    )


def _propose(request: DeskRequest, batch: Batch, unit: Unit) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = NewCaseForm(posted, batch=batch)
    if posted is not None and form.is_valid():
        given = form.cleaned_data | {"batch": batch, "unit": unit, "by": request.user}
        on = timezone.localdate()
        made = attempt_form(form, lambda: services.propose_case(on=on, **given))
        if made is not None:
            messages.success(request, "已登记为拟列，等会议研究确定。")
            return go(request, "rectification:case_detail", made.uuid)
    context = {"batch": batch, "unit": unit, "form": form}
    status = 200 if posted is None else 422
    return page(request, "rectification/case_form.html", context, status=status)


@login_required
@require_GET
def case_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The whole 台账 of one case, with what happens next."""
    on = timezone.localdate()
    case = get_object_or_404(with_progress(cases(request), on=on), uuid=uuid)
    context = case_facts(case, scope=request.scope, user_id=request.user.pk, on=on)
    return page(request, "rectification/case_detail.html", context)


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """The branch's page: what is to be done next, in each of its cases; the phone first."""
    on, roots = timezone.localdate(), request.scope.units_as(Role.SECRETARY)
    own: CaseQuerySet = Case.objects.within(*roots).exclude(state__in=INSIDE)
    shown = lines(with_progress(own, on=on)[:_SHOWN], on=on, who=BRANCH)
    return page(request, "rectification/mine.html", {"lines": shown, "today": on})


@login_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """What waits for committee and district, the oldest last day first."""
    on, roots = timezone.localdate(), request.scope.units_as(*STAFF)
    demand(bool(roots))
    sides = {ABOVE, DISTRICT} if Role.DISTRICT_STAFF in request.scope.roles else {ABOVE}
    below: CaseQuerySet = Case.objects.within(*roots).exclude(
        state__in=(State.SETTLED, State.DROPPED)
    )
    shown = waiting(with_progress(below, on=on)[:_MOST_WAITING], on=on, sides=sides)
    return page(request, "rectification/queue.html", {"lines": shown, "today": on})
