"""What is taken away, and what is brought: Word papers, workbooks out and in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import DisclosureKind
from branches.models import Disclosure, Unit
from branches.views.parts import sheet
from core.downloads import file_download, workbook_download
from core.htmx import go, page
from core.papers import DOCX_TYPE
from core.workbooks import stream_rows
from membership import services
from membership.enums import Way
from membership.forms.transfers import ImportForm
from membership.imports import COLUMNS, Plan, example, read_letters
from membership.papers import letter_paper, notice_paper, record_paper
from membership.permissions import SEE_NAMES
from membership.sheets import CASE_HEAD, TRANSFER_HEAD, case_rows, transfer_rows
from membership.views import admission, transfers
from membership.views.parts import (
    DeskRequest,
    attempt_form,
    candidate_of,
    demand,
    own_branches,
    transfer_of,
)

_MOST = 5 * 1024 * 1024


def _noted(request: DeskRequest, what: str) -> None:
    """Personal data that leaves the desk is noted."""
    Disclosure.unscoped.create(by=request.user, kind=DisclosureKind.EXPORTED, what=what)


def _asked(form: Form) -> str:
    """The filters in words, for the cover."""
    form.is_valid()
    parts = []
    for name, field in form.fields.items():
        value = str(form.cleaned_data.get(name) or "")
        known = dict(getattr(field, "choices", ()))
        if value:
            parts.append(f"{field.label}：{known.get(value, value)}")
    return "；".join(parts)


@login_required
@require_POST
def export_cases(request: DeskRequest) -> StreamingHttpResponse:
    """The filtered list, numbers masked; that it was taken out is noted."""
    rows, form = admission.narrowed(request)
    _noted(request, "发展党员名册（号码已遮挡）")
    lines = case_rows(rows, on=timezone.localdate())
    return sheet(request, "发展党员名册", CASE_HEAD, lines, _asked(form))


@login_required
@require_POST
def export_transfers(request: DeskRequest) -> StreamingHttpResponse:
    """The filtered list of transfers; that it was taken out is noted."""
    rows, form = transfers.narrowed(request)
    _noted(request, "组织关系转接台账（无证件号码）")
    return sheet(request, "组织关系转接台账", TRANSFER_HEAD, transfer_rows(rows), _asked(form))


@login_required
@require_GET
def record(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """全程纪实表."""
    candidate = candidate_of(request, uuid)
    name = f"{candidate.name}发展党员全程纪实表.docx"
    return file_download(record_paper(candidate), name, DOCX_TYPE)


@login_required
@require_GET
def notice(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """公示 to be hung up."""
    candidate = candidate_of(request, uuid)
    paper = notice_paper(candidate, on=timezone.localdate())
    return file_download(paper, f"{candidate.name}发展对象公示.docx", DOCX_TYPE)


@login_required
@require_GET
def letter(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """介绍信 with stub and 回执; there is none for who comes from outside."""
    transfer = transfer_of(request, uuid)
    if transfer.way == Way.IN or (transfer.way == Way.OUT and not transfer.letter_number):
        raise Http404
    return file_download(letter_paper(transfer), f"{transfer.name}组织关系介绍信.docx", DOCX_TYPE)


# --- Letters in ------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def load(request: DeskRequest) -> HttpResponse:
    """Choose a file; what is wrong in it is listed, what is right is written at once."""
    demand(bool(request.scope.units_as(*SEE_NAMES)))
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    plan = _plan(request, form) if posted and form.is_valid() else Plan()
    if plan.is_ready and attempt_form(form, lambda: _write(request, plan)):
        messages.success(request, f"已登记 {len(plan.rows)} 份介绍信，等另一位同志核对接收。")
        return go(request, "membership:transfer_list")
    context = {"form": form, "faults": plan.faults, "columns": COLUMNS}
    status = 422 if posted else 200
    return page(request, "membership/import.html", context, status=status)


def _plan(request: DeskRequest, form: ImportForm) -> Plan:
    upload = form.cleaned_data["file"]
    if upload.size > _MOST:
        form.add_error("file", "文件超过 5 MB，请只留转入名单一张表。")
        return Plan()
    found: dict[str, Unit] = {}
    for unit in own_branches(request):
        found |= {unit.code: unit, unit.name: unit} | (
            {unit.short_name: unit} if unit.short_name else {}
        )
    plan = read_letters(upload.read(), branches=found, on=timezone.localdate())
    if not plan.rows and not plan.faults:
        form.add_error("file", "表里没有人，请从第二行起一行写一位。")
    return plan


@transaction.atomic
def _write(request: DeskRequest, plan: Plan) -> bool:
    for row in plan.rows:
        services.bring_in(by=request.user, on=timezone.localdate(), **row)
    return True


@login_required
@require_GET
def template(request: DeskRequest) -> StreamingHttpResponse:
    """An empty sheet with the right headings."""
    demand(bool(request.scope.units_as(*SEE_NAMES)))
    head = [column.title for column in COLUMNS]
    lines = [example(timezone.localdate())]
    return workbook_download(stream_rows(head, lines, sheet="转入名单"), "转入名单模板.xlsx")
