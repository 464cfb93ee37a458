"""Study plans with their progress, courses and bookings in the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed
from core.feeds import Row
from meetings.enums import COUNTING
from meetings.enums.lectures import BookingState, CourseKind
from meetings.models import Booking, Course, StudyItem, StudyMark, StudyPlan


class StudyPlanRow(Row):
    """学习计划与进度."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党支部代码。")
    year = serializers.IntegerField()
    total = serializers.IntegerField(help_text="计划的篇数。")
    done = serializers.IntegerField(help_text="已学：有待审核或已通过的会议记录。")
    late = serializers.IntegerField(help_text="逾期未学：阶段已过，以查询当日为准。")
    updated_at = serializers.DateTimeField(help_text="计划或有关记录最近一次变动。")


class StudyPlanFilters(ChangedFilters):
    """Filters of plans."""

    year = django_filters.NumberFilter("year", min_value=2000, max_value=2100, label="年份")


@extend_schema_view(
    get=extend_schema(
        summary="学习计划列表",
        description="每支部每年一份，附进度。没有一行的支部，还没有制定计划。",
        tags=["学习"],
        operation_id="study_plans_list",
    )
)
class StudyPlanFeed(ScopedFeed):
    """Plans in scope."""

    model = StudyPlan
    serializer_class = StudyPlanRow
    filterset_class = StudyPlanFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first, then the figures of each plan."""
        studied = StudyMark.unscoped.filter(item=OuterRef("pk"), meeting__status__in=COUNTING)
        items: Any = StudyItem.objects.everywhere("of the plan in hand, which is in scope")
        items = items.filter(plan=OuterRef("pk")).standing().annotate(is_studied=Exists(studied))

        def counted(condition: Q) -> Coalesce:
            rows = items.order_by().filter(condition).values("plan")
            return Coalesce(Subquery(rows.annotate(many=Count("pk")).values("many")), 0)

        late = Q(is_studied=False, phase__ends_on__lt=timezone.localdate())
        rows: QuerySet[Any] = super().get_queryset()
        found: QuerySet[Any] = rows.annotate(
            total=counted(Q()), done=counted(Q(is_studied=True)), late=counted(late)
        )
        return found


class CourseRow(Row):
    """党课课程."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="提供课程的党组织代码。")
    year = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(CourseKind.choices, help_text="课程类型。")
    lecturer = serializers.CharField(source="lecturer.name", help_text="讲师。")
    minutes = serializers.IntegerField(help_text="时长，分钟。")
    summary = serializers.CharField(help_text="内容简介，可为空。")
    is_active = serializers.BooleanField(help_text="是否可点课。")
    updated_at = serializers.DateTimeField()


class CourseFilters(ChangedFilters):
    """Filters of courses."""

    year = django_filters.NumberFilter("year", min_value=2000, max_value=2100, label="年份")
    kind = django_filters.MultipleChoiceFilter(choices=CourseKind.choices, label="课程类型")


@extend_schema_view(
    get=extend_schema(
        summary="党课课程列表",
        description="数据范围内的党组织提供的，以及上级面向它们提供的课程。",
        tags=["学习"],
        operation_id="courses_list",
    )
)
class CourseFeed(ScopedFeed):
    """Courses on offer to the scope, and those that it offers."""

    model = Course
    serializer_class = CourseRow
    filterset_class = CourseFilters

    def get_queryset(self) -> QuerySet[Any]:
        """What is offered above the scope is offered to it."""
        rows: QuerySet[Any] = Course.objects.offered_to(*self.request.scope.units)  # type: ignore[attr-defined]
        return rows


class BookingRow(Row):
    """点课."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党支部代码。")
    course = serializers.UUIDField(source="course.uuid", help_text="课程标识。")
    course_title = serializers.CharField(source="course.title")
    kind = serializers.ChoiceField(CourseKind.choices, source="course.kind", help_text="课程类型。")
    state = serializers.ChoiceField(BookingState.choices, help_text="办理情况。")
    visit = serializers.UUIDField(help_text="场次：几个支部联合听的同一场，标识相同。")
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField()
    wish = serializers.CharField(help_text="支部希望的时间和地点，可为空。")
    meeting = serializers.UUIDField(
        source="meeting.uuid", allow_null=True, help_text="这次党课的会议记录。"
    )
    updated_at = serializers.DateTimeField()


class BookingFilters(ChangedFilters):
    """Filters of bookings."""

    state = django_filters.MultipleChoiceFilter(choices=BookingState.choices, label="办理情况")
    kind = django_filters.MultipleChoiceFilter(
        field_name="course__kind", choices=CourseKind.choices, label="课程类型"
    )
    starts_from = django_filters.DateFilter("starts_at__date", "gte", label="上课日期不早于")
    starts_to = django_filters.DateFilter("starts_at__date", "lte", label="上课日期不晚于")


@extend_schema_view(
    get=extend_schema(
        summary="点课列表",
        description="state 为 delivered 的才算已讲：有待审核或已通过的会议记录。",
        tags=["学习"],
        operation_id="lecture_bookings_list",
    )
)
class BookingFeed(ScopedFeed):
    """Bookings in scope."""

    model = Booking
    serializer_class = BookingRow
    filterset_class = BookingFilters
