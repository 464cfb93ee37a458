"""What one member pays: dated standards, reductions, single large gifts."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Member, Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from dues.enums import Category, ReductionState
from dues.querysets import ThroughMember

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class Standard(models.Model):
    """核定的党费: what a member pays a month from ``since`` (a first of the month) on.

    The amount is kept, what it was reckoned from never is: no column, note or history of it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", verbose_name="党员")
    category = models.CharField("类别", max_length=10, choices=Category)
    amount = models.DecimalField("每月党费（元）", max_digits=8, decimal_places=2)
    since = models.DateField("从哪个月起")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="核定人",
    )  # fmt: skip
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughMember.as_manager()

    class Meta:
        verbose_name = "党费核定"
        verbose_name_plural = "党费核定"
        ordering = ["member", "-since"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "since"],
                name="dues_standard_once",
                violation_error_message="这个月起的标准已经核定过。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & ~Q(category=Category.REDUCED),
                name="dues_standard_amount",
                violation_error_message="每月党费不能小于 0；减免要另外申请。",
            ),
            models.CheckConstraint(
                condition=Q(since__day=1),
                name="dues_standard_month",
                violation_error_message="标准从一个月的第一天起算。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} 每月 {self.amount} 元（{self.since:%Y-%m} 起）"


@tracked()
class Reduction(models.Model):
    """减免: asked for by the branch, decided by another person above; from month to month.

    ``amount`` is what is paid instead, 0 for nothing at all.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", verbose_name="党员")
    amount = models.DecimalField("减免后每月（元）", max_digits=8, decimal_places=2)
    since = models.DateField("从哪个月起")
    until = models.DateField("到哪个月")
    reason = models.CharField("理由", max_length=200)
    state = models.CharField(
        "状态", max_length=10, choices=ReductionState, default=ReductionState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", **_PERSON
    )
    proposed_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="审批人", **_PERSON
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    answer = models.CharField("审批意见", max_length=200, blank=True)

    unscoped = models.Manager()
    objects = ThroughMember.as_manager()

    class Meta:
        verbose_name = "党费减免"
        verbose_name_plural = "党费减免"
        ordering = ["-since", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["state"], name="dues_reduction_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state="proposed"),
                name="dues_reduction_one_waits",
                violation_error_message="这位党员已有一份减免申请在等审批。",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")) & Q(since__day=1) & Q(until__day=1),
                name="dues_reduction_span",
                violation_error_message="减免的截止月不能早于起始月。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="dues_reduction_amount",
                violation_error_message="减免后的金额不能小于 0。",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="dues_reduction_decided",
                violation_error_message="审批须有审批人。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="dues_reduction_two_people",
                violation_error_message="申请人不能审批自己的申请，请由另一位同志审批。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} 减免（{self.since:%Y-%m} 至 {self.until:%Y-%m}）"


@tracked()
class Gift(models.Model):
    """大额党费: a single sum given beyond the dues; it goes to the centre whole, apart."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    given_on = models.DateField("交纳日期")
    note = models.CharField("说明", max_length=200, blank=True)
    forwarded_on = models.DateField("转交中央日期", null=True, blank=True)
    document = models.CharField("转交单据", max_length=80, blank=True)
    forwarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="转交登记人", **_PERSON
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Gift"].as_manager()

    class Meta:
        verbose_name = "大额党费"
        verbose_name_plural = "大额党费"
        ordering = ["-given_on", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="dues_gift_amount",
                violation_error_message="金额应大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(forwarded_on__isnull=True) | Q(forwarded_on__gte=F("given_on")),
                name="dues_gift_days",
                violation_error_message="转交日期不能早于交纳日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.amount} 元"
