"""三单 (提醒、函询、诫勉) and 三责 (告知书 with receipts)."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cadres.enums import DutyKind, OrderKind, OrderOutcome, OrderReason, OrderState
from cadres.models.cadre import PERSON, Cadre
from cadres.querysets import OrderQuerySet, ThroughCadre
from core.history import tracked


@tracked()
class Order(models.Model):
    """三单: issued with the head's approval, replied to by a working day, closed by a code.

    What it is about stays in the paper; here stands its class. ``effect_until`` is the last day on
    which it keeps him from promotion.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="orders", verbose_name="干部")
    kind = models.CharField("种类", max_length=8, choices=OrderKind)
    reason = models.CharField("事由类别", max_length=14, choices=OrderReason)
    approved_by = models.CharField("批准人", max_length=40)
    approved_on = models.DateField("批准日期")
    issued_on = models.DateField("发出日期")
    reply_due = models.DateField("回复期限", null=True, blank=True)
    provisional = models.BooleanField("期限为暂算", default=False)
    replied_on = models.DateField("回复日期", null=True, blank=True)
    closed_on = models.DateField("了结日期", null=True, blank=True)
    outcome = models.CharField("了结情况", max_length=10, choices=OrderOutcome, blank=True)
    effect_until = models.DateField("影响期到", null=True, blank=True)
    paper = models.CharField("纸质材料存放处", max_length=100)
    state = models.CharField("状态", max_length=8, choices=OrderState, default=OrderState.ISSUED)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "三单"
        verbose_name_plural = "三单"
        ordering = ["-issued_on", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["state", "reply_due"], name="cadres_order_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_on__lte=F("issued_on")),
                name="cadres_order_approved",
                violation_error_message="先批准，后发出：发出日期不能早于批准日期。",
            ),
            models.CheckConstraint(
                condition=Q(replied_on__isnull=True) | Q(replied_on__gte=F("issued_on")),
                name="cadres_order_replied",
                violation_error_message="回复日期不能早于发出日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.CLOSED)
                | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="cadres_order_closed",
                violation_error_message="了结须有日期和结果。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('issued', 'replied'), ('issued', 'closed'), ('replied', 'closed'))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.issued_on:%Y-%m-%d}"


@tracked()
class DutyNotice(models.Model):
    """三责告知书: issued to one person, with the day of the signed receipt."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="duty_notices", verbose_name="干部"
    )
    kind = models.CharField("种类", max_length=14, choices=DutyKind)
    number = models.CharField("告知书编号", max_length=60)
    issued_on = models.DateField("发出日期")
    receipt_due = models.DateField("签收期限")
    received_on = models.DateField("签收日期", null=True, blank=True)
    paper = models.CharField("签收回执存放处", max_length=100, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughCadre.as_manager()

    class Meta:
        verbose_name = "三责告知"
        verbose_name_plural = "三责告知"
        ordering = ["-issued_on", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "kind", "number"],
                name="cadres_notice_once",
                violation_error_message="这份告知书已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True)
                | (Q(received_on__gte=F("issued_on")) & ~Q(paper="")),
                name="cadres_notice_received",
                violation_error_message="签收不能早于发出，并写明回执存放处。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}告知书 {self.number}"
