"""通知下发: drafts, what was issued, who has read it, 催, 撤回."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.permissions import STAFF
from core.downloads import file_download
from core.htmx import go, page
from core.pages import page_of
from core.papers import DOCX_TYPE
from portal import standing
from portal.forms.circular import CircularForm, FileForm, RevokeForm
from portal.models import Circular, CircularFile
from portal.papers import circular_paper
from portal.reaching import below
from portal.services import circulars as verbs
from portal.views.parts import (
    DeskRequest,
    attempt,
    attempt_form,
    circular_of,
    circulars,
    committees,
    demand,
    issuer,
    sent,
    sheet,
)


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """通知下发: drafts in front, then the latest, each with how far it is."""
    demand(bool(request.scope.units_as(*STAFF)))
    shown = request.GET.get("show", "")
    rows = standing.narrowed(circulars(request), shown, timezone.localdate())
    found = page_of(rows, request.GET)
    context = {"page": found, "lines": standing.lines(found.rows), "shown": shown}
    return page(request, "portal/circular_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """A draft in the name of one's own unit."""
    unit, on = issuer(request), timezone.localdate()
    form = CircularForm(*sent(request), below=below(unit, on), committees=committees(unit))
    if form.is_valid():
        facts: Any = {"unit": unit, "by": request.user, "letter": form.letter, "on": on}
        key = form.cleaned_data["form_key"]
        made = attempt_form(form, lambda: verbs.write(**facts, form_key=key))
        if made is not None:
            return go(request, "portal:circular", made.uuid)
    context = {"form": form, "unit": unit, "circular": None}
    return page(request, "portal/circular_form.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Write a draft anew; what was issued is only looked at."""
    row, on = circular_of(request, uuid), timezone.localdate()
    if not row.is_draft:
        return go(request, "portal:circular", row.uuid)
    unit = row.unit
    form = CircularForm(
        *sent(request), below=below(unit, on), committees=committees(unit), circular=row
    )
    if form.is_valid():
        facts: Any = {"unit": unit, "by": request.user, "letter": form.letter, "on": on}
        if attempt_form(form, lambda: verbs.write(**facts, circular=row)) is not None:
            return go(request, "portal:circular", row.uuid)
    context = {"form": form, "unit": unit, "circular": row}
    return page(request, "portal/circular_form.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One 通知: a draft to be checked and sent, or who has read it."""
    row = circular_of(request, uuid)
    return page(request, "portal/circular_detail.html", _facts(request, row, FileForm()))


def _facts(request: DeskRequest, row: Circular, form: FileForm) -> dict[str, Any]:
    on = timezone.localdate()
    known = standing.facts(row, on, request.GET.get("show", ""), request.GET)
    return {**known, "circular": row, "files": row.files.all(), "form": form, "today": on}


@login_required
@require_POST
def add_file(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One attachment more."""
    row = circular_of(request, uuid)
    form = FileForm(*sent(request))
    if form.is_valid():
        facts: Any = {"circular": row, "by": request.user, "upload": form.cleaned_data["file"]}
        if attempt_form(form, lambda: verbs.add_file(**facts)) is not None:
            return go(request, "portal:circular", row.uuid)
    context = _facts(request, row, form)
    return page(request, "portal/circular_detail.html", context, status=422)


@login_required
@require_POST
def remove_file(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take an attachment out of a draft."""
    rows = CircularFile.objects.within(*request.scope.units_as(*STAFF))
    kept = get_object_or_404(rows.select_related("circular__unit"), uuid=uuid)
    attempt(request, lambda: verbs.remove_file(file=kept), "附件已移去。")
    return go(request, "portal:circular", kept.circular.uuid)


@login_required
@require_POST
def drop(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Throw a draft away."""
    row = circular_of(request, uuid)
    if attempt(request, lambda: verbs.drop(circular=row), "草稿已删去。"):
        return go(request, "portal:circular_list")
    return go(request, "portal:circular", row.uuid)


@login_required
@require_POST
def issue(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """下发."""
    row = circular_of(request, uuid)
    facts: Any = {"by": request.user, "on": timezone.localdate(), "now": timezone.now()}
    attempt(request, lambda: verbs.issue(circular=row, **facts), "通知已下发。")
    return go(request, "portal:circular", row.uuid)


@login_required
@require_POST
def urge(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """催: those who owe it, once a day."""
    row = circular_of(request, uuid)
    pressed: list[int] = []

    def press() -> None:
        pressed.append(
            verbs.urge(circular=row, on=timezone.localdate(), now=timezone.now())
        )  # fmt: skip

    if attempt(request, press, "已催办，没有办理的党组织会收到消息。") and not pressed[0]:
        messages.info(request, "没有可催的：都办好了，或者今天已经催过。")
    return go(request, "portal:circular", row.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """撤回, with its reason."""
    row = circular_of(request, uuid)
    form = RevokeForm(*sent(request))
    if form.is_valid():
        facts: Any = {"by": request.user, "on": timezone.localdate(), "now": timezone.now()}
        facts |= form.cleaned_data
        if attempt_form(form, lambda: verbs.revoke(circular=row, **facts)) is not None:
            messages.success(request, "通知已撤回，收到的同志会看到理由。")
            return go(request, "portal:circular", row.uuid)
    context = {"form": form, "circular": row}
    return page(request, "portal/circular_revoke.html", context, status=_status(form))


@login_required
@require_GET
def export(request: DeskRequest, uuid: UUID) -> StreamingHttpResponse:
    """回执 as a workbook."""
    row = circular_of(request, uuid)
    return sheet(request, f"{row.title[:30]}回执", standing.HEADERS, standing.sheet_rows(row))


@login_required
@require_GET
def paper(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The 通知 as a Word file."""
    row = circular_of(request, uuid)
    return file_download(circular_paper(row), f"{row.title}.docx", DOCX_TYPE)
