"""党课: lecturers and courses that a committee or the district offers, and who hears them when."""

from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.enums.lectures import TAKEN, BookingState, CourseKind
from meetings.models.ranges import Hours
from meetings.models.record import Meeting
from meetings.querysets import OfferQuerySet

_TAKEN = Q(state__in=[state.value for state in TAKEN])


@tracked()
class Lecturer(models.Model):
    """讲师: known by what everybody may know: name, place of work and post, topics."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="聘请的党组织")
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("单位及职务", max_length=100)
    topics = models.CharField("主讲方向", max_length=200, blank=True)
    is_active = models.BooleanField("在聘", default=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "讲师"
        verbose_name_plural = "讲师"
        ordering = ["name", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "post"],
                name="meetings_lecturer_once",
                violation_error_message="这位讲师已经在册。",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Course(models.Model):
    """课程: what a lecturer offers to all branches below ``unit`` in one year."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="提供的党组织")
    year = models.PositiveSmallIntegerField(
        "年份", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    title = models.CharField("课程", max_length=100)
    kind = models.CharField("类型", max_length=10, choices=CourseKind, default=CourseKind.MICRO)
    lecturer = models.ForeignKey(Lecturer, models.PROTECT, related_name="+", verbose_name="讲师")
    minutes = models.PositiveSmallIntegerField(
        "时长（分钟）",
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text="微党课一般 15 到 30 分钟。",
    )
    summary = models.CharField("内容简介", max_length=500, blank=True)
    is_active = models.BooleanField("可点课", default=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "课程"
        verbose_name_plural = "课程"
        ordering = ["-year", "kind", "title"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["updated_at", "id"], name="meetings_course_feed")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "title", "lecturer"],
                name="meetings_course_once",
                violation_error_message="这一年已有这门课程。",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480),
                name="meetings_course_minutes",
                violation_error_message="时长应在 5 到 480 分钟之间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class Booking(models.Model):
    """点课: one branch and one course, from the wish to the record of the lecture.

    ``visit`` is shared by the branches that hear one lecture together (联合专家送学): only they may
    have the same lecturer at the same time.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name="课程")
    visit = models.UUIDField("场次", default=uuid4, editable=False)
    state = models.CharField(
        "情况", max_length=10, choices=BookingState, default=BookingState.REQUESTED
    )
    wish = models.CharField("希望的时间和地点", max_length=200, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    lecturer = models.ForeignKey(
        Lecturer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="讲师"
    )
    starts_at = models.DateTimeField("开始时间", null=True, blank=True)
    ends_at = models.DateTimeField("结束时间", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    meeting = models.OneToOneField(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会议记录"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办理人",
    )
    at = models.DateTimeField("提出时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Booking"].as_manager()

    class Meta:
        verbose_name = "点课"
        verbose_name_plural = "点课"
        ordering = ["-at", "-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["updated_at", "id"], name="meetings_booking_feed"),
            models.Index(fields=["unit", "state"], name="meetings_booking_unit"),
            models.Index(fields=["starts_at"], name="meetings_booking_when"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "course"],
                condition=Q(state="requested"),
                name="meetings_booking_asked_once",
                violation_error_message="这门课已经点过，正在等待安排。",
            ),
            models.UniqueConstraint(
                fields=["visit", "unit"],
                name="meetings_booking_visit_once",
                violation_error_message="这个支部已经在这一场里。",
            ),
            models.CheckConstraint(
                condition=~_TAKEN
                | Q(
                    lecturer__isnull=False,
                    starts_at__isnull=False,
                    ends_at__isnull=False,
                    ends_at__gt=F("starts_at"),
                ),
                name="meetings_booking_when_whole",
                violation_error_message="安排课程要写明讲师、开始时间和时长。",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(meeting__isnull=False),
                name="meetings_booking_shown",
                violation_error_message="已讲的课要有会议记录。",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="meetings_booking_reason",
                violation_error_message="请写明不能安排的理由。",
            ),
            ExclusionConstraint(
                name="meetings_lecturer_free",
                expressions=[
                    ("lecturer", RangeOperators.EQUAL),
                    (
                        Hours("starts_at", "ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                    ("visit", RangeOperators.NOT_EQUAL),
                ],
                condition=_TAKEN,
                violation_error_message="这位讲师在这段时间已有安排，请换个时间。",
            ),
            ExclusionConstraint(
                name="meetings_branch_free",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (
                        Hours("starts_at", "ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=_TAKEN,
                violation_error_message="这个支部在这段时间已有安排，请换个时间。",
            ),
        ]
        triggers = [
            # The database's copy of meetings.enums.lectures.BOOKING_MOVES (S17), written out since
            # a trigger is frozen into a migration.
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('requested','scheduled'),('requested','declined'),('requested','cancelled'),"
                    "('scheduled','delivered'),('scheduled','cancelled'),('delivered','scheduled'))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.course}"
