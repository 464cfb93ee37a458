"""Rankings in the API: schemes, runs, and the rows with every duty behind a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from assessment.enums import RunState
from assessment.models import Run, RunRow, Scheme
from assessment.reading import districts_of, runs_for
from branches.clients import ClientUser
from branches.enums import Field, UnitKind
from branches.feeds import ScopedFilters, caller_scope
from core.api import SinceFilter
from core.feeds import Feed, Row, refuse_unknown
from meetings.scores import RecordFacts, records_behind

CREDIT_SCALE = 10_000
_UUID = OpenApiParameter("uuid", UUID, "path", description="考核标识。")


class SchemeRow(Row):
    """评分方案."""

    version = serializers.IntegerField()
    title = serializers.CharField()
    valid_from = serializers.DateField(help_text="适用于最后一天不早于该日的考核期。")
    parameters = serializers.JSONField(help_text="权重、得分率与窗口；数字写成文本。")


@extend_schema_view(
    get=extend_schema(summary="评分方案列表", tags=["考核"], operation_id="schemes_list")
)
class SchemeFeed(Feed):
    """The same for everybody."""

    serializer_class = SchemeRow
    cursor_fields = ("version",)

    def get_queryset(self) -> QuerySet[Any]:
        """All versions."""
        return Scheme.objects.all()


class RunRowShape(Row):
    """一次季度考核."""

    uuid = serializers.UUIDField()
    district = serializers.CharField(source="unit.code", help_text="区委代码。")
    period = serializers.CharField(help_text="考核期，例如 2026Q3。")
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    version = serializers.IntegerField(help_text="同一考核期的第几版。")
    scheme = serializers.IntegerField(source="scheme.version", help_text="评分方案的版本。")
    state = serializers.ChoiceField(RunState.choices)
    data_at = serializers.DateTimeField(allow_null=True, help_text="数据时点。")
    ranked = serializers.IntegerField(help_text="参评数。")
    unranked = serializers.IntegerField(help_text="不参评数。")
    published_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


class RunFull(RunRowShape):
    """一次季度考核 with what it was scored by."""

    scheme_parameters = serializers.JSONField(source="scheme.parameters")
    slots = serializers.JSONField(help_text="各支部相同的职责：类别、事由、期间、起止、固定日。")


def runs_in_reach(request: Request) -> QuerySet[Run]:
    """Runs of the districts in reach; what is not published only for the whole district's keeper.

    A client bound to a part of the district reads published results only.
    """
    scope = caller_scope(request)
    if not isinstance(request.user, ClientUser):
        return runs_for(scope)
    whole = {unit.pk for unit in scope.units if unit.kind == UnitKind.DISTRICT}
    runs = Run.objects.everywhere("a run belongs to the district above; its rows are scoped")
    found: QuerySet[Run] = runs.filter(unit__in=districts_of(scope.units)).filter(
        Q(unit__in=whole) | Q(published_at__isnull=False)
    )
    return found


class RunFilters(django_filters.FilterSet):
    """Filters of runs."""

    period = django_filters.CharFilter(max_length=10, label="考核期，例如 2026Q3")
    state = django_filters.MultipleChoiceFilter(choices=RunState.choices, label="状态")
    updated_since = SinceFilter()


@extend_schema_view(
    get=extend_schema(
        summary="考核列表",
        description="数据范围是整个区的凭据可读待发布的结果，其余凭据只能读已发布的。",
        tags=["考核"],
        operation_id="runs_list",
    )
)
class RunFeed(Feed):
    """Runs of the districts in reach."""

    serializer_class = RunRowShape
    filterset_class = RunFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first."""
        return runs_in_reach(self.request)


class RunDetail(GenericAPIView[Any]):
    """One run."""

    serializer_class = RunFull
    pagination_class = None

    @extend_schema(
        summary="一次考核",
        tags=["考核"],
        operation_id="runs_read",
        parameters=[_UUID],
        filters=False,
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """404 for what is not there and for what is not the caller's."""
        refuse_unknown(request, set())
        shape = RunFull()
        lookups = [lookup for _, lookup, _ in shape.shaped()]
        run = get_object_or_404(runs_in_reach(request).values(*lookups), uuid=uuid)
        return Response(shape.to_representation(run))


class DutyCredit(serializers.Serializer[Any]):
    """一项职责的得分率."""

    kind = serializers.CharField()
    cause = serializers.CharField(help_text="四个必开的事由，其余为空。")
    period = serializers.CharField()
    first = serializers.DateField()
    due = serializers.DateField()
    group = serializers.CharField(allow_null=True, help_text="党小组会：党小组代码。")
    title = serializers.CharField(help_text="登记的事项。")
    credit = serializers.DecimalField(max_digits=5, decimal_places=4)
    record = serializers.UUIDField(allow_null=True, help_text="给出得分率的会议记录。")


class ResultRow(Row):
    """一个支部的考核结果."""

    unit = serializers.CharField(source="code", help_text="党组织代码。")
    name = serializers.CharField()
    committee = serializers.CharField(source="committee_code")
    committee_name = serializers.CharField()
    field = serializers.ChoiceField(Field.choices)
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="两位小数的文本；null 为不参评。"
    )
    rank_committee = serializers.IntegerField(allow_null=True)
    rank_field = serializers.IntegerField(allow_null=True)
    rank_district = serializers.IntegerField(allow_null=True)
    duty_score = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    present = serializers.IntegerField(help_text="实到人次。")
    eligible = serializers.IntegerField(help_text="应到人次。")
    quality = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    checks = serializers.IntegerField(help_text="调阅次数。")
    credits = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    records = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    extras = serializers.JSONField()


class ResultShape(ResultRow):
    """What is shown: the arrays become duties."""

    credits = records = extras = None  # type: ignore[assignment]
    duties = DutyCredit(many=True, help_text="适用的每项职责。")


class ResultFilters(ScopedFilters):
    """Filters of results."""

    committee = django_filters.CharFilter("committee_code", max_length=40, label="党（工）委代码")
    field = django_filters.MultipleChoiceFilter(choices=Field.choices, label="领域，可重复")


@extend_schema_view(
    get=extend_schema(
        summary="考核结果",
        description="授权范围内各支部的得分、三种名次和每项职责的得分率，按代码排列。",
        tags=["考核"],
        operation_id="run_rows_list",
        parameters=[_UUID],
        responses=ResultShape(many=True),
    )
)
class ResultFeed(Feed):
    """The rows of one run in scope; three queries a page."""

    serializer_class = ResultRow
    filterset_class = ResultFilters
    cursor_fields = ("code",)

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first; the run itself must be in reach."""
        if getattr(self, "swagger_fake_view", False):
            return RunRow.unscoped.none()
        self.run = get_object_or_404(runs_in_reach(self.request), uuid=self.kwargs["uuid"])
        return RunRow.objects.within(*caller_scope(self.request).units).filter(run=self.run)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        behind = records_behind(pk for row in page for pk in _ids(row))
        shown = self.row_serializer().rows(page)
        for row in shown:
            row["duties"] = _duties(self.run.slots, row, behind)
            del row["credits"], row["records"], row["extras"]
        return self.get_paginated_response(shown)


def _ids(row: Mapping[str, Any]) -> list[int]:
    extras = row["extras"] or {}
    groups = [pk for group in extras.get("groups", ()) for pk in group[4]]
    events = [event[6] for event in extras.get("events", ())]
    return [pk for pk in (*row["records"], *groups, *events) if pk]


def _duties(
    slots: Sequence[Mapping[str, Any]], row: Mapping[str, Any], behind: Mapping[int, RecordFacts]
) -> list[dict[str, Any]]:
    """Every duty that applies, with credit and record."""

    def duty(slot: Mapping[str, Any], credit: int, record: int | None, **more: Any) -> Any:
        found = behind.get(record) if record else None
        return {
            "kind": slot["kind"],
            "cause": slot.get("cause", ""),
            "period": slot["label"],
            "first": slot["first"],
            "due": slot["due"],
            "group": more.get("group"),
            "title": more.get("title", ""),
            "credit": f"{credit // CREDIT_SCALE}.{credit % CREDIT_SCALE:04d}",
            "record": found.uuid if found else None,
        }

    found = [
        duty(slot, credit, record)
        for slot, credit, record in zip(slots, row["credits"], row["records"], strict=False)
        if credit is not None
    ]
    extras = row["extras"] or {}
    months = [slot for slot in slots if slot["kind"] == "fixed_day"]
    for _, code, _, credits, records in extras.get("groups", ()):
        for month, credit, record in zip(months, credits, records, strict=False):
            if credit is not None:
                found.append(duty({**month, "kind": "group"}, credit, record, group=code))
    for _, cause, title, day, end, credit, record in extras.get("events", ()):
        if credit is None:
            continue
        slot = {"kind": "must_hold", "cause": cause, "label": end, "first": day, "due": end}
        found.append(duty(slot, credit, record, title=title))
    return found
