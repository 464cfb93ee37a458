"""日程订阅: an address by which a phone's own calendar reads a unit's days."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked


@tracked(exclude=["token_hash", "read_at"])
class CalendarFeed(models.Model):
    """日程订阅: one address, shown once when it is made; kept is its SHA-256 alone.

    It answers as long as it is not revoked and its maker still holds a role above or in the unit.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    token_hash = models.CharField("地址摘要", max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="创建人"
    )
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="停用人",
    )
    read_at = models.DateTimeField("最近读取", null=True, blank=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["CalendarFeed"].as_manager()

    class Meta:
        verbose_name = "日程订阅"
        verbose_name_plural = "日程订阅"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "created_by"],
                condition=Q(revoked_at__isnull=True),
                name="meetings_feed_once",
                violation_error_message="您已经有这个党组织的订阅地址。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.created_at:%Y-%m-%d}"
