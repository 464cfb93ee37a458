"""组织关系转接: the list, the three ways to begin, one transfer, its answers, 对账, 流动失联."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import PRESENT_STATES
from branches.models import Member
from core.htmx import go, page
from core.pages import page_of
from membership import permissions as may
from membership import services
from membership.deeds import DEEDS, open_to, waits_for
from membership.enums import Way
from membership.forms import transfers as forms
from membership.limits import limits
from membership.models import Clock, Transfer
from membership.permissions import SEE_NAMES
from membership.querysets import TransferQuerySet
from membership.standing import reconcile
from membership.views.admission import choose
from membership.views.parts import (
    DeskRequest,
    attempt_form,
    branch_of,
    demand,
    subtree,
    transfer_of,
    transfers,
)

_FOUND = 30


def narrowed(request: DeskRequest) -> tuple[TransferQuerySet, forms.FilterForm]:
    """The transfers that the filters of the address leave, and the form of the filters."""
    chosen, units = subtree(request)
    form = forms.FilterForm(request.GET, units=units)
    rows = transfers(request)
    if chosen is not None:
        rows = rows & rows.model.objects.within(chosen)
    rows = rows.standing(form.value("state"), on=timezone.localdate())
    way = form.value("way")
    return (rows.filter(way=way) if way else rows), form


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """All transfers in reach, those that wait for the reader first told."""
    rows, form = narrowed(request)
    demand(bool(request.scope.units_as(*SEE_NAMES)))
    known = rows.select_related("from_unit", "to_unit").order_by("-updated_at", "-pk")
    waiting = transfers(request).under_way().select_related("from_unit", "to_unit")
    asks = [
        (one, deed)
        for one in waiting.order_by("asked_on", "pk")[:200]
        if (deed := waits_for(request.scope, one, request.user.pk)) is not None
    ]
    context = {
        "page": page_of(known, request.GET), "form": form, "asks": asks,
        "query": request.GET.urlencode(), "today": timezone.localdate(),
    }  # fmt: skip
    return page(request, "membership/transfer_list.html", context)


# --- Beginning -------------------------------------------------------------------------------


@login_required
@require_GET
def start(request: DeskRequest) -> HttpResponse:
    """Who leaves: a search among the members in reach."""
    roots = request.scope.units_as(*SEE_NAMES)
    demand(bool(roots))
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    reach: Any = Member.objects.within(*roots)
    rows = reach.filter(state__in=PRESENT_STATES).search(text).select_related("unit")
    found = list(rows.order_by("unit__path", "name", "pk")[: _FOUND + 1])
    context = {"found": found[:_FOUND], "q": text, "more": len(found) > _FOUND}
    return page(request, "membership/transfer_start.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One member goes: to a branch of the district, or outside."""
    reach: Any = Member.objects.within(*request.scope.units_as(*SEE_NAMES))
    member = get_object_or_404(reach.select_related("unit"), uuid=uuid)
    form = forms.LeaveForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        made = attempt_form(form, lambda: _leave(request, member, form))
        if made is not None:
            messages.success(request, f"已提出，{made.state_label}。")
            return go(request, "membership:transfer_detail", made.uuid)
    return _form(request, form, "转出党员", f"{member.name} · {member.unit.name}", "提出")


def _leave(request: DeskRequest, member: Member, form: forms.LeaveForm) -> Transfer:
    data = dict(form.cleaned_data)
    way, to, outside = data.pop("way"), data.pop("to"), data.pop("outside")
    given = {"member": member, "by": request.user, "on": timezone.localdate(), **data}
    if way == Way.OUT:
        return services.ask_out(outside=outside, **given)
    return services.ask_inside(to=to, **given)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: DeskRequest) -> HttpResponse:
    """The new branch asks for somebody who is elsewhere in the district."""
    unit = branch_of(request)
    if unit is None:
        return choose(request, "membership:transfer_ask")
    form = forms.AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        on, data = timezone.localdate(), form.cleaned_data
        made = attempt_form(form, lambda: services.ask_for(to=unit, by=request.user, on=on, **data))
        if made is not None:
            messages.success(request, "已向他现在的支部提出，等对方同意。")
            return go(request, "membership:transfer_detail", made.uuid)
    return _form(request, form, "请求转入本区党员", unit.name, "提出", unit=unit)


@login_required
@require_http_methods(["GET", "POST"])
def arrive(request: DeskRequest) -> HttpResponse:
    """Somebody comes with a 介绍信."""
    unit = branch_of(request)
    if unit is None:
        return choose(request, "membership:transfer_arrive")
    on = timezone.localdate()
    form = forms.ArriveForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt_form(
            form, lambda: services.bring_in(to=unit, by=request.user, on=on, **data)
        )
        if made is not None:
            messages.success(request, "介绍信已登记，等上级党（工）委核对接收。")
            return go(request, "membership:transfer_detail", made.uuid)
    return _form(request, form, "凭介绍信转入", unit.name, "登记", unit=unit)


def _form(
    request: DeskRequest, form: Form, title: str, about: str, button: str, *, unit: Any = None
) -> HttpResponse:
    context = {
        "form": form, "fields": list(form), "title": title, "about": about, "button": button,
        "unit": unit, "note": "", "icon": "check", "draft": f"transfer-{title}",
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "membership/transfer_form.html", context, status=status)


# --- One transfer ----------------------------------------------------------------------------


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Where it stands, and what the reader may do."""
    transfer = transfer_of(request, uuid)
    deeds = open_to(request.scope, transfer, request.user.pk)
    on = timezone.localdate()
    expired = transfer.expires_on is not None and transfer.expires_on < on
    context = {
        "transfer": transfer, "deeds": deeds, "today": on,
        "is_overdue": expired and transfer.state == 3,
        "has_letter": bool(transfer.letter_number) and transfer.way == Way.OUT,
    }  # fmt: skip
    return page(request, "membership/transfer_detail.html", context)


_FORMS: dict[str, type[forms.DeedForm]] = {
    "agree": forms.AgreeForm,
    "confirm": forms.SureForm,
    "accept": forms.AcceptForm,
    "issue": forms.IssueForm,
    "receipt": forms.ReceiptForm,
    "reply": forms.ReplyForm,
    "refuse": forms.ReasonForm,
    "withdraw": forms.ReasonForm,
}
_VERBS: dict[str, Callable[..., Transfer]] = {
    "agree": services.agree,
    "confirm": services.confirm,
    "accept": services.accept,
    "issue": services.issue,
    "receipt": services.receive_receipt,
    "reply": services.send_receipt,
    "refuse": services.refuse,
    "withdraw": services.withdraw,
}


@login_required
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, uuid: UUID, name: str) -> HttpResponse:
    """One answer to a transfer."""
    transfer, deed, on = transfer_of(request, uuid), DEEDS[name], timezone.localdate()
    demand(deed.allowed(request.scope, transfer))
    kind = _FORMS[name]
    if name == "agree" and transfer.asked_by_side == "new":
        kind = forms.ReleaseForm
    form = kind(request.POST if request.method == "POST" else None, transfer=transfer, on=on)
    if request.method == "POST" and form.is_valid():
        given = {"transfer": transfer, "by": request.user, "on": on, **form.cleaned_data}
        if attempt_form(form, lambda: _VERBS[name](**given)):
            messages.success(request, deed.done)
            return go(request, "membership:transfer_detail", uuid)
    context = {
        "form": form, "fields": list(form), "deed": deed, "transfer": transfer,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "membership/transfer_act.html", context, status=status)


# --- 对账, 流动失联 ----------------------------------------------------------------------------


@login_required
@require_GET
def check(request: DeskRequest) -> HttpResponse:
    """Nobody is lost in between: what is out, overdue, unanswered, and on no roster."""
    on, roots = timezone.localdate(), request.scope.units_as(*SEE_NAMES)
    demand(bool(roots))
    known = limits(on)
    found = reconcile(rows=transfers(request), people=roots, on=on, limits=known)
    context = {"found": found, "limits": known, "today": on}
    return page(request, "membership/transfer_check.html", context)


@login_required
@require_GET
def away(request: DeskRequest) -> HttpResponse:
    """流动 and 失联 members with since when; those of six months and more first."""
    on, roots = timezone.localdate(), request.scope.units_as(*SEE_NAMES)
    demand(bool(roots))
    known = limits(on)
    reach: Any = Clock.objects.within(*roots).filter(until__isnull=True)
    rows = reach.select_related("member__unit").order_by("since", "pk")
    context = {"page": page_of(rows, request.GET), "limits": known, "edge": known.edge(on)}
    return page(request, "membership/away_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def away_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Since when, where to, last contact."""
    reach: Any = Clock.objects.within(*request.scope.units_as(*SEE_NAMES))
    clock = get_object_or_404(reach.select_related("member__unit"), uuid=uuid)
    demand(may.may_work(request.scope, clock.member.unit.path))
    form = forms.ClockForm(request.POST or None, clock=clock)
    if request.method == "POST" and form.is_valid():
        on, data = timezone.localdate(), form.cleaned_data
        if attempt_form(
            form, lambda: services.set_clock(clock=clock, by=request.user, on=on, **data)
        ):
            messages.success(request, "已保存。")
            return go(request, "membership:away")
    about = f"{clock.member.name} · {clock.get_kind_display()}"
    return _form(request, form, "流动失联情况", about, "保存")
