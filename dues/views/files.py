"""What is taken away and brought in: tables, papers, the list of standards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import BRANCH_KINDS
from branches.models import Member, Unit
from branches.views.parts import sheet
from core.dates import Period
from core.downloads import file_download, workbook_download
from core.htmx import form_page, go, page
from core.papers import DOCX_TYPE
from core.workbooks import stream_rows
from dues import services
from dues.forms.desk import ImportForm, asked_month, asked_quarter
from dues.imports import COLUMNS, Plan, read_standards
from dues.models import Standard
from dues.papers import notice_paper, receipts_paper
from dues.permissions import may_collect
from dues.sheets import (
    STANDARD_HEAD,
    SUMMARY_HEAD,
    register_head,
    register_rows,
    standard_rows,
    summary_rows,
)
from dues.views.parts import DeskRequest, attempt_form, branch_of, demand, reader_units

_MOST = 5 * 1024 * 1024


@login_required
@require_GET
def register(request: DeskRequest, code: str) -> StreamingHttpResponse:
    """党费收缴登记表 of a month, or of ``?quarter=``."""
    unit, on = branch_of(request, code), timezone.localdate()
    quarter = request.GET.get("quarter", "")
    month = asked_month(request.GET.get("month", ""), on)
    period = asked_quarter(quarter, on) if quarter else Period.containing(month, "month")
    head = register_head([one.start for one in period.months()])
    title = f"{unit}{period.name}党费收缴登记表"
    return sheet(request, title, head, register_rows(unit, period))


@login_required
@require_GET
def summary(request: DeskRequest) -> StreamingHttpResponse:
    """党费收缴汇总表 of a quarter for all branches in reach."""
    period = asked_quarter(request.GET.get("quarter", ""), timezone.localdate())
    rows = Unit.objects.within(*reader_units(request)).filter(kind__in=BRANCH_KINDS)
    found = summary_rows(rows.standing(on=period.end), period)
    return sheet(request, f"{period.name}党费收缴汇总表", SUMMARY_HEAD, found)


@login_required
@require_GET
def notice(request: DeskRequest, code: str) -> HttpResponse:
    """党费收缴公示 as a Word file."""
    unit = branch_of(request, code)
    month = asked_month(request.GET.get("month", ""), timezone.localdate())
    name = f"{unit}{month.year}年{month.month}月党费收缴公示.docx"
    return file_download(notice_paper(unit, month), name, DOCX_TYPE)


@login_required
@require_GET
def receipts(request: DeskRequest, code: str) -> HttpResponse:
    """党费收据 as a Word file."""
    unit = branch_of(request, code)
    month = asked_month(request.GET.get("month", ""), timezone.localdate())
    name = f"{unit}{month.year}年{month.month}月党费收据.docx"
    return file_download(receipts_paper(unit, month), name, DOCX_TYPE)


def _roster(unit: Unit) -> Any:
    rows: Any = Member.objects.everywhere("the branch was found within the asker's scope")
    return rows.filter(unit=unit).current().order_by("name", "pk")


@login_required
@require_GET
def standards(request: DeskRequest, code: str) -> HttpResponse:
    """The members of a branch with what each pays, those without a standard first."""
    unit = branch_of(request, code)
    known = {
        row.member_id: row
        for row in Standard.unscoped.filter(member__unit=unit)
        .order_by("member_id", "-since")
        .distinct("member_id")
    }
    lines = [{"member": one, "row": known.get(one.pk)} for one in _roster(unit)[:1000]]
    lines.sort(key=lambda line: line["row"] is not None)
    context = {
        "unit": unit, "lines": lines, "may_collect": may_collect(request.scope, unit.path),
        "missing": sum(line["row"] is None for line in lines),
    }  # fmt: skip
    return page(request, "dues/standards.html", context)


@login_required
@require_GET
def standards_export(request: DeskRequest, code: str) -> StreamingHttpResponse:
    """The standards of a branch as a workbook."""
    unit = branch_of(request, code)
    rows = standard_rows(unit, _roster(unit))
    return sheet(request, f"{unit}党费标准", STANDARD_HEAD, rows)


@login_required
@require_http_methods(["GET", "POST"])
def standards_import(request: DeskRequest, code: str) -> HttpResponse:
    """Choose a file; what is wrong in it is listed, what is right is written at once."""
    unit = branch_of(request, code)
    demand(may_collect(request.scope, unit.path))
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    plan = _plan(form, unit) if posted and form.is_valid() else Plan()
    if plan.is_ready and _written(request, plan, form):
        return go(request, "dues:standards", code)
    context = {"unit": unit, "form": form, "faults": plan.faults, "columns": COLUMNS}
    return form_page(request, "dues/import.html", context)


def _plan(form: ImportForm, unit: Unit) -> Plan:
    upload = form.cleaned_data["file"]
    if upload.size > _MOST:
        form.add_error("file", "文件超过 5 MB，请只留党费标准一张表。")
        return Plan()
    plan = read_standards(upload.read(), members=list(_roster(unit)), on=timezone.localdate())
    if not plan.rows and not plan.faults:
        form.add_error("file", "表里没有党员，请从表头下一行起一行写一位。")
    return plan


def _written(request: DeskRequest, plan: Plan, form: ImportForm) -> bool:
    if attempt_form(form, lambda: services.set_standards(plan.rows, by=request.user)) is None:
        return False
    messages.success(request, f"已核定 {len(plan.rows)} 人；表里的基数没有保存。")
    return True


@login_required
@require_GET
def template(request: DeskRequest, code: str) -> StreamingHttpResponse:
    """The roster with the right headings, to be filled in."""
    unit = branch_of(request, code)
    head = [column.title for column in COLUMNS if column.key != "id_number"]
    month = f"{timezone.localdate():%Y-%m}"
    lines = ([member.name, "在职", "", "", "", month] for member in _roster(unit))
    return workbook_download(stream_rows(head, lines, sheet="党费标准"), "党费标准表.xlsx")
