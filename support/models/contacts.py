"""联系点: which leader is linked to which organisation, visits, and what came of them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from core.states import begins_at, legal_moves
from support.enums import ISSUE_MOVES, IssueState, Level
from support.querysets import LinkQuerySet, ThroughVisit, VisitQuerySet

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class ContactLeader(models.Model):
    """领导干部: of the organisation ``unit``; ``user`` when he signs in himself. No phone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所在党组织")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="账号", **_PERSON
    )
    name = models.CharField("姓名", max_length=60)
    position = models.CharField("职务", max_length=80)
    level = models.CharField("级别", max_length=10, choices=Level)
    is_active = models.BooleanField("在任", default=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["ContactLeader"].as_manager()

    class Meta:
        verbose_name = "联系领导"
        verbose_name_plural = "联系领导"
        ordering = ["unit__path", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "position"],
                name="support_leader_once",
                violation_error_message="这位领导已经登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.position}）"


@tracked()
class ContactLink(models.Model):
    """联系点: a leader and an organisation, from a day to a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    leader = models.ForeignKey(
        ContactLeader, models.PROTECT, related_name="links", verbose_name="联系领导"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="联系点")
    since = models.DateField("开始日期")
    until = models.DateField("结束日期", null=True, blank=True, help_text="联系的最后一天。")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = "联系点"
        verbose_name_plural = "联系点"
        ordering = ["unit__path", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "unit"],
                condition=Q(until__isnull=True),
                name="support_link_once",
                violation_error_message="这位领导已经联系这个党组织。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="support_link_span",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader.name} 联系 {self.unit}"


@tracked()
class ContactVisit(models.Model):
    """走访: one day at a contact point, what was found, and what came of its problem."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link = models.ForeignKey(
        ContactLink, models.PROTECT, related_name="visits", verbose_name="联系点"
    )
    day = models.DateField("日期")
    found = models.TextField("了解到的情况")
    problem = models.TextField("发现的问题", blank=True)
    outcome = models.TextField("处理结果", blank=True)
    state = models.PositiveSmallIntegerField("问题", choices=IssueState, default=IssueState.NONE)
    solved_on = models.DateField("解决日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "联系点走访"
        verbose_name_plural = "联系点走访"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["link", "day"], name="support_visit_link"),
            models.Index(fields=["updated_at", "id"], name="support_visit_feed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=IssueState.NONE) | ~Q(problem=""),
                name="support_visit_problem",
                violation_error_message="跟进的问题须写明是什么问题。",
            ),
            models.CheckConstraint(
                condition=~Q(state=IssueState.SOLVED)
                | (Q(solved_on__isnull=False, solved_on__gte=F("day")) & ~Q(outcome="")),
                name="support_visit_solved",
                violation_error_message="已解决的问题须有日期（不早于走访）和处理结果。",
            ),
        ]
        triggers = [
            legal_moves(ISSUE_MOVES),
            begins_at(IssueState.NONE, IssueState.OPEN),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} 走访"


class FollowUp(models.Model):
    """跟进: what was done about a visit's problem, on which day."""

    visit = models.ForeignKey(
        ContactVisit, models.CASCADE, related_name="follow_ups", verbose_name="走访"
    )
    day = models.DateField("日期")
    what = models.CharField("做了什么", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughVisit.as_manager()

    class Meta:
        verbose_name = "走访问题跟进"
        verbose_name_plural = "走访问题跟进"
        ordering = ["day", "id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.what}"
