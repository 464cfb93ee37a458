"""提前和延期换届: asked for by one, approved by another."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import CommitteeTerm, Unit
from core.history import tracked
from elections.enums import ShiftKind, ShiftState
from elections.querysets import ShiftQuerySet

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}
# The settable number of months is the service's; beyond a year the regulation itself says no.
_YEAR = timedelta(days=366)


@tracked()
class Shift(models.Model):
    """提前或延期: until which day, why, by which document; ``due_on`` is 届满 as it was."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    term = models.ForeignKey(CommitteeTerm, models.PROTECT, related_name="+", verbose_name="届次")
    kind = models.CharField("类别", max_length=5, choices=ShiftKind)
    due_on = models.DateField("届满日期")
    moved_to = models.DateField("申请改到")
    reason = models.CharField("理由", max_length=300)
    document = models.CharField("请示文号", max_length=80, blank=True)
    state = models.CharField("状态", max_length=8, choices=ShiftState, default=ShiftState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", **_PERSON
    )
    proposed_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="审批人", **_PERSON
    )
    decided_on = models.DateField("审批日期", null=True, blank=True)
    answer = models.CharField("批复文号或意见", max_length=300, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = "提前或延期换届"
        verbose_name_plural = "提前或延期换届"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(state__in=["proposed", "approved"]),
                name="elections_shift_once",
                violation_error_message="这一届已经申请过提前或延期。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="elections_shift_two_people",
                violation_error_message="申请人不能审批自己的申请，请由另一位同志审批。",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_by__isnull=False),
                name="elections_shift_decided",
                violation_error_message="审批须有审批人。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="late", moved_to__gt=F("due_on")) & Q(moved_to__lte=F("due_on") + _YEAR)
                )
                | (
                    Q(kind="early", moved_to__lt=F("due_on")) & Q(moved_to__gte=F("due_on") - _YEAR)
                ),
                name="elections_shift_a_year",
                violation_error_message="提前或延长的期限不超过一年。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_kind_display()}到 {self.moved_to:%Y-%m-%d}"
