"""The data administration of 党建品牌: the district's year is kept here; the rest is looked at.

What moves a brand moves on its page, where its papers are; here its rows are found and exported.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from branches.admin_base import ScopedAdmin
from branches.enums import Role
from branches.scope import Scope
from brands import forms_admin as forms
from brands import permissions
from brands.models import (
    Brand,
    BrandMove,
    BrandYear,
    Honour,
    Inspection,
    MediaReport,
    PlanItem,
    Quota,
    Review,
    Scheme,
    Showing,
    StandardItem,
)
from core.admin_base import by_period


class DistrictAdmin(ScopedAdmin):
    """What the district sets for a year; committees look at it."""

    sees = (Role.DISTRICT_STAFF,)
    autocomplete_fields = ("unit",)

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_rule(scope, path)


@admin.register(Scheme)
class SchemeAdmin(DistrictAdmin):
    list_display = (
        "year", "unit", "fist_low", "fist_high", "nurture_low", "excellent_from", "good_from",
        "reviewers", "apply_by", "review_by",
    )  # fmt: skip
    list_display_links = ("year",)
    ordering = ("-year", "-pk")
    add_form = forms.SchemeAddForm
    add_fields = ("unit", "year")
    change_form = forms.SchemeForm
    shown = ("unit", "year")
    change_fields = (
        "fist_low", "fist_high", "nurture_low", "excellent_from", "good_from", "reviewers",
        "apply_by", "review_by", "follow_up_days", "case_limit", "case_photos",
    )  # fmt: skip


@admin.register(StandardItem)
class StandardItemAdmin(DistrictAdmin):
    list_display = ("title", "set", "year", "unit", "points", "position", "note")
    list_filter = ("set", "year")
    ordering = ("-year", "set", "position", "pk")
    own_search = ("title__icontains",)
    add_form = forms.ItemForm
    change_form = forms.ItemForm
    add_fields = ("unit", "year", "set", "title", "note", "points", "position")
    shown = ("unit", "year", "set")
    change_fields = ("title", "note", "points", "position")


@admin.register(Quota)
class QuotaAdmin(DistrictAdmin):
    list_display = ("unit", "year", "low", "high", "taken")
    list_filter = ("year",)
    ordering = ("-year", "unit__path")
    add_form = forms.QuotaForm
    change_form = forms.QuotaForm
    add_fields = ("unit", "year", "low", "high")
    shown = ("unit", "year", "taken")
    change_fields = ("low", "high")


class OfBrandAdmin(ScopedAdmin):
    """Rows that hang on a brand, to be looked at."""

    joined: ClassVar[tuple[str, ...]] = ("brand__unit",)
    unit_lookup = "brand__unit"

    def path_of(self, obj: Any) -> str:
        return str(obj.brand.unit.path)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.replace("\x00", "").strip()
        if not text:
            return queryset, False
        found = Brand.objects.within(*self.reach(request)).search(text).order_by()
        return queryset.filter(**{f"{self.unit_lookup[:-6]}__in": found.values("pk")}), False


class OfYearAdmin(OfBrandAdmin):
    """Rows that hang on a brand's year."""

    joined: ClassVar[tuple[str, ...]] = ("year__brand__unit",)
    unit_lookup = "year__brand__unit"

    def path_of(self, obj: Any) -> str:
        return str(obj.year.brand.unit.path)


@admin.register(Brand)
class BrandAdmin(ScopedAdmin):
    joined = ("unit", "created_by")
    own_search = ("name__icontains", "name_key__contains")
    search_help_text = "按品牌名称、拼音首字母或单位查找。"
    list_display = ("name", "unit", "kind", "theme", "step", "step_on")
    list_filter = ("kind", "step")
    shown = (
        "unit", "name", "kind", "theme", "concept", "meaning", "goal", "step", "step_on",
        "background", "practice", "results", "created_by", "created_at",
    )  # fmt: skip


@admin.register(BrandYear)
class BrandYearAdmin(OfBrandAdmin):
    joined = ("brand__unit", "decided_by", "adjusted_by", "applied_by")
    list_display = ("brand", "year", "stage", "stage_on", "is_fist", "score", "grade")
    list_filter = ("year", "stage", "grade", "is_fist")
    shown = (
        "brand", "year", "stage", "stage_on", "is_fist", "returned", "applied_by", "score",
        "computed", "adjusted", "adjust_reason", "adjusted_by", "grade", "decided_on",
        "decided_by",
    )  # fmt: skip


@admin.register(BrandMove)
class BrandMoveAdmin(OfBrandAdmin):
    joined = ("brand__unit", "by")
    list_display = ("brand", "ladder", "words", "on", "document", "reason", "by")
    list_filter = ("ladder", by_period("on"))
    shown = ("brand", "ladder", "words", "on", "document", "reason", "by", "at")

    @admin.display(description="办理")
    def words(self, move: BrandMove) -> str:
        return move.words


@admin.register(PlanItem)
class PlanItemAdmin(OfYearAdmin):
    list_display = ("name", "year", "owner", "answerable", "due_on", "done_on")
    list_filter = (by_period("due_on"),)
    shown = (
        "year", "name", "owner", "due_on", "measure", "answerable", "done_on", "evidence",
    )  # fmt: skip


@admin.register(Inspection)
class InspectionAdmin(OfYearAdmin):
    list_display = ("year", "kind", "on", "people", "state", "due_on", "closed_on")
    list_filter = ("kind", "state", by_period("on"))
    shown = (
        "year", "kind", "on", "people", "findings", "state", "due_on", "answer", "answered_on",
        "closed_on",
    )  # fmt: skip


@admin.register(Review)
class ReviewAdmin(OfYearAdmin):
    """Sheets, when all is summed up: not even the district reads them before."""

    sees = (Role.DISTRICT_STAFF,)
    joined = ("year__brand__unit", "reviewer")
    list_display = ("year", "reviewer", "total", "remark", "submitted_at")
    shown = ("year", "reviewer", "total", "remark", "submitted_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.shown()
        return found


@admin.register(MediaReport)
class MediaReportAdmin(OfBrandAdmin):
    list_display = ("title", "brand", "level", "outlet", "on")
    list_filter = ("level", by_period("on"))
    shown = ("brand", "level", "outlet", "title", "on", "link", "at")


@admin.register(Honour)
class HonourAdmin(OfBrandAdmin):
    list_display = ("title", "brand", "level", "on", "document")
    list_filter = ("level", by_period("on"))
    shown = ("brand", "title", "level", "on", "document", "at")


@admin.register(Showing)
class ShowingAdmin(ScopedAdmin):
    own_search = ("title__icontains",)
    list_display = ("title", "kind", "unit", "on", "place", "attendance")
    list_filter = ("kind", by_period("on"))
    shown = ("unit", "kind", "title", "on", "place", "attendance", "note", "at")
