"""One unit's page of a run: every duty, what it gave, and the way to the score."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assessment import appealing, reading
from assessment.appealing import RowAppeals
from assessment.enums import RunState
from assessment.explain import DutyLine, explain, records_of
from assessment.views.parts import DeskRequest, run_of
from core.dates import Period
from core.htmx import page
from meetings.scores import records_behind


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID, code: str) -> HttpResponse:
    """How a unit's score came about; 404 for a unit out of reach."""
    run = run_of(request, uuid)
    if run.state == RunState.COMPUTING:
        raise Http404
    row = get_object_or_404(reading.rows_for(request.scope, run), code=code)
    told = explain(run, row)
    before = reading.run_before(request.scope, run)
    appeals = appealing.on_row(request.scope, run, row)
    context = {
        "run": run,
        "row": row,
        "quarter": Period.parse(run.period),
        "tone": reading.TONES[RunState(run.state)],
        "told": told,
        "appeals": appeals,
        "lines": _with_records(told.duties, appeals),
        "item": reading.placed(request.scope, [row], before)[0],
    }
    return page(request, "assessment/row_detail.html", context)


def _with_records(lines: list[DutyLine], appeals: RowAppeals) -> list[dict[str, Any]]:
    records = records_behind(records_of(lines))
    upheld = {appeal.pk: appeal for appeal in appeals.upheld}
    return [
        {
            "duty": line,
            "record": records.get(line.record or 0),
            "appeal": appeals.by_duty.get(line.ref.key),
            "ruled": upheld.get(line.ruled or 0),
        }
        for line in lines
    ]
