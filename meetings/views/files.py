"""Photos and papers: each download is authorised."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from core import attachments
from core.errors import Refusal
from core.htmx import go, is_fragment
from meetings import permissions, services
from meetings.models import MeetingFile
from meetings.views.parts import DeskRequest, demand


def _file_of(request: DeskRequest, uuid: UUID) -> MeetingFile:
    found: MeetingFile = get_object_or_404(
        MeetingFile.objects.within(*request.scope.units).select_related("meeting__unit"), uuid=uuid
    )
    return found


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One file, sent only to who may read its record (S5)."""
    kept = _file_of(request, uuid)
    return attachments.serve(request, kept)


@login_required
@require_GET
def thumb(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of a photo, under the same guard."""
    kept = _file_of(request, uuid)
    return attachments.serve_small(request, kept)


@login_required
@require_POST
def file_remove(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take a file off a draft or returned record."""
    kept = _file_of(request, uuid)
    demand(permissions.may_record(request.scope, kept.meeting.unit.path))
    try:
        services.remove_file(file=kept, by=request.user)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        if is_fragment(request):
            return HttpResponse("")
    return go(request, "meetings:meeting_edit", kept.meeting.uuid)
