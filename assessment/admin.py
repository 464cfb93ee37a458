"""All of 考核, to be looked at: what is decided is decided at the desk, by two people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from assessment.models import Appeal, Ruling, Run, RunRow, Scheme, SchemeDraft
from branches.admin_base import ScopedAdmin
from core.admin import CommonAdmin


@admin.register(Scheme)
class SchemeAdmin(CommonAdmin):
    """Looked at only: a new version is drafted, tried and adopted by two people at the desk."""

    list_display = ("title", "version", "valid_from", "created_at")
    search_fields = ("title",)
    search_help_text = "按名称查找。"
    shown = ("title", "version", "valid_from", "parameters", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """See the class."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See the class."""
        return False


@admin.register(SchemeDraft)
class SchemeDraftAdmin(ScopedAdmin):
    joined = ("unit", "edited_by", "proposed_by", "decided_by")
    list_display = ("title", "unit", "state", "valid_from", "edited_by", "proposed_by")
    list_filter = ("state",)
    shown = (
        "unit", "title", "state", "valid_from", "parameters", "reason", "edited_by", "proposed_by",
        "proposed_at", "decided_by", "decided_at", "answer",
    )  # fmt: skip


@admin.register(Appeal)
class AppealAdmin(ScopedAdmin):
    joined = ("unit", "run__unit", "filed_by", "decided_by")
    list_display = ("unit", "duty_name", "run", "state", "filed_at", "answer_by", "remedy")
    list_filter = ("state", "remedy")
    shown = (
        "unit", "run", "duty_name", "score", "reason", "state", "filed_by", "filed_at",
        "answer_by", "opinion", "opinion_by", "remedy", "answer", "decided_by", "decided_at",
    )  # fmt: skip


@admin.register(Ruling)
class RulingAdmin(ScopedAdmin):
    joined = ("unit", "appeal__unit")
    list_display = ("unit", "quarter", "kind", "period", "remedy", "is_current", "at")
    list_filter = ("remedy",)
    shown = (
        "unit", "quarter", "kind", "period", "first", "due", "title", "remedy", "credit",
        "is_current", "at",
    )  # fmt: skip


@admin.register(Run)
class RunAdmin(ScopedAdmin):
    joined = ("unit", "scheme", "started_by", "published_by")
    list_display = ("unit", "period", "version", "state", "ranked", "unranked", "published_at")
    list_filter = ("state",)
    shown = (
        "unit", "period", "period_start", "period_end", "version", "scheme", "state", "data_at",
        "ranked", "unranked", "started_by", "published_by", "published_at",
    )  # fmt: skip


@admin.register(RunRow)
class RunRowAdmin(ScopedAdmin):
    joined = ("run__unit",)
    search_fields = ("name",)
    search_help_text = "按党组织的名称或代码查找。"
    list_display = (
        "name", "code", "run", "score", "rank_committee", "rank_field", "rank_district",
    )  # fmt: skip
    list_filter = ("field",)
    shown = (
        "run", "name", "code", "committee_name", "field", "score", "duty_score", "present",
        "eligible", "quality", "checks", "rank_committee", "rank_field", "rank_district",
    )  # fmt: skip

    def path_of(self, obj: RunRow) -> str:
        return obj.path

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the name and code that the row was frozen with."""
        text = search_term.replace("\x00", "").strip()
        return queryset.filter(Q(name__icontains=text) | Q(code__startswith=text)), False
