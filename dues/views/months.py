"""The secretary's screen: one month of one branch, ticked at once; and one member's dues."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import BRANCH_KINDS
from branches.models import Member, Unit
from core.errors import Refusal
from core.htmx import go, page
from dues import services
from dues.enums import Span
from dues.forms.desk import PayForm, asked_month
from dues.models import Due
from dues.permissions import may_collect, may_decide_reduction
from dues.reading import branch_month, member_facts, months_around, quarter_lines
from dues.rules import plain
from dues.views.parts import DeskRequest, attempt_form, branch_of, demand, payer_units


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """One's own branch; the list of branches for whoever looks after several."""
    own = Unit.objects.within(*payer_units(request)).filter(kind__in=BRANCH_KINDS)
    found = list(own.order_by("path")[:2])
    if len(found) == 1:
        return go(request, "dues:branch", found[0].code)
    if found or request.scope.is_staff:
        return go(request, "dues:branch_list")
    return page(request, "dues/nothing.html")


@login_required
@require_http_methods(["GET", "POST"])
def branch(request: DeskRequest, code: str) -> HttpResponse:
    """Who owes this month, all ticked; one press takes them."""
    unit, on = branch_of(request, code), timezone.localdate()
    month = asked_month(request.GET.get("month", ""), on)
    asked = request.GET.get("span", "")
    span = asked if asked in Span.values else Span.MONTH.value
    posted = request.POST if request.method == "POST" else None
    form = PayForm(posted, on=on, span=span)
    if posted is not None:
        demand(may_collect(request.scope, unit.path))
        if form.is_valid() and _took(request, unit, month, form):
            return go(request, f"{resolve_url('dues:branch', code)}?month={month:%Y-%m}")
    context = _screen(request, unit, month, span) | {"form": form}
    return page(request, "dues/branch.html", context, status=200 if posted is None else 422)


def _screen(request: DeskRequest, unit: Unit, month: Any, span: str) -> dict[str, Any]:
    on = timezone.localdate()
    unticked = request.method == "POST"
    ticked = set(request.POST.getlist("pay"))
    shown = branch_month(unit, month, span)
    for line in shown.owing:
        line.ticked = not unticked or str(line.member.uuid) in ticked
    return {
        "unit": unit, "shown": shown, "month": month, "span": span, "spans": Span.choices,
        "months": months_around(month, on), "today": on, "quarters": quarter_lines(unit, on),
        "may_collect": may_collect(request.scope, unit.path),
    }  # fmt: skip


def _took(request: DeskRequest, unit: Unit, month: Any, form: PayForm) -> bool:
    """Take the ticked ones' dues and say what was taken."""
    people = {str(row.uuid): row.pk for row in _people(unit, request.POST.getlist("pay"))}
    proxies = {pk: request.POST.get(f"proxy_{uuid}", "") for uuid, pk in people.items()}
    taken = attempt_form(
        form,
        lambda: services.pay(
            unit=unit, members=people.values(), month=month, span=form.cleaned_data["span"],
            paid_on=form.cleaned_data["paid_on"], by=request.user, on=timezone.localdate(),
            proxies=proxies,
        ),
    )  # fmt: skip
    if taken is None:
        return False
    if taken.people:
        messages.success(request, f"已登记 {taken.people} 人，共 {plain(taken.amount)} 元。")
    else:
        messages.info(request, "勾选的同志都已经登记过，没有重复登记。")
    if taken.unset:
        messages.warning(request, f"{taken.unset} 人还没有核定党费，先核定再登记。")
    return True


def _people(unit: Unit, given: list[str]) -> Any:
    """The members behind posted ids, of those who have a month in this branch."""
    uuids = []
    for text in given[:2000]:
        try:
            uuids.append(UUID(text))
        except ValueError:
            continue
    known = Due.unscoped.filter(unit=unit).order_by().values("member_id")
    return Member.unscoped.filter(uuid__in=uuids, pk__in=known)


@login_required
@require_POST
def open_(request: DeskRequest, code: str) -> HttpResponse:
    """Open the month for the branch, or add who has come since."""
    unit, on = branch_of(request, code), timezone.localdate()
    demand(may_collect(request.scope, unit.path))
    month = asked_month(request.POST.get("month", ""), on)
    try:
        new = services.open_branch(unit=unit, month=month, on=on)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, f"名单里加了 {new} 人。" if new else "名单没有变化。")
    return go(request, f"{resolve_url('dues:branch', code)}?month={month:%Y-%m}")


@login_required
@require_GET
def member(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One member's standards, months, payments, corrections."""
    roots = payer_units(request)
    rows = Member.objects.within(*roots).select_related("unit")
    found = get_object_or_404(rows, uuid=uuid)
    facts = member_facts(found, roots)
    context = {
        "member": found, "facts": facts, "today": timezone.localdate(), "me": request.user.pk,
        "may_decide": may_decide_reduction(request.scope, found.unit.path),
    }  # fmt: skip
    return page(request, "dues/member.html", context)
