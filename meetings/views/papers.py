"""The papers that people file: made from the record when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from core.downloads import file_download
from core.papers import DOCX_TYPE
from meetings.models import Meeting
from meetings.papers import record_paper, sign_in_paper
from meetings.views.parts import DeskRequest, record_of


@login_required
@require_GET
def record(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """会议记录 as a Word file."""
    return _paper(record_of(request, uuid), "会议记录", record_paper)


@login_required
@require_GET
def sign_in(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """签到表 as a Word file."""
    return _paper(record_of(request, uuid), "签到表", sign_in_paper)


def _paper(meeting: Meeting, what: str, make: Callable[[Meeting], bytes]) -> HttpResponse:
    name = f"{meeting.held_on:%Y%m%d}{meeting.unit}{meeting.kinds_label}{what}.docx"
    return file_download(make(meeting), name, DOCX_TYPE)
