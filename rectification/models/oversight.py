"""两项制度: reports and inspections; and the figures."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Floor

from core.history import tracked
from rectification.enums import FigureKind, Manner, Timing
from rectification.models.batch import ReportDue
from rectification.models.case import Case, CaseFile, Visit
from rectification.querysets import ThroughCase

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class Report(models.Model):
    """汇报: one of the batch's reports as filed; late when filed after its last day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="reports", verbose_name="整顿对象")
    due = models.ForeignKey(
        ReportDue, models.PROTECT, related_name="reports", verbose_name="应交报告"
    )
    filed_on = models.DateField("提交日期")
    summary = models.TextField("主要情况", blank=True)
    file = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报告材料"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提交人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "整顿汇报"
        verbose_name_plural = "整顿汇报"
        ordering = ["due__due_on", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "due"],
                name="rectification_report_once",
                violation_error_message="这份报告已经提交过。",
            )
        ]

    def __str__(self) -> str:
        return str(self.due)

    @property
    def is_late(self) -> bool:
        """Whether it came after its last day."""
        return self.filed_on > self.due.due_on


@tracked()
class Inspection(models.Model):
    """督查: 明查 or 暗访, 定期, 不定期 or 回头看, with findings and what came of them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        Case, models.CASCADE, related_name="inspections", verbose_name="整顿对象"
    )
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    day = models.DateField("日期")
    manner = models.CharField("方式", max_length=8, choices=Manner)
    timing = models.CharField("安排", max_length=10, choices=Timing)
    inspectors = models.CharField("督查人员", max_length=120)
    findings = models.TextField("发现的情况")
    answer_by = models.DateField("整改回复期限", null=True, blank=True)
    answer = models.TextField("整改回复", blank=True)
    answered_on = models.DateField("回复日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "整顿督查"
        verbose_name_plural = "整顿督查"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_manner_display()}"

    @property
    def waits(self) -> bool:
        """Whether the branch still owes an answer."""
        return self.answer_by is not None and self.answered_on is None


@tracked()
class FigureEntry(models.Model):
    """成效数字: so many of one kind on one day; the sums of a batch are made of these rows.

    ``amount`` is a whole number, but for 投入资金, which is 万元 with up to four decimals (yuan). A
    wrong entry is struck out with a reason, never deleted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="figures", verbose_name="整顿对象")
    day = models.DateField("日期")
    kind = models.CharField("项目", max_length=10, choices=FigureKind)
    amount = models.DecimalField("数量", max_digits=12, decimal_places=4)
    note = models.CharField("说明", max_length=200, blank=True)
    visit = models.OneToOneField(
        Visit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="来自走访"
    )
    is_void = models.BooleanField("已作废", default=False)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "成效数字"
        verbose_name_plural = "成效数字"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["case", "kind"], name="rectification_figure_case"),
            models.Index(fields=["updated_at", "id"], name="rectification_figure_feed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="rectification_figure_positive",
                violation_error_message="数量应大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(kind=FigureKind.FUNDS) | Q(amount=Floor("amount")),
                name="rectification_figure_whole",
                violation_error_message="户、份、条、件应是整数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount.normalize():f}"
