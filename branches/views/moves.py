"""组织变动 and 组织关系: moving, merging, dissolving; a member's transfer and 党籍状态."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches import permissions
from branches.enums import BRANCH_KINDS
from branches.forms import DissolveForm, MergeForm, MoveForm, StateForm, TransferForm
from branches.models import Unit
from branches.permissions import STAFF
from branches.querysets import UnitQuerySet
from branches.services import changes, roster
from branches.views.members import member_page
from branches.views.parts import DeskRequest, attempt_form, demand, member_of, unit_of
from branches.views.units import _form
from core.htmx import go, page

_FOUND = 20


def _reach(request: DeskRequest) -> UnitQuerySet:
    """Where staff may put something: what they look after, as it stands today."""
    rows: UnitQuerySet = Unit.objects.within(*request.scope.units_as(*STAFF))
    return rows.standing(on=timezone.localdate())


@login_required
@require_GET
def lookup(request: DeskRequest) -> HttpResponse:
    """What is typed into a field of an organisation, as a list to choose from."""
    text = next((request.GET[name] for name in ("to", "into", "q") if name in request.GET), "")
    text = text.replace("\x00", "").strip()[:60]
    rows = _reach(request).search(text)
    if request.GET.get("kinds") == "branch":
        rows = rows.filter(kind__in=BRANCH_KINDS)
    found = rows.order_by("path")[:_FOUND] if text else rows.none()
    return page(request, "branches/_unit_options.html", {"found": found})


@login_required
@require_http_methods(["GET", "POST"])
def move(request: DeskRequest, code: str) -> HttpResponse:
    """调整隶属."""
    form = MoveForm(request.POST or None, reach=_reach(request))
    return _changed(request, code, form, "调整隶属", changes.move)


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: DeskRequest, code: str) -> HttpResponse:
    """合并."""
    form = MergeForm(request.POST or None, reach=_reach(request))
    return _changed(request, code, form, "合并", changes.merge)


@login_required
@require_http_methods(["GET", "POST"])
def dissolve(request: DeskRequest, code: str) -> HttpResponse:
    """撤销."""
    form = DissolveForm(request.POST or None, initial={"on": timezone.localdate()})
    return _changed(request, code, form, "撤销", changes.dissolve)


def _changed(
    request: DeskRequest, code: str, form: Form, title: str, verb: Callable[..., Unit]
) -> HttpResponse:
    """The form of a change; done, the page of the organisation that goes on."""
    unit = unit_of(request, code)
    demand(permissions.may_change_tree(request.scope, unit.path))
    if request.method == "POST" and form.is_valid():
        kept = attempt_form(form, lambda: verb(unit=unit, by=request.user, **form.cleaned_data))
        if kept:
            messages.success(request, f"已{title}。")
            return go(request, "branches:unit_detail", kept.code)
    return _form(request, form, unit, title)


@login_required
@require_http_methods(["GET", "POST"])
def member_transfer(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """组织关系转接 between two branches that the asker looks after."""
    member = member_of(request, uuid)
    demand(permissions.may_change_tree(request.scope, member.unit.path))
    form = TransferForm(request.POST or None, reach=_reach(request))
    verb = roster.transfer
    return _member_changed(request, member, form, "组织关系转接", verb)


@login_required
@require_http_methods(["GET", "POST"])
def member_state(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """党籍状态: left, suspended, expelled, dead, or active again."""
    member = member_of(request, uuid)
    demand(permissions.may_keep_roster(request.scope, member.unit.path))
    form = StateForm(request.POST or None, initial={"state": member.state})
    return _member_changed(request, member, form, "登记党籍状态", roster.leave)


def _member_changed(
    request: DeskRequest, member: Any, form: Form, title: str, verb: Callable[..., Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        done = attempt_form(form, lambda: verb(member=member, by=request.user, **form.cleaned_data))
        if done:
            messages.success(request, f"{title}已办理。")
            return go(request, "branches:member_detail", member.uuid)
    return member_page(request, form, title, member.name)
