"""届次与豁免."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.enums import DutyKind, ExemptionState
from branches.models.unit import Unit
from branches.querysets import ExemptionQuerySet, ScopedQuerySet
from core.history import tracked


@tracked()
class CommitteeTerm(models.Model):
    """届次: one term of a unit's leading body.

    ``with_committee`` says that a 支委会 (not only a 书记) was elected: the duty 支委会 applies
    while such a term runs. ``ended_on`` is its last day; 届满 alone ends nothing.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    number = models.PositiveSmallIntegerField("第几届", default=1)
    with_committee = models.BooleanField("设支部委员会", default=True)
    started_on = models.DateField("当选日期")
    due_on = models.DateField("届满日期")
    ended_on = models.DateField("实际结束日期", null=True, blank=True)
    seats = models.PositiveSmallIntegerField("委员名额", default=0)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["CommitteeTerm"].as_manager()

    class Meta:
        verbose_name = "届次"
        verbose_name_plural = "届次"
        ordering = ["unit", "-started_on"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(ended_on__isnull=True),
                name="branches_term_one_open",
                violation_error_message="上一届还没有登记结束日期，请先结束上一届。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("started_on")),
                name="branches_term_due",
                violation_error_message="届满日期应晚于当选日期。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="branches_term_span",
                violation_error_message="结束日期不能早于当选日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} 第{self.number}届"


@tracked()
class Exemption(models.Model):
    """豁免: why a unit owes a duty, or any duty, not at all for a while.

    It covers a duty when it is approved and the duty's due day lies in it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    kind = models.CharField(
        "豁免的职责", max_length=12, choices=DutyKind, blank=True, help_text="不选表示全部职责。"
    )
    since = models.DateField("起始日期")
    until = models.DateField("截止日期")
    reason = models.CharField("理由", max_length=300)
    state = models.CharField(
        "状态", max_length=10, choices=ExemptionState, default=ExemptionState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="申请人",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审批人",
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    answer = models.CharField("审批意见", max_length=300, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = "豁免"
        verbose_name_plural = "豁免"
        ordering = ["-since", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["unit", "since"], name="branches_exemption_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="branches_exemption_span",
                violation_error_message="截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="branches_exemption_two_people",
                violation_error_message="申请人不能审批自己的申请，请由另一位同志审批。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_kind_display() or '全部职责'}"
