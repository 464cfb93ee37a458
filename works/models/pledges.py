"""承诺践诺 and 党员示范岗."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Member, Unit
from core.history import tracked
from core.models import AttachedFile
from core.states import begins_at, legal_moves
from works.enums import PLEDGE_MOVES, PledgeState
from works.querysets import PledgeQuerySet, PostQuerySet, ThroughPledge, ThroughPost

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class Pledge(models.Model):
    """承诺: of a member, or of the branch itself when ``member`` is empty.

    ``above`` says that the committee confirms it: a branch's pledge, and that of its secretary,
    who would otherwise confirm himself. Pledges are kept or not; persons are never counted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承诺人"
    )
    above = models.BooleanField("由上级确认", default=True, editable=False)
    title = models.CharField("承诺事项", max_length=200)
    pledged_on = models.DateField("承诺日期")
    due_on = models.DateField("完成期限")
    state = models.PositiveSmallIntegerField("状态", choices=PledgeState, default=PledgeState.OPEN)
    result = models.TextField("践诺情况", blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="报告人",
    )
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认人",
    )
    answer = models.CharField("意见", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = "承诺"
        verbose_name_plural = "承诺"
        ordering = ["state", "due_on", "id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "state"], name="works_pledge_unit"),
            models.Index(fields=["updated_at", "id"], name="works_pledge_feed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("pledged_on")),
                name="works_pledge_span",
                violation_error_message="完成期限不能早于承诺日期。",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False) | Q(above=True),
                name="works_pledge_above",
                violation_error_message="支部的承诺由上级确认。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PledgeState.REPORTED, PledgeState.KEPT])
                | (Q(done_on__isnull=False) & ~Q(result="")),
                name="works_pledge_result",
                violation_error_message="报告完成须有日期和践诺情况。",
            ),
            models.CheckConstraint(
                condition=~Q(state=PledgeState.KEPT)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="works_pledge_confirmed",
                violation_error_message="兑现须有确认人和日期。",
            ),
            models.CheckConstraint(
                condition=Q(above=False)
                | Q(confirmed_by__isnull=True)
                | Q(reported_by__isnull=True)
                | ~Q(confirmed_by=F("reported_by")),
                name="works_pledge_two_people",
                violation_error_message="报告的同志不能自己确认，请由上级的另一位同志确认。",
            ),
        ]
        triggers = [legal_moves(PLEDGE_MOVES), begins_at(PledgeState.OPEN)]

    def __str__(self) -> str:
        return self.title

    def is_late(self, on: date) -> bool:
        """Whether it is still open after its last day."""
        return self.state == PledgeState.OPEN and self.due_on < on


class PledgeFile(AttachedFile):
    """践诺佐证: a photo or a paper."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="files", verbose_name="承诺")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughPledge.as_manager()

    class Meta:
        verbose_name = "践诺佐证"
        verbose_name_plural = "践诺佐证"
        ordering = ["id"]
        default_manager_name = "unscoped"


@tracked()
class ModelPost(models.Model):
    """党员示范岗: a named post, the member who holds it, and what it stands for."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    name = models.CharField("岗位名称", max_length=60)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    stands_for = models.CharField("示范什么", max_length=200)
    since = models.DateField("设岗日期")
    until = models.DateField("撤岗日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "党员示范岗"
        verbose_name_plural = "党员示范岗"
        ordering = ["unit__path", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "member"],
                condition=Q(until__isnull=True),
                name="works_post_once",
                violation_error_message="这位党员的这个岗位已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="works_post_span",
                violation_error_message="撤岗日期不能早于设岗日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ModelPostYear(models.Model):
    """示范岗年度确认: once a year, by somebody other than who named the post."""

    post = models.ForeignKey(ModelPost, models.CASCADE, related_name="years", verbose_name="示范岗")
    year = models.PositiveSmallIntegerField("年度")
    day = models.DateField("确认日期")
    note = models.CharField("意见", max_length=200, blank=True)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="设岗人", **_PERSON
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="确认人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughPost.as_manager()

    class Meta:
        verbose_name = "示范岗年度确认"
        verbose_name_plural = "示范岗年度确认"
        ordering = ["-year", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["post", "year"],
                name="works_post_year_once",
                violation_error_message="这一年已经确认。",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(named_by__isnull=True) | ~Q(by=F("named_by")),
                name="works_post_two_people",
                violation_error_message="设岗的同志不能自己确认，请由另一位同志确认。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年确认"
