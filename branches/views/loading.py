"""Loading from Excel: upload, progress that outlives the page, faults or preview, writing."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from branches import imports, loading
from branches.forms import UploadForm
from branches.imports.columns import MEMBER_COLUMNS, UNIT_COLUMNS
from branches.permissions import STAFF, WRITERS
from branches.views.parts import DeskRequest, attempt_form, demand, sheet
from core import files, jobs
from core.enums import JobState
from core.errors import Refusal
from core.htmx import go, page
from core.models import Job
from core.workbooks import XLSX_TYPE

_COLUMNS = {"units": UNIT_COLUMNS, "members": MEMBER_COLUMNS}
_ROLES = {"units": STAFF, "members": WRITERS}
_LISTS = {"units": "branches:unit_list", "members": "branches:member_list"}
_OVER = (JobState.DONE, JobState.FAILED)


@login_required
@require_http_methods(["GET", "POST"])
def start(request: DeskRequest, kind: str) -> HttpResponse:
    """Choose a file; the worker takes over."""
    demand(bool(request.scope.units_as(*_ROLES[kind])) or request.user.is_superuser)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        job = attempt_form(
            form, lambda: loading.start_check(kind=kind, upload=upload, by=request.user)
        )
        if job:
            return go(request, "branches:import_job", job.uuid)
    context = {"form": form, "columns": _COLUMNS[kind], "recent": _recent(request), **_about(kind)}
    return page(request, "branches/import_start.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def template(request: DeskRequest, kind: str) -> HttpResponseBase:
    """An empty sheet with the right headings."""
    headings = [column.title for column in _COLUMNS[kind]]
    return sheet(request, f"{imports.KINDS[kind]}导入模板", headings, [])


@login_required
@require_GET
def job(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Where an import stands: progress, faults, preview or result."""
    found = _job(request, uuid)
    context = {
        "job": jobs.live(found),
        "over": found.state in _OVER,
        **_about(found.arguments["kind"]),
        "is_check": found.task == loading.CHECK,
        "result": found.result if "fault_count" in found.result else None,
        "may_write": _may_write(found),
    }
    return page(request, "branches/import_job.html", context)


def _may_write(found: Job) -> bool:
    result = found.result
    clean = found.task == loading.CHECK and found.state == JobState.DONE
    some = result.get("created_count", 0) + result.get("changed_count", 0)
    return bool(clean and some and not result.get("fault_count"))


@login_required
@require_GET
def progress(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The bar; when the work is over the page is loaded anew."""
    found = _job(request, uuid)
    if found.state in _OVER:
        return HttpResponseClientRefresh()
    return page(request, "branches/_import_progress.html", {"job": jobs.live(found)})


@login_required
@require_POST
def confirm(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Agree to the preview; the worker writes it, once however often this is asked."""
    check = _job(request, uuid)
    try:
        written = loading.start_commit(check=check, by=request.user)
    except Refusal as refusal:
        context = {"refusal": refusal.message, "kind": check.arguments["kind"]}
        return page(request, "branches/import_refused.html", context, status=refusal.status)
    return go(request, "branches:import_job", written.uuid)


@login_required
@require_GET
def faults(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """All faults as a workbook."""
    path = _job(request, uuid).result.get("fault_file", "")
    if not path:
        raise Http404
    return files.serve(request, path, "问题清单.xlsx", content_type=XLSX_TYPE)


def _about(kind: str) -> dict[str, str]:
    return {
        "kind": kind,
        "title": imports.KINDS[kind],
        "list_url": reverse(_LISTS[kind]),
        "back": reverse("branches:import_start", kwargs={"kind": kind}),
    }


def _job(request: DeskRequest, uuid: UUID) -> Job:
    """An import of the asker's own; nobody sees another's."""
    mine = Job.objects.filter(initiator=request.user, task__in=(loading.CHECK, loading.COMMIT))
    return get_object_or_404(mine, uuid=uuid)


def _recent(request: DeskRequest) -> list[Job]:
    mine = Job.objects.filter(initiator=request.user, task__in=(loading.CHECK, loading.COMMIT))
    return list(mine.defer("result")[:5])
