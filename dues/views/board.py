"""The district's board, the lists behind its figures, the committee's queue."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF
from branches.querysets import UnitQuerySet
from core.htmx import page
from core.pages import page_of
from dues.forms.desk import FilterForm, asked_month, asked_quarter
from dues.models import Remittance
from dues.overview import arrears_lines, board, branch_lines, waiting
from dues.parameters import shown_numbers
from dues.permissions import LOOKERS, is_same_person, may_allot, may_confirm
from dues.summing import computed_sum, is_committee
from dues.views.parts import DeskRequest, demand, payer_units, reader_units, subtree


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Paid ÷ due by committee and month, and what waits."""
    roots, on = request.scope.units_as(*LOOKERS), timezone.localdate()
    demand(bool(roots))
    people = bool(payer_units(request))
    context = {
        "board": board(roots, on=on, names=people), "people": people, "today": on,
        "staff": request.scope.is_staff,
        "may_allot": any(may_allot(request.scope, root.path) for root in roots),
    }  # fmt: skip
    return page(request, "dues/board.html", context)


def narrowed(request: DeskRequest) -> tuple[UnitQuerySet, FilterForm]:
    """The branches that the filters leave, and the form of the filters."""
    on = timezone.localdate()
    chosen, committees = subtree(request, reader_units(request))
    form = FilterForm(request.GET, months=13, on=on, committees=committees, chosen=chosen)
    rows = Unit.objects.within(*reader_units(request)).filter(kind__in=BRANCH_KINDS)
    month = asked_month(request.GET.get("month", ""), on)
    rows = rows.filter(path__startswith=chosen.path) if chosen else rows
    return rows.standing(on=month).select_related("committee").order_by("path"), form


@login_required
@require_GET
def branch_list(request: DeskRequest) -> HttpResponse:
    """Branches in a month: sums, never a member."""
    rows, form = narrowed(request)
    month = asked_month(request.GET.get("month", ""), timezone.localdate())
    shown = page_of(rows, request.GET)
    context = {
        "page": shown, "lines": branch_lines(shown, month), "form": form, "month": month,
        "people": bool(payer_units(request)),
    }  # fmt: skip
    return page(request, "dues/branch_list.html", context)


@login_required
@require_GET
def arrears(request: DeskRequest) -> HttpResponse:
    """Who has not paid for several months in a row, the longest first."""
    roots, on = payer_units(request), timezone.localdate()
    demand(bool(roots))
    chosen, committees = subtree(request, roots)
    form = FilterForm(request.GET, months=0, on=on, committees=committees, chosen=chosen)
    alarms = {str(months): months for months in shown_numbers(on).alert_months}
    asked = request.GET.get("least", "")
    least = alarms.get(asked, 1)
    rows = arrears_lines((chosen,) if chosen else roots, on=on, least=least)
    context = {
        "page": page_of(rows, request.GET), "form": form, "least": least, "count": len(rows),
        "levels": [("", "全部"), *((key, f"{key} 个月以上") for key in alarms)],
        "asked": asked if asked in alarms else "",
        "first": min(alarms.values(), default=3), "last": max(alarms.values(), default=6),
    }  # fmt: skip
    return page(request, "dues/arrears.html", context)


@login_required
@require_GET
def sum_list(request: DeskRequest) -> HttpResponse:
    """上缴 of a quarter: who handed up how much, who not yet; a committee's own sum on top."""
    roots, on = reader_units(request), timezone.localdate()
    demand(bool(roots))
    period = asked_quarter(request.GET.get("quarter", ""), on)
    chosen, committees = subtree(request, roots)
    form = FilterForm(request.GET, months=0, on=on, committees=committees, chosen=chosen)
    units = Unit.objects.within(*((chosen,) if chosen else roots)).standing(on=period.end)
    shown = page_of(
        units.filter(kind__in=BRANCH_KINDS).select_related("committee").order_by("path"),
        request.GET,
    )
    rows = {
        row.unit_id: row
        for row in Remittance.unscoped.filter(quarter=period.start, unit__in=list(shown))
    }
    quarters = [period.next(), period, period.previous()]
    context = {
        "page": shown, "form": form, "period": period, "own": _own(request, period),
        "lines": [{"unit": unit, "row": rows.get(unit.pk)} for unit in shown],
        "quarters": [one for one in quarters if one.start <= on],
    }  # fmt: skip
    return page(request, "dues/sum_list.html", context)


def _own(request: DeskRequest, period: Any) -> list[dict[str, Any]]:
    """A committee's own sum to the district, for who works there."""
    own = [unit for unit in request.scope.units_as(Role.COMMITTEE_STAFF) if is_committee(unit)][:5]
    rows = {
        row.unit_id: row for row in Remittance.unscoped.filter(unit__in=own, quarter=period.start)
    }
    return [
        {"unit": unit, "row": rows.get(unit.pk), "computed": computed_sum(unit, period)}
        for unit in own
    ]


@login_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """Reductions to decide, sums to confirm, allotments, gifts to forward; one's own are marked."""
    roots = request.scope.units_as(*STAFF)
    demand(bool(roots))
    shown, me = waiting(roots, request.user.pk), request.user.pk
    for one in shown["reductions"]:
        one.mine = is_same_person(me, one.proposed_by_id)
    for one in shown["sums"]:
        above = is_committee(one.unit)
        one.allowed = may_confirm(request.scope, one.unit.path, of_committee=above)
        one.mine = is_same_person(me, one.submitted_by_id)
    for one in shown["allotments"]:
        one.mine = is_same_person(me, one.proposed_by_id)
        one.allowed = may_allot(request.scope, one.unit.path)
    return page(request, "dues/queue.html", shown)
