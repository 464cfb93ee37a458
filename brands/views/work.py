"""五定, the creation list, and inspections with what was done about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brands import permissions
from brands.enums import InspectionKind, ItemSet
from brands.forms.brand import ReasonForm
from brands.forms.work import AnswerForm, AnswersForm, DoneForm, InspectionForm, TaskForm
from brands.models import BrandYear, CreationAnswer, Inspection, PlanItem
from brands.reading import items_of, scheme_of
from brands.services import inspections, plan
from brands.views.parts import (
    DeskRequest,
    Words,
    attempt,
    brand_form,
    demand,
    filled,
    looks_on,
    sent,
    year_of,
)
from core.htmx import go, page
from core.pages import page_of

_FIELDS = ("name", "owner", "due_on", "measure", "answerable")
_LIST = Words(
    "创建清单",
    "逐条写落实情况，可以分几次填；报请督查前要填全。",
    "创建清单已保存。",
    submit="保存",
)
_ANSWER = Words("答复整改", "", "已答复，等核查销号。", submit="提交答复")


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
    form = TaskForm(*sent(request))
    more = "more" in request.POST
    return _task(
        request, year, form, lambda: plan.add_item(year=year, by=request.user, task=form.task),
        done="已加入计划。", tasks=list(year.plan.all()),
        to=("brands:plan_new", year.uuid) if more else ("brands:brand_detail", year.brand.uuid),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def plan_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Write a task anew."""
    item = _item(request, uuid)
    form = TaskForm(*sent(request), initial={name: getattr(item, name) for name in _FIELDS})
    return _task(
        request, item.year, form,
        lambda: plan.change_item(item=item, by=request.user, task=form.task),
        done="已修改。", item=item, to=("brands:brand_detail", item.year.brand.uuid),
    )  # fmt: skip


def _task(
    request: DeskRequest, year: BrandYear, form: TaskForm, verb: Callable[[], Any], *, done: str,
    to: tuple[Any, ...], item: PlanItem | None = None, tasks: Sequence[PlanItem] = (),
) -> HttpResponse:  # fmt: skip
    """The form of a task; above it the ``tasks`` that the plan holds already."""
    context = {"year": year, "brand": year.brand, "item": item, "tasks": tasks}
    return filled(
        request, template="brands/plan_form.html", context=context, form=form, verb=verb,
        done=done, to=to,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def plan_done(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """办结 a task with what came of it."""
    item, today = _item(request, uuid), timezone.localdate()
    form = DoneForm(*sent(request), initial={"on": today})
    known: dict[str, Any] = {"item": item, "by": request.user, "today": today}
    return brand_form(
        request, Words("登记完成", item.name, "已登记完成。"), form,
        lambda: plan.finish_item(**known, **form.facts), brand=item.year.brand,
        about=(("承办人员", item.owner), ("措施", item.measure)), draft=f"brand-done-{item.pk}",
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
    form = AnswersForm(*sent(request), items=items, known=known)
    return brand_form(
        request, _LIST, form,
        lambda: plan.answer_list(year=year, by=request.user, texts=form.texts),
        brand=year.brand, draft=f"brand-list-{year.pk}",
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
    first = {"on": today, "people": request.user.name, "kind": InspectionKind.TRACKING.value}
    form = InspectionForm(*sent(request), initial=first)
    days = scheme_of(year.brand.unit, year.year).follow_up_days
    note = f"要整改的，期限为 {days} 个工作日，自动算出。"
    known: dict[str, Any] = {"year": year, "by": request.user, "today": today}
    return brand_form(
        request, Words("登记督查", note, "督查已登记，创建单位会收到反馈。"), form,
        lambda: inspections.inspect(**known, **form.cleaned_data), brand=year.brand,
        draft=f"brand-inspect-{year.pk}",
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
    brand = found.year.brand
    demand(permissions.may_keep(request.scope, brand.unit.path))
    form = AnswerForm(*sent(request), initial={"text": found.answer})
    known: dict[str, Any] = {"inspection": found, "by": request.user, "on": timezone.localdate()}
    return brand_form(
        request, _ANSWER, form, lambda: inspections.answer(**known, **form.cleaned_data),
        brand=brand, about=_to_mend(found), draft=f"brand-answer-{found.pk}",
    )  # fmt: skip


def _to_mend(found: Inspection) -> tuple[tuple[str, str], ...]:
    """What is read before answering; what is empty is not shown."""
    until = f"{found.due_on:%Y-%m-%d}" if found.due_on else ""
    return (("督查情况", found.findings), ("核查意见", found.sent_back), ("整改期限", until))


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
