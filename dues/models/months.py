"""Member-months: what is due, what was paid, and every correction of it."""

import uuid
from datetime import date
from typing import Any
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Member, Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked_after_insert
from dues.enums import Category, ChangeKind, DueState
from dues.querysets import DueQuerySet, ThroughDue

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked_after_insert()
class Payment(models.Model):
    """一次交纳: one member, one day, one or several months, one receipt.

    ``proxy`` names who brought the money for him (代交). Taken back, it stays here as void.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    # One press of the button: what was ticked together.
    batch = models.UUIDField("收缴批次", default=uuid4, editable=False)
    paid_on = models.DateField("交纳日期")
    amount = models.DecimalField("金额（元）", max_digits=10, decimal_places=2)
    proxy = models.CharField("代交人", max_length=40, blank=True)
    is_void = models.BooleanField("已撤销", default=False)
    void_reason = models.CharField("撤销原因", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="收款登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Payment"].as_manager()

    class Meta:
        verbose_name = "党费交纳"
        verbose_name_plural = "党费交纳"
        ordering = ["-paid_on", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["unit", "paid_on"], name="dues_payment_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="dues_payment_amount",
                violation_error_message="交纳的金额应大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(is_void=False) | ~Q(void_reason=""),
                name="dues_payment_void",
                violation_error_message="撤销交纳须写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.paid_on:%Y-%m-%d} 交 {self.amount} 元"

    @property
    def number(self) -> str:
        """收据号."""
        return f"{self.paid_on:%Y%m%d}-{self.pk:06d}"


@tracked_after_insert()
class Due(models.Model):
    """应交党费: one member, one month, in one branch.

    Rows are written when a month opens, by one INSERT … SELECT for a branch or for all of them
    (:mod:`dues.opening`); standards and reductions that come later change the unpaid ones. The row
    belongs to the branch that held him when it was written, and there is one for each member and
    month: who moves owes a month once, in one place.

    ``month`` is its first day; ``amount`` None says that nothing was fixed for him yet (未核定).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name="党员", db_index=False
    )
    month = models.DateField("月份")
    amount = models.DecimalField(
        "应交（元）", max_digits=8, decimal_places=2, null=True, blank=True
    )
    category = models.CharField("类别", max_length=10, choices=Category, blank=True)
    state = models.CharField("状态", max_length=8, choices=DueState, default=DueState.OWED)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="dues", verbose_name="交纳"
    )
    paid_on = models.DateField("交纳日期", null=True, blank=True)
    # Why it is not paid (未交), or not counted (不计); with a reason nobody is alarmed.
    reason = models.CharField("原因", max_length=200, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = "应交党费"
        verbose_name_plural = "应交党费"
        ordering = ["-month", "unit", "member"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "month"], name="dues_due_branch_month"),
            models.Index(fields=["month"], name="dues_due_month"),
            # What the list of arrears and the reminders walk.
            models.Index(
                fields=["member", "month"], condition=Q(state="owed"), name="dues_due_owed"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "month"],
                name="dues_due_once",
                violation_error_message="这位党员这个月的党费已经列出，不会再列一次。",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="dues_due_first_day",
                violation_error_message="月份写成当月第一天。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="paid", payment__isnull=False, paid_on__isnull=False, amount__gt=0
                )
                | (~Q(state="paid") & Q(payment__isnull=True, paid_on__isnull=True)),
                name="dues_due_paid",
                violation_error_message="已交的须有交纳记录和日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state="struck") | ~Q(reason=""),
                name="dues_due_struck",
                violation_error_message="不计的须写明原因。",
            ),
        ]
        triggers = [
            # The database's copy of dues.enums.DUE_TRANSITIONS (S17).
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('owed','paid'),('paid','owed'),('owed','struck'),('struck','owed'))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="paid_stands",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state = 'paid' AND NEW.state = 'paid' AND (OLD.amount <> NEW.amount "
                    "OR OLD.payment_id <> NEW.payment_id OR OLD.paid_on <> NEW.paid_on)"
                ),
                func="RAISE EXCEPTION 'a paid month stands: take the payment back first' "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="same_month",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.member_id <> NEW.member_id OR OLD.month <> NEW.month"
                ),
                func="RAISE EXCEPTION 'member and month of a due never change' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.month:%Y-%m}"

    def is_late(self, on: date) -> bool:
        """Whether it is unpaid after its month."""
        return self.state == DueState.OWED and self.month < on.replace(day=1)


class DueChange(models.Model):
    """党费更正记录: what was changed by hand, why, by whom. Never changed itself."""

    due = models.ForeignKey(Due, models.PROTECT, related_name="changes", verbose_name="应交党费")
    kind = models.CharField("更正", max_length=10, choices=ChangeKind)
    before = models.CharField("原来", max_length=80, blank=True)
    after = models.CharField("现在", max_length=80, blank=True)
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", **_PERSON
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughDue.as_manager()

    class Meta:
        verbose_name = "党费更正"
        verbose_name_plural = "党费更正"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.due} {self.get_kind_display()}"
