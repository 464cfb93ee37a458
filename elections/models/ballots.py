"""计票: rounds of voting as tallies. Who voted what is nobody's to store."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from branches.enums import PostKind
from core.history import tracked
from elections.enums import Body, Verdict
from elections.models.election import Election, ElectionFile
from elections.models.voters import Candidate
from elections.querysets import ThroughBallot, ThroughElection

_PERSON: dict[str, Any] = {"null": True, "related_name": "+"}


@tracked()
class Ballot(models.Model):
    """一轮选举的计票: 应到会 as it was, ballots issued, returned and invalid, and the verdict.

    ``office`` is empty where 委员 are elected. ``faults`` are the sentences for which the round is
    void. A round that was mistyped is struck and typed again; it stays.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(
        Election, models.CASCADE, related_name="ballots", verbose_name="换届选举"
    )
    body = models.CharField("选举人", max_length=10, choices=Body)
    office = models.CharField("选举职务", max_length=12, choices=PostKind, blank=True)
    round = models.PositiveSmallIntegerField("第几轮")
    day = models.DateField("日期")
    eligible = models.PositiveIntegerField("应到会")
    present = models.PositiveIntegerField("实到会")
    seats = models.PositiveSmallIntegerField("应选名额")
    issued = models.PositiveIntegerField("发出选票")
    returned = models.PositiveIntegerField("收回选票")
    invalid = models.PositiveIntegerField("无效票", default=0)
    verdict = models.CharField("结果", max_length=8, choices=Verdict)
    faults = ArrayField(models.CharField(max_length=300), verbose_name="无效的原因", default=list)
    # Members tied for the last seats: the next round is held among them.
    tied = ArrayField(models.BigIntegerField(), default=list, editable=False)
    remaining = models.PositiveSmallIntegerField("还缺名额", default=0)
    struck_reason = models.CharField("作废原因", max_length=200, blank=True)
    sheet = models.ForeignKey(
        ElectionFile, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="计票单",
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughElection.as_manager()

    class Meta:
        verbose_name = "选举计票"
        verbose_name_plural = "选举计票"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "body", "office", "round"], name="elections_ballot_round"
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("eligible"), issued__lte=F("present")),
                name="elections_ballot_present",
                violation_error_message="实到不能多于应到，发票不能多于实到。",
            ),
            models.CheckConstraint(
                condition=Q(invalid__lte=F("returned")), name="elections_ballot_invalid"
            ),
            models.CheckConstraint(
                condition=Q(returned__lte=F("issued")) | Q(verdict__in=["void", "struck"]),
                name="elections_ballot_returned",
                violation_error_message="收回的选票多于发出的选票，选举无效。",
            ),
        ]

    def __str__(self) -> str:
        office = self.get_office_display() if self.office else "委员"
        return f"{self.get_body_display()}选举{office} 第{self.round}轮"

    @property
    def valid(self) -> int:
        """有效票."""
        return self.returned - self.invalid


@tracked()
class BallotLine(models.Model):
    """一名候选人的得票: yes, no, abstain as counts."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="lines", verbose_name="计票")
    candidate = models.ForeignKey(
        Candidate, models.PROTECT, related_name="lines", verbose_name="候选人"
    )
    yes = models.PositiveIntegerField("赞成")
    no = models.PositiveIntegerField("不赞成", default=0)
    abstain = models.PositiveIntegerField("弃权", default=0)
    elected = models.BooleanField("当选", default=False)

    unscoped = models.Manager()
    objects = ThroughBallot.as_manager()

    class Meta:
        verbose_name = "候选人得票"
        verbose_name_plural = "候选人得票"
        ordering = ["-yes", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["ballot", "candidate"], name="elections_line_once")
        ]
        triggers = [
            # More than half of 应到会, in a round that counts.
            pgtrigger.Trigger(
                name="elected_by_majority",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.elected"),
                func="IF NOT EXISTS (SELECT 1 FROM elections_ballot WHERE id = NEW.ballot_id "
                "AND NEW.yes * 2 > eligible AND verdict <> 'void') THEN "
                "RAISE EXCEPTION 'line % has no majority of those entitled', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidate} {self.yes}"
