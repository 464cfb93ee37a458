"""第×批: a batch with its days, its reports, its score sheet and its pass lines."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from rectification.querysets import ThroughBatch

_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


@tracked()
class ListingReason(models.Model):
    """列入情形: one of the official types of a weak organisation; the same for all districts."""

    code = models.SlugField("代码", max_length=20, unique=True)
    title = models.CharField("情形", max_length=60)
    regulation = models.CharField("依据", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("使用", default=True)

    class Meta:
        verbose_name = "列入情形"
        verbose_name_plural = "列入情形"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class Batch(models.Model):
    """整顿批次: a district's n-th batch.

    Everything that the district sets for itself stands here: pass lines, 回头看 in months, working
    days for a problem, reports. How many organisations are listed is never set (应列尽列).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    number = models.PositiveSmallIntegerField("第几批", validators=[MinValueValidator(1)])
    name = models.CharField("名称", max_length=80)
    year = models.PositiveSmallIntegerField("年度")
    starts_on = models.DateField("启动日期")
    deadline = models.DateField("整顿期限")
    demands = models.TextField("工作要求", blank=True)
    regulation = models.CharField("依据", max_length=200, blank=True)
    pass_score = models.DecimalField(
        "验收合格分", max_digits=5, decimal_places=2, default=Decimal(70), validators=_PERCENT,
        help_text="满分 100。",
    )  # fmt: skip
    pass_satisfaction = models.DecimalField(
        "满意率合格线", max_digits=5, decimal_places=2, default=Decimal(90), validators=_PERCENT,
        help_text="占有效票的百分比。",
    )  # fmt: skip
    most_dissatisfied = models.DecimalField(
        "不满意否决线", max_digits=5, decimal_places=2, default=Decimal(50), validators=_PERCENT,
        help_text="不满意超过这个百分比，直接不通过。",
    )  # fmt: skip
    fair_counts = models.BooleanField("“基本满意”计入满意率", default=True)
    least_answers = models.PositiveSmallIntegerField(
        "最少有效票", default=20, validators=[MinValueValidator(5)],
        help_text="少于这个数，测评不作依据，也不显示结果。",
    )  # fmt: skip
    watch_months = models.PositiveSmallIntegerField(
        "回头看（月）", default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    problem_days = models.PositiveSmallIntegerField(
        "问题办理期限（工作日）", default=30,
        validators=[MinValueValidator(1), MaxValueValidator(250)],
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Batch"].as_manager()

    class Meta:
        verbose_name = "整顿批次"
        verbose_name_plural = "整顿批次"
        ordering = ["-number", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "number"],
                name="rectification_batch_once",
                violation_error_message="这一批已经登记过，请改用下一个批次号。",
            ),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("starts_on")),
                name="rectification_batch_span",
                violation_error_message="整顿期限应晚于启动日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}批 {self.name}"


@tracked()
class ScoreItem(models.Model):
    """验收评分项: one item of a batch's sheet; together they make 100 points."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items", verbose_name="批次")
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("项目", max_length=100)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2)

    unscoped = models.Manager()
    objects = ThroughBatch.as_manager()

    class Meta:
        verbose_name = "验收评分项"
        verbose_name_plural = "验收评分项"
        ordering = ["position", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["batch", "name"], name="rectification_item_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="rectification_item_points"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ReportDue(models.Model):
    """应交报告: one of the batch's reports and its last day (“四报告一评议”)."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="dues", verbose_name="批次")
    title = models.CharField("报告", max_length=100)
    due_on = models.DateField("截止日期")

    unscoped = models.Manager()
    objects = ThroughBatch.as_manager()

    class Meta:
        verbose_name = "应交报告"
        verbose_name_plural = "应交报告"
        ordering = ["due_on", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["batch", "title"], name="rectification_due_once")
        ]

    def __str__(self) -> str:
        return self.title
