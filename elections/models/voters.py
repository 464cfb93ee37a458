"""应到会: who is not counted and why; and the candidates once they are approved."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.enums import PostKind
from branches.models import Member
from core.history import tracked
from elections.models.election import Election
from elections.querysets import ThroughElection

_PERSON: dict[str, Any] = {"null": True, "related_name": "+"}


@tracked()
class ExclusionReason(models.Model):
    """不计入应到会的情形: a listed reason; the same for all districts."""

    code = models.SlugField("代码", max_length=20, unique=True)
    title = models.CharField("情形", max_length=80)
    regulation = models.CharField("依据", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("使用", default=True)

    class Meta:
        verbose_name = "不计入应到会的情形"
        verbose_name_plural = "不计入应到会的情形"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class Exclusion(models.Model):
    """不计入应到会: one member, one listed reason, one decision of the 支部大会."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(
        Election, models.CASCADE, related_name="exclusions", verbose_name="换届选举"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    reason = models.ForeignKey(
        ExclusionReason, models.PROTECT, related_name="+", verbose_name="情形"
    )
    decided_on = models.DateField("支部大会通过日期")
    consent = models.CharField("上级同意的文号", max_length=80, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughElection.as_manager()

    class Meta:
        verbose_name = "不计入应到会的党员"
        verbose_name_plural = "不计入应到会的党员"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "member"],
                name="elections_exclusion_once",
                violation_error_message="这名党员已经登记过。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}"


@tracked()
class Candidate(models.Model):
    """候选人: entered with the approval of 报批, never before; or written in by the voters.

    ``elected`` is set by a round of voting, ``office`` by the division of work.
    """

    election = models.ForeignKey(
        Election, models.CASCADE, related_name="people", verbose_name="换届选举"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    written_in = models.BooleanField("另选他人", default=False)
    elected = models.BooleanField("当选", default=False)
    office = models.CharField("职务", max_length=12, choices=PostKind, blank=True)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughElection.as_manager()

    class Meta:
        verbose_name = "候选人"
        verbose_name_plural = "候选人"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["election", "member"], name="elections_candidate_once"),
            models.CheckConstraint(
                condition=Q(office="") | Q(elected=True),
                name="elections_candidate_office",
                violation_error_message="没有当选的不能分工。",
            ),
        ]
        triggers = [
            # Names are entered with the approval: the election stands at 人选已报批 or later.
            pgtrigger.Trigger(
                name="names_with_approval",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="IF (SELECT state FROM elections_election WHERE id = NEW.election_id) < 7 "
                "THEN RAISE EXCEPTION 'names of election % come too early', NEW.election_id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}"
