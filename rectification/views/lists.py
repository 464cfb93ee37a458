"""The rows behind the figures: problems, reports, numbers; and a case or a list taken away."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.downloads import workbook_download
from core.htmx import page
from core.pages import Page, page_of
from rectification.enums import FigureKind
from rectification.forms.desk import PROBLEM_STATES, REPORT_STATES, FigureFilterForm
from rectification.lists import entry_lines, problem_lines, report_rows
from rectification.models import FigureEntry, Problem
from rectification.overview import figures
from rectification.sheets import ledger
from rectification.views.cases import narrowed
from rectification.views.parts import DeskRequest, asked, cases, through


@login_required
@require_GET
def problems(request: DeskRequest) -> HttpResponse:
    """Problems of all cases in reach, the most pressing first."""
    on, want = timezone.localdate(), asked(request, states=PROBLEM_STATES)
    rows = want.narrow(through(request, Problem)).standing(want.form.value("state"), on=on)
    shown: Page[Problem] = page_of(
        rows.select_related("case__unit", "case__batch").order_by("state", "due_on", "pk"),
        request.GET,
    )
    context = {"page": shown, "lines": problem_lines(shown, on=on), "form": want.form}
    return page(request, "rectification/problem_list.html", context)


@login_required
@require_GET
def reports(request: DeskRequest) -> HttpResponse:
    """Who owes which report, who has filed it and when."""
    want = asked(request, states=REPORT_STATES)
    known, state = want.narrow(cases(request)), want.form.value("state")
    rows = report_rows(cases=known, on=timezone.localdate(), state=state)
    context = {"page": page_of(rows, request.GET), "form": want.form}
    return page(request, "rectification/report_list.html", context)


@login_required
@require_GET
def numbers(request: DeskRequest) -> HttpResponse:
    """The entries that the sums are made of, struck out ones shown as such."""
    want = asked(request, form=FigureFilterForm)
    rows, kind = want.narrow(through(request, FigureEntry)), want.form.value("kind")
    if kind:
        rows = rows.filter(kind=kind)
    shown: Page[FigureEntry] = page_of(
        rows.select_related("case__unit", "case__batch", "by").order_by("-day", "-pk"), request.GET
    )
    context = {
        "page": shown,
        "lines": entry_lines(shown, scope=request.scope),
        "form": want.form,
        "sums": figures(batch=want.batch, units=want.below or request.scope.units),
        "kind": dict(FigureKind.choices).get(kind, ""),
    }
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
