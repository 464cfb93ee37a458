"""Duties in the API: who owes what by when, and what it was worth."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from branches.enums import DutyKind
from branches.feeds import caller_scope, unit_in_scope
from branches.models import Unit
from core.api import DEFAULT_PAGE, MAX_PAGE, page_size
from core.dates import Period
from core.feeds import refuse_unknown
from meetings.api.shapes import STATUS_CHOICES
from meetings.duties import BadCursor, Duty, duties
from meetings.enums import STATUS_SLUGS, Cause, DutyState


class DutyRow(serializers.Serializer[Any]):
    """一项职责."""

    unit = serializers.CharField(help_text="负有职责的支部代码。")
    group = serializers.CharField(
        allow_null=True, help_text="党小组会：党小组代码；其余为 null。", source="group_code"
    )
    kind = serializers.ChoiceField(DutyKind.choices)
    cause = serializers.ChoiceField(
        [("", "无"), *Cause.choices], help_text="四个必开的事由；其他职责为空文本。"
    )
    event_title = serializers.CharField(help_text="登记的事项；日历产生的为空。")
    period = serializers.CharField(
        source="label", help_text="期间：2026-07、2026Q3、2026H2；四个必开为所在年份或登记日。"
    )
    first = serializers.DateField(help_text="期间第一天（含）。")
    due = serializers.DateField(help_text="截止日（含），职责计入该日所在的季度。")
    fixed_day = serializers.DateField(
        allow_null=True, help_text="当月的固定组织生活日；其他职责为 null。"
    )
    credit = serializers.DecimalField(
        max_digits=5, decimal_places=4, help_text="得分率，0 到 1。没有记录为 0。"
    )
    record = serializers.UUIDField(
        allow_null=True, source="record_uuid", help_text="给出得分率的会议记录。"
    )
    held_on = serializers.DateField(allow_null=True)
    first_submitted_on = serializers.DateField(allow_null=True)
    record_status = serializers.ChoiceField(STATUS_CHOICES, allow_null=True)
    state = serializers.ChoiceField(DutyState.choices, help_text="以查询当日为准的完成情况。")


class DutyPage(serializers.Serializer[Any]):
    """一页职责."""

    next = serializers.URLField(allow_null=True, help_text="下一页的完整地址；最后一页为 null。")
    results = DutyRow(many=True)


_PARAMETERS = [
    OpenApiParameter(
        "period",
        str,
        required=True,
        description="截止日所在的期间：2026Q3、2026-07、2026H1 或 2026。",
    ),
    OpenApiParameter("unit", str, description="支部代码：只取这个支部的职责。"),
    OpenApiParameter("under", str, description="党组织代码：取它及其全部下级的职责。"),
    OpenApiParameter("kind", str, enum=DutyKind.values, description="职责，可重复。", many=True),
    OpenApiParameter(
        "state",
        str,
        enum=DutyState.values,
        description="完成情况，可重复。",
        many=True,
    ),
    OpenApiParameter("on", OpenApiTypes.DATE, description="以哪一天为准，默认今天。"),
    OpenApiParameter("cursor", str, description="上一页 next 中的游标，原样带回。"),
    OpenApiParameter(
        "page_size",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE},
        description=f"每页条数，1–{MAX_PAGE}，默认 {DEFAULT_PAGE}。",
    ),
]


class DutyFeed(GenericAPIView[Any]):
    """Computed when asked for; two queries a page."""

    serializer_class = DutyPage
    pagination_class = None

    @extend_schema(
        summary="职责列表",
        description="按支部、截止日、职责、党小组、事项的顺序，只列适用的职责："
        "成立、撤销、豁免、有无支委会和党小组均已考虑。得分率按第 1 版评分方案计算，"
        "考核所用的以考核结果为准。",
        tags=["会议"],
        operation_id="duties_list",
        filters=False,
        parameters=_PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """One page."""
        refuse_unknown(request, {parameter.name for parameter in _PARAMETERS})
        size = page_size(request)
        found = _duties(request, size + 1)
        more = len(found) > size
        following = None
        if more:
            found.pop()
            here = request.build_absolute_uri()
            following = replace_query_param(here, "cursor", _opaque(found[-1].key))
        return Response({"next": following, "results": [_shown(duty) for duty in found]})


def _duties(request: Request, limit: int) -> list[Duty]:
    query = request.query_params
    period = _period(query.get("period"))
    units = _units(request)
    if not units:
        return []
    try:
        return duties(
            units=units,
            first=period.start,
            last=period.end,
            on=_day(query.get("on")),
            kinds=_chosen(request, "kind", DutyKind.values),
            states=_chosen(request, "state", DutyState.values),
            after=_key(query.get("cursor")),
            limit=limit,
        )
    except BadCursor as fault:
        raise ValidationError({"cursor": [str(fault)]}) from None


def _units(request: Request) -> tuple[Unit, ...]:
    unit, under = request.query_params.get("unit"), request.query_params.get("under")
    if unit and under:
        raise ValidationError({"unit": ["unit 与 under 只能写一个。"]})
    code = unit or under
    if code is None:
        units: tuple[Unit, ...] = caller_scope(request).units
        return units
    found = unit_in_scope(request, code, field="unit" if unit else "under")
    if unit and not found.is_branch:
        raise ValidationError({"unit": ["请写支部的代码；取一片组织请改用 under。"]})
    return (found,)


def _period(text: str | None) -> Period:
    if not text:
        raise ValidationError({"period": ["请写明期间，例如 period=2026Q3。"]})
    try:
        period = Period.parse(text)
    except ValueError as fault:
        raise ValidationError({"period": [f"{fault}。"]}) from None
    if not 2000 <= period.year <= 2100:
        raise ValidationError({"period": ["年份应在 2000 到 2100 之间。"]})
    return period


def _day(text: str | None) -> date:
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError({"on": ["请写成 2026-07-01 这样的日期。"]}) from None


def _chosen(request: Request, name: str, allowed: list[str]) -> list[str] | None:
    chosen = request.query_params.getlist(name)
    if set(chosen) - set(allowed):
        raise ValidationError({name: [f"可选：{'、'.join(allowed)}。"]})
    return chosen or None


def _opaque(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(cursor: str | None) -> str | None:
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        raise BadCursor("游标无效，请原样使用上一页 next 的地址，或从头开始。") from None


def _shown(duty: Duty) -> dict[str, Any]:
    return {
        "unit": duty.unit_code,
        "group": duty.group_code or None,
        "kind": duty.kind,
        "cause": duty.cause,
        "event_title": duty.event_title,
        "period": duty.label,
        "first": duty.first,
        "due": duty.due,
        "fixed_day": duty.fixed_day,
        "credit": f"{duty.credit:.4f}",
        "record": duty.record_uuid,
        "held_on": duty.held_on,
        "first_submitted_on": duty.first_submitted_on,
        "record_status": None if duty.record_status is None else STATUS_SLUGS[duty.record_status],
        "state": duty.state,
    }
