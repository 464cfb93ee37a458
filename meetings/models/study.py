"""全年学习计划: the district's phases and texts, the branches' plans, what was studied when."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.enums.study import TextKind
from meetings.models.ranges import Days
from meetings.models.record import Meeting
from meetings.querysets import StudyItemQuerySet, ThroughMeeting

_YEAR = (MinValueValidator(2000), MaxValueValidator(2100))


@tracked()
class StudyPhase(models.Model):
    """学习阶段: a span of the year of one district, in which certain texts are studied."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    year = models.PositiveSmallIntegerField("年份", validators=_YEAR)
    number = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("阶段", max_length=20, help_text="例如：第一季度、3—4月。")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", help_text="阶段的最后一天。")

    unscoped = models.Manager()
    objects = ScopedQuerySet["StudyPhase"].as_manager()

    class Meta:
        verbose_name = "学习阶段"
        verbose_name_plural = "学习阶段"
        ordering = ["-year", "starts_on"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "name"],
                name="meetings_phase_name",
                violation_error_message="这一年已有同名的阶段。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="meetings_phase_span",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            ExclusionConstraint(
                name="meetings_phase_apart",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (
                        Days("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="阶段之间不能有重叠的日子。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.name}"


@tracked()
class StudyText(models.Model):
    """学习篇目: a text that the district lists for a year, with the phase it suggests."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    year = models.PositiveSmallIntegerField("年份", validators=_YEAR)
    title = models.CharField("篇目", max_length=100)
    kind = models.CharField("类型", max_length=12, choices=TextKind, default=TextKind.OTHER)
    phase = models.ForeignKey(StudyPhase, models.PROTECT, related_name="+", verbose_name="建议阶段")
    pages = models.CharField("章节或页码", max_length=60, blank=True)
    description = models.CharField("说明", max_length=300, blank=True)
    is_active = models.BooleanField(
        "在用", default=True, help_text="停用后不再计入各支部的计划，已学过的记录不受影响。"
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["StudyText"].as_manager()

    class Meta:
        verbose_name = "学习篇目"
        verbose_name_plural = "学习篇目"
        ordering = ["-year", "phase__starts_on", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "title"],
                name="meetings_text_once",
                violation_error_message="这一年的清单里已有这一篇。",
            )
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class StudyPlan(models.Model):
    """学习计划: what one branch means to study in one year. Its being there is the commitment."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    year = models.PositiveSmallIntegerField("年份", validators=_YEAR)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="制定人"
    )
    at = models.DateTimeField("制定时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["StudyPlan"].as_manager()

    class Meta:
        verbose_name = "学习计划"
        verbose_name_plural = "学习计划"
        ordering = ["-year", "unit"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["updated_at", "id"], name="meetings_plan_feed")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="meetings_plan_once",
                violation_error_message="这个支部这一年已有学习计划。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}年学习计划"


@tracked()
class StudyItem(models.Model):
    """计划内容: one text of a plan, the district's (``text``) or the branch's own."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(
        StudyPlan, models.PROTECT, related_name="items", verbose_name="学习计划"
    )
    text = models.ForeignKey(
        StudyText,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="区里的篇目",
    )
    title = models.CharField("学习内容", max_length=100)
    kind = models.CharField("类型", max_length=12, choices=TextKind, default=TextKind.OTHER)
    phase = models.ForeignKey(StudyPhase, models.PROTECT, related_name="+", verbose_name="阶段")
    leader = models.CharField("领学人", max_length=60, blank=True)
    is_dropped = models.BooleanField("已去掉", default=False)

    unscoped = models.Manager()
    objects = StudyItemQuerySet.as_manager()

    class Meta:
        verbose_name = "计划内容"
        verbose_name_plural = "计划内容"
        ordering = ["phase__starts_on", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "text"],
                condition=Q(text__isnull=False),
                name="meetings_item_text_once",
                violation_error_message="这一篇已经在计划里。",
            ),
            models.UniqueConstraint(
                fields=["plan", "title"],
                condition=Q(is_dropped=False),
                name="meetings_item_title_once",
                violation_error_message="计划里已有同名的学习内容。",
            ),
            models.CheckConstraint(
                condition=Q(is_dropped=False) | Q(text__isnull=True),
                name="meetings_item_districts_stay",
                violation_error_message="区里安排的学习内容不能去掉，可以调整阶段。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StudyMark(models.Model):
    """学过的内容: this record studied this text. It counts while the record counts."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+", verbose_name="会议记录")
    item = models.ForeignKey(
        StudyItem, models.PROTECT, related_name="marks", verbose_name="计划内容"
    )

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "学过的内容"
        verbose_name_plural = "学过的内容"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "item"],
                name="meetings_mark_once",
                violation_error_message="这次会议已经登记过这一篇。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} @ {self.meeting_id}"
