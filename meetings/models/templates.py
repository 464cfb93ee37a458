"""会议内容模板: how the minutes of a kind begin, as the district words it."""

from django.db import models

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.enums import Kind


@tracked()
class MinutesTemplate(models.Model):
    """会议内容模板 of one kind of meeting for all below a unit; else the usual text."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="适用范围")
    kind = models.PositiveSmallIntegerField("会议类别", choices=Kind)
    text = models.TextField(
        "模板",
        max_length=5000,
        help_text="【主题】【主持人】【应到】【实到】【缺席】【表决】等会自动填入，没有的留空待写。",
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["MinutesTemplate"].as_manager()

    class Meta:
        verbose_name = "会议内容模板"
        verbose_name_plural = "会议内容模板"
        ordering = ["unit", "kind"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind"],
                name="meetings_template_once",
                violation_error_message="这个范围内这类会议已有模板，请直接修改。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_kind_display()}"
