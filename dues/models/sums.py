"""上缴: a quarter's sum, from branch to committee, from committee to district."""

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
from dues.enums import RemitState

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class Remittance(models.Model):
    """党费上缴: what a unit hands up for one quarter.

    ``computed`` is the sum of what was paid in the quarter as it stood when it was handed in,
    ``amount`` what was handed over; where they differ, ``note`` says why.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    quarter = models.DateField("季度（第一天）")
    computed = models.DecimalField("系统合计（元）", max_digits=12, decimal_places=2)
    amount = models.DecimalField("上缴金额（元）", max_digits=12, decimal_places=2)
    note = models.CharField("差额说明", max_length=200, blank=True)
    handed_on = models.DateField("上缴日期")
    state = models.CharField(
        "状态", max_length=10, choices=RemitState, default=RemitState.SUBMITTED
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上缴人", **_PERSON
    )
    submitted_at = models.DateTimeField("报送时间", auto_now_add=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="确认人", **_PERSON
    )
    answer = models.CharField("退回原因", max_length=200, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Remittance"].as_manager()

    class Meta:
        verbose_name = "党费上缴"
        verbose_name_plural = "党费上缴"
        ordering = ["-quarter", "unit"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "quarter"],
                name="dues_remittance_once",
                violation_error_message="这个季度已经报过上缴。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(computed__gte=0),
                name="dues_remittance_amount",
                violation_error_message="上缴金额不能小于 0。",
            ),
            models.CheckConstraint(
                condition=Q(amount=F("computed")) | ~Q(note=""),
                name="dues_remittance_difference",
                violation_error_message="上缴金额与系统合计不同，请写明原因。",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(confirmed_on__isnull=False, decided_by__isnull=False),
                name="dues_remittance_confirmed",
                violation_error_message="确认须有日期和确认人。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="dues_remittance_two_people",
                violation_error_message="上缴人不能确认自己的上缴，请由另一位同志确认。",
            ),
        ]
        triggers = [
            # The database's copy of dues.enums.REMIT_TRANSITIONS (S17).
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('submitted','confirmed'),('submitted','returned'),('returned','submitted'))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="confirmed_stands",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state = 'confirmed' AND (OLD.amount <> NEW.amount "
                    "OR OLD.computed <> NEW.computed)"
                ),
                func="RAISE EXCEPTION 'a confirmed sum stands' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        number = (self.quarter.month - 1) // 3
        return f"{self.unit} {self.quarter.year}年第{'一二三四'[number]}季度"

    @property
    def difference(self) -> Decimal:
        """Handed over less computed, in yuan."""
        return self.amount - self.computed
