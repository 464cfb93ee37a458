"""流动和失联: since when somebody has been away, as the branch knows it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Member
from branches.querysets import ScopedQuerySet
from core.history import tracked
from membership.enums import ClockKind


class ClockQuerySet(ScopedQuerySet["Clock"]):
    """Clocks, reached through the member's branch."""

    unit_path = "member__unit__path"


@tracked()
class Clock(models.Model):
    """流动失联台账: from which day a member counts as 流动 or 失联.

    The roster's own mark opens and ends it; a branch that knows the day better corrects it. At six
    months secretary and committee are told; what is done about it is decided by people.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    kind = models.CharField("情形", max_length=8, choices=ClockKind)
    since = models.DateField("从哪天起")
    until = models.DateField("到哪天止", null=True, blank=True)
    place = models.CharField("流动去向（省市县）", max_length=100, blank=True)
    contacted_on = models.DateField("最近一次联系（查找）", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="登记人",
    )  # fmt: skip
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = "流动失联台账"
        verbose_name_plural = "流动失联台账"
        ordering = ["since", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(until__isnull=True),
                name="membership_clock_once",
                violation_error_message="这名党员的这种情形已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="membership_clock_span",
                violation_error_message="止日不能早于起日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}"
