"""换届总览, and the terms behind its figures."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.enums import Role
from core.downloads import workbook_download
from core.htmx import page
from core.pages import Page, page_of
from elections.forms.desk import WINDOWS
from elections.overview import overview
from elections.permissions import may_prepare
from elections.sheets import term_sheet
from elections.standing import running_terms, state_words, window_bounds
from elections.views.parts import DeskRequest, filters, waves


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Terms that end and are overdue, by committee; elections by step; the waves."""
    on = timezone.localdate()
    context = {
        "board": overview(units=request.scope.units, on=on),
        "waves": list(waves(request)[:10]),
        "may_keep": bool(request.scope.units_as(Role.DISTRICT_STAFF)),
        "today": on,
    }
    return page(request, "elections/board.html", context)


def _narrowed(request: DeskRequest) -> tuple[Any, Any]:
    on = timezone.localdate()
    form, chosen = filters(request, "届满", WINDOWS)
    rows = running_terms(*((chosen,) if chosen else request.scope.units), on=on)
    rows = rows.filter(**window_bounds(form.value("window"), on=on))
    return rows.select_related("unit", "unit__committee").order_by("ends_on", "unit__path"), form


@login_required
@require_GET
def term_list(request: DeskRequest) -> HttpResponse:
    """The terms behind every figure, the first to end first."""
    on = timezone.localdate()
    rows, form = _narrowed(request)
    shown: Page[Any] = page_of(rows, request.GET)
    context = {
        "page": shown, "form": form, "today": on, "query": request.GET.urlencode(),
        "lines": [
            (term, state_words(term, on=on), may_prepare(request.scope, term.unit.path))
            for term in shown
        ],
    }  # fmt: skip
    return page(request, "elections/term_list.html", context)


@login_required
@require_GET
def term_export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as a workbook."""
    rows, _ = _narrowed(request)
    on = timezone.localdate()
    return workbook_download(
        term_sheet(rows, on=on, by=request.user.name), f"届次一览{on:%Y%m%d}.xlsx"
    )
