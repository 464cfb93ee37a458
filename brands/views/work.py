"""五定, the creation list, and inspections with what was done about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brands import permissions
from brands.enums import ItemSet
from brands.forms.brand import ReasonForm
from brands.forms.work import AnswerForm, AnswersForm, DoneForm, InspectionForm, TaskForm
from brands.models import CreationAnswer, Inspection, PlanItem
from brands.reading import items_of, scheme_of
from brands.services import inspections, plan
from brands.views.parts import DeskRequest, attempt, demand, filled, looks_on, year_of
from core.htmx import go, page
from core.pages import page_of

_FIELDS = ("name", "owner", "due_on", "measure", "answerable")


def _item(request: DeskRequest, uuid: UUID) -> PlanItem:
    rows = PlanItem.objects.within(*request.scope.units).select_related("year__brand__unit")
    found: PlanItem = get_object_or_404(rows, uuid=uuid)
    demand(permissions.may_keep(request.scope, found.year.brand.unit.path))
    return found


@login_required
@require_http_methods(["GET", "POST"])
def plan_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One more task of the plan; “再加一项” comes back here."""
    year = year_of(request, uuid)
    demand(permissions.may_keep(request.scope, year.brand.unit.path))
    form = TaskForm(request.POST or None)
    more = "more" in request.POST
    return filled(
        request,
        template="brands/plan_form.html",
        context={
            "year": year,
            "brand": year.brand,
            "tasks": list(year.plan.all()),
            "item": None,
        },
        form=form,
        verb=lambda: plan.add_item(year=year, by=request.user, task=form.task),
        done="已加入计划。",
        to=("brands:plan_new", year.uuid) if more else ("brands:brand_detail", year.brand.uuid),
    )


@login_required
@require_http_methods(["GET", "POST"])
def plan_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Write a task anew."""
    item = _item(request, uuid)
    known = {name: getattr(item, name) for name in _FIELDS}
    form = TaskForm(request.POST or None, initial=known)
    context = {"year": item.year, "brand": item.year.brand, "item": item, "tasks": []}
    return filled(
        request,
        template="brands/plan_form.html",
        context=context,
        form=form,
        verb=lambda: plan.change_item(item=item, by=request.user, task=form.task),
        done="已修改。",
        to=("brands:brand_detail", item.year.brand.uuid),
    )


@login_required
@require_http_methods(["GET", "POST"])
def plan_done(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """办结 a task with what came of it."""
    item, today = _item(request, uuid), timezone.localdate()
    form = DoneForm(request.POST or None, request.FILES or None, initial={"on": today})

    def verb() -> Any:
        given = form.cleaned_data
        return plan.finish_item(
            item=item, by=request.user, on=given["on"], today=today, evidence=given["evidence"],
            upload=given["file"] or None,
        )  # fmt: skip

    return filled(
        request, form=form, verb=verb, done="已登记完成。",
        context={
            "heading": "登记完成",
            "note": item.name,
            "about": (("承办人员", item.owner), ("措施", item.measure)),
            "submit": "登记完成",
            "draft": f"brand-done-{item.pk}",
            "brand": item.year.brand,
        },
        to=("brands:brand_detail", item.year.brand.uuid),
    )  # fmt: skip


@login_required
@require_POST
def plan_drop(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take a task out of a plan that was not applied for yet."""
    item = _item(request, uuid)
    attempt(request, lambda: plan.drop_item(item=item, by=request.user), "已从计划里删去。")
    return go(request, "brands:brand_detail", item.year.brand.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def answers(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """创建清单."""
    year = year_of(request, uuid)
    demand(permissions.may_keep(request.scope, year.brand.unit.path))
    items = items_of(year.brand.unit, year.year, ItemSet.CREATION)
    known = dict(CreationAnswer.unscoped.filter(year=year).values_list("item_id", "text"))
    form = AnswersForm(request.POST or None, items=items, known=known)

    def verb() -> Any:
        return plan.answer_list(year=year, by=request.user, texts=form.texts)

    return filled(
        request, form=form, verb=verb, done="创建清单已保存。",
        context={
            "heading": "创建清单",
            "note": "逐条写落实情况，可以分几次填；报请督查前要填全。",
            "submit": "保存",
            "draft": f"brand-list-{year.pk}",
            "brand": year.brand,
        },
        to=("brands:brand_detail", year.brand.uuid),
    )  # fmt: skip


# --- 督查 ----------------------------------------------------------------------------------------


@login_required
@require_GET
def inspection_list(request: DeskRequest) -> HttpResponse:
    """Inspections in reach, what is open in front; ``?state=open`` leaves only those."""
    rows = Inspection.objects.within(*request.scope.units)
    only_open = request.GET.get("state") == "open"
    if only_open:
        rows = rows.open()
    rows = rows.select_related("year__brand__unit").order_by("state", "due_on", "-on", "-pk")
    context = {
        "page": page_of(rows, request.GET),
        "only_open": only_open,
        "today": timezone.localdate(),
        "is_staff": looks_on(request),
    }
    return page(request, "brands/inspection_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def inspection_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """登记督查."""
    year, today = year_of(request, uuid), timezone.localdate()
    demand(permissions.may_inspect(request.scope, year.brand.unit.path))
    first = {"on": today, "people": request.user.name, "kind": "tracking"}
    form = InspectionForm(request.POST or None, initial=first)

    def verb() -> Any:
        return inspections.inspect(year=year, by=request.user, today=today, **form.cleaned_data)

    scheme = scheme_of(year.brand.unit, year.year)
    return filled(
        request, form=form, verb=verb,
        done="督查已登记，创建单位会收到反馈。",
        context={
            "heading": "登记督查",
            "note": f"要整改的，期限为 {scheme.follow_up_days} 个工作日，自动算出。",
            "submit": "登记督查",
            "draft": f"brand-inspect-{year.pk}",
            "brand": year.brand,
        },
        to=("brands:brand_detail", year.brand.uuid),
    )  # fmt: skip


def _inspection(request: DeskRequest, uuid: UUID) -> Inspection:
    rows = Inspection.objects.within(*request.scope.units).select_related("year__brand__unit")
    found: Inspection = get_object_or_404(rows, uuid=uuid)
    return found


@login_required
@require_http_methods(["GET", "POST"])
def inspection_answer(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """答复整改."""
    found = _inspection(request, uuid)
    brand, on = found.year.brand, timezone.localdate()
    demand(permissions.may_keep(request.scope, brand.unit.path))
    form = AnswerForm(request.POST or None, initial={"text": found.answer})

    def verb() -> Any:
        return inspections.answer(
            inspection=found, by=request.user, on=on, text=form.cleaned_data["text"]
        )

    return filled(
        request, form=form, verb=verb,
        done="已答复，等核查销号。", context={
            "heading": "答复整改",
            "about": (
                ("督查情况", found.findings),
                ("核查意见", found.sent_back),
                ("整改期限", f"{found.due_on:%Y-%m-%d}" if found.due_on else ""),
            ),
            "submit": "提交答复",
            "draft": f"brand-answer-{found.pk}",
            "brand": brand,
        },
        to=("brands:brand_detail", brand.uuid),
    )  # fmt: skip


@login_required
@require_POST
def inspection_settle(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """核查销号."""
    found = _inspection(request, uuid)
    demand(permissions.may_inspect(request.scope, found.year.brand.unit.path))
    attempt(
        request,
        lambda: inspections.settle(inspection=found, by=request.user, on=timezone.localdate()),
        "已销号。",
    )
    return go(request, "brands:brand_detail", found.year.brand.uuid)


@login_required
@require_POST
def inspection_back(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """退回再整改."""
    found = _inspection(request, uuid)
    demand(permissions.may_inspect(request.scope, found.year.brand.unit.path))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "请写明退回的理由。")
        return go(request, "brands:brand_detail", found.year.brand.uuid)
    attempt(
        request,
        lambda: inspections.send_back(
            inspection=found, by=request.user, on=timezone.localdate(), **form.cleaned_data
        ),
        "已退回再整改。",
    )
    return go(request, "brands:brand_detail", found.year.brand.uuid)
