"""谁落后: a list by name, a word to one or to many, and the same as a workbook."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, F
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.enums import Role
from branches.permissions import STAFF
from core.downloads import workbook_download
from core.htmx import go, page
from core.pages import page_of
from core.workbooks import stream_rows
from meetings.behind import BehindRow, Question, Urging, all_behind, behind, count_behind
from meetings.forms.desk import BehindForm
from meetings.models import Urge, Urged
from meetings.services.urges import urge
from meetings.views.parts import DeskRequest, demand, is_key, subtree

LOOKERS = (*STAFF, Role.LEADER)
SIZE = 50
_PATH = re.compile(r"[0-9A-Z]{0,64}\Z")


def _asked(request: DeskRequest, *roles: str) -> tuple[Question, BehindForm]:
    """The question in the address, within the reach that the roles give."""
    roots = request.scope.units_as(*roles)
    demand(bool(roots))
    chosen, committees = subtree(request, roots)
    on = timezone.localdate()
    form = BehindForm(request.GET, on=on, committees=committees, chosen=chosen)
    units = (chosen,) if chosen else roots
    return Question(units, form.period, on, form.duty_kind, form.everything), form


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """One page of those behind, in the order of the tree."""
    question, form = _asked(request, *LOOKERS)
    branches, missing = count_behind(question)
    context = {
        "form": form,
        "branches": branches,
        "missing": missing,
        "month": question.month,
        "today": question.on,
        "may_urge": bool(request.scope.units_as(*STAFF)),
        **_page(request, question),
    }
    return page(request, "meetings/behind.html", context)


def _page(request: DeskRequest, question: Question) -> dict[str, Any]:
    """The rows of one page, and the addresses of the pages beside it."""
    after = request.GET.get("after", "")
    rows = behind(question, after=after if _PATH.match(after) else "", limit=SIZE + 1)
    shown = rows[:SIZE]
    query = {key: value for key, value in request.GET.items() if key != "after"}
    return {
        "rows": shown,
        "query": urlencode(query),
        "next": urlencode({**query, "after": shown[-1].path}) if len(rows) > SIZE else "",
        "first": urlencode(query) if after else "",
    }


@login_required
@require_POST
def urge_(request: DeskRequest) -> HttpResponse:
    """催报: one branch (``only``), those ticked (``pk``), or all that are behind (``everyone``)."""
    question, _ = _asked(request, *STAFF)
    ids: list[int] | None = None
    if "everyone" not in request.POST:
        texts = request.POST.getlist("only") or request.POST.getlist("pk")
        ids = [int(text) for text in texts if is_key(text)]
    if ids == []:
        messages.warning(request, "还没有选支部：请先在名单里打勾，再点“催报”。")
    else:
        done = urge(question=question, unit_ids=ids, by=request.user)
        tell = messages.success if done.people else messages.info
        tell(request, _said(done))
    return go(request, f"{reverse('meetings:behind')}?{request.GET.urlencode()}")


def _said(done: Urging) -> str:
    """What came of a press, in one line."""
    parts = []
    if done.people:
        parts.append(f"已催报 {done.told} 个支部，书记会看到缺什么、何时截止")
    if done.already:
        parts.append(f"今天已催过 {done.already} 个，没有重复发送")
    if done.unreachable:
        parts.append(f"{done.unreachable} 个支部还没有书记账号，请先开通")
    return "；".join(parts or ["所选支部没有要催的事项"]) + "。"


@login_required
@require_GET
def urges(request: DeskRequest) -> HttpResponse:
    """催报记录: who pressed when, how many were told, how many have read it."""
    roots = request.scope.units_as(*LOOKERS)
    demand(bool(roots))
    rows = (
        Urge.objects.within(*roots)
        .select_related("unit", "by")
        .annotate(notices=Count("rows"), read=Count("rows__notice__read_at"))
    )
    shown = page_of(rows.order_by("-pk"), request.GET, size=30)
    return page(request, "meetings/urge_list.html", {"page": shown})


@login_required
@require_GET
def urged(request: DeskRequest, pk: int) -> HttpResponse:
    """One press: which branches, and who has read it, the unread first."""
    roots = request.scope.units_as(*LOOKERS)
    demand(bool(roots))
    press = get_object_or_404(Urge.objects.within(*roots).select_related("unit", "by"), pk=pk)
    rows = Urged.objects.within(*roots).filter(urge=press)
    rows = rows.select_related("unit", "unit__committee", "notice")
    shown = page_of(
        rows.order_by(F("notice__read_at").desc(nulls_first=True), "unit__path", "pk"), request.GET
    )
    figures = rows.aggregate(all=Count("pk"), read=Count("notice__read_at"))
    context = {"press": press, "page": shown, "figures": figures}
    return page(request, "meetings/urge_detail.html", context)


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The whole list as a workbook, streamed."""
    question, _ = _asked(request, *LOOKERS)
    cover: dict[str, Any] = {
        "内容": "未完成三会一课职责的支部",
        "月份": question.month.name,
        "统计日期": question.on,
        "导出人": request.user.name,
    }
    headers = ("党（工）委", "党组织代码", "党组织", "未完成数", "缺什么", "最近提醒")
    rows = (_cells(row) for row in all_behind(question))
    pieces = stream_rows(headers, rows, cover=cover, sheet="名单")
    return workbook_download(pieces, f"{question.month.name}谁落后.xlsx")


def _cells(row: BehindRow) -> tuple[object, ...]:
    missing = "；".join(f"{duty.kind_label} {duty.period_name}" for duty in row.missing)
    told = timezone.localtime(row.told_at) if row.told_at else None
    return row.committee_name, row.code, row.name, len(row.missing), missing, told
