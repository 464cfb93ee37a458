"""四个必开的事由: written by whoever knows of one, owed for by 三会一课."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.enums import Cause
from branches.models.unit import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked


# The tables kept the names they had when only 三会一课 asked for events (decision 0017).
@tracked(meta={"db_table": "meetings_eventevent"})
class Event(models.Model):
    """四个必开的事由: a registered 重大决策, or a 发展党员 预审, that asks for a 党员大会.

    The window is inclusive at both ends: 30 days from the registered day, or one calendar month
    from the 预审 day.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    cause = models.CharField("事由", max_length=10, choices=Cause)
    day = models.DateField("登记日或预审日")
    window_end = models.DateField("最迟召开日期", editable=False)
    title = models.CharField("事项", max_length=200)
    is_withdrawn = models.BooleanField("已撤销", default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Event"].as_manager()

    class Meta:
        db_table = "meetings_event"
        verbose_name = "四个必开事项"
        verbose_name_plural = "四个必开事项"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["unit", "window_end"], name="meetings_event_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "cause", "day", "title"],
                condition=Q(is_withdrawn=False),
                name="meetings_event_once",
                violation_error_message="这个事项已经登记过。",
            ),
            models.CheckConstraint(
                condition=Q(cause__in=["decision", "admission"]),
                name="meetings_event_cause",
                violation_error_message="只登记重大决策和发展党员；建党日和年底由系统按日历提出。",
            ),
            models.CheckConstraint(
                condition=Q(window_end__gt=F("day")), name="meetings_event_window"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.title}"
