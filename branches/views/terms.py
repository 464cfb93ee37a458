"""届次, 职务, 豁免 of one organisation."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from branches import permissions
from branches.enums import PRESENT_STATES
from branches.forms import ExemptionForm, PostForm, TermForm
from branches.models import Exemption
from branches.services import exemptions, roster, terms
from branches.views.parts import DeskRequest, attempt, attempt_form, demand, members, unit_of
from branches.views.units import _form
from core.htmx import go


@login_required
@require_http_methods(["GET", "POST"])
def term_new(request: DeskRequest, code: str) -> HttpResponse:
    """Write down a new term of the leading body."""
    unit = unit_of(request, code)
    demand(permissions.may_change_tree(request.scope, unit.path))
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "seats": form.cleaned_data["seats"] or 0}
        if attempt_form(form, lambda: terms.start_term(unit=unit, by=request.user, **given)):
            return go(request, "branches:unit_detail", unit.code)
    return _form(request, form, unit, "登记届次")


@login_required
@require_http_methods(["GET", "POST"])
def post_new(request: DeskRequest, code: str) -> HttpResponse:
    """Give a member a post."""
    unit = unit_of(request, code)
    demand(permissions.may_keep_roster(request.scope, unit.path))
    branch = unit.parent if unit.is_group else unit
    people = members(request).filter(unit=branch, state__in=PRESENT_STATES).order_by("name")
    form = PostForm(request.POST or None, people=people, unit=unit)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt_form(
            form, lambda: roster.appoint(unit=unit, by=request.user, **form.cleaned_data)
        )
    ):
        return go(request, "branches:unit_detail", unit.code)
    return _form(request, form, unit, "登记任职")


@login_required
@require_http_methods(["GET", "POST"])
def exemption_new(request: DeskRequest, code: str) -> HttpResponse:
    """Ask for an exemption."""
    unit = unit_of(request, code)
    demand(permissions.may_propose_exemption(request.scope, unit.path))
    form = ExemptionForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt_form(
            form, lambda: exemptions.propose(unit=unit, by=request.user, **form.cleaned_data)
        )
    ):
        return go(request, "branches:unit_detail", unit.code)
    return _form(request, form, unit, "申请豁免")


@login_required
@require_POST
def decide(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Approve or refuse an exemption somebody else asked for."""
    found = get_object_or_404(
        Exemption.objects.within(*request.scope.units).select_related("unit", "unit__parent"),
        uuid=uuid,
    )
    demand(permissions.may_decide_exemption(request.scope, found.unit.path))
    attempt(
        request,
        lambda: exemptions.decide(
            exemption=found,
            approve=verb == "approve",
            by=request.user,
            answer=request.POST.get("answer", "")[:300],
        ),
        "已批准豁免。" if verb == "approve" else "已退回豁免申请。",
    )
    shown = found.unit.parent if found.unit.is_group and found.unit.parent else found.unit
    return go(request, "branches:unit_detail", shown.code)
