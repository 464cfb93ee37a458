"""The list of runs, one run with its ranking, starting and publishing, the workbook."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assessment import appealing, reading, services
from assessment.changes import Changes
from assessment.enums import RunState
from assessment.forms import RankingForm, StartForm
from assessment.models import Run
from assessment.permissions import may_run
from assessment.sheets import workbook
from assessment.views.parts import DeskRequest, attempt, bar, demand, run_of, work_of
from core.dates import Period
from core.downloads import workbook_download
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """The runs in reach by quarter, and the picker for a new one."""
    return _list(request, _start_form(request))


def _list(request: DeskRequest, form: StartForm | None, status: int = 200) -> HttpResponse:
    found = page_of(
        reading.runs_for(request.scope).order_by("-period_end", "-version"), request.GET
    )
    quarters = [
        {"name": Period.parse(label).name, "runs": [reading.shown(run) for run in runs]}
        for label, runs in groupby(found, key=lambda run: run.period)
    ]
    context = {"quarters": quarters, "page": found, "form": form}
    return page(request, "assessment/run_list.html", context, status=status)


def _start_form(request: DeskRequest) -> StartForm | None:
    districts = reading.districts_to_run(request.scope)
    if not districts:
        return None
    return StartForm(request.POST or None, on=timezone.localdate(), districts=districts)


@login_required
@require_POST
def start(request: DeskRequest) -> HttpResponse:
    """Start a quarter's run, or join the one that is being computed."""
    form = _start_form(request)
    if form is None:
        raise PermissionDenied
    if not form.is_valid():
        return _list(request, form, status=422)
    district, quarter = form.chosen
    try:
        run, _ = services.start_run(unit=district, period=quarter, by=request.user)
    except Refusal as refusal:
        form.add_error("period", refusal.message)
        return _list(request, form, status=refusal.status)
    return go(request, "assessment:run_detail", run.uuid)


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """A run's ranking with its figures; while it is computed, its progress."""
    run = run_of(request, uuid)
    if run.state == RunState.COMPUTING:
        return _computing(request, run)
    rows, lines, form = _ranking(request, run)
    shown = page_of(reading.narrowed(rows, form), request.GET)
    context = {
        **reading.head(request.scope, run),
        **reading.figures(run, rows, lines),
        **reading.places(request.scope, run, shown),
        "form": form,
        "page": shown,
        "changes": Changes(run, request.scope).counts(),
    }
    return page(request, "assessment/run_detail.html", context)


def _ranking(request: DeskRequest, run: Run) -> tuple[Any, list[reading.CommitteeLine], Any]:
    rows = reading.rows_for(request.scope, run)
    lines = reading.committees(rows, run)
    choices = sorted((line.code, line.name) for line in lines if line.code)
    return rows, lines, RankingForm(request.GET, committees=choices)


def _computing(request: DeskRequest, run: Run) -> HttpResponse:
    context = {
        **reading.head(request.scope, run),
        **work_of(services.job_of(run)),
        "poll_url": _bar_of(run),
    }
    return page(request, "assessment/run_computing.html", context)


def _bar_of(run: Run) -> str:
    return reverse("assessment:run_progress", args=[run.uuid])


@login_required
@require_GET
def progress(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The bar; when the work is over the page is loaded anew."""
    run = run_of(request, uuid)
    is_over = run.state != RunState.COMPUTING
    return bar(request, services.job_of(run), _bar_of(run), is_over=is_over)


@login_required
@require_POST
def publish(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Publish a computed run; what was published before stays as an older version."""
    run = run_of(request, uuid)
    demand(may_run(request.scope, run.unit.path))
    told = "已发布，各支部现在可以看到自己的得分和名次。"
    attempt(request, lambda: services.publish(run=run, by=request.user), told)
    return go(request, "assessment:run_detail", run.uuid)


@login_required
@require_GET
def differences(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """What changed from the version before."""
    run = run_of(request, uuid)
    older = reading.version_before(request.scope, run)
    if older is None or run.state == RunState.COMPUTING:
        raise Http404
    changed = services.differences(new=run, old=older, within=request.scope.units)
    ids = [row.unit_id for row in changed]
    upheld = appealing.upheld_between(request.scope, older, run, ids)
    lines = [{"row": row, "appeals": upheld.get(row.unit_id, [])} for row in changed]
    context = {**reading.head(request.scope, run), "lines": lines, "limit": 1000}
    return page(request, "assessment/run_differences.html", context)


@login_required
@require_GET
def changes(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """What happened after this version's data, in pages; ``?what=`` is one kind of it."""
    run = run_of(request, uuid)
    if run.state == RunState.COMPUTING:
        raise Http404
    found, what = Changes(run, request.scope), request.GET.get("what", "")
    context = {
        **reading.head(request.scope, run),
        "counts": found.counts(),
        "what": what if what in found.words else "",
        "page": page_of(found.of(what), request.GET),  # type: ignore[arg-type]
    }
    return page(request, "assessment/run_changes.html", context)


@login_required
@require_GET
def export(request: DeskRequest, uuid: UUID) -> StreamingHttpResponse:
    """The ranking as filtered on the page, as a workbook, streamed."""
    run = run_of(request, uuid)
    rows, _, form = _ranking(request, run)
    asked = {name: form.asked(name) for name in form.fields}
    pieces = workbook(reading.narrowed(rows, form), run=run, by=request.user.name, asked=asked)
    return workbook_download(pieces, f"{run.unit}{run.period}考核第{run.version}版.xlsx")
