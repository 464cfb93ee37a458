"""One unit's page of a run: every duty, what it gave, and the way to the score."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assessment import reading
from assessment.enums import RunState
from assessment.row_facts import row_facts
from assessment.views.parts import DeskRequest, run_of
from core.htmx import page


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID, code: str) -> HttpResponse:
    """How a unit's score came about; 404 for a unit out of reach."""
    run = run_of(request, uuid)
    if run.state == RunState.COMPUTING:
        raise Http404
    row = get_object_or_404(reading.rows_for(request.scope, run), code=code)
    return page(request, "assessment/row_detail.html", row_facts(request.scope, run, row))
