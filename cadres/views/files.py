"""干部名册, the file of one person, its opening by reason, what is taken out, the log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cadres import services
from cadres.facts import file_facts, with_posts
from cadres.forms.files import ReasonForm, RosterFilter
from cadres.models import Cadre, Photo, ReadLog
from cadres.papers import appointment_form
from cadres.querysets import CadreQuerySet
from cadres.sheets import roster_workbook
from cadres.views.door import (
    DeskRequest,
    attempt_form,
    cadre_of,
    is_fresh,
    is_open,
    open_for_a_while,
    reach,
    sign_in_again,
    to_open,
)
from core import attachments
from core.downloads import file_download, workbook_download
from core.htmx import form_page, go, page
from core.pages import page_of
from core.papers import DOCX_TYPE


def _asked(request: DeskRequest) -> tuple[RosterFilter, CadreQuerySet]:
    form = RosterFilter(request.GET)
    rows: CadreQuerySet = Cadre.objects.within(*reach(request))
    asked = form.cleaned_data if form.is_valid() else {}
    state = asked.get("state", "")
    if state != "all":
        rows = rows.filter(state=state) if state else rows.serving()
    if asked.get("level"):
        rows = rows.filter(level=asked["level"])
    return form, rows.search(asked.get("q", "").replace("\x00", ""))


@require_GET
def roster(request: DeskRequest) -> HttpResponse:
    """Who there is: name, unit, post, level. Nothing else of anybody's file."""
    form, rows = _asked(request)
    shown = page_of(with_posts(rows), request.GET)
    context = {"form": form, "page": shown, "query": request.GET.urlencode()}
    return page(request, "cadres/roster.html", context)


@require_http_methods(["GET", "POST"])
def open_(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Ask for the reason; with it, log the read and open the file for ten minutes."""
    cadre = cadre_of(request, uuid)
    if not is_fresh(request):
        return sign_in_again(request)
    posted = request.method == "POST"
    form = ReasonForm(request.POST if posted else None, initial={"next": request.GET.get("next")})
    if posted and form.is_valid():
        reason = form.cleaned_data["reason"]
        verb = lambda: services.open_file(cadre=cadre, by=request.user, reason=reason)  # noqa: E731
        if attempt_form(form, verb) is not None:
            open_for_a_while(request, cadre)
            return go(request, _next(request, form.cleaned_data["next"], cadre))
    return form_page(request, "cadres/open_form.html", {"cadre": cadre, "form": form})


def _next(request: DeskRequest, asked: str, cadre: Cadre) -> str:
    """Where he was going, when it lies in this programme; else the file."""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    inside = asked.startswith(reverse("cadres:roster")) and safe
    return asked if inside else reverse("cadres:file", args=[cadre.uuid])


@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One person's file, when it was opened."""
    cadre = cadre_of(request, uuid)
    if not is_open(request, cadre):
        return to_open(request, cadre)
    return page(request, "cadres/file.html", file_facts(cadre, on=timezone.localdate()))


@require_POST
def form_paper(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """干部任免审批表 as Word: an export, counted and watermarked."""
    cadre = cadre_of(request, uuid)
    if not is_open(request, cadre):
        return to_open(request, cadre)
    line = services.export(
        unit=cadre.unit, by=request.user, what="干部任免审批表", reason="打印任免审批表",
        cadre=cadre,
    )  # fmt: skip
    data = appointment_form(cadre, mark=watermark(line), on=timezone.localdate())
    return file_download(data, f"干部任免审批表（{cadre.name}）.docx", DOCX_TYPE)


@require_GET
def photo(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """A portrait, while the file is open."""
    rows = Photo.objects.within(*reach(request)).select_related("cadre__unit")
    row = get_object_or_404(rows, uuid=uuid)
    if not is_open(request, row.cadre):
        return to_open(request, row.cadre)
    return attachments.serve(request, row, name="照片.jpg")


@require_http_methods(["GET", "POST"])
def export(request: DeskRequest) -> HttpResponse | StreamingHttpResponse:
    """The roster as a workbook: with a reason, a fresh sign-in, a number and a watermark."""
    if not is_fresh(request):
        return sign_in_again(request)
    _, rows = _asked(request)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        line = attempt_form(form, lambda: _exported(request, rows, form))
        if line is not None:
            pieces = roster_workbook(rows, mark=watermark(line))
            return workbook_download(pieces, f"干部名册{timezone.localdate():%Y%m%d}.xlsx")
    taken = ReadLog.unscoped.filter(by=request.user, kind="exported").count()
    context = {"form": form, "count": rows.count(), "taken": taken}
    return form_page(request, "cadres/export_form.html", context)


def _exported(request: DeskRequest, rows: Any, form: ReasonForm) -> ReadLog:
    return services.export(
        unit=reach(request)[0], by=request.user, what="干部名册",
        reason=form.cleaned_data["reason"], rows=rows.count(),
    )  # fmt: skip


def watermark(line: ReadLog) -> str:
    """What stands on everything that is taken out: who, when, the how-manieth."""
    when = timezone.localtime(line.at)
    who = f"{line.by.name}（{line.by.username}）"
    return f"内部资料 非涉密 · {who}{when:%Y-%m-%d %H:%M} 第 {line.number} 次导出"


@require_GET
def log(request: DeskRequest) -> HttpResponse:
    """Who opened whose file, and what was taken out."""
    rows = ReadLog.objects.within(*reach(request)).select_related("by", "cadre", "unit")
    return page(request, "cadres/log.html", {"page": page_of(rows, request.GET)})
