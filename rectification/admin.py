"""批次, 整顿对象, 问题, 成效数字, 督查, 销号 and 列入情形 in the data administration."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from branches.admin_base import ScopedAdmin, scope_of
from branches.enums import Role
from branches.models import Unit
from core.admin import CommonAdmin
from core.admin_base import ReasonForm, by_period, reason_of
from rectification import permissions, services
from rectification.models import (
    Batch,
    Case,
    Closing,
    FigureEntry,
    Inspection,
    ListingReason,
    Problem,
)


class CaseBound(ScopedAdmin):
    """Rows that reach their unit through the case."""

    joined: ClassVar[tuple[str, ...]] = ("case__unit", "case__batch")
    search_fields = ("case__unit__name",)
    search_help_text = "按党组织的名称、代码或拼音首字母查找。"

    def path_of(self, obj: Any) -> str:
        return str(obj.case.unit.path)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.replace("\x00", "").strip()
        if not text:
            return queryset, False
        units = Unit.objects.within(*self.reach(request)).search(text)
        return queryset.filter(case__unit__in=units.order_by().values("pk")), False


@admin.register(ListingReason)
class ListingReasonAdmin(CommonAdmin):
    list_display = ("title", "code", "regulation", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("title", "code")
    search_help_text = "按情形或代码查找。"
    add_fields = ("code", "title", "regulation", "position", "is_active")


@admin.register(Batch)
class BatchAdmin(ScopedAdmin):
    sees = (Role.DISTRICT_STAFF,)
    joined = ("unit", "by")
    list_display = ("name", "number", "year", "unit", "starts_on", "deadline")
    list_filter = (by_period("starts_on"),)
    shown = (
        "unit", "number", "name", "year", "starts_on", "deadline", "regulation", "demands",
        "pass_score", "pass_satisfaction", "most_dissatisfied", "fair_counts", "least_answers",
        "watch_months", "problem_days", "sheet", "reports", "by", "created_at",
    )  # fmt: skip

    @admin.display(description="验收评分表")
    def sheet(self, batch: Batch) -> str:
        return "；".join(f"{item.name} {item.points:g}" for item in batch.items.all())

    @admin.display(description="应交报告")
    def reports(self, batch: Batch) -> str:
        return "；".join(f"{due.title} {due.due_on:%Y-%m-%d}" for due in batch.dues.all())


@admin.register(Case)
class CaseAdmin(ScopedAdmin):
    joined = ("unit", "batch", "created_by")
    list_display = ("unit", "batch", "state", "round", "deadline", "decided_on", "closed_on")
    list_filter = ("state", by_period("decided_on"))
    shown = (
        "unit", "batch", "state", "round", "reason_titles", "detail", "baseline", "plan",
        "deadline", "decided_on", "decision_number", "started_on", "examined_on", "closed_on",
        "watch_until", "settled_on", "created_by", "created_at",
    )  # fmt: skip

    @admin.display(description="列入情形")
    def reason_titles(self, case: Case) -> str:
        known = dict(ListingReason.objects.values_list("code", "title"))
        return "；".join(known.get(code, code) for code in case.reasons)


@admin.register(Problem)
class ProblemAdmin(CaseBound):
    joined = ("case__unit", "case__batch", "done_by", "confirmed_by", "by")
    list_display = ("title", "case", "source", "state", "owner", "due_on", "confirmed_on")
    list_filter = ("state", "source", by_period("collected_on"))
    shown = (
        "case", "source", "title", "collected_on", "owner", "due_on", "measures", "result",
        "state", "done_on", "done_by", "confirmed_on", "confirmed_by", "answer", "by",
        "created_at",
    )  # fmt: skip


@admin.register(FigureEntry)
class FigureEntryAdmin(CaseBound):
    joined = ("case__unit", "case__batch", "by")
    list_display = ("day", "case", "kind", "amount", "note", "is_void", "by")
    list_filter = ("kind", "is_void", by_period("day"))
    shown = ("case", "day", "kind", "amount", "note", "is_void", "void_reason", "by", "at")
    action_form = ReasonForm
    actions = ("void",)

    @admin.action(description="作废（请在“意见”里写明原因）")
    def void(self, request: HttpRequest, queryset: QuerySet[FigureEntry]) -> None:
        self.each(
            request,
            queryset,
            lambda row: services.void_figure(entry=row, reason=reason_of(request)),
            "已作废",
        )


@admin.register(Inspection)
class InspectionAdmin(CaseBound):
    joined = ("case__unit", "case__batch", "by")
    list_display = ("day", "case", "manner", "timing", "inspectors", "answer_by", "answered_on")
    list_filter = ("manner", "timing", by_period("day"))
    shown = (
        "case", "round", "day", "manner", "timing", "inspectors", "findings", "answer_by",
        "answer", "answered_on", "by", "at",
    )  # fmt: skip


@admin.register(Closing)
class ClosingAdmin(CaseBound):
    joined = (
        "case__unit", "case__batch", "acceptance", "proposed_by", "first_by", "second_by",
        "refused_by",
    )  # fmt: skip
    list_display = ("case", "state", "proposed_by", "first_by", "second_by", "proposed_at")
    list_filter = ("state",)
    shown = (
        "case", "round", "acceptance", "state", "note", "proposed_by", "proposed_at", "first_by",
        "first_at", "second_by", "second_at", "refused_by", "answer",
    )  # fmt: skip
    actions = ("approve",)

    @admin.action(description="批准销号（初审或终审）")
    def approve(self, request: HttpRequest, queryset: QuerySet[Closing]) -> None:
        by, on, scope = cast(User, request.user), timezone.localdate(), scope_of(request)
        self.each(
            request,
            queryset,
            lambda row: services.approve_closing(
                closing=row,
                by=by,
                on=on,
                may_last=permissions.may_approve_last(scope, row.case.unit.path),
            ),
            "已批准",
        )
