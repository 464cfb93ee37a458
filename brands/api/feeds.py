"""Brands, their years, inspections and reports in the API: read only, within the caller's scope."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, ScopedFilters, Slug
from brands.enums import (
    STAGE_SLUGS,
    STEP_SLUGS,
    BrandKind,
    Grade,
    InspectionKind,
    InspectionState,
    MediaLevel,
)
from brands.models import Brand, BrandYear, Inspection, MediaReport
from core.feeds import Row

_STATES = {state: state.name.lower() for state in InspectionState}


class BrandRow(Row):
    """品牌."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="创建单位的党组织代码。")
    name = serializers.CharField(help_text="品牌名称。")
    kind = serializers.ChoiceField(BrandKind.choices, help_text="类别。")
    theme = serializers.CharField(help_text="主题。")
    concept = serializers.CharField(help_text="理念。")
    meaning = serializers.CharField(help_text="内涵。")
    goal = serializers.CharField(help_text="目标。")
    step = Slug(
        STEP_SLUGS,
        help_text="四个步骤里走到哪一步。",
    )
    step_on = serializers.DateField(allow_null=True, help_text="到这一步的日期。")
    background = serializers.CharField(help_text="典型案例：背景。")
    practice = serializers.CharField(help_text="典型案例：做法。")
    results = serializers.CharField(help_text="典型案例：成效启示。")
    updated_at = serializers.DateTimeField()


class BrandFilters(ChangedFilters):
    """Filters of brands."""

    kind = django_filters.MultipleChoiceFilter(choices=BrandKind.choices, label="类别")


@extend_schema_view(
    get=extend_schema(
        summary="品牌列表",
        description="每个品牌一行：五有、走到哪一步、典型案例。年度的环节和等次见 brand-years。",
        tags=["党建品牌"],
        operation_id="brands_list",
    )
)
class BrandFeed(ScopedFeed):
    """Brands."""

    model = Brand
    serializer_class = BrandRow
    filterset_class = BrandFilters


class BrandYearRow(Row):
    """品牌的一年."""

    uuid = serializers.UUIDField()
    brand = serializers.UUIDField(source="brand.uuid", help_text="品牌。")
    unit = serializers.CharField(source="brand.unit.code", help_text="创建单位的党组织代码。")
    year = serializers.IntegerField(help_text="年度。")
    stage = Slug(
        STAGE_SLUGS,
        help_text="四个环节里走到哪一个，或已办结、已撤回。",
    )
    stage_on = serializers.DateField(help_text="进入环节的日期。")
    is_fist = serializers.BooleanField(help_text="当年的拳头品牌。")
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="评审均分，汇总后才有。"
    )
    grade = serializers.ChoiceField(
        Grade.choices, allow_null=True, help_text="审定的等次，办结后才有。"
    )
    decided_on = serializers.DateField(allow_null=True, help_text="审定日期。")
    updated_at = serializers.DateTimeField()


class BrandYearFilters(ChangedFilters):
    """Filters of years."""

    year = django_filters.NumberFilter(
        field_name="year", min_value=2000, max_value=2100, label="年度"
    )
    grade = django_filters.MultipleChoiceFilter(choices=Grade.choices, label="等次")
    is_fist = django_filters.BooleanFilter(label="只取拳头品牌")


@extend_schema_view(
    get=extend_schema(
        summary="品牌年度列表",
        description="每个品牌每年一行：环节、评审均分、审定等次、是否拳头品牌。",
        tags=["党建品牌"],
        operation_id="brand_years_list",
    )
)
class BrandYearFeed(ScopedFeed):
    """Years of brands."""

    model = BrandYear
    serializer_class = BrandYearRow
    filterset_class = BrandYearFilters


class InspectionRow(Row):
    """督查."""

    uuid = serializers.UUIDField()
    brand = serializers.UUIDField(source="year.brand.uuid", help_text="品牌。")
    unit = serializers.CharField(source="year.brand.unit.code", help_text="创建单位的党组织代码。")
    year = serializers.IntegerField(source="year.year", help_text="年度。")
    kind = serializers.ChoiceField(InspectionKind.choices, help_text="督查方式。")
    on = serializers.DateField(help_text="督查日期。")
    findings = serializers.CharField(help_text="督查情况。")
    state = Slug(
        _STATES,
        help_text="整改情况。",
    )
    due_on = serializers.DateField(allow_null=True, help_text="整改期限；不用整改的为空。")
    answer = serializers.CharField(help_text="整改情况。")
    closed_on = serializers.DateField(allow_null=True, help_text="销号日期。")


class InspectionFilters(ScopedFilters):
    """Filters of inspections."""

    on_from = django_filters.DateFilter("on", "gte", label="督查日期不早于")
    on_to = django_filters.DateFilter("on", "lte", label="督查日期不晚于")


@extend_schema_view(
    get=extend_schema(
        summary="品牌督查列表", tags=["党建品牌"], operation_id="brand_inspections_list"
    )
)
class InspectionFeed(ScopedFeed):
    """Inspections."""

    model = Inspection
    serializer_class = InspectionRow
    filterset_class = InspectionFilters
    cursor_fields = ("id",)


class MediaRow(Row):
    """媒体报道."""

    uuid = serializers.UUIDField()
    brand = serializers.UUIDField(source="brand.uuid", help_text="品牌。")
    unit = serializers.CharField(source="brand.unit.code", help_text="创建单位的党组织代码。")
    level = serializers.ChoiceField(MediaLevel.choices, help_text="媒体层级。")
    outlet = serializers.CharField(help_text="媒体。")
    title = serializers.CharField(help_text="标题。")
    on = serializers.DateField(help_text="刊播日期。")
    link = serializers.CharField(help_text="链接；只有扫描件的为空。")


class MediaFilters(ScopedFilters):
    """Filters of reports."""

    on_from = django_filters.DateFilter("on", "gte", label="刊播日期不早于")
    on_to = django_filters.DateFilter("on", "lte", label="刊播日期不晚于")


@extend_schema_view(
    get=extend_schema(
        summary="品牌媒体报道列表", tags=["党建品牌"], operation_id="brand_media_list"
    )
)
class MediaFeed(ScopedFeed):
    """Reports in the media."""

    model = MediaReport
    serializer_class = MediaRow
    filterset_class = MediaFilters
    cursor_fields = ("id",)
