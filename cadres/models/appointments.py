"""选拔任用全程纪实: an appointment in its order, 凡提四必, 任前档案审核."""

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from cadres.enums import (
    NAMELESS,
    AuditItemKind,
    AuditState,
    Conclusion,
    Level,
    Must,
    MustOutcome,
    Step,
    Trial,
    Way,
)
from cadres.models.cadre import PERSON, Cadre
from cadres.querysets import AppointmentQuerySet, ThroughAppointment, ThroughAudit
from cadres.rules.words import workplace
from core.history import tracked
from core.sealed import SealedField, SealedMixin

_RAISE = "USING ERRCODE = 'check_violation'"


@tracked()
class Appointment(models.Model):
    """选拔任用: one post to be filled, step by step.

    ``sequence`` is the order of its steps, frozen when it begins; ``step`` the last one done. The
    numbers of 职数预审 are kept as they were then. Nobody is named before 考察.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    post = models.CharField("拟任职务", max_length=100)
    level = models.CharField("职务层次", max_length=3, choices=Level)
    way = models.CharField("方式", max_length=6, choices=Way)
    has_trial = models.BooleanField("实行试用期", default=True)
    sequence = ArrayField(models.CharField(max_length=10, choices=Step), verbose_name="程序")
    step = models.CharField("办到", max_length=10, choices=Step, default=Step.MOTION)
    step_on = models.DateField("这一步的日期")
    is_over = models.BooleanField("已办结", default=False)
    cadre = models.ForeignKey(
        Cadre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人选"
    )
    approved = models.PositiveSmallIntegerField("核定")
    filled = models.PositiveSmallIntegerField("现配")
    leaving = models.PositiveSmallIntegerField("拟免")
    planned = models.PositiveSmallIntegerField("拟配")
    # How many of them this plan itself frees (0 or 1), counted until it is in office.
    frees = models.PositiveSmallIntegerField("本次拟免", default=0)
    publicity_until = models.DateField("公示截止", null=True, blank=True)
    decided_on = models.DateField("党委决定日期", null=True, blank=True)
    trial_until = models.DateField("试用期到", null=True, blank=True)
    trial = models.CharField("试用期考核", max_length=8, choices=Trial, blank=True)
    stop_reason = models.CharField("终止原因", max_length=100, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="纪实人", **PERSON
    )
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "选拔任用"
        verbose_name_plural = "选拔任用"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["unit", "step"], name="cadres_appoint_board")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    approved__gte=F("filled") - F("leaving") + F("planned"),
                ),
                name="cadres_appoint_quota",
                violation_error_message="超职数的不能动议。",
            ),
            models.CheckConstraint(
                condition=~Q(step__in=NAMELESS) | Q(cadre__isnull=True),
                name="cadres_appoint_nameless",
                violation_error_message="考察以前不登记人选姓名。",
            ),
            models.CheckConstraint(
                condition=Q(step__in=[*NAMELESS, Step.STOPPED]) | Q(cadre__isnull=False),
                name="cadres_appoint_named",
                violation_error_message="请选择考察对象。",
            ),
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(is_over=False),
                name="cadres_appoint_one_running",
                violation_error_message="这名干部已在另一个没有办结的选拔任用程序中。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_step",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.step <> NEW.step"),
                func="IF OLD.is_over OR (NEW.step <> 'stopped' AND "
                "array_position(OLD.sequence, NEW.step) IS DISTINCT FROM "
                "array_position(OLD.sequence, OLD.step) + 1) THEN "
                f"RAISE EXCEPTION 'illegal step % -> %', OLD.step, NEW.step {_RAISE}; END IF; "
                "RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="ready_to_decide",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.step <> NEW.step AND NEW.step = 'decide'"),
                func="IF (SELECT count(*) FROM cadres_audititem i JOIN cadres_audit a "
                "ON a.id = i.audit_id WHERE a.appointment_id = NEW.id AND a.state = 'reviewed' "
                "AND i.conclusion IN ('same', 'settled')) <> 6 THEN "
                "RAISE EXCEPTION 'the audit of % is not settled', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; "
                "IF (SELECT count(*) FROM cadres_mustcheck WHERE appointment_id = NEW.id "
                "AND outcome = 'clear') <> 4 THEN "
                "RAISE EXCEPTION 'the four checks of % are not clear', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="frozen_order",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.sequence IS DISTINCT FROM NEW.sequence"),
                func=f"RAISE EXCEPTION 'the order of % is frozen', NEW.id {_RAISE};",
            ),
            pgtrigger.Trigger(
                name="begins_with_motion",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.step <> 'motion'"),
                func=f"RAISE EXCEPTION 'an appointment begins with its motion' {_RAISE};",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workplace}{self.post}"

    @property
    def workplace(self) -> str:
        """单位 as a place of work."""
        return workplace(str(self.unit))

    @property
    def sum_shown(self) -> str:
        """职数预审 as it was: 现配 5 − 拟免 1 + 拟配 1 = 5 ≤ 核定 5."""
        after = self.filled - self.leaving + self.planned
        return (
            f"现配 {self.filled} − 拟免 {self.leaving} + 拟配 {self.planned} = {after}"
            f" ≤ 核定 {self.approved}"
        )

    def trial_left(self, on: date) -> int | None:
        """Days to the end of a running 试用期, negative when past; None when there is none."""
        running = self.step == Step.OFFICE and not self.is_over and self.trial_until
        return (self.trial_until - on).days if running and self.trial_until else None


class AppointmentStep(models.Model):
    """纪实: one step, its day, its numbers and where the paper lies. Never changed."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="steps", verbose_name="选拔任用"
    )
    step = models.CharField("程序", max_length=10, choices=Step)
    day = models.DateField("日期")
    # Label → number, as it stands in the 纪实表 (应到会, 到会, 同意 …).
    facts = models.JSONField("情况", default=dict)
    document = models.CharField("文号", max_length=80, blank=True)
    paper = models.CharField("纸质材料存放处", max_length=100, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="纪实人", **PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughAppointment.as_manager()

    class Meta:
        verbose_name = "纪实"
        verbose_name_plural = "纪实"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "step"],
                name="cadres_step_once",
                violation_error_message="这一步已经登记过。",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.day:%Y-%m-%d}"


@tracked()
class MustCheck(models.Model):
    """凡提四必: that it was done, when, with which code; the text stays on paper."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="musts", verbose_name="选拔任用"
    )
    kind = models.CharField("事项", max_length=12, choices=Must)
    done_on = models.DateField("完成日期")
    outcome = models.CharField("结论", max_length=6, choices=MustOutcome)
    paper = models.CharField("纸质材料存放处", max_length=100)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughAppointment.as_manager()

    class Meta:
        verbose_name = "凡提四必"
        verbose_name_plural = "凡提四必"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["appointment", "kind"], name="cadres_must_once")
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


@tracked()
class Audit(models.Model):
    """任前档案审核 of the person of an appointment: one examines, another one reviews."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, related_name="audit", verbose_name="选拔任用"
    )
    state = models.CharField("状态", max_length=8, choices=AuditState, default=AuditState.OPEN)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="初审人", **PERSON
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="复审人", **PERSON
    )
    reviewed_on = models.DateField("复审日期", null=True, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughAppointment.as_manager()

    class Meta:
        verbose_name = "任前档案审核"
        verbose_name_plural = "任前档案审核"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("by")),
                name="cadres_audit_two",
                violation_error_message="复审人不能是初审人本人。",
            ),
            models.CheckConstraint(
                condition=Q(state=AuditState.OPEN)
                | Q(reviewed_by__isnull=False, by__isnull=False, reviewed_on__isnull=False),
                name="cadres_audit_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment}任前档案审核"


@tracked()
class AuditItem(SealedMixin, models.Model):
    """三龄两历一身份的一项: recorded, confirmed, on which material, and the conclusion."""

    audit = models.ForeignKey(
        Audit, models.PROTECT, related_name="items", verbose_name="任前档案审核"
    )
    kind = models.CharField("项目", max_length=10, choices=AuditItemKind)
    recorded = SealedField("档案记载", null=True)
    confirmed = SealedField("认定", null=True)
    basis = models.CharField("认定依据（材料名称）", max_length=100, blank=True)
    conclusion = models.CharField("结论", max_length=8, choices=Conclusion)
    at = models.DateTimeField("登记时间", auto_now=True)

    unscoped = models.Manager()
    objects = ThroughAudit.as_manager()

    class Meta:
        verbose_name = "审核项目"
        verbose_name_plural = "审核项目"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["audit", "kind"], name="cadres_item_once"),
            models.CheckConstraint(
                condition=~Q(conclusion=Conclusion.SETTLED)
                | (Q(confirmed__isnull=False) & ~Q(basis="")),
                name="cadres_item_settled",
                violation_error_message="已认定的，请写认定的内容和依据的材料名称。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
