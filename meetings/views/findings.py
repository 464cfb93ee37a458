"""问题整改: answered by the branch, closed or returned by those above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from core.htmx import go
from meetings import permissions, services
from meetings.forms.checks import AnswerForm, first_fault
from meetings.forms.record import ReasonForm
from meetings.models import Finding
from meetings.views.parts import DeskRequest, attempt, demand


def _finding_of(request: DeskRequest, uuid: UUID) -> Finding:
    rows = Finding.objects.within(*request.scope.units).select_related("unit", "check_of")
    found: Finding = get_object_or_404(rows, uuid=uuid)
    return found


def _said(
    request: DeskRequest, finding: Finding, form: Form, verb: Callable[[], Finding], done: str
) -> HttpResponse:
    """Act on what was typed in a dialog, or say what is wrong with it; back to the check."""
    if form.is_valid():
        attempt(request, verb, done)
    else:
        messages.warning(request, first_fault(form))
    return go(request, "meetings:check_detail", finding.check_of.uuid)


@login_required
@require_POST
def answer(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """整改情况: the branch says what it did."""
    finding, form = _finding_of(request, uuid), AnswerForm(request.POST)
    demand(permissions.may_answer_finding(request.scope, finding.unit.path))
    known: dict[str, Any] = {"finding": finding, "by": request.user}
    return _said(
        request,
        finding,
        form,
        lambda: services.answer_finding(**known, **form.cleaned_data),
        "已答复，等上级核实。",
    )


@login_required
@require_POST
def close(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """办结."""
    finding = _finding_of(request, uuid)
    demand(permissions.may_settle_finding(request.scope, finding.unit.path))
    attempt(
        request,
        lambda: services.close_finding(finding=finding, by=request.user),
        "这个问题已办结。",
    )
    return go(request, "meetings:check_detail", finding.check_of.uuid)


@login_required
@require_POST
def send_back(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """退回再改, with the reason."""
    finding, form = _finding_of(request, uuid), ReasonForm(request.POST)
    demand(permissions.may_settle_finding(request.scope, finding.unit.path))
    known: dict[str, Any] = {"finding": finding, "by": request.user}
    return _said(
        request,
        finding,
        form,
        lambda: services.return_finding(**known, **form.cleaned_data),
        "已退回支部再改。",
    )
