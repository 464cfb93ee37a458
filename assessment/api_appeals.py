"""Appeals in the API: what was asked and decided, and the rulings that a score must honour."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from assessment.enums import AppealState, Remedy
from assessment.models import Appeal, Ruling
from branches.enums import DutyKind
from branches.feeds import ChangedFilters, ScopedFeed
from core.feeds import Row

CREDIT_SCALE = 10_000


class AppealRow(Row):
    """一件申诉."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    run = serializers.UUIDField(source="run.uuid", help_text="被申诉的考核。")
    period = serializers.CharField(source="run.period", help_text="考核期，例如 2026Q3。")
    version = serializers.IntegerField(source="run.version")
    subject = serializers.CharField(source="duty_name", help_text="申诉事项。")
    state = serializers.ChoiceField(AppealState.choices)
    filed_at = serializers.DateTimeField()
    answer_by = serializers.DateField(help_text="答复期限。")
    remedy = serializers.ChoiceField(Remedy.choices, help_text="成立的怎么处理，其余为空。")
    answer = serializers.CharField(help_text="答复理由。")
    decided_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


class AppealFilters(ChangedFilters):
    """Filters of appeals."""

    state = django_filters.MultipleChoiceFilter(choices=AppealState.choices, label="状态，可重复")
    period = django_filters.CharFilter("run__period", max_length=10, label="考核期，例如 2026Q3")


@extend_schema_view(
    get=extend_schema(
        summary="申诉列表",
        description="授权范围内对已发布结果的申诉与答复。申诉理由和材料不在接口里。",
        tags=["考核"],
        operation_id="appeals_list",
    )
)
class AppealFeed(ScopedFeed):
    """Appeals in scope."""

    model = Appeal
    serializer_class = AppealRow
    filterset_class = AppealFilters


@extend_schema_field({"type": "string", "nullable": True, "example": "0.8000"})
class Credit(serializers.Field[Any, Any, Any, Any]):
    """Ten-thousandths as a text with four decimals; null where the duty does not apply."""

    def from_row(self, credit: int | None) -> str | None:
        """The text."""
        if credit is None:
            return None
        return f"{credit // CREDIT_SCALE}.{credit % CREDIT_SCALE:04d}"


class RulingRow(Row):
    """一项认定."""

    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    quarter = serializers.CharField(help_text="考核期，例如 2026Q3。")
    kind = serializers.ChoiceField(DutyKind.choices)
    cause = serializers.CharField(help_text="四个必开的事由，其余为空。")
    period = serializers.CharField()
    first = serializers.DateField()
    due = serializers.DateField()
    group = serializers.CharField(help_text="党小组会：党小组代码，其余为空。")
    title = serializers.CharField(help_text="登记的事项，其余为空。")
    remedy = serializers.ChoiceField(Remedy.choices)
    credit = Credit(read_only=True, help_text="至少按此得分率计分；null 为不适用。")
    at = serializers.DateTimeField(help_text="认定时间：此后计算的版本按此计分。")
    updated_at = serializers.DateTimeField()


class RulingFilters(ChangedFilters):
    """Filters of rulings."""

    quarter = django_filters.CharFilter("quarter", max_length=10, label="考核期，例如 2026Q3")


@extend_schema_view(
    get=extend_schema(
        summary="认定列表",
        description="申诉成立后对某一项职责的认定，只列有效的。职责适用时，得分率取记录所得与"
        "认定两者中较高的；credit 为 null 的，这一项不适用。",
        tags=["考核"],
        operation_id="rulings_list",
    )
)
class RulingFeed(ScopedFeed):
    """Current rulings in scope."""

    model = Ruling
    serializer_class = RulingRow
    filterset_class = RulingFilters

    def get_queryset(self) -> Any:
        """Those that hold."""
        return super().get_queryset().filter(is_current=True)
