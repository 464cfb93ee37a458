"""What staff keep: the register, rounds, standards, the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import COMMITTEE_KINDS
from branches.models import Unit
from branches.permissions import STAFF
from branches.querysets import UnitQuerySet
from core.htmx import go, page
from starrating import services
from starrating.enums import RoundState
from starrating.forms.desk import OrganisationForm, PlanForm, RoundForm
from starrating.models import Organisation, Plan, Round
from starrating.permissions import may_keep_organisation, may_keep_rounds
from starrating.views.deeds import home_of
from starrating.views.parts import (
    DeskRequest,
    attempt_form,
    demand,
    district_of,
    organisation_of,
    round_of,
    rounds,
    standard_of,
    standards,
)

_SHOWN = 30


def _saved(
    request: DeskRequest, form: Any, save: Callable[[], Any], done: str, to: Callable[[Any], str]
) -> HttpResponse | None:
    """Save what was posted and go on; None when there is something to mend."""
    if request.method != "POST" or not form.is_valid():
        return None
    made = attempt_form(form, save)
    if made is None:
        return None
    messages.success(request, done)
    return go(request, to(made))


def _status(request: DeskRequest) -> int:
    return 422 if request.method == "POST" else 200


@login_required
@require_http_methods(["GET", "POST"])
def organisation_new(request: DeskRequest) -> HttpResponse:
    """登记: find the Party organisation, then say what hangs on it."""
    roots = request.scope.units_as(*STAFF)
    demand(bool(roots))
    reach = Unit.objects.within(*roots).filter(kind__in=services.UNIT_KINDS)
    code = request.POST.get("unit") or request.GET.get("unit", "")
    if not code:
        return _choose(request, reach)
    unit = get_object_or_404(reach.select_related("committee"), code=code[:40].replace("\x00", ""))
    return _organisation(request, unit, None)


def _choose(request: DeskRequest, reach: UnitQuerySet) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = list(reach.search(text).select_related("committee").order_by("path")[:_SHOWN])
    context = {"q": text, "units": found, "more": len(found) == _SHOWN}
    fragment = "starrating/_unit_choice.html"
    return page(request, "starrating/organisation_unit.html", context, fragment=fragment)


@login_required
@require_http_methods(["GET", "POST"])
def organisation_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Correct an organisation."""
    one = organisation_of(request, uuid)
    demand(may_keep_organisation(request.scope, one.unit.path))
    return _organisation(request, one.unit, one)


def _organisation(request: DeskRequest, unit: Unit, one: Organisation | None) -> HttpResponse:
    committees = Unit.objects.within(*request.scope.units).filter(kind__in=COMMITTEE_KINDS)
    posted = request.POST if request.method == "POST" else None
    form = OrganisationForm(
        posted, unit=unit, organisation=one, committees=committees.order_by("path")[:300]
    )

    def save() -> Organisation:
        return services.save_organisation(
            unit=unit, by=request.user, organisation=one, on=timezone.localdate(),
            **form.cleaned_data,
        )  # fmt: skip

    reply = _saved(request, form, save, "已保存。", home_of)
    context = {"form": form, "unit": unit, "organisation": one}
    return reply or page(
        request, "starrating/organisation_form.html", context, status=_status(request)
    )


@login_required
@require_http_methods(["GET", "POST"])
def round_new(request: DeskRequest) -> HttpResponse:
    """Register a round; it begins as the last one was."""
    district = district_of(request)
    if not standards(request).filter(unit=district).exists():
        messages.info(request, "先登记评定标准，再登记创评轮次。")
        return go(request, "starrating:standard_list")
    return _round(request, district, None, rounds(request).filter(unit=district).first())


@login_required
@require_http_methods(["GET", "POST"])
def round_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Correct a round; what is frozen stands."""
    found = round_of(request, uuid)
    demand(may_keep_rounds(request.scope, found.unit.path))
    return _round(request, found.unit, found, None)


def _round(
    request: DeskRequest, district: Unit, found: Round | None, last: Round | None
) -> HttpResponse:
    form = RoundForm(
        request.POST if request.method == "POST" else None, round_=found, last=last,
        standards=standards(request).filter(unit=district), on=timezone.localdate(),
    )  # fmt: skip

    def save() -> Round:
        return services.save_round(
            unit=district, by=request.user, round_=found, **form.cleaned_data
        )

    reply = _saved(request, form, save, "轮次已保存。", home_of)
    started = found is not None and found.state != RoundState.DRAFT
    context = {"form": form, "round": found, "started": started}
    return reply or page(request, "starrating/round_form.html", context, status=_status(request))


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: DeskRequest) -> HttpResponse:
    """规划: the quota of 示范点 and the targets by year."""
    district = district_of(request)
    found = Plan.objects.within(district).filter(unit=district).first()
    form = PlanForm(request.POST if request.method == "POST" else None, plan=found)

    def save() -> Plan:
        return services.save_plan(unit=district, **form.cleaned_data)

    reply = _saved(request, form, save, "规划已保存。", lambda _: "starrating:board")
    context = {"form": form, "plan": found}
    return reply or page(request, "starrating/plan_form.html", context, status=_status(request))


@login_required
@require_GET
def standard_list(request: DeskRequest) -> HttpResponse:
    """The versions of the sheet."""
    keeps = any(may_keep_rounds(request.scope, unit.path) for unit in request.scope.units)
    context = {
        "standards": list(standards(request).prefetch_related("items", "rounds")[:40]),
        "may_keep": keeps,
    }
    return page(request, "starrating/standard_list.html", context)


@login_required
@require_GET
def standard_detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One version, item by item."""
    found = standard_of(request, uuid)
    context = {
        "standard": found,
        "sheet": list(found.items.all()),
        "used": list(found.rounds.all()),
        "frozen": found.rounds.filter(state__gt=RoundState.DRAFT).exists(),
    }
    return page(request, "starrating/standard_detail.html", context)


@login_required
@require_POST
def standard_default(request: DeskRequest) -> HttpResponse:
    """采用默认标准: once."""
    made = services.adopt_default(unit=district_of(request), by=request.user)
    messages.success(request, "已采用默认标准。")
    return go(request, "starrating:standard_detail", made.uuid)
