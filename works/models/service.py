"""在职党员进社区: who reported to which community, and what was done there. Never a ranking."""

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Member, Unit
from core.history import tracked
from core.states import begins_at, legal_moves
from works.enums import PLACEMENT_MOVES, SERVICE_MOVES, PlacementState, ServiceState
from works.querysets import ThroughPlacement, TwoSided

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class Placement(models.Model):
    """报到: a member of ``home`` at the Party organisation of a community; both sides see it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    home = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所在党支部")
    community = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="报到社区")
    since = models.DateField("报到日期")
    until = models.DateField("结束日期", null=True, blank=True)
    offer = models.CharField("能做什么", max_length=120, blank=True)
    state = models.PositiveSmallIntegerField(
        "状态", choices=PlacementState, default=PlacementState.PROPOSED
    )
    answer = models.CharField("社区意见", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="接收人",
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = TwoSided.as_manager()

    class Meta:
        verbose_name = "在职党员报到"
        verbose_name_plural = "在职党员报到"
        ordering = ["state", "-since", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "community"],
                condition=Q(state__in=[PlacementState.PROPOSED, PlacementState.ACCEPTED]),
                name="works_placement_once",
                violation_error_message="这位党员已经在这个社区报到。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="works_placement_span",
                violation_error_message="结束日期不能早于报到日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlacementState.DECLINED) | ~Q(answer=""),
                name="works_placement_reason",
                violation_error_message="不接收须写明原因。",
            ),
        ]
        triggers = [legal_moves(PLACEMENT_MOVES), begins_at(PlacementState.PROPOSED)]

    def __str__(self) -> str:
        return f"{self.member} · {self.community}"


@tracked()
class Service(models.Model):
    """在社区做的一件事: day, what, hours when somebody wants to say so."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="services", verbose_name="报到"
    )
    day = models.DateField("日期")
    what = models.CharField("做了什么", max_length=200)
    hours = models.DecimalField(
        "时长（小时）", max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(24)],
    )  # fmt: skip
    state = models.PositiveSmallIntegerField(
        "状态", choices=ServiceState, default=ServiceState.FILED
    )
    answer = models.CharField("社区意见", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认人",
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughPlacement.as_manager()

    class Meta:
        verbose_name = "在职党员服务"
        verbose_name_plural = "在职党员服务"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ServiceState.RETURNED) | ~Q(answer=""),
                name="works_service_reason",
                violation_error_message="退回须写明原因。",
            ),
            models.CheckConstraint(
                condition=~Q(state=ServiceState.CONFIRMED) | Q(decided_by__isnull=False),
                name="works_service_confirmed",
                violation_error_message="确认须有确认人。",
            ),
        ]
        triggers = [legal_moves(SERVICE_MOVES), begins_at(ServiceState.FILED)]

    def __str__(self) -> str:
        return self.what
