"""通知 as they are received: read, signed, passed on. Opening one writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.enums import BRANCH_KINDS
from branches.permissions import STAFF
from core import attachments
from core.htmx import go, page
from core.pages import page_of
from portal import permissions
from portal.models import CircularFile, Receipt
from portal.services import receipts as verbs
from portal.views.parts import DeskRequest, attempt, demand, own_units, receipt_of


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """通知 to one's own units, the newest first; ``?show=owing`` leaves what is to be done."""
    mine, shown = own_units(request), request.GET.get("show", "")
    rows = Receipt.objects.within(*mine).filter(unit__in=mine)
    rows = rows.owing() if shown == "owing" else rows.sent()
    if request.GET.get("unit"):
        rows = rows.filter(unit__code=request.GET["unit"].replace("\x00", "")[:40])
    context = {
        "page": page_of(rows.select_related("circular__unit", "unit").newest(), request.GET),
        "shown": shown,
        "several": len(mine) > 1,
        "today": timezone.localdate(),
    }
    return page(request, "portal/inbox.html", context)


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One 通知 as a unit has it."""
    row = receipt_of(request, uuid)
    circular = row.circular
    context = {
        "receipt": row,
        "circular": circular,
        "files": circular.files.all() if circular.is_live else (),
        "may_receive": permissions.may_receive(request.scope, row.unit.path),
        "has_page": row.unit.kind in BRANCH_KINDS,
        "today": timezone.localdate(),
    }
    return page(request, "portal/receipt_detail.html", context)


def _do(
    request: DeskRequest, uuid: UUID, done: str, verb: Callable[..., Any], **more: Any
) -> HttpResponse:
    row = receipt_of(request, uuid)
    demand(permissions.may_receive(request.scope, row.unit.path))
    attempt(request, lambda: verb(receipt=row, **more), done)
    return go(request, "portal:receipt", row.uuid)


@login_required
@require_POST
def read(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """已阅."""
    return _do(request, uuid, "已阅。", verbs.read, by=request.user, now=timezone.now())


@login_required
@require_POST
def sign(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """签收."""
    return _do(request, uuid, "已签收。", verbs.sign, by=request.user, now=timezone.now())


@login_required
@require_POST
def share(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """转发 to the branch's page; with ``public`` to its notice board as well."""
    public = request.POST.get("public") == "1"
    done = "已转发，并列入公开栏。" if public else "已转发到支部网页。"
    return _do(request, uuid, done, verbs.share, by=request.user, now=timezone.now(), public=public)


@login_required
@require_POST
def unshare(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take it off the branch's page."""
    return _do(request, uuid, "已从支部网页撤下。", verbs.unshare)


@login_required
@require_GET
def file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """An attachment, for who may issue its 通知 and for those it was issued to (S5)."""
    scope = request.scope
    issued = CircularFile.objects.within(*scope.units_as(*STAFF))
    received = CircularFile.objects.everywhere("through one's own receipts").filter(
        circular__in=Receipt.objects.within(*scope.units).live().order_by().values("circular")
    )
    found = issued.filter(uuid=uuid).first() or get_object_or_404(received, uuid=uuid)
    return attachments.serve(request, found)
