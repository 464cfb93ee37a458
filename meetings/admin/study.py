"""学习计划 and 党课 in the data administration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from branches.admin_base import ScopedAdmin, scope_of
from branches.enums import Role
from branches.scope import Scope
from core.admin_base import ReasonForm, by_period, reason_of
from core.errors import Refusal
from meetings import forms_admin_study as forms
from meetings import permissions
from meetings.admin.parts import ShownInline
from meetings.models import (
    Booking,
    Course,
    Lecturer,
    StudyItem,
    StudyMark,
    StudyPhase,
    StudyPlan,
    StudyText,
)
from meetings.services import lectures


class MarkInline(ShownInline):
    """What a record studied."""

    model = StudyMark
    fields = ("item",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StudyMark]:
        """With the titles."""
        return super().get_queryset(request).select_related("item")


class ItemInline(ShownInline):
    """The texts of a plan."""

    model = StudyItem
    fields = ("title", "kind", "phase", "leader", "text", "is_dropped")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StudyItem]:
        """With phases and the district's texts."""
        return super().get_queryset(request).select_related("phase", "text")


class _DistrictAdmin(ScopedAdmin):
    """What the district keeps for all its branches."""

    sees = (Role.DISTRICT_STAFF,)

    def may_write(self, scope: Scope, path: str) -> bool:
        """The district's own."""
        return permissions.may_keep_study_list(scope, path)


@admin.register(StudyPhase)
class StudyPhaseAdmin(_DistrictAdmin):
    """学习阶段."""

    list_display = ("name", "year", "starts_on", "ends_on", "unit")
    list_filter = ("year",)
    autocomplete_fields = ("unit",)
    add_form = forms.PhaseAddForm
    add_fields = ("unit", "year", "name", "starts_on", "ends_on")
    change_form = forms.PhaseChangeForm
    change_fields = ("name", "starts_on", "ends_on")
    shown = ("unit", "year")


@admin.register(StudyText)
class StudyTextAdmin(_DistrictAdmin):
    """学习篇目."""

    joined = ("unit", "phase")
    own_search = ("title__icontains",)
    search_help_text = "按党组织或篇目查找。"
    list_display = ("title", "kind", "year", "phase", "is_active")
    list_filter = ("year", "kind", "is_active")
    add_form = change_form = forms.TextForm
    add_fields = ("phase", "title", "kind", "pages", "description")
    change_fields = ("phase", "title", "kind", "pages", "description", "is_active")
    shown = ("unit", "year", "updated_at")


@admin.register(StudyPlan)
class StudyPlanAdmin(ScopedAdmin):
    """学习计划."""

    joined = ("unit", "by")
    list_display = ("unit", "year", "by", "at")
    list_filter = ("year",)
    autocomplete_fields = ("unit",)
    add_form = forms.PlanAddForm
    add_fields = ("unit", "year")
    shown = ("unit", "year", "by", "at", "updated_at")
    inlines = (ItemInline,)

    def may_write(self, scope: Scope, path: str) -> bool:
        """The branch's, and those above it."""
        return permissions.may_plan_study(scope, path)


class _OfferAdmin(ScopedAdmin):
    """What a committee or the district offers."""

    autocomplete_fields: ClassVar[Any] = ("unit",)

    def may_write(self, scope: Scope, path: str) -> bool:
        """Who offers it keeps it."""
        return permissions.may_offer_lectures(scope, path)


@admin.register(Lecturer)
class LecturerAdmin(_OfferAdmin):
    """讲师."""

    own_search = ("name__icontains", "post__icontains", "topics__icontains")
    search_help_text = "按党组织、姓名、单位或主讲方向查找。"
    list_display = ("name", "post", "topics", "unit", "is_active")
    list_filter = ("is_active",)
    add_form = change_form = forms.LecturerForm
    add_fields = ("unit", "name", "post", "topics", "is_active")
    change_fields = ("name", "post", "topics", "is_active")
    shown = ("unit", "updated_at")


@admin.register(Course)
class CourseAdmin(_OfferAdmin):
    """课程."""

    joined = ("unit", "lecturer")
    own_search = ("title__icontains", "lecturer__name__icontains")
    search_help_text = "按党组织、课程或讲师查找。"
    list_display = ("title", "kind", "lecturer", "minutes", "year", "unit", "is_active")
    list_filter = ("year", "kind", "is_active")
    autocomplete_fields = ("unit", "lecturer")
    add_form = change_form = forms.CourseForm
    add_fields = (
        "unit", "year", "title", "kind", "lecturer", "minutes", "summary", "is_active",
    )  # fmt: skip
    change_fields = ("year", "title", "kind", "lecturer", "minutes", "summary", "is_active")
    shown = ("unit", "updated_at")


@admin.register(Booking)
class BookingAdmin(ScopedAdmin):
    """点课."""

    joined = ("unit", "course__unit", "lecturer", "meeting__unit", "asked_by", "decided_by")
    own_search = ("course__title__icontains", "lecturer__name__icontains")
    search_help_text = "按党组织、课程或讲师查找。"
    list_display = ("unit", "course", "state", "lecturer", "starts_at", "place")
    list_filter = ("state", "course__kind", by_period("starts_at"))
    shown = (
        "unit", "course", "state", "wish", "note", "lecturer", "starts_at", "ends_at", "place",
        "reason", "meeting", "asked_by", "decided_by", "at", "updated_at",
    )  # fmt: skip
    action_form = ReasonForm
    actions = ("decline", "cancel")

    @admin.action(description="不能安排（请在“意见”里写明理由）")
    def decline(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Say no to wishes."""
        self._close(request, queryset, lectures.decline, "已答复不能安排")

    @admin.action(description="取消")
    def cancel(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """Call lectures off."""
        self._close(request, queryset, lectures.cancel, "已取消")

    def _close(
        self,
        request: HttpRequest,
        queryset: QuerySet[Booking],
        verb: Callable[..., Booking],
        done: str,
    ) -> None:
        by = cast(User, request.user)
        scope = scope_of(request)

        def close(row: Booking) -> None:
            if not permissions.may_offer_lectures(scope, row.course.unit.path):
                raise Refusal(f"由{row.course.unit}办理。", code="forbidden")
            verb(booking=row, reason=reason_of(request, longest=200), by=by)

        self.each(request, queryset, close, done)
