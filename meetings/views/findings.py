"""问题整改: answered by the branch, closed or returned by those above."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
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


@login_required
@require_POST
def answer(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """整改情况: the branch says what it did."""
    finding = _finding_of(request, uuid)
    demand(permissions.may_answer_finding(request.scope, finding.unit.path))
    form = AnswerForm(request.POST)
    if form.is_valid():
        result = form.cleaned_data["result"]
        attempt(
            request,
            lambda: services.answer_finding(finding=finding, by=request.user, result=result),
            "已答复，等上级核实。",
        )
    else:
        messages.warning(request, first_fault(form))
    return go(request, "meetings:check_detail", finding.check_of.uuid)


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
    finding = _finding_of(request, uuid)
    demand(permissions.may_settle_finding(request.scope, finding.unit.path))
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            lambda: services.return_finding(finding=finding, by=request.user, reason=reason),
            "已退回支部再改。",
        )
    else:
        messages.warning(request, first_fault(form))
    return go(request, "meetings:check_detail", finding.check_of.uuid)
