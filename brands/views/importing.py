"""Brands from a workbook: upload, every fault or a preview, then writing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.permissions import STAFF
from brands import importing
from brands.forms.brand import UploadForm
from brands.sheets import COLUMNS
from brands.views.parts import DeskRequest, demand, sent, sheet, this_year
from core.errors import Refusal
from core.htmx import go, page


@login_required
@require_http_methods(["GET", "POST"])
def start(request: DeskRequest) -> HttpResponse:
    """Choose a file; see its faults, or what would be written."""
    demand(bool(request.scope.units_as(*STAFF)))
    form = UploadForm(*sent(request))
    plan = importing.check(form.data_read, scope=request.scope) if form.is_valid() else None
    good = plan is not None and not plan.faults
    context = {
        "form": form,
        "plan": plan,
        "ticket": importing.ticket(plan, request.user) if plan and good else "",
        "columns": COLUMNS,
        "year": this_year(),
    }
    status = 422 if form.is_bound and not good else 200
    return page(request, "brands/brand_import.html", context, status=status)


@login_required
@require_GET
def template(request: DeskRequest) -> StreamingHttpResponse:
    """An empty sheet with the right headings."""
    return sheet(request, "党建品牌导入模板", [column.title for column in COLUMNS], [])


@login_required
@require_POST
def confirm(request: DeskRequest) -> HttpResponse:
    """Write what the preview showed."""
    demand(bool(request.scope.units_as(*STAFF)))
    try:
        many = importing.commit(
            text=request.POST.get("ticket", ""), by=request.user, scope=request.scope,
            year=this_year(), on=timezone.localdate(),
        )  # fmt: skip
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, "brands:brand_import")
    messages.success(request, f"已写入 {many} 个品牌，都在“选题”环节。")
    return go(request, "brands:brand_list")
