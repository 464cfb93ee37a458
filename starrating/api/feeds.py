"""“两新”组织 and their ratings for other systems."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, Slug
from core.feeds import Row
from starrating.enums import (
    STATE_SLUGS,
    Industry,
    ManagedBy,
    OrganisationKind,
    PartyForm,
    State,
)
from starrating.models import Organisation, Rating

RATING_STATES = [(slug, str(state.label)) for state, slug in STATE_SLUGS.items()]
_STARS = "0 不定星级，1 到 5 星。"


class OrganisationRow(Row):
    """“两新”组织."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    name = serializers.CharField(help_text="名称。")
    organisation_kind = serializers.ChoiceField(
        OrganisationKind.choices, source="kind", help_text="非公企业或社会组织。"
    )
    credit_code = serializers.CharField(help_text="统一社会信用代码。")
    industry = serializers.ChoiceField(Industry.choices, help_text="行业门类（GB/T 4754）。")
    staff_count = serializers.IntegerField(help_text="职工人数。")
    member_count = serializers.IntegerField(help_text="党员人数。")
    party_form = serializers.ChoiceField(PartyForm.choices, help_text="党组织组建方式。")
    managed_by = serializers.ChoiceField(ManagedBy.choices, help_text="管理方式。")
    manager = serializers.CharField(
        source="manager.code", allow_null=True, help_text="属地管理党组织的代码。"
    )
    founded_on = serializers.DateField(allow_null=True, help_text="党组织成立日期。")
    stars = serializers.IntegerField(allow_null=True, help_text=f"{_STARS}没有参评为空。")
    stars_since = serializers.DateField(allow_null=True, help_text="定星日期。")
    closed_on = serializers.DateField(allow_null=True, help_text="注销日期。")
    updated_at = serializers.DateTimeField()


class OrganisationFilters(ChangedFilters):
    """Filters of organisations."""

    stars = django_filters.NumberFilter("stars", min_value=0, max_value=5, label="现有星级")
    kind = django_filters.MultipleChoiceFilter(choices=OrganisationKind.choices, label="类型")


@extend_schema_view(
    get=extend_schema(
        summary="“两新”组织列表", tags=["两新星级"], operation_id="star_organisations_list"
    )
)
class OrganisationFeed(ScopedFeed):
    """Organisations."""

    model = Organisation
    serializer_class = OrganisationRow
    filterset_class = OrganisationFilters


class RatingRow(Row):
    """一家组织在一轮里的创评."""

    uuid = serializers.UUIDField()
    round = serializers.UUIDField(source="round.uuid", help_text="轮次。")
    round_name = serializers.CharField(source="round.name", help_text="轮次名称。")
    year = serializers.IntegerField(source="round.year", help_text="年度。")
    organisation = serializers.UUIDField(source="organisation.uuid", help_text="组织。")
    organisation_name = serializers.CharField(source="organisation.name", help_text="组织名称。")
    credit_code = serializers.CharField(
        source="organisation.credit_code", help_text="统一社会信用代码。"
    )
    unit = serializers.CharField(source="organisation.unit.code", help_text="党组织代码。")
    state = Slug(STATE_SLUGS)
    is_new = serializers.BooleanField(help_text="新成立的只自评，不定星级。")
    before_stars = serializers.IntegerField(allow_null=True, help_text=f"原星级；{_STARS}")
    self_total = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="自评得分。"
    )
    check_total = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="初核得分。"
    )
    review_total = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="审核得分。"
    )
    stars = serializers.IntegerField(
        allow_null=True, help_text=f"评定星级，公示以前为拟定；{_STARS}"
    )
    reward = serializers.DecimalField(max_digits=10, decimal_places=2, help_text="活动经费（元）。")
    notice_from = serializers.DateField(allow_null=True, help_text="公示开始。")
    notice_until = serializers.DateField(allow_null=True, help_text="公示截止。")
    ended_on = serializers.DateField(allow_null=True, help_text="授牌（办结）日期。")
    updated_at = serializers.DateTimeField()


class RatingFilters(ChangedFilters):
    """Filters of ratings."""

    state = django_filters.MultipleChoiceFilter(
        choices=RATING_STATES, method="in_states", label="状态"
    )
    year = django_filters.NumberFilter("round__year", min_value=2000, max_value=2100, label="年度")
    round = django_filters.UUIDFilter("round__uuid", label="轮次")

    def in_states(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Rows in one of the states."""
        numbers = [int(State[slug.upper()]) for slug in value]
        return queryset.filter(state__in=numbers) if numbers else queryset


@extend_schema_view(
    get=extend_schema(summary="星级创评列表", tags=["两新星级"], operation_id="star_ratings_list")
)
class RatingFeed(ScopedFeed):
    """Ratings."""

    model = Rating
    serializer_class = RatingRow
    filterset_class = RatingFilters
