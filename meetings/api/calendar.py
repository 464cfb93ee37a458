"""Days in the API: holidays, fixed days, events and spot checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from branches.enums import UnitKind
from branches.feeds import ChangedFilters, ScopedFeed, caller_scope
from branches.models import Event, Unit
from core.dates import Period, first_tuesday, fixed_day
from core.feeds import Feed, Row, refuse_unknown
from core.holidays import calendar_for
from core.models import Holiday
from meetings.checking import with_findings
from meetings.enums import EVENT_CAUSES, Cause, MoveState
from meetings.models import FixedDayMove, SpotCheck

_YEARS = range(2000, 2101)


class HolidayRow(Row):
    """节假日与调休."""

    day = serializers.DateField()
    is_off = serializers.BooleanField(help_text="true 为放假，false 为调休上班。")
    name = serializers.CharField()


class HolidayFilters(django_filters.FilterSet):
    """By year."""

    year = django_filters.NumberFilter(
        field_name="day__year", min_value=2000, max_value=2100, label="年份"
    )


@extend_schema_view(
    get=extend_schema(
        summary="节假日列表",
        description="与星期不同的日子。没有任何一行的年份，通知尚未公布，所算的日子为暂算。",
        tags=["日历"],
        operation_id="holidays_list",
    )
)
class HolidayFeed(Feed):
    """The same for everybody."""

    serializer_class = HolidayRow
    filterset_class = HolidayFilters
    cursor_fields = ("day",)

    def get_queryset(self) -> QuerySet[Any]:
        """All days."""
        return Holiday.objects.all()


class FixedDayRow(serializers.Serializer[Any]):
    """一个月的固定组织生活日."""

    district = serializers.CharField(help_text="区委代码。")
    month = serializers.CharField(help_text="月份，例如 2026-07。")
    day = serializers.DateField(help_text="当月的固定组织生活日。")
    moved = serializers.BooleanField(help_text="不是当月第一个星期二。")
    reason = serializers.CharField(help_text="组织部调整的理由；因节假日顺延的为空。")
    provisional = serializers.BooleanField(help_text="暂算：当年的节假日通知尚未公布。")


class FixedDayYear(serializers.Serializer[Any]):
    """一年的固定组织生活日."""

    year = serializers.IntegerField()
    results = FixedDayRow(many=True)


class FixedDays(GenericAPIView[Any]):
    """A year's fixed days of each district in reach."""

    serializer_class = FixedDayYear
    pagination_class = None

    @extend_schema(
        summary="固定组织生活日",
        description="每区每月一行。默认是当月第一个星期二，遇节假日顺延到下一个星期二；"
        "组织部批准的调整优先。",
        tags=["日历"],
        operation_id="fixed_days_list",
        filters=False,
        parameters=[
            OpenApiParameter(
                "year",
                {"type": "integer", "minimum": 2000, "maximum": 2100},
                description="年份，默认今年。",
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """Twelve rows for each district."""
        refuse_unknown(request, {"year"})
        year = _year(request.query_params.get("year"))
        districts = districts_of(caller_scope(request).units)
        return Response({"year": year, "results": fixed_days(districts, year)})


def _year(text: str | None) -> int:
    if text is None:
        return timezone.localdate().year
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in _YEARS):
        raise ValidationError({"year": ["请写 2000 到 2100 之间的年份。"]})
    return int(text)


def districts_of(units: Iterable[Unit]) -> dict[int, str]:
    """The districts in which the units lie: id → code, by code."""
    ids = [unit.pk if unit.kind == UnitKind.DISTRICT else unit.district_id or 0 for unit in units]
    rows = Unit.objects.everywhere("the district above is named to everybody in it")
    return dict(rows.filter(pk__in=ids).order_by("code").values_list("pk", "code"))


def fixed_days(districts: dict[int, str], year: int) -> list[dict[str, Any]]:
    """Rows of a year, by district and month; two queries."""
    calendar = calendar_for((year, year + 1))
    moves = FixedDayMove.objects.everywhere("a fixed day holds for the whole district")
    moved: dict[tuple[int, date], tuple[date, str]] = {
        (unit_id, month): (day, reason)
        for unit_id, month, day, reason in moves.filter(
            unit__in=districts, state=MoveState.APPROVED, month__year=year
        ).values_list("unit_id", "month", "day", "reason")
    }
    rows = []
    for pk, code in districts.items():
        for month in Period.full_year(year).months():
            found = fixed_day(year, month.number, holidays=calendar)
            day, reason = moved.get((pk, month.start), (found.day, ""))
            rows.append(
                {
                    "district": code,
                    "month": month.label,
                    "day": day,
                    "moved": day != first_tuesday(year, month.number),
                    "reason": reason,
                    "provisional": found.provisional and (pk, month.start) not in moved,
                }
            )
    return rows


class EventRow(Row):
    """四个必开的登记事项."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    cause = serializers.ChoiceField(
        [(cause.value, cause.label) for cause in EVENT_CAUSES], help_text="事由。"
    )
    window_start = serializers.DateField(source="day", help_text="登记日或预审日（含）。")
    window_end = serializers.DateField(help_text="最迟召开日期（含），计入该日所在的季度。")
    title = serializers.CharField()
    is_withdrawn = serializers.BooleanField(help_text="已撤销的不再要求开会。")
    updated_at = serializers.DateTimeField()


class EventFilters(ChangedFilters):
    """Filters of events."""

    cause = django_filters.MultipleChoiceFilter(choices=Cause.choices, label="事由")
    window_end_from = django_filters.DateFilter("window_end", "gte", label="最迟日期不早于")
    window_end_to = django_filters.DateFilter("window_end", "lte", label="最迟日期不晚于")


@extend_schema_view(
    get=extend_schema(
        summary="四个必开事项列表",
        description="登记的重大决策和发展党员。建党日（6月24日至7月7日）和年底"
        "（12月1日至31日）由日历产生，不在此列。",
        tags=["日历"],
        operation_id="events_list",
    )
)
class EventFeed(ScopedFeed):
    """Registered events."""

    model = Event
    serializer_class = EventRow
    filterset_class = EventFilters


class SpotCheckRow(Row):
    """调阅."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    meeting = serializers.UUIDField(
        source="meeting.uuid", allow_null=True, help_text="调阅的会议记录。"
    )
    checked_on = serializers.DateField(help_text="调阅日期，计入该日所在的季度。")
    score = serializers.DecimalField(max_digits=5, decimal_places=2, help_text="0 到 100。")
    findings = serializers.CharField()
    findings_count = serializers.IntegerField(source="found", help_text="问题的个数。")
    findings_open = serializers.IntegerField(source="unsettled", help_text="未办结的问题个数。")
    updated_at = serializers.DateTimeField()


class SpotCheckFilters(ChangedFilters):
    """Filters of checks."""

    checked_from = django_filters.DateFilter("checked_on", "gte", label="调阅日期不早于")
    checked_to = django_filters.DateFilter("checked_on", "lte", label="调阅日期不晚于")


@extend_schema_view(
    get=extend_schema(summary="调阅列表", tags=["会议"], operation_id="spot_checks_list")
)
class SpotCheckFeed(ScopedFeed):
    """Spot checks."""

    model = SpotCheck
    serializer_class = SpotCheckRow
    filterset_class = SpotCheckFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first; with the numbers of findings."""
        return with_findings(super().get_queryset())
