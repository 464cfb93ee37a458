"""经费: a unit's year of money. The database keeps the sums and refuses a negative balance."""

import uuid
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from core.models import AttachedFile
from dues.enums import AllotmentState
from dues.querysets import ThroughBudget, ThroughSpending

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}
_REFUSED = "USING ERRCODE = 'check_violation';"
# The budget's row is written, and so locked, by whoever adds to one of its sums.
_SUMS = (
    "UPDATE dues_budget SET {change}, updated_at = clock_timestamp() "
    "WHERE id = NEW.budget_id AND closed_on IS NULL; "
    "IF NOT FOUND THEN RAISE EXCEPTION 'budget % is closed', NEW.budget_id "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


@tracked()
class Budget(models.Model):
    """年度经费: what a unit may spend in a year.

    ``amount`` is its own budget; ``granted`` (allotments received) and ``spent`` are kept by
    triggers on the rows below, never written by the software: the row's lock puts those who spend
    at once in a line, and the check refuses whoever would overdraw it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    year = models.PositiveSmallIntegerField("年度")
    amount = models.DecimalField(
        "年度预算（元）", max_digits=12, decimal_places=2, default=Decimal(0)
    )
    granted = models.DecimalField(
        "区拨党费（元）", max_digits=12, decimal_places=2, default=Decimal(0), editable=False
    )
    spent = models.DecimalField(
        "已支出（元）", max_digits=12, decimal_places=2, default=Decimal(0), editable=False
    )
    note = models.CharField("经费来源说明", max_length=200, blank=True)
    result = models.TextField("年终使用效果", blank=True)
    closed_on = models.DateField("年终结账日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="结账人", **_PERSON
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Budget"].as_manager()

    class Meta:
        verbose_name = "年度经费"
        verbose_name_plural = "年度经费"
        ordering = ["-year", "unit"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="dues_budget_once",
                violation_error_message="这个党组织这一年的经费已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, granted__gte=0, spent__gte=0),
                name="dues_budget_amounts",
                violation_error_message="金额不能小于 0。",
            ),
            models.CheckConstraint(
                condition=Q(spent__lte=F("amount") + F("granted")),
                name="dues_budget_never_negative",
                violation_error_message="余额不足：支出不能超过年度预算与区拨党费之和。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(result=""),
                name="dues_budget_result",
                violation_error_message="年终结账须写明使用效果。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}年"

    @property
    def balance(self) -> Decimal:
        """What may still be spent, in yuan."""
        return self.amount + self.granted - self.spent

    @property
    def total(self) -> Decimal:
        """Budget and allotments together, in yuan."""
        return self.amount + self.granted


@tracked()
class BudgetLine(models.Model):
    """预算项目: one item of a budget; together they make its amount."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="lines", verbose_name="经费")
    position = models.PositiveSmallIntegerField("顺序", default=0)
    name = models.CharField("项目", max_length=60)
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)

    unscoped = models.Manager()
    objects = ThroughBudget.as_manager()

    class Meta:
        verbose_name = "预算项目"
        verbose_name_plural = "预算项目"
        ordering = ["position", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["budget", "name"], name="dues_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dues_line_amount"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Allotment(models.Model):
    """区拨党费: proposed by one of the district's staff, approved by another, signed for below."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="拨给")
    year = models.PositiveSmallIntegerField("年度")
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    purpose = models.CharField("用途", max_length=200)
    document = models.CharField("文号", max_length=80, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=AllotmentState, default=AllotmentState.PROPOSED
    )
    # The budget it went to, once it was received.
    budget = models.ForeignKey(
        Budget, models.PROTECT, null=True, blank=True, related_name="allotments",
        verbose_name="计入",
    )  # fmt: skip
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提出人", **_PERSON
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="审批人", **_PERSON
    )
    decided_on = models.DateField("审批日期", null=True, blank=True)
    answer = models.CharField("审批意见", max_length=200, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="签收人", **_PERSON
    )
    received_on = models.DateField("签收日期", null=True, blank=True)
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Allotment"].as_manager()

    class Meta:
        verbose_name = "区拨党费"
        verbose_name_plural = "区拨党费"
        ordering = ["-year", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["updated_at", "id"], name="dues_allotment_feed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="dues_allotment_amount",
                violation_error_message="金额应大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="dues_allotment_decided",
                violation_error_message="审批须有审批人。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="dues_allotment_two_people",
                violation_error_message="提出人不能审批自己提出的拨款，请由另一位同志审批。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="received")
                    & Q(received_on__isnull=False, budget__isnull=False, received_by__isnull=False)
                )
                | (~Q(state="received") & Q(received_on__isnull=True, budget__isnull=True)),
                name="dues_allotment_received",
                violation_error_message="签收须有日期和签收人。",
            ),
        ]
        triggers = [
            # The database's copy of dues.enums.ALLOTMENT_TRANSITIONS (S17).
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('proposed','approved'),('proposed','refused'),('approved','received'))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                + _REFUSED,
            ),
            pgtrigger.Trigger(
                name="begins_proposed",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.state <> 'proposed'"),
                func="RAISE EXCEPTION 'an allotment begins as proposed' " + _REFUSED,
            ),
            pgtrigger.Trigger(
                name="amount_stands",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.amount <> NEW.amount OR OLD.unit_id <> NEW.unit_id"
                ),
                func="RAISE EXCEPTION 'an allotment keeps its amount and unit' " + _REFUSED,
            ),
            pgtrigger.Trigger(
                name="granted",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("OLD.state <> 'received' AND NEW.state = 'received'"),
                func=_SUMS.format(change="granted = granted + NEW.amount"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.amount} 元"


@tracked()
class Spending(models.Model):
    """支出: so much on one day for one thing, with its vouchers; a wrong one becomes void."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    budget = models.ForeignKey(
        Budget, models.PROTECT, related_name="spendings", verbose_name="经费"
    )
    line = models.ForeignKey(
        BudgetLine, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="预算项目",
    )  # fmt: skip
    day = models.DateField("日期")
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    purpose = models.CharField("用途", max_length=200)
    is_void = models.BooleanField("已作废", default=False)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughBudget.as_manager()

    class Meta:
        verbose_name = "经费支出"
        verbose_name_plural = "经费支出"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="dues_spending_amount",
                violation_error_message="金额应大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(is_void=False) | ~Q(void_reason=""),
                name="dues_spending_void",
                violation_error_message="作废须写明原因。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="spent",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("NOT NEW.is_void"),
                func=_SUMS.format(change="spent = spent + NEW.amount"),
            ),
            pgtrigger.Trigger(
                name="given_back",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("NEW.is_void AND NOT OLD.is_void"),
                func=_SUMS.format(change="spent = spent - OLD.amount"),
            ),
            pgtrigger.Trigger(
                name="stands",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.amount <> NEW.amount OR OLD.budget_id <> NEW.budget_id "
                    "OR (OLD.is_void AND NOT NEW.is_void)"
                ),
                func="RAISE EXCEPTION 'a spending stands: make it void and enter it anew' "
                + _REFUSED,
            ),
            pgtrigger.Protect(name="never_gone", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.purpose[:20]} {self.amount} 元"


class Voucher(AttachedFile):
    """票据: a photo or a paper of a spending, stored privately under a random name."""

    spending = models.ForeignKey(
        Spending, models.CASCADE, related_name="vouchers", verbose_name="支出"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughSpending.as_manager()

    class Meta:
        verbose_name = "支出票据"
        verbose_name_plural = "支出票据"
        ordering = ["id"]
        default_manager_name = "unscoped"
