"""Venues and visits to contact points for other systems."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, Slug
from core.feeds import Row
from support.enums import ISSUE_SLUGS, IssueState, Level
from support.models import ContactVisit, Venue

ISSUE_STATES = [(slug, str(state.label)) for state, slug in ISSUE_SLUGS.items()]


class VenueRow(Row):
    """阵地."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    name = serializers.CharField(help_text="名称。")
    address = serializers.CharField(help_text="地址。")
    area = serializers.DecimalField(
        max_digits=8, decimal_places=1, allow_null=True, help_text="面积，平方米。"
    )
    shared_with = serializers.CharField(help_text="与谁共用；独立使用的为空。")
    opened_on = serializers.DateField(allow_null=True, help_text="启用日期。")
    updated_at = serializers.DateTimeField()


@extend_schema_view(
    get=extend_schema(
        summary="阵地列表",
        description="党支部的活动阵地；每年自查的结果在页面上看。",
        tags=["阵地与联系"],
        operation_id="venues_list",
    )
)
class VenueFeed(ScopedFeed):
    """Venues."""

    model = Venue
    serializer_class = VenueRow


class VisitRow(Row):
    """联系点走访."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="link.unit.code", help_text="联系点的党组织代码。")
    level = serializers.ChoiceField(
        choices=Level.choices, source="link.leader.level", help_text="哪一级的领导。"
    )
    position = serializers.CharField(source="link.leader.position", help_text="领导的职务。")
    day = serializers.DateField(help_text="走访日期。")
    found = serializers.CharField(help_text="了解到的情况。")
    problem = serializers.CharField(help_text="发现的问题。")
    state = Slug(ISSUE_SLUGS)
    outcome = serializers.CharField(help_text="处理结果。")
    solved_on = serializers.DateField(allow_null=True, help_text="解决日期。")
    updated_at = serializers.DateTimeField()


class VisitFilters(ChangedFilters):
    """Filters of visits."""

    state = django_filters.ChoiceFilter(choices=ISSUE_STATES, method="in_state", label="问题")
    day_from = django_filters.DateFilter("day", "gte", label="日期不早于")
    day_to = django_filters.DateFilter("day", "lte", label="日期不晚于")

    def in_state(self, queryset: object, name: str, value: str) -> object:
        """Visits whose problem stands so."""
        return queryset.filter(state=IssueState[value.upper()])  # type: ignore[attr-defined]


@extend_schema_view(
    get=extend_schema(
        summary="联系点走访列表", tags=["阵地与联系"], operation_id="contact_visits_list"
    )
)
class VisitFeed(ScopedFeed):
    """Visits."""

    model = ContactVisit
    serializer_class = VisitRow
    filterset_class = VisitFilters
