"""三步: problems and the public promises about them."""

import uuid
from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.history import tracked
from rectification.enums import WITH_BRANCH, ProblemState, PromiseWay, Source
from rectification.models.case import Case, CaseFile
from rectification.querysets import ProblemQuerySet, ThroughCase

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


@tracked()
class Problem(models.Model):
    """问题: collected, solved, and settled on both sides.

    ``due_on`` is the last day for solving it. Who reported it done (``done_by``) is not who
    confirms (``confirmed_by``); both are kept.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="problems", verbose_name="整顿对象")
    source = models.CharField("来源", max_length=12, choices=Source)
    title = models.CharField("问题", max_length=200)
    collected_on = models.DateField("收集日期")
    owner = models.CharField("责任人", max_length=60, blank=True)
    due_on = models.DateField("办结期限", null=True, blank=True)
    measures = models.TextField("整改措施", blank=True)
    result = models.TextField("办理结果", blank=True)
    state = models.PositiveSmallIntegerField(
        "状态", choices=ProblemState, default=ProblemState.COLLECTED
    )
    done_on = models.DateField("报办结日期", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="报办结人",
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
    answer = models.CharField("确认意见", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "整顿问题"
        verbose_name_plural = "整顿问题"
        ordering = ["state", "due_on", "id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["case", "state"], name="rectification_problem_case"),
            models.Index(fields=["updated_at", "id"], name="rectification_problem_feed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[ProblemState.SOLVING, ProblemState.DONE])
                | (Q(due_on__isnull=False) & ~Q(owner="") & ~Q(measures="")),
                name="rectification_problem_planned",
                violation_error_message="解决问题须有责任人、期限和措施。",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProblemState.CONFIRMED)
                | Q(done_on__isnull=False, confirmed_on__isnull=False),
                name="rectification_problem_both_sides",
                violation_error_message="办结须由支部报告、上级确认。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("done_by")),
                name="rectification_problem_two_people",
                violation_error_message="报办结的同志不能自己确认，请由另一位同志确认。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "((0,1),(0,4),(1,2),(1,4),(2,3),(2,1))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_late(self, on: date) -> bool:
        """Whether it is with the branch after its last day."""
        return self.state in WITH_BRANCH and self.due_on is not None and self.due_on < on


@tracked()
class Promise(models.Model):
    """公开承诺: what, who, by when, shown where (承诺书, 宣传栏公示, 亮牌整改)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="promises", verbose_name="整顿对象")
    problem = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="针对的问题"
    )
    way = models.CharField("方式", max_length=8, choices=PromiseWay)
    item = models.CharField("承诺事项", max_length=200)
    person = models.CharField("责任人", max_length=60)
    due_on = models.DateField("完成期限")
    posted_on = models.DateField("公开日期")
    photo = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="照片"
    )
    kept_on = models.DateField("兑现日期", null=True, blank=True)
    outcome = models.CharField("兑现情况", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughCase.as_manager()

    class Meta:
        verbose_name = "公开承诺"
        verbose_name_plural = "公开承诺"
        ordering = ["kept_on", "due_on", "id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.item
