"""不定期调阅: the score sheet, a record read and scored, and what was found (draws: draws.py)."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.enums.checks import FindingState
from meetings.models.draws import DrawnRecord
from meetings.models.record import Meeting


class CheckSheet(models.Model):
    """调阅评分表: items and their points, together 100, valid from a day on.

    ``items`` is a list of {name, points, look}. One without a unit holds for every district that
    has none of its own. Never changed: a district that wants another adds it with a later day, so
    that what was scored before is still explained.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区委"
    )
    valid_from = models.DateField("启用日期")
    items = models.JSONField("评分项目")
    answer_days = models.PositiveSmallIntegerField(
        "整改期限（工作日）", default=10, help_text="发现问题后，建议的整改期限。"
    )
    read_days = models.PositiveSmallIntegerField(
        "调阅期限（工作日）", default=10, help_text="抽取以后，建议在几个工作日内读完。"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["CheckSheet"].as_manager()

    class Meta:
        verbose_name = "调阅评分表"
        verbose_name_plural = "调阅评分表"
        ordering = ["-valid_from", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "valid_from"],
                nulls_distinct=False,
                name="meetings_sheet_once",
                violation_error_message="这一天启用的评分表已经有了，请换一个启用日期。",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="sums_to_100",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="IF (SELECT coalesce(sum((one->>'points')::numeric), 0) "
                "FROM jsonb_array_elements(NEW.items) one) <> 100 THEN "
                "RAISE EXCEPTION 'the points of a sheet must sum to 100' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or '通用'} {self.valid_from:%Y-%m-%d} 起"


@tracked()
class SpotCheck(models.Model):
    """调阅: a unit's record read by somebody above, scored 0–100, with findings.

    ``score`` is the sum of the sheet's points (:class:`CheckPoint`); ``findings`` the words of all
    findings together. ``drawn`` says by which draw the record came under the eye.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会议记录"
    )
    drawn = models.OneToOneField(
        DrawnRecord,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reading",
        verbose_name="抽取",
    )
    checked_on = models.DateField("调阅日期")
    score = models.DecimalField(
        "得分", max_digits=5, decimal_places=2, validators=[MaxValueValidator(100)]
    )
    findings = models.TextField("发现的问题", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="调阅人"
    )
    # One per sheet opened, posted back with it: a sheet sent twice is one check.
    form_key = models.UUIDField("表单标识", null=True, blank=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["SpotCheck"].as_manager()

    class Meta:
        verbose_name = "调阅"
        verbose_name_plural = "调阅"
        ordering = ["-checked_on", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["checked_on", "unit"], name="meetings_check_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100),
                name="meetings_check_score",
                violation_error_message="得分应在 0 到 100 之间。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.checked_on:%Y-%m-%d} {self.score}"


class ThroughCheck(ScopedQuerySet["CheckPoint"]):
    """Rows that hang on a check and reach the unit through it."""

    unit_path = "check_of__unit__path"


class CheckPoint(models.Model):
    """评分项目得分: what one item of the sheet was given; never changed."""

    check_of = models.ForeignKey(
        SpotCheck, models.PROTECT, related_name="points", verbose_name="调阅"
    )
    place = models.PositiveSmallIntegerField("次序")
    name = models.CharField("项目", max_length=40)
    full = models.DecimalField("满分", max_digits=5, decimal_places=2)
    points = models.DecimalField("得分", max_digits=5, decimal_places=2)

    unscoped = models.Manager()
    objects = ThroughCheck.as_manager()

    class Meta:
        verbose_name = "评分项目得分"
        verbose_name_plural = "评分项目得分"
        ordering = ["check_of", "place"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["check_of", "place"], name="meetings_point_once"),
            models.CheckConstraint(
                condition=Q(points__gte=0) & Q(points__lte=F("full")),
                name="meetings_point_range",
                violation_error_message="得分不能超过该项满分。",
            ),
        ]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} {self.points}/{self.full}"


def _illegal_finding_moves() -> pgtrigger.Condition:
    """The database's copy of :data:`meetings.enums.checks.FINDING_MOVES` (S17)."""
    return pgtrigger.Condition(
        "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('open', 'answered'), "
        "('returned', 'answered'), ('answered', 'returned'), ('answered', 'closed'))"
    )


@tracked()
class Finding(models.Model):
    """问题及整改: what a check found, what is asked by when, what the branch did about it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    check_of = models.ForeignKey(
        SpotCheck, models.PROTECT, related_name="finding_rows", verbose_name="调阅"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    text = models.CharField("问题", max_length=500)
    ask = models.CharField("整改要求", max_length=300)
    due_on = models.DateField("整改期限")
    state = models.CharField("状态", max_length=10, choices=FindingState, default=FindingState.OPEN)
    result = models.CharField("整改情况", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复人",
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    reason = models.CharField("核实意见", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核实人",
    )
    decided_at = models.DateTimeField("核实时间", null=True, blank=True)
    at = models.DateTimeField("提出时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Finding"].as_manager()

    class Meta:
        verbose_name = "调阅发现的问题"
        verbose_name_plural = "调阅发现的问题"
        ordering = ["due_on", "id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(
                fields=["unit", "due_on"],
                condition=~Q(state="closed"),
                name="meetings_finding_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("answered_by")),
                name="meetings_finding_two_people",
                violation_error_message="答复人不能核实自己的整改，请由另一位同志核实。",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_at__isnull=False) & ~Q(result=""),
                name="meetings_finding_answered",
                violation_error_message="请先填写整改情况。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=_illegal_finding_moves(),
                func="RAISE EXCEPTION 'illegal move of a finding % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="closed_is_final",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state = 'closed' AND (OLD.text, OLD.ask, OLD.due_on, OLD.result) "
                    "IS DISTINCT FROM (NEW.text, NEW.ask, NEW.due_on, NEW.result)"
                ),
                func="RAISE EXCEPTION 'a settled finding is kept as it is' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
