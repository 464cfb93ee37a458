"""验收 and 销号."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.history import tracked
from rectification.enums import ClosingState
from rectification.models.case import Case
from rectification.models.polls import Poll
from rectification.querysets import ThroughAcceptance, ThroughCase

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class Acceptance(models.Model):
    """验收: scored by the batch's sheet and judged by its lines; what was judged is kept.

    ``faults`` are the sentences for which it did not pass. Shares are percents as they were then.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        Case, models.CASCADE, related_name="acceptances", verbose_name="整顿对象"
    )
    round = models.PositiveSmallIntegerField("第几轮")
    day = models.DateField("验收日期")
    examiners = models.CharField("验收人员", max_length=120)
    opinion = models.TextField("验收意见", blank=True)
    total = models.DecimalField("得分", max_digits=5, decimal_places=2)
    poll = models.ForeignKey(
        Poll, models.PROTECT, null=True, related_name="+", verbose_name="依据的测评"
    )
    satisfaction = models.DecimalField("满意率", max_digits=5, decimal_places=2, null=True)
    open_problems = models.PositiveIntegerField("未办结问题")
    passed = models.BooleanField("通过")
    faults = models.JSONField("未通过的原因", default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "整顿验收"
        verbose_name_plural = "整顿验收"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["case", "-day"], name="rectification_accept_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=0, total__lte=100), name="rectification_accept_total"
            ),
            models.CheckConstraint(
                condition=Q(passed=False) | Q(open_problems=0, poll__isnull=False),
                name="rectification_accept_clean",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.total}"


@tracked()
class AcceptanceScore(models.Model):
    """验收得分: the points given for one item of the sheet, with the item as it was."""

    acceptance = models.ForeignKey(
        Acceptance, models.CASCADE, related_name="scores", verbose_name="验收"
    )
    name = models.CharField("项目", max_length=100)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2)
    given = models.DecimalField("得分", max_digits=5, decimal_places=2)

    unscoped = models.Manager()
    objects = ThroughAcceptance.as_manager()

    class Meta:
        verbose_name = "验收得分"
        verbose_name_plural = "验收得分"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(given__gte=0, given__lte=F("points")),
                name="rectification_given_points",
                violation_error_message="得分不能高于分值。",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Closing(models.Model):
    """销号申请: proposed by one, approved by two others (S16); the database counts them too."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="closings", verbose_name="整顿对象")
    round = models.PositiveSmallIntegerField("第几轮")
    acceptance = models.ForeignKey(
        Acceptance, models.PROTECT, related_name="+", verbose_name="依据的验收"
    )
    state = models.CharField(
        "状态", max_length=8, choices=ClosingState, default=ClosingState.PROPOSED
    )
    note = models.CharField("申请说明", max_length=500, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", **_PERSON
    )
    proposed_at = models.DateTimeField("申请时间", auto_now_add=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="初审人", **_PERSON
    )
    first_at = models.DateTimeField("初审时间", null=True, blank=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="终审人", **_PERSON
    )
    second_at = models.DateTimeField("终审时间", null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="不批准人", **_PERSON
    )
    answer = models.CharField("审批意见", max_length=500, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "销号审批"
        verbose_name_plural = "销号审批"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"],
                condition=Q(state__in=["proposed", "approved"]),
                name="rectification_closing_once",
                violation_error_message="这一轮的销号已经申请。",
            ),
            models.CheckConstraint(
                condition=(Q(first_by__isnull=True) | ~Q(first_by=F("proposed_by")))
                & (Q(second_by__isnull=True) | ~Q(second_by=F("proposed_by")))
                & (Q(second_by__isnull=True) | ~Q(second_by=F("first_by"))),
                name="rectification_closing_three",
                violation_error_message="申请人、初审人、终审人须是三位不同的同志。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="approved", first_by__isnull=False, second_by__isnull=False)
                    & Q(proposed_by__isnull=False)
                )
                | (Q(second_by__isnull=True) & ~Q(state="approved")),
                name="rectification_closing_two",
                violation_error_message="销号须经两位同志先后批准。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 销号"
