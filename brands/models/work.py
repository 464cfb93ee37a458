"""What a year's creation is made of: the 五定 plan, the creation list, inspections."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from brands.enums import InspectionKind, InspectionState
from brands.models.brand import BrandFile, BrandYear
from brands.models.scheme import StandardItem
from brands.querysets import InspectionQuerySet, PlanQuerySet, ThroughYear
from core.history import tracked_after_insert

# The database's copy of INSPECTION_MOVES.
INSPECTION_PAIRS = "((1,2),(2,3),(2,1))"


@tracked_after_insert()
class PlanItem(models.Model):
    """五定计划的一项: 名称 人员 进度 措施 责任, and how it was done."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.ForeignKey(
        BrandYear, models.PROTECT, related_name="plan", verbose_name="年度创建"
    )
    name = models.CharField("任务名称", max_length=60)
    owner = models.CharField("承办人员", max_length=60)
    due_on = models.DateField("完成期限")
    measure = models.CharField("措施", max_length=300)
    answerable = models.CharField("责任人", max_length=60)
    done_on = models.DateField("完成日期", null=True, blank=True)
    evidence = models.CharField("完成情况", max_length=500, blank=True)
    file = models.ForeignKey(
        BrandFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="佐证"
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "五定计划"
        verbose_name_plural = "五定计划"
        ordering = ["due_on", "id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done_on__isnull=True), name="brands_plan_open"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "name"],
                name="brands_plan_once",
                violation_error_message="计划里已有同名的任务。",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(owner="") & ~Q(measure="") & ~Q(answerable=""),
                name="brands_plan_five",
                violation_error_message="五定缺一不可：名称、人员、进度、措施、责任都要写。",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(evidence=""),
                name="brands_plan_evidence",
                violation_error_message="完成的任务要写明完成情况。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked_after_insert()
class CreationAnswer(models.Model):
    """创建清单: how one year answers one line of the list."""

    year = models.ForeignKey(
        BrandYear, models.PROTECT, related_name="answers", verbose_name="年度创建"
    )
    item = models.ForeignKey(StandardItem, models.PROTECT, related_name="+", verbose_name="条目")
    text = models.CharField("落实情况", max_length=500)

    unscoped = models.Manager()
    objects = ThroughYear.as_manager()

    class Meta:
        verbose_name = "创建清单"
        verbose_name_plural = "创建清单"
        ordering = ["item"]
        default_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["year", "item"], name="brands_answer_once")]

    def __str__(self) -> str:
        return f"{self.item}"


@tracked_after_insert()
class Inspection(models.Model):
    """督查: what somebody from above looked at, found, and how it was settled."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.ForeignKey(
        BrandYear, models.PROTECT, related_name="inspections", verbose_name="年度创建"
    )
    kind = models.CharField("方式", max_length=10, choices=InspectionKind)
    on = models.DateField("督查日期")
    people = models.CharField("督查人员", max_length=100)
    findings = models.TextField("督查情况")
    state = models.PositiveSmallIntegerField("整改", choices=InspectionState)
    due_on = models.DateField("整改期限", null=True, blank=True)
    provisional = models.BooleanField("暂算", default=False)
    answer = models.TextField("整改情况", blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复人",
    )
    sent_back = models.CharField("核查意见", max_length=300, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核查人",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "督查记录"
        verbose_name_plural = "督查记录"
        ordering = ["-on", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=3) | Q(due_on__isnull=False),
                name="brands_inspection_due",
                violation_error_message="要整改的督查意见必须有期限。",
            ),
            models.CheckConstraint(
                condition=Q(state=1) | Q(due_on__isnull=True) | ~Q(answer=""),
                name="brands_inspection_answer",
                violation_error_message="请写明整改情况。",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True)
                | Q(answered_by__isnull=True)
                | ~Q(closed_by=F("answered_by")),
                name="brands_inspection_two_people",
                violation_error_message="答复的同志不能自己销号。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    f"OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN {INSPECTION_PAIRS}"
                ),
                func="RAISE EXCEPTION 'illegal state % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%Y-%m-%d}"
