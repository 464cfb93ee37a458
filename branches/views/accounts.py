"""账号开通: whom each organisation has to keep it; first passwords for many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.enums import BRANCH_KINDS, COMMITTEE_KINDS, Role
from branches.filters import KeeperFilter
from branches.models import Unit
from branches.querysets import UnitQuerySet
from branches.services import accounts
from branches.views.parts import DeskRequest, demand, sheet
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of

HEADERS = ("党（工）委", "党组织", "角色", "姓名", "用户名", "初始口令")


def _reach(request: DeskRequest) -> tuple[Unit, ...]:
    """Only the district gives accounts."""
    roots = request.scope.units_as(Role.DISTRICT_STAFF)
    demand(bool(roots))
    return roots


def _kept(request: DeskRequest) -> UnitQuerySet:
    """The standing organisations that need somebody to keep them, with their accounts."""
    today = timezone.localdate()
    rows: UnitQuerySet = Unit.objects.within(*_reach(request)).standing(on=today)
    return accounts.with_keepers(rows.filter(kind__in=accounts.KEEPERS), on=today)


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """One page of the organisations and their accounts, and how many have one."""
    rows = _kept(request)
    filtered = KeeperFilter(request.GET, queryset=rows.select_related("committee"))
    context = {
        "filter": filtered,
        "page": page_of(filtered.qs.order_by("path"), request.GET),
        "missing": filtered.qs.order_by().filter(Q(account__isnull=True)).count(),
        "query": request.GET.urlencode(),
        **_figures(rows),
    }
    return page(
        request, "branches/account_list.html", context, fragment="branches/_account_rows.html"
    )


def _figures(rows: UnitQuerySet) -> dict[str, int]:
    """How many branches and committees there are, and how many of them have an account."""
    tiers = {"branches": Q(kind__in=BRANCH_KINDS), "committees": Q(kind__in=COMMITTEE_KINDS)}
    open_ = Q(account__isnull=False)
    counts = {name: Count("pk", filter=tier) for name, tier in tiers.items()}
    counts |= {f"{name}_open": Count("pk", filter=tier & open_) for name, tier in tiers.items()}
    counts["unused"] = Count("pk", filter=open_ & Q(account_used__isnull=True))
    return rows.order_by().aggregate(**counts)


@login_required
@require_POST
def open_(request: DeskRequest) -> HttpResponse | StreamingHttpResponse:
    """Open accounts for those ticked, or for all that match; answered with the passwords."""
    return _handed_out(
        request,
        "账号开通名单",
        lambda units: accounts.open_accounts(units=units),
        "所选的党组织都已经有账号。忘记口令的，请用“重发初始口令”。",
    )


@login_required
@require_POST
def renew(request: DeskRequest) -> HttpResponse | StreamingHttpResponse:
    """New first passwords for those ticked, or for all that match."""
    return _handed_out(
        request,
        "初始口令名单",
        lambda units: accounts.renew_passwords(units=units, reach=_reach(request), by=request.user),
        "所选的党组织没有可以重发口令的账号：还没有开通，或账号同时在别处有角色。",
    )


def _handed_out(
    request: DeskRequest,
    title: str,
    verb: Callable[[UnitQuerySet], list[accounts.FirstPassword]],
    nothing: str,
) -> HttpResponse | StreamingHttpResponse:
    """The list as a workbook, or back to the page with why there is none."""
    back = f"{reverse('branches:account_list')}?{request.GET.urlencode()}"
    try:
        lines: list[Any] = verb(_chosen(request))
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, back)
    if not lines:
        messages.info(request, nothing)
        return go(request, back)
    return sheet(request, title, HEADERS, lines, "首次登录须改口令；本名单不能再次下载")


def _chosen(request: DeskRequest) -> UnitQuerySet:
    """Those ticked (``pk``), or all that match the filter in the address (``everyone``)."""
    if "everyone" in request.POST:
        filtered = KeeperFilter(request.GET, queryset=_kept(request))
        chosen = filtered.qs.order_by().values("pk")
    else:
        texts = request.POST.getlist("pk")
        chosen = [
            int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19
        ]
        if not chosen:
            raise Refusal("还没有选党组织：请先在名单里打勾。")
    rows: UnitQuerySet = Unit.objects.within(*_reach(request)).filter(pk__in=chosen)
    return rows.filter(kind__in=accounts.KEEPERS)
