"""固定组织生活日的调整."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.enums import MoveState


@tracked()
class FixedDayMove(models.Model):
    """固定组织生活日调整: a month's fixed day set to another day for a whole district.

    Without an approved row a month's day is what ``core.dates.fixed_day`` computes.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    month = models.DateField("月份", help_text="该月第一天。")
    day = models.DateField("调整后的日期")
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=MoveState, default=MoveState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审批人",
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    at = models.DateTimeField("提出时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["FixedDayMove"].as_manager()

    class Meta:
        verbose_name = "固定组织生活日调整"
        verbose_name_plural = "固定组织生活日调整"
        ordering = ["-month", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "month"],
                condition=Q(state="approved"),
                name="meetings_move_once",
                violation_error_message="这个月的固定组织生活日已经调整过。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="meetings_move_two_people",
                violation_error_message="提出人不能审批自己的调整，请由另一位同志审批。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y年%m月} {self.day:%Y-%m-%d}"
