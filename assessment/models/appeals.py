"""申诉: a branch against a line of a published result, the answer, and the credit it decided."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessment.enums import AppealState, Remedy
from assessment.models.runs import Run
from branches.enums import DutyKind
from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked, tracked_after_insert
from core.models import AttachedFile

MOST_TEXT = 1000


def _who(label: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


@tracked_after_insert()
class Appeal(models.Model):
    """申诉: against one duty, or the whole row, of a unit in a published run.

    ``duty`` is the key of the duty (``assessment.explain.DutyRef.key``), "" for the whole row;
    ``duty_name`` what it was called on the page. The run itself is never changed by the answer.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", verbose_name="考核")
    duty = models.CharField("申诉的职责", max_length=80, blank=True, editable=False)
    duty_name = models.CharField("申诉事项", max_length=300)
    score = models.DecimalField("发布的得分", max_digits=5, decimal_places=2, null=True)
    reason = models.TextField("申诉理由")
    state = models.CharField("状态", max_length=10, choices=AppealState, default=AppealState.FILED)
    filed_by = _who("申诉人")
    filed_at = models.DateTimeField("提出时间")
    answer_by = models.DateField("答复期限")
    taken_by = _who("受理人")
    taken_at = models.DateTimeField("受理时间", null=True, blank=True)
    opinion = models.TextField("党（工）委意见", blank=True)
    opinion_by = _who("提出意见的人")
    opinion_at = models.DateTimeField("意见时间", null=True, blank=True)
    remedy = models.CharField("处理", max_length=15, choices=Remedy, blank=True)
    answer = models.TextField("答复理由", blank=True)
    decided_by = _who("答复人")
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Appeal"].as_manager()

    class Meta:
        verbose_name = "申诉"
        verbose_name_plural = "申诉"
        ordering = ["-filed_at", "-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "-filed_at"], name="assessment_appeal_unit"),
            models.Index(fields=["state", "answer_by"], name="assessment_appeal_state"),
            models.Index(fields=["updated_at", "id"], name="assessment_appeal_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "unit", "duty"],
                condition=Q(state__in=["filed", "reviewing"]),
                name="assessment_appeal_one_open",
                violation_error_message="这一项已有正在办理的申诉。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("filed_by")),
                name="assessment_appeal_two_people",
                violation_error_message="申诉人不能答复自己的申诉，请由另一位同志办理。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["upheld", "rejected"], decided_at__isnull=False)
                & ~Q(answer="")
                | Q(state__in=["filed", "reviewing", "withdrawn"], decided_at__isnull=True),
                name="assessment_appeal_answered",
                violation_error_message="答复要写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(state="upheld") & ~Q(remedy="") | ~Q(state="upheld") & Q(remedy=""),
                name="assessment_appeal_remedy",
                violation_error_message="申诉成立的，请选择怎么处理。",
            ),
        ]
        triggers = [
            # The database's copy of assessment.enums.APPEAL_TRANSITIONS (S17).
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('filed','reviewing'),('filed','withdrawn'),('reviewing','upheld'),"
                    "('reviewing','rejected'),('reviewing','withdrawn'))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            # What was asked never changes, nor does anything once it is answered.
            pgtrigger.Trigger(
                name="frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('upheld','rejected','withdrawn') OR (OLD.unit_id, OLD.run_id, "
                    "OLD.duty, OLD.duty_name, OLD.reason, OLD.filed_by_id, OLD.filed_at) IS "
                    "DISTINCT FROM (NEW.unit_id, NEW.run_id, NEW.duty, NEW.duty_name, "
                    "NEW.reason, NEW.filed_by_id, NEW.filed_at)"
                ),
                func="RAISE EXCEPTION 'an answered appeal is frozen' "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.duty_name}"


class ThroughAppeal(ScopedQuerySet["AppealFile"]):
    """Files reach the unit through their appeal."""

    unit_path = "appeal__unit__path"


class AppealFile(AttachedFile):
    """申诉材料: what the branch shows, or what the answer rests on; stored privately."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="files", verbose_name="申诉")
    of_answer = models.BooleanField("答复依据", default=False)
    by = _who("上传人")

    unscoped = models.Manager()
    objects = ThroughAppeal.as_manager()

    class Meta:
        verbose_name = "申诉材料"
        verbose_name_plural = "申诉材料"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "of_answer", "sha256"],
                name="assessment_appealfile_once",
                violation_error_message="这个文件已经传过了。",
            )
        ]


@tracked()
class Ruling(models.Model):
    """认定: the least credit of one duty of one quarter, or that it does not apply.

    ``credit`` is in ten-thousandths; null: the duty does not apply. It holds for every computation
    after it was made, until a later ruling on the same duty takes its place. A record that earns
    more still does; a duty that does not apply anyway stays so.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    quarter = models.CharField("考核期", max_length=10)
    duty = models.CharField("职责", max_length=80)
    kind = models.CharField("职责类别", max_length=12, choices=DutyKind)
    cause = models.CharField("事由", max_length=12, blank=True)
    period = models.CharField("期间", max_length=10)
    first = models.DateField("起始日")
    due = models.DateField("截止日")
    group = models.CharField("党小组代码", max_length=40, blank=True)
    title = models.CharField("登记的事项", max_length=200, blank=True)
    remedy = models.CharField("认定", max_length=15, choices=Remedy)
    credit = models.PositiveSmallIntegerField("得分率", null=True)
    appeal = models.OneToOneField(
        Appeal, models.PROTECT, related_name="ruling", verbose_name="申诉"
    )
    is_current = models.BooleanField("有效", default=True)
    at = models.DateTimeField("认定时间")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Ruling"].as_manager()

    class Meta:
        verbose_name = "认定"
        verbose_name_plural = "认定"
        ordering = ["-at", "-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["updated_at", "id"], name="assessment_ruling_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["quarter", "unit", "duty"],
                condition=Q(is_current=True),
                name="assessment_ruling_one",
                violation_error_message="这一项已有认定。",
            ),
            models.CheckConstraint(
                condition=Q(credit__isnull=True, remedy="not_applicable")
                | Q(credit__lte=10000, remedy__in=["on_time", "late"]),
                name="assessment_ruling_credit",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "NEW.is_current AND NOT OLD.is_current OR (OLD.unit_id, OLD.quarter, "
                    "OLD.duty, OLD.remedy, OLD.credit, OLD.appeal_id, OLD.at) IS DISTINCT FROM "
                    "(NEW.unit_id, NEW.quarter, NEW.duty, NEW.remedy, NEW.credit, NEW.appeal_id, "
                    "NEW.at)"
                ),
                func="RAISE EXCEPTION 'a ruling is only ever replaced' "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.quarter} {self.get_remedy_display()}"
