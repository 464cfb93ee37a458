"""全年学习计划: all branches for those above, one branch's year, and the word to those behind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF
from core.downloads import workbook_download
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of
from core.workbooks import stream_rows
from meetings import permissions
from meetings.forms.study import ItemChangeForm, ItemForm, StudyFilterForm
from meetings.models import StudyItem, StudyPhase, StudyPlan
from meetings.services import study
from meetings.study_overview import (
    Asked,
    BranchRow,
    all_rows,
    branch_rows,
    branches_of,
    figures,
    urge_study,
)
from meetings.studying import plan_of
from meetings.views.parts import (
    Choice,
    DeskRequest,
    attempt,
    choice,
    demand,
    is_key,
    subtree,
    unit_of,
    units_to_choose,
)

LOOKERS = (*STAFF, Role.LEADER)
_CHOICE = Choice(
    "学习计划",
    "先选是哪个支部的计划。",
    is_top=True,
    nothing="没有可以查看的学习计划",
    hint="学习计划由党支部书记制定；党小组的学习记在小组会里。",
    icon="books",
)


def year_of(request: DeskRequest) -> int:
    """The year in the address, near this one; this one when nothing sensible stands there."""
    text, now = request.GET.get("year", ""), timezone.localdate().year
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else now
    return min(max(year, now - 10), now + 1)


# --- All branches --------------------------------------------------------------------------------


def _asked(request: DeskRequest, *roles: str) -> tuple[Asked, StudyFilterForm]:
    """The question in the address, within the reach that the roles give."""
    roots = request.scope.units_as(*roles)
    demand(bool(roots))
    chosen, committees = subtree(request, roots)
    on = timezone.localdate()
    form = StudyFilterForm(request.GET, year=on.year, committees=committees, chosen=chosen)
    units = (chosen,) if chosen else roots
    return Asked(units, form.asked_year, on, form.asked("state")), form


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Those above see all branches; a secretary his own plan, or a choice of several."""
    if request.scope.units_as(*LOOKERS):
        return _overview(request)
    asked = request.GET.get("unit", "")
    if asked:
        return go(request, _back(None, unit_of(request, asked), year_of(request)))
    units = units_to_choose(request, BRANCH_KINDS)
    if len(units) != 1 or "q" in request.GET:
        return choice(request, _CHOICE, units)
    return _plan_page(request, units[0])


def _overview(request: DeskRequest) -> HttpResponse:
    asked, form = _asked(request, *LOOKERS)
    shown = page_of(branches_of(asked), request.GET)
    committees = form.fields["unit"].choices  # type: ignore[attr-defined]
    context = {
        "form": form,
        "year": asked.year,
        "today": asked.on,
        "figures": figures(asked, by_committee=len(committees) > 2 and "unit" not in form.data),
        "page": shown,
        "rows": branch_rows(asked, shown.rows),
        "query": request.GET.urlencode(),
        "may_urge": bool(request.scope.units_as(*STAFF)),
        "may_keep": bool(request.scope.units_as(Role.DISTRICT_STAFF)),
    }
    return page(request, "meetings/study_overview.html", context)


@login_required
@require_POST
def urge(request: DeskRequest) -> HttpResponse:
    """催: one branch (``only``), those ticked (``pk``), or all that lag (``everyone``)."""
    asked, _ = _asked(request, *STAFF)
    ids: list[int] | None = None
    if "everyone" not in request.POST:
        texts = request.POST.getlist("only") or request.POST.getlist("pk")
        ids = [int(text) for text in texts if is_key(text)]
    if ids == []:
        messages.warning(request, "还没有选支部：请先在名单里打勾，再点“催学”。")
    elif told := urge_study(asked=asked, unit_ids=ids, by=request.user):
        messages.success(request, f"已催学，{told} 位书记会在“消息”里看到缺哪几篇。")
    else:
        messages.info(request, "今天都已经催过、没有落后，或还没有书记账号，没有重复发送。")
    return go(request, f"{reverse('meetings:study')}?{request.GET.urlencode()}")


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """All branches with their progress as a workbook, streamed."""
    asked, form = _asked(request, *LOOKERS)
    cover: dict[str, Any] = {
        "内容": f"{asked.year}年学习计划进度",
        "情况": dict(form.fields["state"].choices)[asked.state],  # type: ignore[attr-defined]
        "统计日期": asked.on,
        "导出人": request.user.name,
    }
    headers = ("党（工）委", "党组织代码", "党组织", "有无计划", "计划篇数", "已学", "逾期未学")
    rows = (_cells(row) for row in all_rows(asked))
    pieces = stream_rows(headers, rows, cover=cover, sheet="学习进度")
    return workbook_download(pieces, f"{asked.year}年学习计划进度.xlsx")


def _cells(row: BranchRow) -> tuple[object, ...]:
    unit, got = row.unit, row.progress
    committee = unit.committee.name if unit.committee else ""
    planned = "有" if row.planned else "没有"
    return committee, unit.code, unit.name, planned, got.total, got.done, got.late


# --- One branch ----------------------------------------------------------------------------------


def _branch(request: DeskRequest, code: str) -> Unit:
    """A branch in reach of somebody who looks after branches; 404 otherwise."""
    roots = request.scope.units_as(*LOOKERS, Role.SECRETARY)
    rows = Unit.objects.within(*roots).filter(kind__in=BRANCH_KINDS)
    return get_object_or_404(rows, code=code)


def _plan_page(request: DeskRequest, unit: Unit) -> HttpResponse:
    on, year = timezone.localdate(), year_of(request)
    context = {
        "view": plan_of(unit, year, on=on),
        "unit": unit,
        "year": year,
        "years": (year - 1, year + 1 if year <= on.year else None),
        "today": on,
        "may_plan": permissions.may_plan_study(request.scope, unit.path),
    }
    return page(request, "meetings/study_plan.html", context)


@login_required
@require_GET
def plan(request: DeskRequest, code: str) -> HttpResponse:
    """One branch's year."""
    return _plan_page(request, _branch(request, code))


def _back(plan: StudyPlan | None, unit: Unit, year: int) -> str:
    year = plan.year if plan else year
    return f"{reverse('meetings:study_plan', args=[unit.code])}?year={year}"


@login_required
@require_POST
def adopt(request: DeskRequest, code: str) -> HttpResponse:
    """Take over the district's list: the plan is made, or what is new comes into it."""
    unit, year = _branch(request, code), year_of(request)
    demand(permissions.may_plan_study(request.scope, unit.path))
    attempt(
        request,
        lambda: study.adopt_plan(unit=unit, year=year, by=request.user),
        f"{year}年学习计划已定，每次会议学了哪篇，记录时点一下就行。",
    )
    return go(request, _back(None, unit, year))


@login_required
@require_http_methods(["GET", "POST"])
def item_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Add a text of the branch's own."""
    plan = _plan(request, uuid)
    form = ItemForm(request.POST or None, phases=_phases(plan))
    if request.method == "POST" and form.is_valid():
        try:
            study.add_item(plan=plan, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, "已加入学习计划。")
            return go(request, _back(plan, plan.unit, plan.year))
    return _form_page(request, form, plan, None)


@login_required
@require_http_methods(["GET", "POST"])
def item_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Move a text to another phase, or say who leads."""
    item = _item(request, uuid)
    first = {"phase": item.phase_id, "leader": item.leader}
    form = ItemChangeForm(request.POST or None, initial=first, phases=_phases(item.plan))
    if request.method == "POST" and form.is_valid():
        try:
            study.change_item(item=item, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, "已修改。")
            return go(request, _back(item.plan, item.plan.unit, item.plan.year))
    return _form_page(request, form, item.plan, item)


@login_required
@require_POST
def item_drop(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take a text of the branch's own off the plan."""
    item = _item(request, uuid)
    attempt(request, lambda: study.drop_item(item=item, by=request.user), "已从计划里去掉。")
    return go(request, _back(item.plan, item.plan.unit, item.plan.year))


def _form_page(
    request: DeskRequest, form: Any, plan: StudyPlan, item: StudyItem | None
) -> HttpResponse:
    context = {"form": form, "plan": plan, "item": item}
    status = 422 if request.method == "POST" else 200
    return page(request, "meetings/study_item_form.html", context, status=status)


def _plan(request: DeskRequest, uuid: UUID) -> StudyPlan:
    rows = StudyPlan.objects.within(*request.scope.units).select_related("unit")
    found: StudyPlan = get_object_or_404(rows, uuid=uuid)
    demand(permissions.may_plan_study(request.scope, found.unit.path))
    return found


def _item(request: DeskRequest, uuid: UUID) -> StudyItem:
    rows = StudyItem.objects.within(*request.scope.units).filter(is_dropped=False)
    found: StudyItem = get_object_or_404(rows.select_related("plan__unit", "phase"), uuid=uuid)
    demand(permissions.may_plan_study(request.scope, found.plan.unit.path))
    return found


def _phases(plan: StudyPlan) -> Any:
    rows = StudyPhase.objects.everywhere("the phases hold for everybody in the district")
    return rows.filter(unit=plan.unit.district_id, year=plan.year).order_by("starts_on")
