"""Waves: the progress of the whole district on one page, the rows behind it, each body."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import Role
from branches.models import Unit
from core.downloads import workbook_download
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of
from core.workbooks import stream_rows
from elections import services
from elections.enums import CIVIC_COUNTS, CivicStage
from elections.forms.desk import AddBodyForm, ImportForm, WaveForm
from elections.imports import CivicPlan, columns, read_civic
from elections.models import Wave
from elections.permissions import may_keep_wave, may_prepare, may_track
from elections.sheets import wave_head, wave_sheet
from elections.views.parts import (
    DeskRequest,
    attempt_form,
    body_of,
    demand,
    filters,
    wave_of,
)
from elections.wave_board import STEP_CHOICES, narrow, wave_board, wave_rows

_MOST = 5 * 1024 * 1024


@login_required
@require_GET
def wave(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The progress of a wave: step × committee, what is overdue."""
    found, on = wave_of(request, uuid), timezone.localdate()
    rows = wave_rows(found, request.scope.units)
    context = {
        "wave": found, "board": wave_board(found, rows, on=on), "today": on,
        "late": [(row, row.late(on)) for row in rows if row.late(on)][:30],
        "may_keep": may_keep_wave(request.scope, found.unit.path),
    }  # fmt: skip
    return page(request, "elections/wave.html", context)


@login_required
@require_GET
def wave_row_list(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The bodies behind a mark of the page."""
    found, on = wave_of(request, uuid), timezone.localdate()
    form, chosen = filters(request, "进度", STEP_CHOICES)
    rows = wave_rows(found, (chosen,) if chosen else request.scope.units)
    shown = page_of(narrow(rows, form.value("window"), on=on), request.GET)
    context = {
        "wave": found, "page": shown, "form": form,
        "lines": [(row, row.late(on)) for row in shown],
    }  # fmt: skip
    return page(request, "elections/wave_rows.html", context)


@login_required
@require_GET
def wave_export(request: DeskRequest, uuid: UUID) -> StreamingHttpResponse:
    """The wave as a workbook: the import reads it back."""
    found = wave_of(request, uuid)
    rows = wave_rows(found, request.scope.units)
    sheet = wave_sheet(rows, name=found.name, by=request.user.name)
    return workbook_download(sheet, f"{found.name}进度{timezone.localdate():%Y%m%d}.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def wave_new(request: DeskRequest) -> HttpResponse:
    """Register a wave; all villages and communities of the district are in it."""
    mine = request.scope.units_as(Role.DISTRICT_STAFF)
    demand(bool(mine))
    return _save(request, mine[0], None)


@login_required
@require_http_methods(["GET", "POST"])
def wave_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Correct its days and words."""
    found = wave_of(request, uuid)
    demand(may_keep_wave(request.scope, found.unit.path))
    return _save(request, found.unit, found)


def _save(request: DeskRequest, district: Unit, found: Wave | None) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = WaveForm(posted, wave=found, on=timezone.localdate())
    if posted is not None and form.is_valid():
        given = form.cleaned_data | {"unit": district, "by": request.user, "wave": found}
        made = attempt_form(form, lambda: services.save_wave(**given))
        if made is not None:
            messages.success(request, f"批次已保存，共 {made.bodies.count()} 个村（社区）。")
            return go(request, "elections:wave", made.uuid)
    context = {"form": form, "wave": found}
    status = 200 if posted is None else 422
    return page(request, "elections/wave_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def body_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take one more village or community into a wave."""
    found = wave_of(request, uuid)
    demand(may_keep_wave(request.scope, found.unit.path))
    posted = request.POST if request.method == "POST" else None
    form = AddBodyForm(posted)
    if posted is not None and form.is_valid() and attempt_form(form, lambda: _add(request, found)):
        messages.success(request, "已列入批次。")
        return go(request, "elections:wave_rows", found.uuid)
    status = 200 if posted is None else 422
    return page(request, "elections/body_form.html", {"form": form, "wave": found}, status=status)


def _add(request: DeskRequest, found: Wave) -> bool:
    code = request.POST.get("code", "").strip()
    units = list(Unit.objects.within(*request.scope.units).filter(code=code))
    if not units:
        raise Refusal("没有这个代码的党组织，请核对。", field="code")
    services.add_bodies(wave=found, units=units)
    return True


@login_required
@require_GET
def body(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One village or community: the Party organisation first, then the 自治组织."""
    found, on = body_of(request, uuid), timezone.localdate()
    row = next(row for row in wave_rows(found.wave, (found.unit,)) if row.body.pk == found.pk)
    context: dict[str, Any] = {
        "row": row, "body": found, "late": row.late(on),
        "civic": [(s, row.civic.get(s.value), CIVIC_COUNTS[s]) for s in CivicStage],
        "may_track": may_track(request.scope, found.unit.path),
        "may_prepare": may_prepare(request.scope, found.unit.path),
        "may_keep": may_keep_wave(request.scope, found.wave.unit.path),
        "next_stage": next((s for s in CivicStage if s.value not in row.civic), None),
    }  # fmt: skip
    return page(request, "elections/body.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def wave_import(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """进度表: every fault on one page, or all rows written."""
    found = wave_of(request, uuid)
    demand(bool(request.scope.is_staff))
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    plan = _plan(request, form, found) if posted and form.is_valid() else CivicPlan()
    if plan.is_ready and _written(request, plan, form):
        return go(request, "elections:wave", found.uuid)
    context = {"wave": found, "form": form, "faults": plan.faults, "columns": columns()[:3]}
    return page(request, "elections/wave_import.html", context, status=422 if posted else 200)


def _plan(request: DeskRequest, form: ImportForm, found: Wave) -> CivicPlan:
    upload = form.cleaned_data["file"]
    if upload.size > _MOST:
        form.add_error("file", "文件超过 5 MB，请只留进度表一张表。")
        return CivicPlan()
    rows = wave_rows(found, request.scope.units)
    known = {row.body.unit.code: row.body for row in rows}
    plan = read_civic(upload.read(), bodies=known, on=timezone.localdate())
    if not plan.steps and not plan.faults:
        form.add_error("file", "表里没有日期，请从第二行起一行写一个村（社区）。")
    return plan


def _written(request: DeskRequest, plan: CivicPlan, form: ImportForm) -> bool:
    on = timezone.localdate()
    done = attempt_form(form, lambda: services.record_all(steps=plan.steps, by=request.user, on=on))
    if done is None:
        return False
    messages.success(request, f"已登记 {done} 步。")
    return True


@login_required
@require_GET
def wave_template(request: DeskRequest, uuid: UUID) -> StreamingHttpResponse:
    """A sheet with the right headings and the wave's own bodies."""
    found = wave_of(request, uuid)
    rows = wave_rows(found, request.scope.units)
    lines = [[row.body.unit.code, row.body.unit.name] for row in rows]
    return workbook_download(
        stream_rows(wave_head(), lines, sheet="换届批次"), f"{found.name}进度表.xlsx"
    )
