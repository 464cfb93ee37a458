"""Workbooks in and out, and papers: every fault on one page, or all rows written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.permissions import STAFF
from core import attachments
from core.downloads import file_download, workbook_download
from core.htmx import go, page
from core.papers import DOCX_TYPE
from core.workbooks import stream_rows
from starrating import defaults, services, sheets
from starrating.enums import State
from starrating.facts import columns_shown, parts, score_rows
from starrating.forms.desk import ImportForm, StandardForm
from starrating.imports import ITEMS, ORGANISATIONS, Plan, read_organisations, read_standard
from starrating.models import StarFile
from starrating.papers import notice_paper, rating_paper
from starrating.views.parts import (
    DeskRequest,
    asked_organisations,
    asked_ratings,
    attempt_form,
    demand,
    district_of,
    rating_of,
    ratings,
    reader_of,
    round_of,
    standard_of,
)

_MOST = 5 * 1024 * 1024


def _plan(form: Any, read: Callable[[bytes], Plan]) -> Plan:
    if not form.is_valid():
        return Plan()
    upload = form.cleaned_data["file"]
    if upload.size > _MOST:
        form.add_error("file", "文件超过 5 MB，请只留要导入的一张表。")
        return Plan()
    plan = read(upload.read())
    if not plan.rows and not plan.faults:
        form.add_error("file", "表里没有数据，请从第二行起一行写一个。")
    return plan


@login_required
@require_http_methods(["GET", "POST"])
def organisations_in(request: DeskRequest) -> HttpResponse:
    """在册组织 from a workbook: new ones, and corrections by credit code."""
    roots = request.scope.units_as(*STAFF)
    demand(bool(roots))
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    plan = _plan(form, lambda data: read_organisations(data, roots=roots)) if posted else Plan()
    if plan.is_ready:
        rows, on = plan.rows, timezone.localdate()
        made = attempt_form(form, lambda: services.load_all(rows=rows, by=request.user, on=on))
        if made is not None:
            messages.success(request, f"新登记 {made[0]} 家，更新 {made[1]} 家。")
            return go(request, "starrating:organisation_list")
    context = {"form": form, "faults": plan.faults, "columns": ORGANISATIONS}
    status = 422 if posted else 200
    return page(request, "starrating/organisation_import.html", context, status=status)


@login_required
@require_GET
def organisations_template(request: DeskRequest) -> StreamingHttpResponse:
    """An empty sheet with the right headings and a line that shows how."""
    head = [column.title for column in ORGANISATIONS]
    line = [
        "云泉示例科技有限公司", "非公企业", "91620100MA00000011", "制造业", "85", "9", "单独组建",
        "党支部代码或名称", "属地管理", "", "2019-07-01",
    ]  # fmt: skip
    pieces = stream_rows(head, [line], sheet="两新组织")
    return workbook_download(pieces, "两新组织导入模板.xlsx")


def _cover(request: DeskRequest, title: str) -> dict[str, object]:
    return {
        "内容": title,
        "导出人": request.user.name,
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M}",
    }


@login_required
@require_GET
def organisations_out(request: DeskRequest) -> StreamingHttpResponse:
    """The register as filtered."""
    rows = asked_organisations(request).rows
    pieces = sheets.register(rows, cover=_cover(request, "两新组织名册"))
    return workbook_download(pieces, f"两新组织名册{timezone.localdate():%Y%m%d}.xlsx")


@login_required
@require_GET
def results_out(request: DeskRequest) -> StreamingHttpResponse:
    """Results as filtered."""
    rows = asked_ratings(request).rows
    pieces = sheets.results(rows, cover=_cover(request, "星级评定结果"))
    return workbook_download(pieces, f"星级评定结果{timezone.localdate():%Y%m%d}.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def standard_in(request: DeskRequest) -> HttpResponse:
    """A sheet from a workbook becomes the next version."""
    district, posted = district_of(request), request.method == "POST"
    form = StandardForm(request.POST if posted else None, request.FILES if posted else None)
    form.fields["name"].initial = defaults.NAME
    plan = _plan(form, read_standard) if posted else Plan()
    if plan.is_ready:
        data = form.cleaned_data
        made = attempt_form(
            form,
            lambda: services.save_standard(
                unit=district, by=request.user, name=data["name"], lines=plan.rows,
                regulation=data["regulation"],
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, "新一版标准已登记。")
            return go(request, "starrating:standard_detail", made.uuid)
    context = {"form": form, "faults": plan.faults, "columns": ITEMS}
    status = 422 if posted else 200
    return page(request, "starrating/standard_import.html", context, status=status)


@login_required
@require_GET
def standard_out(request: DeskRequest, uuid: UUID) -> StreamingHttpResponse:
    """A version as a workbook: change it and load it as the next."""
    found = standard_of(request, uuid)
    return workbook_download(sheets.standard_sheet(found), f"评定标准第{found.version}版.xlsx")


@login_required
@require_GET
def rating_docx(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """评定表 of one organisation as a Word file; columns that are not his yet stay empty."""
    rating = rating_of(request, uuid)
    check, review = columns_shown(rating, reader_of(request, rating.organisation.unit.path))
    data = rating_paper(rating, parts(score_rows(rating), check=check, review=review))
    return file_download(data, f"{rating.organisation}星级评定表.docx", DOCX_TYPE)


@login_required
@require_GET
def notice_docx(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """公示 of a round as a Word file: those in 公示, or all that were decided."""
    found = round_of(request, uuid)
    rows = ratings(request).filter(round=found).select_related("organisation__unit")
    noticed = list(rows.filter(state=State.NOTICED))
    noticed = noticed or list(rows.filter(notice_from__isnull=False))
    return file_download(notice_paper(found, noticed), f"{found.name}公示.docx", DOCX_TYPE)


def _file_of(request: DeskRequest, uuid: UUID) -> StarFile:
    found: StarFile = get_object_or_404(StarFile.objects.within(*request.scope.units), uuid=uuid)
    return found


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One file, sent only to who may see its organisation (S5)."""
    return attachments.serve(request, _file_of(request, uuid))


@login_required
@require_GET
def thumb(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of a photo, under the same guard."""
    return attachments.serve_small(request, _file_of(request, uuid))
