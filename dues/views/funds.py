"""经费: the units' year, one unit's year with its vouchers, allotments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.enums import Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from branches.views.parts import sheet
from core import attachments
from core.htmx import go, page
from core.pages import page_of
from dues.forms.desk import FilterForm, asked_year
from dues.models import Allotment, Budget, BudgetLine, Spending, Voucher
from dues.permissions import may_allot, may_keep_money
from dues.sheets import FUND_HEAD, fund_rows
from dues.views.parts import DeskRequest, demand, keeper_units, reader_units, subtree, unit_of

_SHOWN = 30


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """One's own unit this year; the list for whoever looks after several."""
    own = [u for u in request.scope.units_as(Role.SECRETARY) if u.kind != UnitKind.GROUP]
    if len(own) == 1 and not request.scope.is_staff:
        return go(request, "dues:fund", own[0].code, timezone.localdate().year)
    return go(request, "dues:fund_list")


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """A line for each unit that has a budget in the year."""
    on, roots = timezone.localdate(), reader_units(request)
    demand(bool(roots))
    year = asked_year(request.GET, on)
    chosen, committees = subtree(request, roots)
    form = FilterForm(request.GET, months=0, on=on, committees=committees, chosen=chosen)
    rows = Budget.objects.within(*((chosen,) if chosen else roots)).filter(year=year)
    sums = rows.aggregate(amount=Sum("amount"), granted=Sum("granted"), spent=Sum("spent"))
    context = {
        "page": page_of(
            rows.select_related("unit", "unit__committee").order_by("unit__path"), request.GET
        ),
        "form": form, "year": year, "years": [on.year, on.year - 1, on.year - 2], "sums": sums,
        "may_allot": any(may_allot(request.scope, root.path) for root in roots),
        "own": [u for u in request.scope.units_as(*STAFF) if u.kind != UnitKind.DISTRICT][:5],
        "allotments": Allotment.objects.within(*roots)
        .filter(year=year)
        .select_related("unit", "proposed_by", "decided_by")
        .order_by("-pk")[:_SHOWN],
    }  # fmt: skip
    return page(request, "dues/fund_list.html", context)


@login_required
@require_GET
def fund(request: DeskRequest, code: str, year: int) -> HttpResponse:
    """One unit's year: budget, allotments, spending, result."""
    unit, on = unit_of(request, code), timezone.localdate()
    if not 2000 <= year <= on.year + 1:
        raise Http404
    budget = Budget.unscoped.filter(unit=unit, year=year).select_related("closed_by").first()
    context = {
        "unit": unit, "year": year, "budget": budget, "today": on,
        "years": [on.year, on.year - 1], "may_keep": may_keep_money(request.scope, unit.path),
        "may_allot": may_allot(request.scope, unit.path),
        "lines": budget_lines(budget),
        "spendings": Spending.unscoped.filter(budget=budget)
        .select_related("line", "by")
        .prefetch_related("vouchers")[:300]
        if budget
        else [],
        "allotments": Allotment.unscoped.filter(unit=unit, year=year).select_related(
            "proposed_by", "decided_by", "received_by"
        )[:_SHOWN],
        "may_close": budget is not None and budget.closed_on is None
        and (on.year, on.month) >= (year, 12),
    }  # fmt: skip
    return page(request, "dues/fund.html", context)


def budget_lines(budget: Budget | None) -> list[dict[str, Any]]:
    """Items with what was spent on each; two queries."""
    if budget is None:
        return []
    spent = dict(
        Spending.unscoped.filter(budget=budget, is_void=False)
        .order_by()
        .values_list("line_id")
        .annotate(total=Sum("amount"))
    )
    lines = BudgetLine.unscoped.filter(budget=budget)
    return [{"line": line, "spent": spent.get(line.pk, 0)} for line in lines]


@login_required
@require_GET
def allot(request: DeskRequest) -> HttpResponse:
    """Find the unit that gets an allotment."""
    roots = request.scope.units_as(Role.DISTRICT_STAFF)
    demand(bool(roots))
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    reach = Unit.objects.within(*roots).exclude(kind__in=(UnitKind.DISTRICT, UnitKind.GROUP))
    rows = reach.standing(on=timezone.localdate()).search(text).select_related("committee")
    context = {"q": text, "units": rows.order_by("depth", "path")[:_SHOWN]}
    return page(request, "dues/allot.html", context, fragment="dues/_unit_choice.html")


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """经费使用情况表 of a year as a workbook."""
    year = asked_year(request.GET, timezone.localdate())
    rows = Budget.objects.within(*reader_units(request)).filter(year=year)
    return sheet(request, f"{year}年经费使用情况表", FUND_HEAD, fund_rows(rows))


def _voucher(request: DeskRequest, uuid: UUID) -> Voucher:
    keepers = keeper_units(request).order_by().values("pk")
    rows = Voucher.objects.within(*reader_units(request))
    found: Voucher = get_object_or_404(rows.filter(spending__budget__unit__in=keepers), uuid=uuid)
    return found


@login_required
@require_GET
def voucher(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """One voucher, sent only to who may read the unit's money (S5)."""
    return attachments.serve(request, _voucher(request, uuid))


@login_required
@require_GET
def voucher_small(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """The small picture of a photo, under the same guard."""
    return attachments.serve_small(request, _voucher(request, uuid))
