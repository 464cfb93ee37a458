"""规则版本, 步骤, 发展对象, 过程, 转接 and 流动失联台账 in the data administration."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin

from branches.admin_base import ScopedAdmin
from core.admin import CommonAdmin
from core.admin_base import by_period
from membership.models import Candidate, Clock, RuleSet, Step, StepRule, Transfer


@admin.register(RuleSet)
class RuleSetAdmin(CommonAdmin):
    list_display = ("title", "code", "effective_from", "effective_to", "min_age")
    search_fields = ("title", "code")
    search_help_text = "按名称或版本查找。"
    add_fields = (
        "code", "title", "regulation", "effective_from", "effective_to", "min_age",
        "training_days", "training_hours", "extension_least", "extension_most", "note",
    )  # fmt: skip


@admin.register(StepRule)
class StepRuleAdmin(CommonAdmin):
    list_select_related = ("rules",)
    list_display = (
        "number", "name", "rules", "actor", "least_months", "least_workdays", "most_months",
        "required",
    )  # fmt: skip
    list_filter = ("rules", "actor")
    search_fields = ("name",)
    search_help_text = "按名称查找。"
    add_fields = (
        "rules", "number", "name", "actor", "needs", "base", "least_months", "least_days",
        "least_workdays", "most_months", "special_months", "times", "every_months", "required",
        "note",
    )  # fmt: skip


@admin.register(Candidate)
class CandidateAdmin(ScopedAdmin):
    joined = ("unit", "rules")
    own_search = ("name__icontains",)
    search_help_text = "按党组织或姓名查找。"
    list_display = ("name", "unit", "stage", "applied_on", "accepted_on", "confirmed_on")
    list_filter = ("stage", by_period("applied_on"))
    shown = (
        "unit", "rules", "name", "sex", "masked_id", "birth_date", "job", "applied_on", "stage",
        "accepted_on", "probation_ends", "extended_months", "confirmed_on", "member", "ended_on",
        "end_reason", "created_by", "created_at",
    )  # fmt: skip

    @admin.display(description="公民身份号码")
    def masked_id(self, row: Candidate) -> str:
        return row.masked_id_number


@admin.register(Step)
class StepAdmin(ScopedAdmin):
    unit_lookup = "candidate__unit"
    joined: ClassVar[tuple[str, ...]] = ("candidate__unit", "by", "decided_by")
    search_fields = ("candidate__unit__name",)
    list_display = ("candidate", "number", "state", "day", "outcome", "is_late", "by")
    list_filter = ("state", "is_late", by_period("day"))
    shown = (
        "candidate", "number", "round", "state", "since", "day", "outcome", "persons", "document",
        "paper", "place", "training_days", "training_hours", "eligible", "present", "yes", "no",
        "abstain", "months", "is_special", "is_late", "late_reason", "answer", "by", "decided_by",
        "decided_at", "at",
    )  # fmt: skip


@admin.register(Transfer)
class TransferAdmin(ScopedAdmin):
    unit_lookup = "from_unit"
    joined = ("from_unit", "to_unit", "member", "issuer")
    search_fields = ("from_unit__name",)
    search_help_text = "按党组织的名称、代码或拼音首字母查找。"
    list_display = ("name", "way", "from_unit", "to_unit", "state", "asked_on", "effective_on")
    list_filter = ("state", "way", by_period("asked_on"))
    shown = (
        "way", "state", "name", "member", "from_unit", "to_unit", "to_group", "outside", "reason",
        "asked_by_side", "asked_on", "asked_by", "agreed_by", "agreed_on", "confirmed_by",
        "dues_until", "letter_number", "letter_on", "valid_days", "expires_on", "issuer",
        "receipt_on", "late_reason", "effective_on", "answer", "ended_by", "ended_on", "at",
    )  # fmt: skip

    def path_of(self, obj: Any) -> str:
        return str((obj.from_unit or obj.to_unit).path)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        """Whoever sees one of its sides."""
        if obj is None:
            return super().has_view_permission(request)
        units = [unit for unit in (obj.from_unit, obj.to_unit) if unit is not None]
        return any(request.scope.covers(unit.path, *self.sees) for unit in units)


@admin.register(Clock)
class ClockAdmin(ScopedAdmin):
    unit_lookup = "member__unit"
    joined: ClassVar[tuple[str, ...]] = ("member__unit", "by")
    search_fields = ("member__unit__name",)
    list_display = ("member", "kind", "since", "until", "place", "contacted_on")
    list_filter = ("kind", by_period("since"))
    shown = ("member", "kind", "since", "until", "place", "contacted_on", "by", "at")
