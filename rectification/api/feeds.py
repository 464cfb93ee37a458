"""Cases, problems and figures for other systems."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, Slug, caller_scope
from core.feeds import Row
from rectification.enums import PROBLEM_SLUGS, STATE_SLUGS, FigureKind, ProblemState, Source, State
from rectification.models import Case, FigureEntry, Problem
from rectification.permissions import LOOKERS

CASE_STATES = [(slug, str(state.label)) for state, slug in STATE_SLUGS.items()]
PROBLEM_STATES = [(slug, str(state.label)) for state, slug in PROBLEM_SLUGS.items()]


class ReadableFeed(ScopedFeed):
    """Without cases that are not decided, unless the caller stands above (as on the pages)."""

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first."""
        rows: Any = super().get_queryset()
        found: QuerySet[Any] = rows.readable(*caller_scope(self.request).units_as(*LOOKERS))
        return found


class CaseRow(Row):
    """整顿对象."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    batch = serializers.IntegerField(source="batch.number", help_text="第几批。")
    year = serializers.IntegerField(source="batch.year", help_text="批次年度。")
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="列入情形的代码，可有几种。"
    )
    state = Slug(STATE_SLUGS)
    round = serializers.IntegerField(help_text="第几轮；反弹后重新整顿加一。")
    deadline = serializers.DateField(help_text="整顿期限。")
    decided_on = serializers.DateField(allow_null=True, help_text="会议决定日期。")
    decision_number = serializers.CharField(help_text="会议名称或文号。")
    started_on = serializers.DateField(allow_null=True, help_text="进入整顿日期。")
    closed_on = serializers.DateField(allow_null=True, help_text="销号日期。")
    watch_until = serializers.DateField(allow_null=True, help_text="回头看截止。")
    updated_at = serializers.DateTimeField()


class CaseFilters(ChangedFilters):
    """Filters of cases."""

    state = django_filters.MultipleChoiceFilter(
        choices=CASE_STATES, method="in_states", label="状态"
    )
    batch = django_filters.NumberFilter(
        "batch__number", min_value=1, max_value=32_767, label="第几批"
    )

    def in_states(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Rows in one of the states."""
        numbers = [int(State[slug.upper()]) for slug in value]
        return queryset.filter(state__in=numbers) if numbers else queryset


@extend_schema_view(
    get=extend_schema(
        summary="整顿对象列表",
        description="后进社区（软弱涣散党组织）整顿。没有经会议确定的（拟列）不在此列。",
        tags=["整顿"],
        operation_id="cases_list",
    )
)
class CaseFeed(ReadableFeed):
    """Cases."""

    model = Case
    serializer_class = CaseRow
    filterset_class = CaseFilters


class ProblemRow(Row):
    """整顿问题."""

    uuid = serializers.UUIDField()
    case = serializers.UUIDField(source="case.uuid", help_text="整顿对象。")
    unit = serializers.CharField(source="case.unit.code", help_text="党组织代码。")
    origin = serializers.ChoiceField(Source.choices, source="source", help_text="来源。")
    title = serializers.CharField()
    collected_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True, help_text="办结期限。")
    state = Slug(PROBLEM_SLUGS)
    done_on = serializers.DateField(allow_null=True, help_text="支部报办结。")
    confirmed_on = serializers.DateField(allow_null=True, help_text="上级确认。")
    updated_at = serializers.DateTimeField()


class ProblemFilters(ChangedFilters):
    """Filters of problems."""

    state = django_filters.MultipleChoiceFilter(
        choices=PROBLEM_STATES, method="in_states", label="状态"
    )

    def in_states(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Rows in one of the states."""
        numbers = [int(ProblemState[slug.upper()]) for slug in value]
        return queryset.filter(state__in=numbers) if numbers else queryset


@extend_schema_view(
    get=extend_schema(summary="整顿问题列表", tags=["整顿"], operation_id="case_problems_list")
)
class ProblemFeed(ReadableFeed):
    """Problems."""

    model = Problem
    serializer_class = ProblemRow
    filterset_class = ProblemFilters


class FigureRow(Row):
    """成效数字的一笔."""

    uuid = serializers.UUIDField()
    case = serializers.UUIDField(source="case.uuid", help_text="整顿对象。")
    unit = serializers.CharField(source="case.unit.code", help_text="党组织代码。")
    day = serializers.DateField()
    kind = serializers.ChoiceField(FigureKind.choices, help_text="项目。")
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=4, help_text="投入资金为万元，其余为户、份、条、件。"
    )
    note = serializers.CharField(help_text="说明。")
    is_void = serializers.BooleanField(help_text="已作废的不计入合计。")
    updated_at = serializers.DateTimeField()


class FigureFilters(ChangedFilters):
    """Filters of figures."""

    kind = django_filters.MultipleChoiceFilter(choices=FigureKind.choices, label="项目")
    day_from = django_filters.DateFilter("day", "gte", label="日期不早于")
    day_to = django_filters.DateFilter("day", "lte", label="日期不晚于")


@extend_schema_view(
    get=extend_schema(summary="成效数字列表", tags=["整顿"], operation_id="case_figures_list")
)
class FigureFeed(ReadableFeed):
    """Entries of figures."""

    model = FigureEntry
    serializer_class = FigureRow
    filterset_class = FigureFilters
