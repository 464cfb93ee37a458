"""调阅抽取 in the API: list, digest and seed, so that others can repeat a draw by themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from branches.enums import Field
from branches.feeds import ScopedFeed, ScopedFilters, Slugs, caller_scope
from core.api import SinceFilter
from core.feeds import Row, refuse_unknown
from meetings.enums import KIND_SLUGS
from meetings.models import CheckDraw, DrawnRecord

_UUID = OpenApiParameter("uuid", UUID, "path", description="抽取标识。")


class DrawRow(Row):
    """一次抽取."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="抽取范围的党组织代码。")
    held_from = serializers.DateField(source="since", help_text="召开日期不早于。")
    held_to = serializers.DateField(source="until", help_text="召开日期不晚于。")
    fields_of = serializers.ListField(
        source="fields", child=serializers.ChoiceField(Field.choices), help_text="领域；空为全部。"
    )
    kinds = Slugs(KIND_SLUGS, source="kind_mask", help_text="会议类别；空为全部。")
    wanted = serializers.IntegerField(help_text="抽取条数。")
    risk_percent = serializers.IntegerField(help_text="先从有提示的记录里抽取的百分比。")
    listed = serializers.IntegerField(source="listed_count", help_text="名单条数。")
    list_sha256 = serializers.CharField(help_text="名单摘要。")
    seed = serializers.CharField(help_text="随机种子。")
    due_on = serializers.DateField(help_text="调阅期限。")
    at = serializers.DateTimeField(help_text="抽取时间。")


class DrawnShape(serializers.Serializer[Any]):
    """抽中的一条记录."""

    place = serializers.IntegerField(help_text="抽取次序，从 1 起。")
    meeting = serializers.UUIDField(help_text="会议记录标识。")
    hinted = serializers.BooleanField(help_text="抽取时旁边有提示。")
    check = serializers.UUIDField(allow_null=True, help_text="调阅标识；还没有调阅的为空。")


class DrawFull(DrawRow):
    """一次抽取 with its list and what was drawn."""

    lines = serializers.ListField(
        child=serializers.CharField(),
        help_text="名单的各行：记录标识，有提示的后面有空格和星号。用换行符连接后取 SHA-256，"
        "即名单摘要。",
    )
    drawn = DrawnShape(many=True)


class DrawFilters(ScopedFilters):
    """Filters of draws."""

    drawn_since = SinceFilter("at")
    held_from = django_filters.DateFilter("since", "gte", label="抽取范围的起始日期不早于")


@extend_schema_view(
    get=extend_schema(
        summary="调阅抽取列表",
        description="抽取一次写定，不再改动。抽取范围在数据范围之内的才看得到。",
        tags=["会议"],
        operation_id="check_draws_list",
    )
)
class DrawFeed(ScopedFeed):
    """Draws in scope."""

    model = CheckDraw
    serializer_class = DrawRow
    filterset_class = DrawFilters
    cursor_fields = ("at", "id")


class DrawDetail(GenericAPIView[Any]):
    """One draw with its list."""

    serializer_class = DrawFull
    pagination_class = None

    @extend_schema(
        summary="一次调阅抽取",
        description="按记录标识前加“种子:”取 SHA-256 值从小到大抽取；risk_percent 不为 0 时先从"
        "带星号的行里取 wanted × risk_percent ÷ 100 条（进位取整），其余从剩下的行里取。",
        tags=["会议"],
        operation_id="check_draws_read",
        parameters=[_UUID],
        filters=False,
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """404 for what is not there and for what is not the caller's."""
        refuse_unknown(request, set())
        draws: QuerySet[CheckDraw] = CheckDraw.objects.within(*caller_scope(request).units)
        draw = get_object_or_404(draws.select_related("unit"), uuid=uuid)
        columns = {
            lookup: draw.unit.code if lookup == "unit__code" else getattr(draw, lookup)
            for _, lookup, _ in DrawRow().shaped()
        }
        drawn = DrawnRecord.unscoped.filter(draw=draw).order_by("place")
        return Response(
            {
                **DrawRow().to_representation(columns),
                "lines": draw.listed.splitlines(),
                "drawn": [
                    {"place": place, "meeting": meeting, "hinted": hinted, "check": check}
                    for place, meeting, hinted, check in drawn.values_list(
                        "place", "meeting__uuid", "hinted", "reading__uuid"
                    )
                ],
            }
        )
