"""群众评议: a poll by tally sheet, or by anonymous one-time codes on slips.

What keeps a vote apart from a person (docs/security.md, 匿名测评):

- a slip is kept as a keyed fingerprint of its code, and goes in the transaction of the vote;
- an answer holds a choice and a day, under a random key; no code, no time, no address, no account;
- neither table has a history or a sequence, and nothing else is written with a vote;
- when the poll is counted the answers are written anew in random order.
"""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.history import tracked
from rectification.enums import Choice, PollState, PollWay
from rectification.models.case import Case, CaseFile
from rectification.querysets import ThroughCase, ThroughPoll

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class Poll(models.Model):
    """民意测评: of one case in one round. The counts are set once, when it is counted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="polls", verbose_name="整顿对象")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    way = models.CharField("方式", max_length=5, choices=PollWay)
    state = models.CharField("状态", max_length=6, choices=PollState, default=PollState.OPEN)
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    issued = models.PositiveIntegerField("发出票数", default=0)
    satisfied = models.PositiveIntegerField("满意", default=0)
    fair = models.PositiveIntegerField("基本满意", default=0)
    dissatisfied = models.PositiveIntegerField("不满意", default=0)
    invalid = models.PositiveIntegerField("无效票", default=0)
    sheet = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="计票表"
    )
    counted_on = models.DateField("计票日期", null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="计票人", **_PERSON
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="发起人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "民意测评"
        verbose_name_plural = "民意测评"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="open"),
                name="rectification_poll_one_open",
                violation_error_message="上一次测评还没有计票。",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="rectification_poll_span",
                violation_error_message="截止日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(
                    issued__gte=F("satisfied") + F("fair") + F("dissatisfied") + F("invalid")
                ),
                name="rectification_poll_sums",
                violation_error_message="各项票数之和不能多于发出票数。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="counted_is_locked",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state = 'closed' AND (OLD.state, OLD.issued, OLD.satisfied, OLD.fair, "
                    "OLD.dissatisfied, OLD.invalid) IS DISTINCT FROM (NEW.state, NEW.issued, "
                    "NEW.satisfied, NEW.fair, NEW.dissatisfied, NEW.invalid)"
                ),
                func="RAISE EXCEPTION 'a counted poll is locked' "
                "USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.opens_on:%Y-%m-%d}"

    @property
    def valid(self) -> int:
        """Valid answers, once counted."""
        return self.satisfied + self.fair + self.dissatisfied


class Slip(models.Model):
    """测评码: a code that has not been used yet, as its fingerprint. Using it deletes the row."""

    # The fingerprint is the key: no sequence tells in which order slips were made.
    fingerprint = models.BinaryField("指纹", primary_key=True, editable=False)
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="+", verbose_name="测评")

    class Meta:
        verbose_name = "测评码"
        verbose_name_plural = "测评码"

    def __str__(self) -> str:
        return "测评码"


class Answer(models.Model):
    """测评答案: a choice and a day under a random key, and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="+", verbose_name="测评")
    choice = models.CharField("选择", max_length=12, choices=Choice)
    day = models.DateField("日期")

    unscoped = models.Manager()
    objects = ThroughPoll.as_manager()

    class Meta:
        verbose_name = "测评答案"
        verbose_name_plural = "测评答案"
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.get_choice_display()
