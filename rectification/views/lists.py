"""The rows behind the figures: problems, reports, numbers; and a case or a list taken away."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.downloads import workbook_download
from core.htmx import page
from core.pages import Page, page_of
from rectification.enums import FIGURE_UNITS, PROBLEM_SLUGS, FigureKind
from rectification.forms.desk import PROBLEM_STATES, REPORT_STATES, FigureFilterForm, FilterForm
from rectification.models import FigureEntry, Problem
from rectification.overview import figures, report_rows
from rectification.permissions import may_work
from rectification.sheets import ledger
from rectification.views.cases import narrowed
from rectification.views.parts import DeskRequest, asked_batch, batches, cases, subtree, through


@login_required
@require_GET
def problems(request: DeskRequest) -> HttpResponse:
    """Problems of all cases in reach, the most pressing first."""
    chosen, committees = subtree(request)
    form = FilterForm(
        request.GET, batches=batches(request)[:40], states=PROBLEM_STATES, committees=committees,
        chosen=chosen,
    )  # fmt: skip
    rows, batch, state = through(request, Problem), asked_batch(request), form.value("state")
    if batch is not None:
        rows = rows.filter(case__batch=batch)
    if chosen is not None:
        rows = rows.filter(case__unit__path__startswith=chosen.path)
    if state in ("open", "overdue"):
        rows = rows.open() if state == "open" else rows.overdue(on=timezone.localdate())
    elif state:
        number = next(int(key) for key, slug in PROBLEM_SLUGS.items() if slug == state)
        rows = rows.filter(state=number)
    shown: Page[Problem] = page_of(
        rows.select_related("case__unit", "case__batch").order_by("state", "due_on", "pk"),
        request.GET,
    )
    context = {"page": shown, "form": form, "today": timezone.localdate()}
    return page(request, "rectification/problem_list.html", context)


@login_required
@require_GET
def reports(request: DeskRequest) -> HttpResponse:
    """Who owes which report, who has filed it and when."""
    chosen, committees = subtree(request)
    form = FilterForm(
        request.GET, batches=batches(request)[:40], states=REPORT_STATES, committees=committees,
        chosen=chosen,
    )  # fmt: skip
    batch, known = asked_batch(request), cases(request)
    if chosen is not None:
        known = known.filter(unit__path__startswith=chosen.path)
    rows = report_rows(cases=known, batch=batch, on=timezone.localdate(), state=form.value("state"))
    context = {"page": page_of(rows, request.GET), "form": form}
    return page(request, "rectification/report_list.html", context)


@login_required
@require_GET
def numbers(request: DeskRequest) -> HttpResponse:
    """The entries that the sums are made of, struck out ones shown as such."""
    chosen, committees = subtree(request)
    form = FigureFilterForm(
        request.GET, batches=batches(request)[:40], states=[], committees=committees, chosen=chosen
    )
    rows, batch, kind = through(request, FigureEntry), asked_batch(request), form.value("kind")
    if batch is not None:
        rows = rows.filter(case__batch=batch)
    if chosen is not None:
        rows = rows.filter(case__unit__path__startswith=chosen.path)
    if kind:
        rows = rows.filter(kind=kind)
    shown: Page[FigureEntry] = page_of(
        rows.select_related("case__unit", "case__batch", "by").order_by("-day", "-pk"), request.GET
    )
    units = (chosen,) if chosen is not None else request.scope.units
    lines = [
        {
            "entry": entry,
            "measure": FIGURE_UNITS[entry.kind],
            "may_void": not entry.is_void and may_work(request.scope, entry.case.unit.path),
        }
        for entry in shown
    ]
    sums = figures(batch=batch, units=units)
    label = dict(FigureKind.choices).get(kind, "")
    context = {"page": shown, "lines": lines, "form": form, "sums": sums, "kind": label}
    return page(request, "rectification/figure_list.html", context)


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """整顿台账 of the cases on the list, as a workbook."""
    rows, _ = narrowed(request)
    cover = {
        "内容": "后进社区整顿台账",
        "导出人": request.user.name,
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M}",
    }
    name = f"整顿台账{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_download(ledger(rows, on=timezone.localdate(), cover=cover), name)
