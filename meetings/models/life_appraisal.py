"""民主评议党员: a branch's once a year; what each member got is his own and the secretary's."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.enums import MemberKind
from branches.models import Member, Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.enums.life import AppraisalState, Excuse, Grade, PoorReason
from meetings.models.record import Meeting
from meetings.models.steps import ProcessStep


@tracked()
class Appraisal(models.Model):
    """民主评议党员 of a branch and year; ``as_of`` is the day whose roster was frozen."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    year = models.PositiveSmallIntegerField("年度")
    as_of = models.DateField("名册日期")
    state = models.CharField(
        "进展", max_length=10, choices=AppraisalState, default=AppraisalState.SELF
    )
    issued = models.PositiveSmallIntegerField("发出测评票", null=True, blank=True)
    returned = models.PositiveSmallIntegerField("收回测评票", null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会议记录"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="报送人",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审定人",
    )
    decided_at = models.DateTimeField("审定时间", null=True, blank=True)
    poor_decided_on = models.DateField(
        "研究不合格等次的日期",
        null=True,
        blank=True,
        help_text="有党员评为不合格的，写明党（工）委集体研究的日期。",
    )
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Appraisal"].as_manager()

    class Meta:
        verbose_name = "民主评议党员"
        verbose_name_plural = "民主评议党员"
        ordering = ["-year", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="meetings_appraisal_once",
                violation_error_message="这个支部今年的民主评议已经发起，请接着办理。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="meetings_appraisal_two_people",
                violation_error_message="报送人不能审定自己报送的等次，请由另一位同志审定。",
            ),
            models.CheckConstraint(
                condition=Q(returned__isnull=True)
                | (Q(issued__isnull=False) & Q(returned__lte=F("issued"))),
                name="meetings_appraisal_ballots",
                violation_error_message="收回的测评票多于发出的，本次测评无效，请核对后重新投票。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "approved"])
                | (Q(meeting__isnull=False) & Q(returned__gt=0) & Q(proposed_by__isnull=False)),
                name="meetings_appraisal_filed",
                violation_error_message="报送前要有测评票数和会议记录。",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False),
                name="meetings_appraisal_approved_by",
                violation_error_message="等次由党（工）委审定。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                # The database's copy of APPRAISAL_MOVES (S17), written out for the migration.
                condition=pgtrigger.Condition(
                    "(OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('self','ballots'),('ballots','grading'),('grading','ballots'),"
                    "('grading','submitted'),('submitted','approved'),('submitted','grading'),"
                    "('approved','grading')))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}年民主评议党员"


class EntryQuerySet(ScopedQuerySet["AppraisalEntry"]):
    """Rows of members: read only where :func:`meetings.permissions.may_see_grades` says so."""

    unit_path = "appraisal__unit__path"


@tracked()
class AppraisalEntry(models.Model):
    """评议结果: one member in an appraisal, name and 人员类别 frozen on the day it was opened.

    The counts are ballots on paper, added up by the branch; nobody's single vote is kept. Shown to
    the branch's secretary and the committee that decides, to nobody else, in no list by grade.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appraisal = models.ForeignKey(
        Appraisal, models.PROTECT, related_name="entries", verbose_name="民主评议"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    name = models.CharField("姓名", max_length=60)
    kind = models.CharField("人员类别", max_length=2, choices=MemberKind)
    votes = models.BooleanField("有表决权")
    graded = models.BooleanField("评定等次")
    excused = models.CharField("不参加评定", max_length=8, choices=Excuse, blank=True)
    self_on = models.DateField("交来自评", null=True, blank=True)
    excellent = models.PositiveSmallIntegerField("优秀票", null=True, blank=True)
    competent = models.PositiveSmallIntegerField("合格票", null=True, blank=True)
    basic = models.PositiveSmallIntegerField("基本合格票", null=True, blank=True)
    poor = models.PositiveSmallIntegerField("不合格票", null=True, blank=True)
    grade = models.CharField("等次", max_length=10, choices=Grade, blank=True)
    poor_reason = models.CharField("不合格原因", max_length=10, choices=PoorReason, blank=True)
    told_on = models.DateField("告知本人", null=True, blank=True)

    unscoped = models.Manager()
    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "评议结果"
        verbose_name_plural = "评议结果"
        # As on the roster; never by grade.
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal", "member"],
                name="meetings_entry_once",
                violation_error_message="这名党员已经在参评名单里。",
            ),
            models.CheckConstraint(
                condition=Q(graded=True) | (Q(grade="") & Q(excellent__isnull=True)),
                name="meetings_entry_graded",
                violation_error_message="预备党员和受留党察看处分的党员参加评议，不评定等次。",
            ),
            models.CheckConstraint(
                condition=(Q(grade="poor") | Q(poor_reason="")),
                name="meetings_entry_reason",
                violation_error_message="只有不合格才写原因。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="tally_fits",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("(NEW.excellent IS NOT NULL)"),
                declare=[("most", "integer")],
                func="SELECT returned INTO most FROM meetings_appraisal "
                "WHERE id = NEW.appraisal_id; "
                "IF NEW.excellent + COALESCE(NEW.competent, 0) + COALESCE(NEW.basic, 0) "
                "+ COALESCE(NEW.poor, 0) > COALESCE(most, 0) THEN "
                "RAISE EXCEPTION 'more ballots than were returned' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="filed_is_locked",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "((OLD.excellent, OLD.competent, OLD.basic, OLD.poor, OLD.grade, "
                    "OLD.poor_reason, OLD.self_on, OLD.name, OLD.graded, OLD.appraisal_id) "
                    "IS DISTINCT FROM (NEW.excellent, NEW.competent, NEW.basic, NEW.poor, "
                    "NEW.grade, NEW.poor_reason, NEW.self_on, NEW.name, NEW.graded, "
                    "NEW.appraisal_id))"
                ),
                declare=[("standing", "text")],
                func="SELECT state INTO standing FROM meetings_appraisal "
                "WHERE id = OLD.appraisal_id; "
                "IF standing IN ('submitted', 'approved') THEN "
                "RAISE EXCEPTION 'the result is filed' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        # Without the grade: this is what messages and logs say.
        return f"{self.appraisal} {self.name}"


class AppraisalStepQuerySet(ScopedQuerySet["AppraisalStep"]):
    """Steps reach their branch through the appraisal."""

    unit_path = "appraisal__unit__path"


class AppraisalStep(ProcessStep):
    """办理过程: each move of an appraisal, with who, when and why."""

    appraisal = models.ForeignKey(
        Appraisal, models.PROTECT, related_name="steps", verbose_name="民主评议"
    )
    before = models.CharField("原进展", max_length=10, choices=AppraisalState, blank=True)
    after = models.CharField("新进展", max_length=10, choices=AppraisalState)

    objects = AppraisalStepQuerySet.as_manager()

    class Meta(ProcessStep.Meta):
        verbose_name = "民主评议办理过程"
        verbose_name_plural = "民主评议办理过程"

    def __str__(self) -> str:
        return self.get_after_display()
