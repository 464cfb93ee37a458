"""不定期调阅 in the data administration: sheets, draws, checks, findings."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from branches.admin_base import ScopedAdmin
from branches.enums import Role, UnitKind
from branches.scope import Scope
from core.admin_base import by_period
from meetings import forms_admin as forms
from meetings import permissions
from meetings.models import (
    CheckDraw,
    CheckSheet,
    Finding,
    SpotCheck,
)


@admin.register(SpotCheck)
class SpotCheckAdmin(ScopedAdmin):
    """不定期调阅: registered with its score; the sheet is on the pages."""

    joined = ("unit", "meeting__unit", "by")
    list_display = ("unit", "checked_on", "score", "meeting", "by")
    list_filter = (by_period("checked_on"),)
    autocomplete_fields = ("unit", "meeting")
    add_form = forms.SpotCheckForm
    add_fields = ("unit", "meeting", "checked_on", "score", "findings")
    shown = ("unit", "meeting", "checked_on", "score", "findings", "by", "at")

    def may_write(self, scope: Scope, path: str) -> bool:
        """Whoever checks records on the pages."""
        return permissions.may_spot_check(scope, path)


@admin.register(CheckSheet)
class CheckSheetAdmin(ScopedAdmin):
    """The score sheets: a new one holds from its day on."""

    joined = ("unit", "by")
    list_display = ("__str__", "valid_from", "answer_days", "read_days", "by")
    ordering = ("-valid_from", "-pk")
    autocomplete_fields = ("unit",)
    add_form = forms.SheetAddForm
    add_fields = ("unit", "valid_from", "items", "answer_days", "read_days")
    shown = ("unit", "valid_from", "items_shown", "answer_days", "read_days", "by", "at")

    def may_write(self, scope: Scope, path: str) -> bool:
        """The district's staff."""
        return scope.covers(path, Role.DISTRICT_STAFF)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CheckSheet]:
        """The common sheet, and those of the asker's districts, which hold for him too."""
        rows = CheckSheet.objects.everywhere("a sheet belongs to the district above")
        mine = Q(unit=None) | Q(unit__in=self._districts(request))
        found = rows.filter(mine).select_related(*self.joined)
        return cast("QuerySet[CheckSheet]", found.order_by(*self.get_ordering(request)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever checks sees by what he checks."""
        if obj is None:
            return super().has_view_permission(request)
        return obj.unit_id is None or obj.unit_id in self._districts(request)

    def _districts(self, request: HttpRequest) -> set[int | None]:
        units = self.reach(request)
        return {one.pk if one.kind == UnitKind.DISTRICT else one.district_id for one in units}

    @admin.display(description="评分项目")
    def items_shown(self, sheet: CheckSheet) -> str:
        """The items with their points."""
        return "；".join(f"{one['name']} {one['points']}" for one in sheet.items)


@admin.register(CheckDraw)
class CheckDrawAdmin(ScopedAdmin):
    """随机抽取: looked at with its seed and the sum of its list."""

    joined = ("unit", "by")
    list_display = ("unit", "since", "until", "wanted", "listed_count", "by", "at")
    list_filter = (by_period("since"),)
    shown = (
        "unit", "since", "until", "fields_shown", "kinds_shown", "risk_percent", "wanted",
        "listed_count", "list_sha256", "seed", "due_on", "by", "at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[CheckDraw]:
        """Without the long list."""
        return cast("QuerySet[CheckDraw]", super().get_queryset(request).defer("listed"))

    @admin.display(description="领域")
    def fields_shown(self, draw: CheckDraw) -> str:
        """The fields drawn from."""
        return draw.fields_label

    @admin.display(description="会议类别")
    def kinds_shown(self, draw: CheckDraw) -> str:
        """The kinds of meeting drawn from."""
        return draw.kinds_label


@admin.register(Finding)
class FindingAdmin(ScopedAdmin):
    """Findings and how far their mending has come."""

    joined = ("unit", "answered_by", "decided_by")
    own_search = ("text__icontains",)
    search_help_text = "按党组织或问题查找。"
    list_display = ("text", "unit", "due_on", "state", "answered_by", "decided_by")
    list_filter = ("state", by_period("due_on"))
    shown = (
        "unit", "text", "ask", "due_on", "state", "result", "answered_by", "answered_at",
        "reason", "decided_by", "decided_at", "at",
    )  # fmt: skip
