"""问题清单 from a workbook: every fault on one page, or all rows written."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.downloads import workbook_download
from core.htmx import go, page
from core.workbooks import stream_rows
from rectification import services
from rectification.forms.desk import ImportForm
from rectification.imports import COLUMNS, Plan, read_problems
from rectification.models import Case
from rectification.permissions import may_work
from rectification.views.parts import DeskRequest, attempt_form, case_of, demand

_MOST = 5 * 1024 * 1024


@login_required
@require_http_methods(["GET", "POST"])
def problems(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Choose a file; what is wrong in it is listed, what is right is written at once."""
    case = case_of(request, uuid)
    demand(may_work(request.scope, case.unit.path))
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    plan = _plan(form, case) if posted and form.is_valid() else Plan()
    if plan.is_ready and _written(request, case, plan, form):
        return go(request, f"{resolve_url('rectification:case_detail', uuid)}#problems")
    context = {"case": case, "form": form, "faults": plan.faults, "columns": COLUMNS}
    status = 422 if posted else 200
    return page(request, "rectification/import.html", context, status=status)


def _plan(form: ImportForm, case: Case) -> Plan:
    upload = form.cleaned_data["file"]
    if upload.size > _MOST:
        form.add_error("file", "文件超过 5 MB，请只留问题清单一张表。")
        return Plan()
    plan = read_problems(upload.read(), case_uuid=case.uuid, on=timezone.localdate())
    if not plan.rows and not plan.faults:
        form.add_error("file", "表里没有问题，请从第二行起一行写一个。")
    return plan


def _written(request: DeskRequest, case: Case, plan: Plan, form: ImportForm) -> bool:
    on = timezone.localdate()
    found = attempt_form(
        form, lambda: services.collect_all(case=case, by=request.user, rows=plan.rows, on=on)
    )
    if found is None:
        return False
    messages.success(request, f"已登记 {len(plan.rows)} 个问题；以前登记过的不重复登记。")
    return True


@login_required
@require_GET
def template(request: DeskRequest, uuid: UUID) -> StreamingHttpResponse:
    """An empty sheet with the right headings."""
    case_of(request, uuid)
    head = [column.title for column in COLUMNS]
    lines = [["3 号楼前路灯不亮", "入户走访", f"{timezone.localdate():%Y-%m-%d}"]]
    return workbook_download(stream_rows(head, lines, sheet="问题清单"), "问题清单模板.xlsx")
