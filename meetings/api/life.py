"""组织生活 in the API: how many branches have come how far; no member, no grade, no talk."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from branches.feeds import caller_scope, unit_in_scope
from branches.models import Unit
from core.feeds import refuse_unknown
from meetings.enums.life import Flow, Standing
from meetings.life_standing import Question, flow_counts, sums


class FlowCounts(serializers.Serializer[Any]):
    """一项组织生活的进展."""

    flow = serializers.ChoiceField(Flow.choices, help_text="事项。")
    none = serializers.IntegerField(help_text="未开始的支部数。")
    open = serializers.IntegerField(help_text="进行中的支部数。")
    waiting = serializers.IntegerField(help_text="已报送、待审核的支部数。")
    done = serializers.IntegerField(help_text="已完成的支部数。")


class LifeProgressRow(serializers.Serializer[Any]):
    """一年的组织生活进展."""

    year = serializers.IntegerField()
    branches = serializers.IntegerField(help_text="当年应开展组织生活的支部数。")
    flows = FlowCounts(many=True)


_PARAMETERS = [
    OpenApiParameter("year", int, description="年度，今年或上一年，默认今年。"),
    OpenApiParameter("under", str, description="党组织代码：取它及其全部下级，默认全部授权范围。"),
]


class LifeProgress(GenericAPIView[Any]):
    """Counts of branches, counted when asked for; one query."""

    serializer_class = LifeProgressRow
    pagination_class = None

    @extend_schema(
        summary="组织生活进展",
        description="组织生活会、民主评议党员、谈心谈话各有多少支部未开始、进行中、待审核、已完成。"
        "只有支部数，没有党员和评议等次。",
        tags=["会议"],
        operation_id="life_progress",
        filters=False,
        parameters=_PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """The year's counts."""
        refuse_unknown(request, {parameter.name for parameter in _PARAMETERS})
        year, units = _year(request.query_params.get("year")), _units(request)
        rows = sums(Question(units, year, timezone.localdate())) if units else []
        counts = flow_counts(rows)
        return Response(
            {
                "year": year,
                "branches": sum(row[-1] for row in rows),
                "flows": [
                    {"flow": flow.value} | {s.value: counts[flow][s] for s in Standing}
                    for flow in Flow
                ],
            }
        )


def _year(text: str | None) -> int:
    this = timezone.localdate().year
    if text in (None, "", str(this)):
        return this
    if text == str(this - 1):
        return this - 1
    raise ValidationError({"year": [f"请写 {this} 或 {this - 1}。"]})


def _units(request: Request) -> tuple[Unit, ...]:
    code = request.query_params.get("under")
    if code:
        return (unit_in_scope(request, code, field="under"),)
    units: tuple[Unit, ...] = caller_scope(request).units
    return units
