"""The board of a batch, and the batches themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import Role
from branches.models import Unit
from core.htmx import go, page
from rectification import services
from rectification.forms.desk import BatchForm
from rectification.models import Batch
from rectification.overview import board
from rectification.permissions import may_keep_batch, may_propose
from rectification.views.parts import (
    DeskRequest,
    above,
    asked_batch,
    attempt_form,
    batch_of,
    batches,
    cases,
    demand,
)


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Where each case of a batch stands, what is overdue, what happens next."""
    known = list(batches(request).select_related("unit")[:40])
    batch = asked_batch(request) or (known[0] if known else None)
    keeps = bool(request.scope.units_as(Role.DISTRICT_STAFF))
    context: dict[str, Any] = {"batches": known, "batch": batch, "may_keep": keeps}
    if batch is not None:
        context |= {
            "board": board(
                batch=batch, cases=cases(request), units=request.scope.units,
                above=above(request), on=timezone.localdate(),
            ),
            "may_propose": any(may_propose(request.scope, u.path) for u in request.scope.units),
            "looks_on": bool(above(request)),
        }  # fmt: skip
    return page(request, "rectification/board.html", context)


def _district(request: DeskRequest) -> Unit:
    """The district for which the asker keeps batches; 403 without one."""
    mine = request.scope.units_as(Role.DISTRICT_STAFF)
    demand(bool(mine))
    return mine[0]


@login_required
@require_http_methods(["GET", "POST"])
def batch_new(request: DeskRequest) -> HttpResponse:
    """Register a batch; it begins as the last one was."""
    district = _district(request)
    last = batches(request).filter(unit=district).first()
    return _batch(request, district, None, last)


@login_required
@require_http_methods(["GET", "POST"])
def batch_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Correct a batch; what was used stands."""
    batch = batch_of(request, uuid)
    demand(may_keep_batch(request.scope, batch.unit.path))
    return _batch(request, batch.unit, batch, None)


def _batch(
    request: DeskRequest, district: Unit, batch: Batch | None, last: Batch | None
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = BatchForm(posted, batch=batch, last=last, on=timezone.localdate())

    def save() -> Batch:
        return services.save_batch(unit=district, by=request.user, batch=batch, **form.cleaned_data)

    if posted is not None and form.is_valid():
        made = attempt_form(form, save)
        if made is not None:
            messages.success(request, "批次已保存。")
            return go(request, f"/rectification/?batch={made.uuid}")
    context = {"form": form, "batch": batch}
    status = 422 if posted is not None else 200
    return page(request, "rectification/batch_form.html", context, status=status)
