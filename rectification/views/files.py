"""Files of a case, each under its case's guard, and the papers made from its rows."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from core import attachments
from core.downloads import file_download
from core.papers import DOCX_TYPE
from rectification.models import CaseFile, Promise
from rectification.papers import card_paper, notice_paper, record_paper
from rectification.views.parts import DeskRequest, case_of, through


def _file_of(request: DeskRequest, uuid: UUID) -> CaseFile:
    found: CaseFile = get_object_or_404(through(request, CaseFile), uuid=uuid)
    return found


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One file, sent only to who may read its case (S5)."""
    kept = _file_of(request, uuid)
    return attachments.serve(request, kept)


@login_required
@require_GET
def thumb(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of a photo, under the same guard."""
    kept = _file_of(request, uuid)
    return attachments.serve_small(request, kept)


@login_required
@require_GET
def record(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """整顿台账 of one case as a Word file."""
    case = case_of(request, uuid)
    return file_download(record_paper(case), f"{case.unit}整顿台账.docx", DOCX_TYPE)


@login_required
@require_GET
def notice(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """公示 of the case's promises as a Word file."""
    case = case_of(request, uuid)
    return file_download(notice_paper(case), f"{case.unit}整改承诺公示.docx", DOCX_TYPE)


@login_required
@require_GET
def card(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """亮牌 of one promise as a Word file."""
    rows = through(request, Promise).select_related("case__unit", "case__batch")
    promise = get_object_or_404(rows, uuid=uuid)
    return file_download(card_paper(promise), f"亮牌整改{promise.item[:20]}.docx", DOCX_TYPE)
