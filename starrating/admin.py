"""两新组织, 创评, 轮次, 标准, 规划, 示范点 and the common lists in the data administration."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from branches.admin_base import ScopedAdmin, scope_of
from branches.enums import Role
from core.admin import CommonAdmin
from core.admin_base import ReasonForm, by_period, reason_of
from core.errors import Refusal
from starrating import permissions, services
from starrating.models import (
    Activity,
    ActivityKind,
    GuidanceLevel,
    ModelSite,
    Organisation,
    Plan,
    Rating,
    Round,
    Standard,
    StarChange,
    VetoReason,
)


@admin.register(VetoReason)
class VetoReasonAdmin(CommonAdmin):
    list_display = ("title", "code", "regulation", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("title", "code")
    search_help_text = "按情形或代码查找。"
    add_fields = ("code", "title", "regulation", "position", "is_active")


@admin.register(ActivityKind)
class ActivityKindAdmin(CommonAdmin):
    list_display = ("title", "code", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("title", "code")
    search_help_text = "按活动或代码查找。"
    add_fields = ("code", "title", "position", "is_active")


@admin.register(GuidanceLevel)
class GuidanceLevelAdmin(CommonAdmin):
    list_display = ("stars", "who", "how")
    search_fields = ("who", "how")
    search_help_text = "按联系指导单位或方式查找。"
    add_fields = ("stars", "who", "how")


@admin.register(Standard)
class StandardAdmin(ScopedAdmin):
    sees = (Role.DISTRICT_STAFF,)
    joined = ("unit", "by")
    list_display = ("name", "version", "unit", "regulation", "created_at")
    shown = ("unit", "name", "version", "regulation", "sheet", "by", "created_at")

    @admin.display(description="指标")
    def sheet(self, standard: Standard) -> str:
        return "；".join(f"{item.name} {item.points:g}" for item in standard.items.all())


@admin.register(Round)
class RoundAdmin(ScopedAdmin):
    sees = (Role.DISTRICT_STAFF,)
    joined = ("unit", "by", "standard")
    list_display = ("name", "year", "unit", "state", "starts_on", "fund", "granted")
    list_filter = ("state", by_period("starts_on"))
    shown = (
        "unit", "name", "year", "state", "standard", "starts_on", "self_until", "check_until",
        "review_until", "notice_days", "new_months", "five_line", "four_line", "three_line",
        "two_line", "one_line", "fund", "granted", "five_reward", "four_reward", "three_reward",
        "two_reward", "one_reward", "regulation", "by", "created_at",
    )  # fmt: skip


@admin.register(Plan)
class PlanAdmin(ScopedAdmin):
    sees = (Role.DISTRICT_STAFF,)
    list_display = ("unit", "model_low", "model_high", "models_taken", "aims")
    shown = ("unit", "model_low", "model_high", "models_taken", "aims")

    @admin.display(description="创星目标")
    def aims(self, plan: Plan) -> str:
        return "；".join(
            f"{t.year}年 五星级 {t.five_percent:g}%、四星级以上 {t.four_percent:g}%"
            for t in plan.targets.all()
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("targets")


@admin.register(Organisation)
class OrganisationAdmin(ScopedAdmin):
    joined = ("unit", "manager", "district", "by")
    list_display = (
        "name", "kind", "credit_code", "unit", "party_form", "staff_count", "member_count", "stars",
    )  # fmt: skip
    list_filter = ("kind", "stars", "party_form", "industry")
    own_search = ("name__icontains", "credit_code__startswith")
    search_help_text = "按组织的名称、信用代码，或党组织的名称、代码、拼音首字母查找。"
    shown = (
        "district", "unit", "name", "kind", "credit_code", "industry", "staff_count",
        "member_count", "party_form", "managed_by", "manager", "founded_on", "stars",
        "stars_since", "closed_on", "by", "created_at",
    )  # fmt: skip


class OrganisationBound(ScopedAdmin):
    """Rows that reach their unit through the organisation."""

    unit_lookup = "organisation__unit"
    own_search = ("organisation__name__icontains",)
    search_help_text = "按组织的名称，或党组织的名称、代码、拼音首字母查找。"


@admin.register(Rating)
class RatingAdmin(OrganisationBound):
    joined: ClassVar[tuple[str, ...]] = (
        "organisation__unit", "round", "self_by", "check_by", "review_by", "exception_by",
        "exception_ok_by", "veto", "veto_by",
    )  # fmt: skip
    list_display = (
        "organisation", "round", "state", "before_stars", "self_total", "check_total",
        "review_total", "stars", "reward",
    )  # fmt: skip
    list_filter = ("state", "stars", by_period("ended_on"))
    shown = (
        "round", "organisation", "state", "is_new", "before_stars", "self_total", "self_by",
        "check_total", "check_by", "review_total", "review_by", "earned_stars", "stars",
        "exception_reason", "exception_by", "exception_ok_by", "veto", "veto_note", "veto_by",
        "filed_on", "notice_from", "notice_until", "ended_on", "reward",
    )  # fmt: skip
    action_form = ReasonForm
    actions = ("return_self", "award")

    @admin.action(description="退回自评（请在“意见”里写明原因）")
    def return_self(self, request: HttpRequest, queryset: QuerySet[Rating]) -> None:
        def verb(row: Rating) -> object:
            _demand(permissions.may_check(scope_of(request), row.organisation.unit.path))
            return services.return_self(
                rating=row, by=_user(request), reason=reason_of(request), on=timezone.localdate()
            )

        self.each(request, queryset, verb, "已退回")

    @admin.action(description="授牌（公示期满的）")
    def award(self, request: HttpRequest, queryset: QuerySet[Rating]) -> None:
        def verb(row: Rating) -> object:
            _demand(permissions.may_review(scope_of(request), row.organisation.unit.path))
            return services.award(rating=row, by=_user(request), on=timezone.localdate())

        self.each(request, queryset, verb, "已授牌")


def _demand(allowed: bool) -> None:
    if not allowed:
        raise Refusal("这一步不由您办理。", code="forbidden")


def _user(request: HttpRequest) -> Any:
    return request.user


@admin.register(StarChange)
class StarChangeAdmin(OrganisationBound):
    joined = ("organisation__unit", "by")
    list_display = ("day", "organisation", "before", "after", "cause", "note", "by")
    list_filter = ("cause", by_period("day"))
    shown = ("organisation", "day", "before", "after", "cause", "note", "by", "at")


@admin.register(ModelSite)
class ModelSiteAdmin(OrganisationBound):
    joined = ("organisation__unit", "plan__unit", "by")
    list_display = ("organisation", "named_on", "feature", "ended_on")
    list_filter = (by_period("named_on"),)
    shown = ("organisation", "plan", "named_on", "feature", "ended_on", "end_reason", "by", "at")


@admin.register(Activity)
class ActivityAdmin(OrganisationBound):
    joined = ("organisation__unit", "kind", "by")
    list_display = ("day", "organisation", "kind", "note", "by")
    list_filter = ("kind", by_period("day"))
    shown = ("organisation", "kind", "year", "day", "note", "by", "at")
