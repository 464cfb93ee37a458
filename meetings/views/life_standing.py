"""组织生活 of many branches: where the three flows stand, a word to those behind, a workbook."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF
from core.downloads import workbook_download
from core.htmx import go, page
from core.workbooks import stream_rows
from meetings.forms.life import StandingForm
from meetings.life_standing import BranchLife, Question, everybody, figures, listed
from meetings.services.life_urge import urge
from meetings.views.parts import DeskRequest, demand, is_key, subtree

LOOKERS = (*STAFF, Role.LEADER)


def _asked(request: DeskRequest, *roles: str) -> tuple[Question, StandingForm, Unit | None]:
    """The question in the address, within the reach that the roles give."""
    roots = request.scope.units_as(*roles)
    demand(bool(roots))
    chosen, committees = subtree(request, roots)
    on = timezone.localdate()
    form = StandingForm(request.GET, on=on, committees=committees, chosen=chosen)
    question = Question(
        units=(chosen,) if chosen else roots,
        year=form.chosen_year,
        on=on,
        flow=form.chosen_flow,
        states=form.states,
        behind=form.behind,
    )
    return question, form, chosen


@login_required
@require_GET
def standing(request: DeskRequest) -> HttpResponse:
    """Figures that open their rows, a plot by committee, and the branches."""
    question, form, chosen = _asked(request, *LOOKERS)
    text = request.GET.get("page", "1")
    number = int(text) if is_key(text) and len(text) < 5 else 1
    query = {key: value for key, value in request.GET.items() if key != "page"}
    context = {
        "form": form,
        "year": question.year,
        "today": question.on,
        "figures": figures(question, chosen=chosen),
        "page": listed(question, number=number),
        "query": urlencode(query),
        "may_urge": bool(request.scope.units_as(*STAFF)),
    }
    return page(request, "meetings/life_standing.html", context)


@login_required
@require_POST
def standing_urge(request: DeskRequest) -> HttpResponse:
    """催办: those ticked (``pk``), or all of the list (``everyone``) with something left."""
    question, _, _ = _asked(request, *STAFF)
    ids: list[int] | None = None
    if "everyone" not in request.POST:
        ids = [int(text) for text in request.POST.getlist("pk") if is_key(text)]
    if ids == []:
        messages.warning(request, "还没有选支部：请先在名单里打勾，再点“催办”。")
    else:
        told = urge(question=question, unit_ids=ids, by=request.user)
        if told:
            messages.success(request, f"已催办，{told} 位书记会在“消息”里看到还差什么。")
        else:
            messages.info(request, "今天都已经催过，或这些支部都办完了，没有重复发送。")
    return go(request, f"{reverse('meetings:life_standing')}?{request.GET.urlencode()}")


@login_required
@require_GET
def standing_export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as a workbook: branches and steps, no member and no grade."""
    question, _, _ = _asked(request, *LOOKERS)
    cover: dict[str, Any] = {
        "内容": f"{question.year}年组织生活进展",
        "统计日期": question.on,
        "导出人": request.user.name,
    }
    headers = (
        "党（工）委", "党组织代码", "党组织", "组织生活会", "民主评议党员", "谈心谈话已谈",
        "谈心谈话应谈",
    )  # fmt: skip
    rows = (_cells(row) for row in everybody(question))
    pieces = stream_rows(headers, rows, cover=cover, sheet="进展")
    return workbook_download(pieces, f"{question.year}年组织生活进展.xlsx")


def _cells(row: BranchLife) -> tuple[object, ...]:
    return (
        row.committee_name, row.code, row.name, row.review_label, row.appraisal_label, row.talked,
        row.needed,
    )  # fmt: skip
