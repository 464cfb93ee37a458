"""Elections: the list, a new one, its page, the secretary's page, the queue."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import BRANCH_KINDS, Role, UnitKind
from branches.models import CommitteeTerm, Unit
from branches.permissions import STAFF
from core.downloads import workbook_download
from core.htmx import go, page
from core.pages import Page, page_of
from elections import services
from elections.agenda import lines, with_last_day
from elections.cards import cards
from elections.election_facts import election_facts
from elections.enums import OVER
from elections.forms.desk import STATES, ShiftForm
from elections.forms.steps import PlanningForm
from elections.models import Election
from elections.permissions import may_prepare
from elections.roster import voters
from elections.settings import seats_span, shown_limits, years_of
from elections.sheets import election_sheet
from elections.views.parts import (
    DeskRequest,
    attempt_form,
    demand,
    election_of,
    elections,
    filters,
    unit_of,
)
from elections.waiting import shifts_above, waiting_above


@login_required
@require_GET
def election(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One election: where it stands, what happens next, what is on record."""
    found = election_of(request, uuid)
    context = election_facts(
        found, scope=request.scope, user_id=request.user.pk, on=timezone.localdate()
    )
    return page(request, "elections/election.html", context)


def narrowed(request: DeskRequest) -> tuple[Any, Any]:
    """The elections that the filters of the address leave, and their form."""
    form, chosen = filters(request, "进度", STATES)
    rows = elections(request).standing(form.value("window"))
    if chosen is not None:
        rows = rows.filter(unit__path__startswith=chosen.path)
    return with_last_day(rows).order_by("unit__path", "-pk"), form


@login_required
@require_GET
def election_list(request: DeskRequest) -> HttpResponse:
    """The rows behind every figure about elections."""
    rows, form = narrowed(request)
    shown: Page[Any] = page_of(rows, request.GET)
    context = {
        "page": shown, "lines": lines(shown, on=timezone.localdate()), "form": form,
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return page(request, "elections/election_list.html", context)


@login_required
@require_GET
def election_export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as a workbook."""
    rows, _ = narrowed(request)
    on = timezone.localdate()
    return workbook_download(
        election_sheet(rows, on=on, by=request.user.name), f"换届进度{on:%Y%m%d}.xlsx"
    )


def _running_term(unit: Unit) -> CommitteeTerm | None:
    return CommitteeTerm.objects.within(unit).filter(unit=unit, ended_on=None).first()


def _first(unit: Unit, on: date) -> dict[str, Any]:
    """What a new election begins with: by the roster and the rules."""
    limits = shown_limits(on)
    people = voters(unit, on=on).count()
    term = _running_term(unit)
    with_committee = unit.kind not in BRANCH_KINDS or people >= limits.committee_from
    return {
        "begun_on": on,
        "planned_on": term.due_on if term and term.due_on > on else on,
        "with_committee": with_committee,
        "seats": (term.seats if term else 0) or seats_span(unit, limits)[0],
    }


@login_required
@require_http_methods(["GET", "POST"])
def election_new(request: DeskRequest, code: str) -> HttpResponse:
    """筹备换届 of one organisation."""
    unit, on = unit_of(request, code), timezone.localdate()
    demand(may_prepare(request.scope, unit.path))
    posted = request.POST if request.method == "POST" else None
    by_delegates = unit.kind == UnitKind.COMMITTEE
    form = PlanningForm(posted, first=_first(unit, on), delegates=by_delegates)
    if posted is not None and form.is_valid():
        given = {"delegates": 0} | form.cleaned_data | {"unit": unit, "by": request.user, "on": on}
        made = attempt_form(form, lambda: services.open_election(**given))
        if made is not None:
            messages.success(request, "已开始筹备，接着向上级请示。")
            return go(request, "elections:election", made.uuid)
    return _with_roster(request, unit, form, on, 200 if posted is None else 422)


def _with_roster(
    request: DeskRequest, unit: Unit, form: PlanningForm, on: date, status: int
) -> HttpResponse:
    limits = shown_limits(on)
    context = {
        "unit": unit, "form": form, "years": years_of(unit, limits),
        "people": voters(unit, on=on).count(), "from": limits.committee_from,
    }  # fmt: skip
    return page(request, "elections/election_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def shift_new(request: DeskRequest, code: str) -> HttpResponse:
    """申请提前或延期."""
    unit, on = unit_of(request, code), timezone.localdate()
    demand(may_prepare(request.scope, unit.path))
    posted = request.POST if request.method == "POST" else None
    form = ShiftForm(posted)
    if posted is not None and form.is_valid():
        given = form.cleaned_data | {"unit": unit, "by": request.user, "on": on}
        if attempt_form(form, lambda: services.propose_shift(**given)) is not None:
            messages.success(request, "申请已报送，等上级批准。")
            return go(request, "elections:mine")
    context = {"unit": unit, "form": form, "term": _running_term(unit)}
    status = 200 if posted is None else 422
    return page(request, "elections/shift_form.html", context, status=status)


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """The secretary's page: his term, what happens next, one main button; the phone first."""
    on, roots = timezone.localdate(), request.scope.units_as(Role.SECRETARY)
    past: Any = Election.objects.within(*roots).filter(state__in=OVER)
    context = {
        "cards": cards(roots, on=on),
        "past": list(with_last_day(past).order_by("-pk")[:10]),
        "today": on,
    }
    return page(request, "elections/mine.html", context)


@login_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """What waits for an answer from the asker's side: 请示, 候选人, 结果, 提前和延期."""
    demand(bool(request.scope.units_as(*STAFF)))
    on = timezone.localdate()
    context = {
        "lines": lines(waiting_above(request.scope), on=on),
        "shifts": shifts_above(request.scope),
        "today": on,
        "me": request.user.pk,
    }
    return page(request, "elections/queue.html", context)
