"""查阅记录: who opened whose file, what was taken out of the house, what was declared."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from cadres.enums import ReadKind
from cadres.models.cadre import Cadre


class ReadLog(models.Model):
    """One line. The database refuses to change or delete it.

    ``number`` counts the exports of one person, from 1; it stands in the watermark.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查阅人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    kind = models.CharField("方式", max_length=8, choices=ReadKind)
    cadre = models.ForeignKey(
        Cadre, models.PROTECT, null=True, related_name="+", verbose_name="干部"
    )
    what = models.CharField("内容", max_length=200)
    reason = models.CharField("事由", max_length=200, blank=True)
    rows = models.PositiveIntegerField("行数", default=0)
    number = models.PositiveIntegerField("导出编号", default=0)

    unscoped = models.Manager()
    objects = ScopedQuerySet["ReadLog"].as_manager()

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "-id"], name="cadres_read_of_unit"),
            models.Index(fields=["by", "kind"], name="cadres_read_by"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}"
