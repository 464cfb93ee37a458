"""联系点 from a workbook: every fault on one page, or all rows written."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.permissions import STAFF
from branches.views.parts import DeskRequest, attempt_form, demand
from core.downloads import workbook_download
from core.htmx import go, page
from core.workbooks import stream_rows
from support.forms.contacts import ImportForm
from support.imports import COLUMNS, Plan, read_links, write_links

_MOST = 5 * 1024 * 1024


@login_required
@require_http_methods(["GET", "POST"])
def contacts(request: DeskRequest) -> HttpResponse:
    """Choose a file; what is wrong in it is listed, what is right is written at once."""
    demand(bool(request.scope.units_as(*STAFF)))
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    plan = _plan(request, form) if posted and form.is_valid() else Plan()
    if plan.is_ready and _written(request, plan, form):
        return go(request, "support:contact_list")
    context = {"form": form, "faults": plan.faults, "columns": COLUMNS}
    return page(request, "support/import.html", context, status=422 if posted else 200)


def _plan(request: DeskRequest, form: ImportForm) -> Plan:
    upload = form.cleaned_data["file"]
    if upload.size > _MOST:
        form.add_error("file", "文件超过 5 MB，请只留联系点一张表。")
        return Plan()
    plan = read_links(upload.read(), reach=request.scope.units_as(*STAFF))
    if not plan.rows and not plan.faults:
        form.add_error("file", "表里没有联系点，请从第二行起一行写一个。")
    return plan


def _written(request: DeskRequest, plan: Plan, form: ImportForm) -> bool:
    on = timezone.localdate()
    count = attempt_form(form, lambda: write_links(plan.rows, by=request.user, on=on))
    if count is None:
        return False
    messages.success(request, f"已登记 {count} 个联系点；以前登记过的不重复登记。")
    return True


@login_required
@require_GET
def template(request: DeskRequest) -> StreamingHttpResponse:
    """An empty sheet with the right headings."""
    head = [column.title for column in COLUMNS]
    lines = [["例：李文", "区委常委", "写全称或代码", "区级", "写全称或代码", "2026-01-05"]]
    return workbook_download(stream_rows(head, lines, sheet="联系点"), "联系点模板.xlsx")
