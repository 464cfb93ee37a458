"""党费 (标准, 核定, 应交, 交纳, 减免, 上缴, 大额) and 经费 in the data administration."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from branches.admin_base import ScopedAdmin
from core.admin import CommonAdmin
from core.admin_base import ReasonForm, by_period, reason_of
from dues import services
from dues.models import (
    Allotment,
    Band,
    Budget,
    Due,
    Gift,
    Payment,
    Reduction,
    Remittance,
    Spending,
    Standard,
)


@admin.register(Band)
class BandAdmin(CommonAdmin):
    list_display = (
        "kind", "above", "up_to", "rate", "least", "most", "effective_from", "effective_to",
    )  # fmt: skip
    list_filter = ("kind",)
    search_fields = ("regulation", "article")
    search_help_text = "按规定或条款查找。"
    add_fields = (
        "kind", "above", "up_to", "rate", "least", "most", "regulation", "article",
        "effective_from", "effective_to",
    )  # fmt: skip


@admin.register(Standard)
class StandardAdmin(ScopedAdmin):
    unit_lookup = "member__unit"
    joined: ClassVar[tuple[str, ...]] = ("member__unit", "by")
    own_search = ("member__name__icontains",)
    list_display = ("member", "category", "amount", "since", "by", "updated_at")
    list_filter = ("category", by_period("since"))
    shown = ("member", "category", "amount", "since", "by", "at", "updated_at")


@admin.register(Due)
class DueAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("unit", "member", "payment__member")
    own_search = ("member__name__icontains",)
    list_display = ("month", "unit", "member", "amount", "category", "state", "paid_on")
    list_filter = ("state", "category", by_period("month"))
    shown = (
        "unit", "member", "month", "amount", "category", "state", "payment", "paid_on", "reason",
        "updated_at", "log",
    )  # fmt: skip

    @admin.display(description="更正记录")
    def log(self, due: Due) -> str:
        rows = due.changes.select_related("by")
        return "；".join(
            f"{timezone.localtime(row.at):%Y-%m-%d} {row.get_kind_display()}：{row.reason}"
            for row in rows
        )


@admin.register(Payment)
class PaymentAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("unit", "member", "by")
    own_search = ("member__name__icontains",)
    list_display = ("paid_on", "unit", "member", "amount", "proxy", "is_void", "by")
    list_filter = ("is_void", by_period("paid_on"))
    shown = (
        "unit", "member", "paid_on", "amount", "number", "proxy", "is_void", "void_reason", "by",
        "at",
    )  # fmt: skip
    action_form = ReasonForm
    actions = ("undo",)

    @admin.display(description="收据号")
    def number(self, payment: Payment) -> str:
        return payment.number

    @admin.action(description="撤销交纳（请在“意见”里写明原因）")
    def undo(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        by = cast(User, request.user)
        self.each(
            request,
            queryset,
            lambda row: services.undo(payment=row, by=by, reason=reason_of(request, longest=200)),
            "已撤销",
        )


@admin.register(Reduction)
class ReductionAdmin(ScopedAdmin):
    unit_lookup = "member__unit"
    joined: ClassVar[tuple[str, ...]] = ("member__unit", "proposed_by", "decided_by")
    own_search = ("member__name__icontains",)
    list_display = ("member", "amount", "since", "until", "state", "proposed_by", "decided_by")
    list_filter = ("state", by_period("since"))
    shown = (
        "member", "amount", "since", "until", "reason", "state", "proposed_by", "proposed_at",
        "decided_by", "decided_at", "answer",
    )  # fmt: skip
    actions = ("approve",)

    @admin.action(description="批准减免")
    def approve(self, request: HttpRequest, queryset: QuerySet[Reduction]) -> None:
        by = cast(User, request.user)
        self.each(
            request,
            queryset,
            lambda row: services.decide_reduction(reduction=row, by=by, approve=True),
            "已批准",
        )


@admin.register(Remittance)
class RemittanceAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("unit", "submitted_by", "decided_by")
    list_display = ("unit", "quarter", "computed", "amount", "state", "handed_on", "confirmed_on")
    list_filter = ("state", by_period("quarter"))
    shown = (
        "unit", "quarter", "computed", "amount", "note", "handed_on", "state", "submitted_by",
        "submitted_at", "confirmed_on", "decided_by", "answer",
    )  # fmt: skip


@admin.register(Gift)
class GiftAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("unit", "member", "by", "forwarded_by")
    own_search = ("member__name__icontains",)
    list_display = ("given_on", "unit", "member", "amount", "forwarded_on")
    list_filter = (by_period("given_on"),)
    shown = (
        "unit", "member", "amount", "given_on", "note", "forwarded_on", "document",
        "forwarded_by", "by", "at",
    )  # fmt: skip


@admin.register(Budget)
class BudgetAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("unit", "closed_by", "by")
    list_display = ("unit", "year", "amount", "granted", "spent", "balance", "closed_on")
    list_filter = ("year",)
    shown = (
        "unit", "year", "amount", "items", "granted", "spent", "balance", "note", "result",
        "closed_on", "closed_by", "by", "updated_at",
    )  # fmt: skip

    @admin.display(description="余额（元）")
    def balance(self, budget: Budget) -> Any:
        return budget.balance

    @admin.display(description="预算项目")
    def items(self, budget: Budget) -> str:
        return "；".join(f"{line.name} {line.amount}" for line in budget.lines.all())


@admin.register(Allotment)
class AllotmentAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = (
        "unit", "budget__unit", "proposed_by", "decided_by", "received_by",
    )  # fmt: skip
    list_display = ("unit", "year", "amount", "purpose", "state", "decided_on", "received_on")
    list_filter = ("state", "year")
    shown = (
        "unit", "year", "amount", "purpose", "document", "state", "budget", "proposed_by",
        "proposed_at", "decided_by", "decided_on", "answer", "received_by", "received_on",
    )  # fmt: skip


@admin.register(Spending)
class SpendingAdmin(ScopedAdmin):
    unit_lookup = "budget__unit"
    joined: ClassVar[tuple[str, ...]] = ("budget__unit", "line", "by")
    list_display = ("day", "budget", "line", "purpose", "amount", "is_void", "by")
    list_filter = ("is_void", by_period("day"))
    shown = (
        "budget", "line", "day", "amount", "purpose", "is_void", "void_reason", "by", "at",
    )  # fmt: skip
    action_form = ReasonForm
    actions = ("void",)

    @admin.action(description="作废（请在“意见”里写明原因）")
    def void(self, request: HttpRequest, queryset: QuerySet[Spending]) -> None:
        by = cast(User, request.user)
        self.each(
            request,
            queryset,
            lambda row: services.void_spending(
                spending=row, by=by, reason=reason_of(request, longest=200)
            ),
            "已作废",
        )
