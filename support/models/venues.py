"""阵地: the venue of a branch, the checklist 三室两栏, and what each year's check found."""

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from core.history import tracked
from core.models import AttachedFile
from core.states import begins_at, legal_moves
from support.enums import CHECK_MOVES, CheckState, ItemGroup
from support.querysets import ThroughCheck, ThroughVenue, VenueQuerySet

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


class VenueItem(models.Model):
    """清单项目: one thing that a venue should have. Staff change the list; no item is deleted."""

    code = models.SlugField("代码", max_length=20, unique=True)
    group = models.CharField("类别", max_length=6, choices=ItemGroup)
    title = models.CharField("项目", max_length=40)
    demand = models.CharField("要求", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "阵地清单项目"
        verbose_name_plural = "阵地清单项目"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class Venue(models.Model):
    """阵地: where a branch meets; one venue a branch. ``area`` is in square metres."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址", max_length=120)
    area = models.DecimalField(
        "面积（平方米）", max_digits=8, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    shared_with = models.CharField("与谁共用", max_length=80, blank=True)
    opened_on = models.DateField("启用日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = "阵地"
        verbose_name_plural = "阵地"
        ordering = ["unit__path"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["updated_at", "id"], name="support_venue_feed")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                name="support_venue_once",
                violation_error_message="这个党支部的阵地已经登记，请直接修改。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class VenueFile(AttachedFile):
    """阵地照片: of one item of the checklist."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="files", verbose_name="阵地")
    item = models.ForeignKey(VenueItem, models.PROTECT, related_name="+", verbose_name="项目")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughVenue.as_manager()

    class Meta:
        verbose_name = "阵地照片"
        verbose_name_plural = "阵地照片"
        ordering = ["id"]
        default_manager_name = "unscoped"


@tracked()
class VenueCheck(models.Model):
    """年度自查: submitted by the branch, confirmed or returned by somebody else above it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="checks", verbose_name="阵地")
    year = models.PositiveSmallIntegerField("年度")
    state = models.PositiveSmallIntegerField(
        "状态", choices=CheckState, default=CheckState.SUBMITTED
    )
    note = models.CharField("说明", max_length=300, blank=True)
    submitted_on = models.DateField("自查日期")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="自查人",
    )
    decided_on = models.DateField("办理日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认人",
    )
    answer = models.CharField("意见", max_length=300, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughVenue.as_manager()

    class Meta:
        verbose_name = "阵地自查"
        verbose_name_plural = "阵地自查"
        ordering = ["-year", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "year"],
                name="support_check_once",
                violation_error_message="这一年的自查已经交过。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(decided_by=F("submitted_by")),
                name="support_check_two_people",
                violation_error_message="自查的同志不能自己确认，请由党（工）委的另一位同志确认。",
            ),
            models.CheckConstraint(
                condition=~Q(state=CheckState.RETURNED) | ~Q(answer=""),
                name="support_check_reason",
                violation_error_message="退回须写明原因。",
            ),
        ]
        triggers = [legal_moves(CHECK_MOVES), begins_at(CheckState.SUBMITTED)]

    def __str__(self) -> str:
        return f"{self.year} 年自查"


class VenueAnswer(models.Model):
    """自查结果: whether one item is there, and what is to be done when not."""

    check_of = models.ForeignKey(
        VenueCheck, models.CASCADE, related_name="answers", verbose_name="自查"
    )
    item = models.ForeignKey(VenueItem, models.PROTECT, related_name="+", verbose_name="项目")
    is_there = models.BooleanField("有没有")
    note = models.CharField("说明", max_length=100, blank=True)

    unscoped = models.Manager()
    objects = ThroughCheck.as_manager()

    class Meta:
        verbose_name = "阵地自查结果"
        verbose_name_plural = "阵地自查结果"
        ordering = ["item__position", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["check_of", "item"], name="support_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.item}：{'有' if self.is_there else '没有'}"
