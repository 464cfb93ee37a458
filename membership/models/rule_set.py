"""《发展党员工作细则》 as data: a set for each version, a row for each of the 25 steps."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from membership.enums import Actor
from membership.rules import Limit


class RuleSet(models.Model):
    """发展党员规则: one version of the regulation; a case follows the one of its 申请 day."""

    code = models.CharField("版本", max_length=10, unique=True)
    title = models.CharField("名称", max_length=80)
    regulation = models.CharField("依据", max_length=120)
    effective_from = models.DateField("施行日期", unique=True)
    effective_to = models.DateField("失效日期", null=True, blank=True)
    min_age = models.PositiveSmallIntegerField("申请人最低年龄", default=18)
    training_days = models.PositiveSmallIntegerField("集中培训天数", default=3)
    training_hours = models.PositiveSmallIntegerField("或学时数", default=24)
    extension_least = models.PositiveSmallIntegerField("延长预备期最短（月）", default=6)
    extension_most = models.PositiveSmallIntegerField("延长预备期最长（月）", default=12)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "发展党员规则"
        verbose_name_plural = "发展党员规则"
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="membership_ruleset_span",
                violation_error_message="失效日期不能早于施行日期。",
            ),
            models.CheckConstraint(
                condition=Q(extension_most__gte=F("extension_least")),
                name="membership_ruleset_extension",
                violation_error_message="延长预备期的最长月数不能小于最短月数。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StepRule(models.Model):
    """发展党员步骤: one of the 25 steps with its limits, in one rule set.

    Months are calendar months; 0 means that the regulation sets no such limit.
    """

    rules = models.ForeignKey(
        RuleSet, models.CASCADE, related_name="steps", verbose_name="规则版本"
    )
    number = models.PositiveSmallIntegerField(
        "步骤", validators=[MinValueValidator(1), MaxValueValidator(25)]
    )
    name = models.CharField("名称", max_length=40)
    actor = models.CharField("由谁办", max_length=10, choices=Actor)
    needs = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="须先办的步骤", default=list, blank=True
    )
    base = models.PositiveSmallIntegerField("从哪一步起算", null=True, blank=True)
    least_months = models.PositiveSmallIntegerField("最早（起算后的月数）", default=0)
    least_days = models.PositiveSmallIntegerField("最早（起算后的天数）", default=0)
    least_workdays = models.PositiveSmallIntegerField("至少几个工作日", default=0)
    most_months = models.PositiveSmallIntegerField("最迟（起算后的月数）", default=0)
    special_months = models.PositiveSmallIntegerField("特殊情况最迟（月）", default=0)
    times = models.PositiveSmallIntegerField("至少几次", default=1)
    every_months = models.PositiveSmallIntegerField("每隔几个月一次", default=0)
    required = models.BooleanField("必须办", default=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "发展党员步骤"
        verbose_name_plural = "发展党员步骤"
        ordering = ["rules", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "number"],
                name="membership_steprule_once",
                violation_error_message="这一步已经有了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rules.code} 第 {self.number} 步 {self.name}"

    @property
    def limit(self) -> Limit:
        """The row as the rules read it."""
        return Limit(
            number=self.number, name=self.name, actor=self.actor, needs=tuple(self.needs),
            base=self.base, least_months=self.least_months, least_days=self.least_days,
            least_workdays=self.least_workdays, most_months=self.most_months,
            special_months=self.special_months, times=self.times, every_months=self.every_months,
            required=self.required,
        )  # fmt: skip
