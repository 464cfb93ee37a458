"""评分方案 to be kept; 考核 and 考核结果, which are frozen, to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from assessment.models import Run, RunRow, Scheme
from assessment.rules import SchemeError, SchemeParameters
from branches.admin_base import ScopedAdmin
from core.admin import CommonAdmin

if TYPE_CHECKING:
    _SchemeForm = forms.ModelForm[Scheme]
else:
    _SchemeForm = forms.ModelForm


class SchemeForm(_SchemeForm):
    """Parameters are read by the rules that use them; every problem is told at once."""

    def clean_parameters(self) -> Any:
        """The parameters in their stored form."""
        try:
            return SchemeParameters.from_json(self.cleaned_data["parameters"]).to_json()
        except SchemeError as error:
            raise forms.ValidationError(error.problems) from error


@admin.register(Scheme)
class SchemeAdmin(CommonAdmin):
    form = SchemeForm
    list_display = ("title", "version", "valid_from", "created_at")
    search_fields = ("title",)
    search_help_text = "按名称查找。"
    add_fields = ("version", "title", "valid_from", "parameters")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version by which a ranking was computed stays as it was; write a new one instead."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not Run.unscoped.filter(scheme=obj).exists())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version begins as a copy of the last."""
        last = Scheme.objects.order_by("-version").first()
        parameters = last.parameters if last else SchemeParameters().to_json()
        return {"version": last.version + 1 if last else 1, "parameters": parameters}


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
