"""职数: how many posts a unit has at a level."""

import uuid

from django.conf import settings
from django.db import models

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from cadres.enums import Level
from cadres.models.cadre import PERSON
from core.history import tracked


@tracked()
class Quota(models.Model):
    """核定职数 of a unit and level from a day on; the latest one holds."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    level = models.CharField("职务层次", max_length=3, choices=Level)
    approved = models.PositiveSmallIntegerField("核定职数")
    valid_from = models.DateField("启用日期")
    document = models.CharField("核定文号", max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Quota"].as_manager()

    class Meta:
        verbose_name = "核定职数"
        verbose_name_plural = "核定职数"
        ordering = ["unit__path", "level", "-valid_from"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "level", "valid_from"],
                name="cadres_quota_once",
                violation_error_message="这一天启用的核定职数已经登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_level_display()} {self.approved}"
