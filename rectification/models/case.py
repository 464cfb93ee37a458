"""整顿对象, 四位一体, and what was done when."""

import uuid
from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from branches.models import Unit
from core.history import tracked
from core.models import AttachedFile
from rectification.enums import AT_WORK, RUNNING, FileKind, HelperKind, State
from rectification.models.batch import Batch
from rectification.querysets import CaseQuerySet, ThroughCase

_PERSON: dict[str, Any] = {"null": True, "related_name": "+"}


@tracked()
class Case(models.Model):
    """整顿对象: one organisation in one batch, its 台账 begins here.

    ``round`` counts how often it was taken up: a relapse during 回头看 opens the next round of the
    same case, so that its history stays in one place. Days are facts; ``updated_at`` is typing.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="cases", verbose_name="批次")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    # Codes of ListingReason; several may apply at once.
    reasons = ArrayField(models.CharField(max_length=20), verbose_name="列入情形", default=list)
    detail = models.TextField("主要问题表现", blank=True)
    baseline = models.TextField("整顿前基本情况", blank=True)
    plan = models.TextField("一支部一策整顿方案", blank=True)
    deadline = models.DateField("整顿期限")
    state = models.PositiveSmallIntegerField("状态", choices=State, default=State.PROPOSED)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    decided_on = models.DateField("会议决定日期", null=True, blank=True)
    decision_number = models.CharField("决定文号", max_length=80, blank=True)
    started_on = models.DateField("进入整顿日期", null=True, blank=True)
    examined_on = models.DateField("申请验收日期", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    watch_until = models.DateField("回头看截止", null=True, blank=True)
    settled_on = models.DateField("巩固日期", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提出人", **_PERSON
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "整顿对象"
        verbose_name_plural = "整顿对象"
        ordering = ["-batch__number", "unit__path"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["batch", "state"], name="rectification_case_board"),
            models.Index(fields=["updated_at", "id"], name="rectification_case_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "unit"],
                name="rectification_case_once",
                violation_error_message="这个党组织已在本批次中。",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=[int(state) for state in RUNNING]),
                name="rectification_case_one_running",
                violation_error_message="这个党组织已有一个没有销号的整顿，不能再列入。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.PROPOSED, State.DROPPED])
                | (Q(decided_on__isnull=False) & ~Q(decision_number="")),
                name="rectification_case_decided",
                violation_error_message="确定为整顿对象须有会议决定的日期和文号。",
            ),
            models.CheckConstraint(
                condition=Q(state__lt=State.UNDERWAY)
                | Q(state=State.DROPPED)
                | Q(started_on__isnull=False),
                name="rectification_case_started",
                violation_error_message="进入整顿须有日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CLOSED, State.WATCHED, State.SETTLED])
                | Q(closed_on__isnull=False, watch_until__isnull=False),
                name="rectification_case_closed",
                violation_error_message="销号须有日期和回头看截止日期。",
            ),
        ]
        triggers = [
            # The database's copy of rectification.enums.TRANSITIONS (S17), written out since a
            # trigger is frozen into a migration.
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "((0,1),(0,8),(1,2),(2,3),(3,4),(4,3),(4,5),(5,6),(5,3),(6,7),(6,3))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="four_before_underway",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state <> NEW.state AND NEW.state IN (2, 3)"),
                func="IF (SELECT count(DISTINCT kind) FROM rectification_helper "
                "WHERE case_id = NEW.id AND until IS NULL) < 4 THEN "
                "RAISE EXCEPTION 'case % lacks one of its four helpers', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="two_before_closed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state = 4 AND NEW.state = 5"),
                func="IF NOT EXISTS (SELECT 1 FROM rectification_closing WHERE case_id = NEW.id "
                "AND round = NEW.round AND state = 'approved') THEN "
                "RAISE EXCEPTION 'case % was not approved by two', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; "
                "IF EXISTS (SELECT 1 FROM rectification_problem WHERE case_id = NEW.id "
                "AND state IN (0, 1, 2)) THEN "
                "RAISE EXCEPTION 'case % has an open problem', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="begins_proposed",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.state <> 0"),
                func="RAISE EXCEPTION 'a case begins as proposed' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}（第{self.batch.number}批）"

    def is_late(self, on: date) -> bool:
        """Whether it is worked at after its last day."""
        return self.state in AT_WORK and self.deadline < on

    @property
    def is_open(self) -> bool:
        """Whether the branch still works at it."""
        return self.state in (State.LISTED, State.STAFFED, State.UNDERWAY)


class CaseStep(models.Model):
    """办理过程: each move of a case, with day, document, who and why. Never changed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", verbose_name="整顿对象")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    before = models.PositiveSmallIntegerField("原状态", choices=State, null=True)
    after = models.PositiveSmallIntegerField("新状态", choices=State)
    day = models.DateField("日期")
    document = models.CharField("文号", max_length=80, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "整顿过程"
        verbose_name_plural = "整顿过程"
        ordering = ["id"]
        default_manager_name = "unscoped"
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_after_display()} {self.day:%Y-%m-%d}"


class CaseFile(AttachedFile):
    """附件: a photo or a paper of a case, stored privately under a random name."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files", verbose_name="整顿对象")
    kind = models.CharField("类别", max_length=10, choices=FileKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "整顿附件"
        verbose_name_plural = "整顿附件"
        ordering = ["id"]
        default_manager_name = "unscoped"


@tracked()
class Helper(models.Model):
    """四位一体的一方: who helps, from which unit. No phone is kept; the unit can be asked.

    ``until`` ends it when somebody takes over; exactly one of each kind is current.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="helpers", verbose_name="整顿对象")
    kind = models.CharField("帮扶方", max_length=16, choices=HelperKind)
    name = models.CharField("姓名或名称", max_length=60)
    position = models.CharField("职务", max_length=80, blank=True)
    workplace = models.CharField("工作单位", max_length=80, blank=True)
    since = models.DateField("开始日期")
    until = models.DateField("结束日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "帮扶力量"
        verbose_name_plural = "帮扶力量"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(until__isnull=True),
                name="rectification_helper_once",
                violation_error_message="这一方已经有人，请登记为调换。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


@tracked()
class Visit(models.Model):
    """帮扶走访: one day of one of the four, the households met, and what was solved."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="visits", verbose_name="整顿对象")
    helper = models.ForeignKey(
        Helper, models.PROTECT, null=True, related_name="+", verbose_name="帮扶方"
    )
    day = models.DateField("日期")
    households = models.PositiveIntegerField("走访户数", default=0)
    solved = models.TextField("帮助解决的事")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "帮扶走访"
        verbose_name_plural = "帮扶走访"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.helper or ''}"
