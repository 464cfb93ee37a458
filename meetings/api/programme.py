"""The month's programmes in the API: what is published for the caller's place."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Q, QuerySet
from django.db.models.functions import JSONObject
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, caller_scope
from core.feeds import Row
from meetings.enums import Item
from meetings.enums.programme import ProgrammeState
from meetings.models import Programme
from meetings.programmes import places


class ProgrammeLine(serializers.Serializer[Any]):
    """安排的一项."""

    item = serializers.ChoiceField(Item.choices, help_text="动作。")
    text = serializers.CharField(help_text="怎么做。")
    reading = serializers.CharField(help_text="学习内容。")
    link = serializers.CharField(help_text="网址。")


class ProgrammeRow(Row):
    """固定组织生活日的当月安排."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="发布单位的党组织代码。")
    month = serializers.DateField(help_text="该月第一天。")
    theme = serializers.CharField(help_text="主题。")
    note = serializers.CharField(help_text="总的要求。")
    lines = ProgrammeLine(many=True, help_text="按次序。")
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ProgrammeFilters(ChangedFilters):
    """Filters of programmes."""

    month_from = django_filters.DateFilter("month", "gte", label="月份（第一天）不早于")
    month_to = django_filters.DateFilter("month", "lte", label="月份（第一天）不晚于")


@extend_schema_view(
    get=extend_schema(
        summary="固定组织生活日安排列表",
        description="区委和党（工）委发布的当月安排；上级发布的也在内。撤回修改期间不在列表中。",
        tags=["日历"],
        operation_id="programmes_list",
    )
)
class ProgrammeFeed(ScopedFeed):
    """Published programmes of the caller's place, and of all above it."""

    model = Programme
    serializer_class = ProgrammeRow
    filterset_class = ProgrammeFilters

    def get_queryset(self) -> QuerySet[Any]:
        """What holds for the caller: below him, his own, and what those above published."""
        units = caller_scope(self.request).units
        above = {path for unit in units for path in places(unit)}
        reach = Q(unit__path__in=above)
        for unit in units:
            reach |= Q(unit__path__startswith=unit.path)
        rows = Programme.objects.everywhere("what is published is read by everybody below")
        line = {name: f"items__{name}" for name in ("item", "text", "reading", "link")}
        return rows.filter(reach, state=ProgrammeState.PUBLISHED).annotate(
            lines=JSONBAgg(
                JSONObject(**line),
                order_by="items__place",
                filter=Q(items__isnull=False),
                default=[],
            )
        )
