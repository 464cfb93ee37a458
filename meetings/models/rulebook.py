"""职责规则: what is asked of the branches from a day on."""

import pgtrigger
from django.db import models


class RuleVersion(models.Model):
    """职责规则 in force from the first day of a quarter, until the next version.

    Written when a 评分方案 is adopted, so that what is reminded of, shown as owed and scored is one
    thing. ``parameters`` is the stored form of :class:`core.scoring.DutyRules`. All districts share
    it, as they share the scheme; what was put in force stays.
    """

    valid_from = models.DateField("适用起始日期", primary_key=True)
    title = models.CharField("依据的方案", max_length=120)
    parameters = models.JSONField("参数")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "职责规则"
        verbose_name_plural = "职责规则"
        ordering = ["valid_from"]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.title
