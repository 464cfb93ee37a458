"""催报记录: who pressed when, and who was told by it."""

from django.conf import settings
from django.db import models

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.models import Notice


class Urge(models.Model):
    """催报: one press of the button that told somebody something new.

    ``unit`` is the subtree it was about. ``told`` counts the branches that were told, ``already``
    those told earlier that day, ``unreachable`` those behind without a secretary's account.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="范围")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="催报人"
    )
    at = models.DateTimeField("催报时间", auto_now_add=True)
    month = models.DateField("月份", help_text="该月第一天。")
    kind = models.CharField("职责", max_length=12, blank=True)
    told = models.PositiveIntegerField("催报支部数", default=0)
    already = models.PositiveIntegerField("当天已催过", default=0)
    unreachable = models.PositiveIntegerField("没有书记账号", default=0)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Urge"].as_manager()

    class Meta:
        verbose_name = "催报记录"
        verbose_name_plural = "催报记录"
        ordering = ["-id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.unit} {self.at:%Y-%m-%d}"


class Urged(models.Model):
    """A branch that a press told, and the notice it got; the notice knows whether it was read."""

    urge = models.ForeignKey(Urge, models.CASCADE, related_name="rows", verbose_name="催报")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+", verbose_name="消息")

    unscoped = models.Manager()
    objects = ScopedQuerySet["Urged"].as_manager()

    class Meta:
        verbose_name = "被催报的支部"
        verbose_name_plural = "被催报的支部"
        default_manager_name = "unscoped"
        constraints = [models.UniqueConstraint(fields=["notice"], name="meetings_urged_once")]

    def __str__(self) -> str:
        return f"{self.unit}"
