"""Dues by branch and month as sums, and allotments, for other systems. Never a single member."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, ScopedFilters
from core.feeds import Row
from dues.enums import AllotmentState
from dues.models import Allotment, Due


class DuesRow(Row):
    """一个支部一个月."""

    unit = serializers.CharField(source="unit__code", help_text="党支部代码。")
    month = serializers.DateField(help_text="月份，写成当月第一天。")
    due = serializers.IntegerField(help_text="应交人数；不计的除外。")
    paid = serializers.IntegerField(help_text="已交人数。")
    money = serializers.DecimalField(
        max_digits=12, decimal_places=2, allow_null=True, help_text="应交金额（元）。"
    )
    received = serializers.DecimalField(
        max_digits=12, decimal_places=2, allow_null=True, help_text="已交金额（元）。"
    )


class DuesFilters(ScopedFilters):
    """By months."""

    month_from = django_filters.DateFilter("month", "gte", label="月份不早于")
    month_to = django_filters.DateFilter("month", "lte", label="月份不晚于")


@extend_schema_view(
    get=extend_schema(
        summary="党费收缴情况",
        description="按支部和月份合计，没有个人数据。",
        tags=["党费经费"],
        operation_id="dues_list",
    )
)
class DuesFeed(ScopedFeed):
    """Sums by branch and month."""

    model = Due
    serializer_class = DuesRow
    filterset_class = DuesFilters
    cursor_fields = ("month", "unit_id")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrowed first, summed afterwards."""
        rows: Any = super().filter_queryset(queryset)
        found: QuerySet[Any] = rows.summed("unit_id", "unit__code", "month")
        return found


class AllotmentRow(Row):
    """区拨党费."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="拨给的党组织代码。")
    year = serializers.IntegerField(help_text="年度。")
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, help_text="金额（元）。")
    purpose = serializers.CharField(help_text="用途。")
    document = serializers.CharField(help_text="文号。")
    state = serializers.ChoiceField(AllotmentState.choices)
    received_on = serializers.DateField(allow_null=True, help_text="签收日期。")
    updated_at = serializers.DateTimeField()


class AllotmentFilters(ChangedFilters):
    """By state and year."""

    state = django_filters.MultipleChoiceFilter(choices=AllotmentState.choices, label="状态")
    year = django_filters.NumberFilter("year", min_value=2000, max_value=2100, label="年度")


@extend_schema_view(
    get=extend_schema(summary="区拨党费列表", tags=["党费经费"], operation_id="allotments_list")
)
class AllotmentFeed(ScopedFeed):
    """Allotments."""

    model = Allotment
    serializer_class = AllotmentRow
    filterset_class = AllotmentFilters
