"""干部名册 from a workbook: every fault on one page, or all rows written."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from cadres import services
from cadres.forms.files import ImportForm
from cadres.imports import COLUMNS, Plan, read_cadres, write_cadres
from cadres.rules.screen import refused_name
from cadres.views.door import DeskRequest, attempt_form, is_fresh, reach, sign_in_again
from core.downloads import workbook_download
from core.htmx import form_page, go
from core.workbooks import stream_rows

_MOST = 5 * 1024 * 1024
_EXAMPLE = ("王明", "男", "990101001000", "乡科级副职", "1985-03-12")


@require_http_methods(["GET", "POST"])
def cadres(request: DeskRequest) -> HttpResponse:
    """Choose a file; what is wrong in it is listed, what is right is written at once."""
    if not is_fresh(request):
        return sign_in_again(request)
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    plan = _plan(request, form) if posted and form.is_valid() else Plan()
    if plan.is_ready and attempt_form(form, lambda: _written(request, plan)) is not None:
        return go(request, "cadres:roster")
    context = {"form": form, "faults": plan.faults, "columns": COLUMNS}
    return form_page(request, "cadres/import.html", context)


def _plan(request: DeskRequest, form: ImportForm) -> Plan:
    upload = form.cleaned_data["file"]
    fault = refused_name(upload.name)
    if fault or upload.size > _MOST:
        form.add_error("file", fault or "文件超过 5 MB，请只留干部名册一张表。")
        return Plan()
    plan = read_cadres(upload.read(), reach=reach(request))
    if not plan.rows and not plan.faults:
        form.add_error("file", "表里没有干部，请从第二行起一行写一人。")
    return plan


def _written(request: DeskRequest, plan: Plan) -> int:
    with transaction.atomic():
        made = write_cadres(rows=plan.rows, by=request.user, reach=reach(request))
        services.declare(unit=reach(request)[0], by=request.user, what="导入干部名册")
    messages.success(
        request, f"新建 {made} 份档案；已经建档的 {len(plan.rows) - made} 人没有改动。"
    )
    return made


@require_GET
def template(request: DeskRequest) -> StreamingHttpResponse:
    """An empty sheet with the right headings and an invented example."""
    head = [column.title for column in COLUMNS]
    line = [*_EXAMPLE, *[""] * (len(head) - len(_EXAMPLE))]
    return workbook_download(stream_rows(head, [line], sheet="干部名册"), "干部名册模板.xlsx")
