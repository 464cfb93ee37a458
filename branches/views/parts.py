"""What all pages about organisations share: what the asker may see, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from branches.models import Member, Unit
from branches.permissions import SEE_PEOPLE
from branches.querysets import MemberQuerySet, UnitQuerySet
from branches.scope import Scope
from core.downloads import workbook_download
from core.errors import Refusal
from core.htmx import HtmxRequest
from core.workbooks import stream_rows


class DeskRequest(HtmxRequest):
    """A signed-in request with its scope."""

    scope: Scope
    user: User


def units(request: DeskRequest) -> UnitQuerySet:
    """The organisations in reach."""
    return Unit.objects.within(*request.scope.units)


def unit_of(request: DeskRequest, code: str) -> Unit:
    """One organisation in reach; 404 for what is not there and for what is not his alike."""
    return get_object_or_404(
        units(request).select_related("parent", "district", "committee"), code=code
    )


def members(request: DeskRequest) -> MemberQuerySet:
    """The members in reach of a role that may see people; a leader who only looks sees none."""
    found: MemberQuerySet = Member.objects.within(*people_roots(request.scope))
    return found


def people_roots(scope: Scope) -> tuple[Unit, ...]:
    """The subtrees whose people the asker may see."""
    return scope.units_as(*SEE_PEOPLE)


def member_of(request: DeskRequest, uuid: UUID) -> Member:
    """One member in reach, else 404."""
    found: Member = get_object_or_404(members(request).select_related("unit", "group"), uuid=uuid)
    return found


def demand(allowed: bool) -> None:
    """403 unless allowed."""
    if not allowed:
        raise PermissionDenied


def attempt(request: DeskRequest, verb: Callable[[], Any], done: str) -> bool:
    """Do it and say so, or say why not; True when it was done."""
    try:
        verb()
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return False
    messages.success(request, done)
    return True


def attempt_form(form: BaseForm, verb: Callable[[], Any]) -> Any:
    """Do it, or put the refusal beside its field; None when it was not done."""
    try:
        return verb()
    except Refusal as refusal:
        known = refusal.field in form.fields
        form.add_error(refusal.field if known else None, refusal.message)
        return None


def sheet(
    request: DeskRequest,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    conditions: str = "",
) -> StreamingHttpResponse:
    """A streamed workbook; its cover says what it is and who took it out when."""
    cover = {
        "内容": title,
        "导出人": request.user.name,
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M}",
        "范围": "、".join(unit.name for unit in request.scope.units[:10]),
        "筛选条件": conditions or "无",
    }
    pieces = stream_rows(headers, rows, cover=cover, sheet=title)
    return workbook_download(pieces, f"{title}{timezone.localdate():%Y%m%d}.xlsx")
