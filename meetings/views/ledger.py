"""年度台账, taken away by whoever keeps the branch or looks after it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Unit
from branches.permissions import WRITERS
from core.downloads import workbook_download
from meetings.ledger import ledger
from meetings.views.parts import DeskRequest, demand

FIRST, LAST = 2000, 2100


@login_required
@require_GET
def year(request: DeskRequest, code: str, year: int) -> StreamingHttpResponse:
    """One branch, one year, one workbook."""
    if year not in range(FIRST, LAST + 1):
        raise Http404
    units = Unit.objects.within(*request.scope.units).branches()
    unit = get_object_or_404(units, code=code)
    demand(request.scope.covers(unit.path, *WRITERS))
    cover = {
        "内容": f"{year}年“三会一课”台账",
        "党组织": unit.name,
        "导出人": request.user.name,
        "导出时间": f"{timezone.localtime():%Y-%m-%d %H:%M}",
    }
    pieces = ledger(unit=unit, year=year, on=timezone.localdate(), cover=cover)
    return workbook_download(pieces, f"{unit}{year}年三会一课台账.xlsx")
