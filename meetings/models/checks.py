"""不定期调阅."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.models.record import Meeting


@tracked()
class SpotCheck(models.Model):
    """调阅: a unit's record read by somebody above, scored 0–100, with findings."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会议记录"
    )
    checked_on = models.DateField("调阅日期")
    score = models.DecimalField(
        "得分", max_digits=5, decimal_places=2, validators=[MaxValueValidator(100)]
    )
    findings = models.TextField("发现的问题", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="调阅人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["SpotCheck"].as_manager()

    class Meta:
        verbose_name = "调阅"
        verbose_name_plural = "调阅"
        ordering = ["-checked_on", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["checked_on", "unit"], name="meetings_check_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100),
                name="meetings_check_score",
                violation_error_message="得分应在 0 到 100 之间。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.checked_on:%Y-%m-%d} {self.score}"
