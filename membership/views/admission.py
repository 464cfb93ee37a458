"""发展党员: the secretary's page, the board, the list, a case, its steps one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import Role
from branches.permissions import STAFF
from core.htmx import go, page
from core.pages import page_of
from membership import permissions as may
from membership import services
from membership.agenda import Station, lines, stations
from membership.book import books, done_of, steps_of
from membership.enums import Actor, Number, Outcome, StepState
from membership.forms.admission import (
    AnswerForm,
    BackForm,
    EndForm,
    FilterForm,
    PersonForm,
    RegisterForm,
    StepForm,
)
from membership.models import Candidate, Step
from membership.overview import board
from membership.querysets import CandidateQuerySet
from membership.rules import Limit, latest
from membership.views.parts import (
    DeskRequest,
    attempt_form,
    branch_of,
    candidate_of,
    candidates,
    demand,
    own_branches,
    step_of,
    subtree,
)

_SHOWN = 60


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """The secretary's page: each candidate with what is next, the most pressing first.

    Who keeps no branch himself is led to the board.
    """
    on, roots = timezone.localdate(), request.scope.units_as(Role.SECRETARY)
    if not roots and request.scope.is_staff:
        return go(request, "membership:board")
    rows: CandidateQuerySet = Candidate.objects.within(*roots).running()
    found = lines(rows.select_related("unit").order_by("-stage", "applied_on")[:_SHOWN], on=on)
    found.sort(key=lambda line: (not line.is_late, line.who != Actor.BRANCH, line.from_day or on))
    return page(
        request, "membership/mine.html", {"lines": found, "today": on, "may_add": bool(roots)}
    )


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Where all candidates stand; leaders see how many, not who."""
    on = timezone.localdate()
    demand(bool(request.scope.units_as(*STAFF, Role.LEADER)))
    context = {
        "board": board(
            named=candidates(request), counted=request.scope.units_as(*STAFF, Role.LEADER), on=on
        ),
        "today": on,
        "names": bool(request.scope.units_as(*STAFF)),
    }
    return page(request, "membership/board.html", context)


def narrowed(request: DeskRequest) -> tuple[CandidateQuerySet, FilterForm]:
    """The candidates that the filters of the address leave, and the form of the filters."""
    chosen, units = subtree(request)
    form = FilterForm(request.GET, units=units, year=timezone.localdate().year)
    rows = candidates(request).standing(form.value("stage")).search(form.value("q"))
    rows = rows.did(form.value("did"), form.value("year"))
    if chosen is not None:
        rows = rows.filter(unit__path__startswith=chosen.path)
    return rows, form


@login_required
@require_GET
def case_list(request: DeskRequest) -> HttpResponse:
    """The rows behind every figure about candidates."""
    rows, form = narrowed(request)
    on = timezone.localdate()
    shown = page_of(rows.select_related("unit").order_by("unit__path", "-stage", "pk"), request.GET)
    context = {
        "page": shown, "lines": lines(shown, on=on), "form": form,
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return page(request, "membership/case_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def register(request: DeskRequest) -> HttpResponse:
    """入党申请书: choose the branch where there are several, then who."""
    unit = branch_of(request)
    if unit is None:
        return choose(request, "membership:register")
    posted = request.POST if request.method == "POST" else None
    form = RegisterForm(posted, on=timezone.localdate())
    if posted is not None and form.is_valid():
        on, data = timezone.localdate(), form.cleaned_data
        made = attempt_form(
            form, lambda: services.register(unit=unit, by=request.user, on=on, **data)
        )
        if made is not None:
            messages.success(request, f"{made.name}的入党申请已登记，请在一个月内派人谈话。")
            return go(request, "membership:case_detail", made.uuid)
    context = {"form": form, "title": "登记入党申请", "unit": unit, "button": "登记"}
    status = 200 if posted is None else 422
    return page(request, "membership/person_form.html", context, status=status)


def choose(request: DeskRequest, to: str) -> HttpResponse:
    """Which branch: a short search, for those who work for many."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    rows: Any = own_branches(request)
    found = list(rows.search(text).select_related("committee")[:_SHOWN])
    demand(bool(found) or bool(text))
    context = {"units": found, "q": text, "to": resolve_url(to)}
    return page(request, "membership/choose_unit.html", context)


@login_required
@require_GET
def case_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The whole way of one case: what was done, what is open, what is still shut."""
    candidate, on = candidate_of(request, uuid), timezone.localdate()
    path = candidate.unit.path
    works, decides = may.may_work(request.scope, path), may.may_decide(request.scope, path)
    line, way = stations(candidate, on=on, works=works, decides=decides)
    context = {
        "candidate": candidate, "line": line, "way": way, "today": on, "works": works,
        "may_answer": decides and line.sent is not None, "next": _next(line.number, way),
        "may_end": works and candidate.stage < 4, "may_edit": works and candidate.is_running
        and candidate.member_id is None, "last_number": _last(way),
        "back_pk": _back(way, request.user.pk, works=works, decides=decides),
    }  # fmt: skip
    return page(request, "membership/case_detail.html", context)


def _next(number: int, way: list[Station]) -> Station | None:
    return next((one for one in way if one.number == number), None)


def _back(way: list[Station], user_id: int, *, works: bool, decides: bool) -> int:
    """The row that the reader may take back: his own last one, or any last one for those above."""
    rows = [row for one in way if one.number == _last(way) for row in one.rows]
    if not rows or rows[-1].number == Number.APPLY:
        return 0
    mine = works and rows[-1].by_id == user_id and rows[-1].decided_by_id is None
    return rows[-1].pk if mine or decides else 0


def _last(way: list[Station]) -> int:
    """The last step that was done: only it may be taken back."""
    return max((one.number for one in way if one.rows), default=0)


@login_required
@require_http_methods(["GET", "POST"])
def case_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Correct who he is."""
    candidate = candidate_of(request, uuid)
    demand(may.may_work(request.scope, candidate.unit.path))
    posted = request.POST if request.method == "POST" else None
    form = PersonForm(posted, candidate=candidate)
    if posted is not None and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "form_key"}
        if attempt_form(form, lambda: services.change_candidate(candidate=candidate, **data)):
            messages.success(request, "已保存。")
            return go(request, "membership:case_detail", uuid)
    context = {"form": form, "title": "修改信息", "unit": candidate.unit, "button": "保存"}
    status = 200 if posted is None else 422
    return page(request, "membership/person_form.html", context, status=status)


# --- Steps -----------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def step(request: DeskRequest, uuid: UUID, number: int) -> HttpResponse:
    """One screen for one step."""
    candidate, on = candidate_of(request, uuid), timezone.localdate()
    limit, is_late = _limit(candidate, number)
    predicate = may.may_decide if limit.actor == Actor.COMMITTEE else may.may_work
    demand(predicate(request.scope, candidate.unit.path))
    posted = request.POST if request.method == "POST" else None
    form = StepForm(posted, candidate=candidate, limit=limit, on=on, is_late=is_late)
    if posted is not None and form.is_valid():
        made = attempt_form(form, lambda: _record(request, candidate, number, form))
        if made is not None:
            _say(request, made, limit)
            return go(request, "membership:case_detail", uuid)
    context = {
        "form": form, "fields": list(form), "candidate": candidate, "limit": limit,
        "is_late": is_late, "sends": number == Number.PROPOSE,
    }  # fmt: skip
    return page(
        request, "membership/step_form.html", context, status=200 if posted is None else 422
    )


def _limit(candidate: Candidate, number: int) -> tuple[Limit, bool]:
    """The step's limits, and whether it is late already; 404 for a number that is none."""
    book = books([candidate.rules_id])[candidate.rules_id]
    if number not in book or number == Number.APPLY:
        raise Http404
    done = done_of(candidate, steps_of([candidate])[candidate.pk])
    last = latest(book, done, number)
    return book[number], last is not None and last < timezone.localdate()


def _record(request: DeskRequest, candidate: Candidate, number: int, form: StepForm) -> Step:
    data = dict(form.cleaned_data)
    key = data.pop("form_key")
    return services.record(
        candidate=candidate, number=number, entry=services.StepEntry(**data), by=request.user,
        on=timezone.localdate(), form_key=key,
    )  # fmt: skip


def _say(request: DeskRequest, made: Step, limit: Limit) -> None:
    if made.state == StepState.SENT:
        messages.success(request, "已报送上级党（工）委，等答复。")
    elif made.outcome == Outcome.BAD:
        messages.warning(request, f"“{limit.name}”已登记：{made.outcome_label}。")
    else:
        messages.success(request, f"“{limit.name}”已登记。")


@login_required
@require_http_methods(["GET", "POST"])
def step_answer(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The committee answers what the branch sent."""
    row, on = step_of(request, uuid), timezone.localdate()
    demand(may.may_decide(request.scope, row.candidate.unit.path))
    form = AnswerForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {**data, "agree": data["agree"] == "yes", "by": request.user, "on": on}
        if attempt_form(form, lambda: services.decide(step=row, **given)):
            messages.success(request, "已答复，支部可以看到。")
            return go(request, "membership:case_detail", row.candidate.uuid)
    return _small(request, row.candidate, form, "答复支部的报送", "答复", "checks")


@login_required
@require_http_methods(["GET", "POST"])
def step_back(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take back what was entered by mistake."""
    row = step_of(request, uuid)
    path = row.candidate.unit.path
    mine = may.may_decide if row.decided_by_id or row.by_id != request.user.pk else may.may_work
    demand(mine(request.scope, path))
    form = BackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, **form.cleaned_data}
        if attempt_form(form, lambda: services.take_back(step=row, **given)):
            messages.success(request, "已撤销，原来的登记留在历史里。")
            return go(request, "membership:case_detail", row.candidate.uuid)
    return _small(request, row.candidate, form, "撤销登记错的一步", "撤销", "arrow-back-up")


@login_required
@require_http_methods(["GET", "POST"])
def case_end(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """终止."""
    candidate = candidate_of(request, uuid)
    demand(may.may_work(request.scope, candidate.unit.path))
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "on": timezone.localdate(), **form.cleaned_data}
        if attempt_form(form, lambda: services.end(candidate=candidate, **given)):
            messages.success(request, "已终止，档案保留。")
            return go(request, "membership:case_detail", uuid)
    return _small(request, candidate, form, "终止发展", "终止", "ban")


def _small(
    request: DeskRequest, candidate: Candidate, form: Any, title: str, button: str, icon: str
) -> HttpResponse:
    """A short form about a case."""
    context = {
        "form": form, "fields": list(form), "candidate": candidate, "title": title,
        "button": button, "icon": icon,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "membership/small_form.html", context, status=status)
