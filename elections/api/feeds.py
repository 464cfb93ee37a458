"""Elections for other systems: days, steps and counts; no names, no tallies."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, Slug
from core.feeds import Row
from elections.enums import STAGE_SLUGS, Route, Stage
from elections.models import Election

ELECTION_STATES = [(slug, str(state.label)) for state, slug in STAGE_SLUGS.items()]


class ElectionRow(Row):
    """一次换届."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    number = serializers.IntegerField(help_text="选举第几届。")
    route = serializers.ChoiceField(Route.choices, help_text="选举程序。")
    with_committee = serializers.BooleanField(help_text="设委员会。")
    state = Slug(STAGE_SLUGS)
    seats = serializers.IntegerField(help_text="应选名额。")
    candidates = serializers.IntegerField(allow_null=True, help_text="候选人名额。")
    due_on = serializers.DateField(
        source="term.due_on", allow_null=True, help_text="届满的一届的届满日期。"
    )
    planned_on = serializers.DateField(help_text="计划选举日期。")
    voted_on = serializers.DateField(allow_null=True, help_text="大会选举日期。")
    divided_on = serializers.DateField(allow_null=True, help_text="选出书记日期。")
    confirmed_on = serializers.DateField(allow_null=True, help_text="结果批复日期。")
    is_late = serializers.BooleanField(help_text="超期换届。")
    wave = serializers.UUIDField(source="wave.uuid", allow_null=True, help_text="换届批次。")
    updated_at = serializers.DateTimeField()


class ElectionFilters(ChangedFilters):
    """Filters of elections."""

    state = django_filters.MultipleChoiceFilter(
        choices=ELECTION_STATES, method="in_states", label="进度"
    )

    def in_states(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Rows at one of the steps."""
        numbers = [int(Stage[slug.upper()]) for slug in value]
        return queryset.filter(state__in=numbers) if numbers else queryset


@extend_schema_view(
    get=extend_schema(
        summary="换届选举列表",
        description="各级党组织换届走到哪一步，只有日期和人数，没有人名和票数。",
        tags=["换届"],
        operation_id="elections_list",
    )
)
class ElectionFeed(ScopedFeed):
    """Elections."""

    model = Election
    serializer_class = ElectionRow
    filterset_class = ElectionFilters
