"""Pledges and projects for other systems. No names of members leave by here."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, Slug
from core.feeds import Row
from works.enums import PLEDGE_SLUGS, WORK_SLUGS, PledgeState, WorkState
from works.models import Pledge, Project

PLEDGE_STATES = [(slug, str(state.label)) for state, slug in PLEDGE_SLUGS.items()]
WORK_STATES = [(slug, str(state.label)) for state, slug in WORK_SLUGS.items()]


class PledgeRow(Row):
    """承诺."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    above = serializers.BooleanField(help_text="由党（工）委确认的为真（支部、书记的承诺）。")
    title = serializers.CharField(help_text="承诺事项。")
    pledged_on = serializers.DateField(help_text="承诺日期。")
    due_on = serializers.DateField(help_text="完成期限。")
    state = Slug(PLEDGE_SLUGS)
    result = serializers.CharField(help_text="践诺情况。")
    done_on = serializers.DateField(allow_null=True, help_text="完成日期。")
    confirmed_on = serializers.DateField(allow_null=True, help_text="确认日期。")
    updated_at = serializers.DateTimeField()


class PledgeFilters(ChangedFilters):
    """Filters of pledges."""

    state = django_filters.ChoiceFilter(choices=PLEDGE_STATES, method="in_state", label="状态")

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Pledges in that state."""
        return queryset.filter(state=PledgeState[value.upper()])


@extend_schema_view(
    get=extend_schema(
        summary="承诺列表", description="不含承诺人的姓名。", tags=["作用发挥"],
        operation_id="pledges_list",
    )
)  # fmt: skip
class PledgeFeed(ScopedFeed):
    """Pledges."""

    model = Pledge
    serializer_class = PledgeRow
    filterset_class = PledgeFilters


class ProjectRow(Row):
    """项目."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    tag = serializers.CharField(source="tag.code", help_text="工作载体的代码。")
    tag_title = serializers.CharField(source="tag.title", help_text="工作载体。")
    title = serializers.CharField(help_text="项目。")
    goal = serializers.CharField(help_text="目标。")
    owner = serializers.CharField(help_text="负责人。")
    starts_on = serializers.DateField(help_text="开始日期。")
    due_on = serializers.DateField(help_text="完成期限。")
    state = Slug(WORK_SLUGS)
    result = serializers.CharField(help_text="结果。")
    ended_on = serializers.DateField(allow_null=True, help_text="结束日期。")
    updated_at = serializers.DateTimeField()


class ProjectFilters(ChangedFilters):
    """Filters of projects."""

    state = django_filters.ChoiceFilter(choices=WORK_STATES, method="in_state", label="状态")
    tag = django_filters.CharFilter("tag__code", max_length=20, label="工作载体的代码")

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Projects in that state."""
        return queryset.filter(state=WorkState[value.upper()])


@extend_schema_view(
    get=extend_schema(summary="项目列表", tags=["作用发挥"], operation_id="projects_list")
)
class ProjectFeed(ScopedFeed):
    """Projects."""

    model = Project
    serializer_class = ProjectRow
    filterset_class = ProjectFilters
