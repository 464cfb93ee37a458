"""谁落后: a list by name, a word to one or to many, and the same as a workbook."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.enums import Role
from branches.permissions import STAFF
from core.downloads import workbook_download
from core.htmx import go, page
from core.workbooks import stream_rows
from meetings.behind import BehindRow, Question, all_behind, behind, count_behind, urge
from meetings.forms.desk import BehindForm
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
        told = urge(question=question, unit_ids=ids, by=request.user)
        if told:
            messages.success(request, f"已催报，{told} 位书记会在“消息”里看到缺什么、何时截止。")
        else:
            messages.info(request, "今天都已经催过，或这些支部还没有书记账号，没有重复发送。")
    return go(request, f"{reverse('meetings:behind')}?{request.GET.urlencode()}")


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
