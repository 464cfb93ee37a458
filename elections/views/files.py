"""Files of an election, each under its guard, and the papers made from its rows."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import attachments
from core.downloads import file_download
from core.papers import DOCX_TYPE
from elections.models import ElectionFile
from elections.papers import count_paper, report_paper, request_paper
from elections.views.parts import DeskRequest, election_of, through


def _file_of(request: DeskRequest, uuid: UUID) -> ElectionFile:
    found: ElectionFile = get_object_or_404(through(request, ElectionFile), uuid=uuid)
    return found


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One file, sent only to who may read its election (S5)."""
    return attachments.serve(request, _file_of(request, uuid))


@login_required
@require_GET
def thumb(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of a photo, under the same guard."""
    return attachments.serve_small(request, _file_of(request, uuid))


@login_required
@require_GET
def paper(request: DeskRequest, uuid: UUID, name: str) -> HttpResponse:
    """请示, 报告 or 计票单 as a Word file."""
    found = election_of(request, uuid)
    title, make = {
        "request": ("换届请示", request_paper),
        "report": ("选举结果报告", report_paper),
        "count": ("计票单", count_paper),
    }[name]
    return file_download(
        make(found, on=timezone.localdate()), f"{found.unit}{title}.docx", DOCX_TYPE
    )
