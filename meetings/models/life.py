"""组织生活会 and 谈心谈话: a branch's year in steps, its problems, and who talked with whom."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Member, Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.enums.life import ProblemSource, ReviewState, TalkGap, TalkKind
from meetings.models.record import Meeting
from meetings.models.steps import ProcessStep


@tracked()
class LifeReview(models.Model):
    """组织生活会: a branch's once a year, from 学习准备 to 办结 (《支部工作条例》 Art. 17)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("进展", max_length=10, choices=ReviewState, default=ReviewState.STUDY)
    studied_on = models.DateField("学习日期", null=True, blank=True)
    study = models.CharField("学习篇目", max_length=200, blank=True)
    talk_gap = models.CharField("谈话未谈全的情形", max_length=8, choices=TalkGap, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会议记录"
    )
    filed_by = models.ForeignKey(
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
        verbose_name="审核人",
    )
    created_at = models.DateTimeField("开始时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["LifeReview"].as_manager()

    class Meta:
        verbose_name = "组织生活会"
        verbose_name_plural = "组织生活会"
        ordering = ["-year", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="meetings_review_once",
                violation_error_message="这个支部今年的组织生活会已经开始，请接着办理。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("filed_by")),
                name="meetings_review_two_people",
                violation_error_message="报送人不能审核自己报送的组织生活会，请由另一位同志审核。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["study", "talks", "problems", "meeting"])
                | Q(meeting__isnull=False),
                name="meetings_review_has_meeting",
                violation_error_message="进入整改落实以前，要先关联组织生活会的会议记录。",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(decided_by__isnull=False),
                name="meetings_review_closed_by",
                violation_error_message="办结要由党（工）委审核。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                # The database's copy of REVIEW_MOVES (S17), written out for the migration.
                condition=pgtrigger.Condition(
                    "(OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "(('study','talks'),('talks','problems'),('problems','meeting'),"
                    "('meeting','rectify'),('meeting','problems'),('rectify','submitted'),"
                    "('submitted','closed'),('submitted','rectify'),('closed','rectify')))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}年组织生活会"


class ProblemQuerySet(ScopedQuerySet["LifeProblem"]):
    """Problems reach their branch through the review."""

    unit_path = "review__unit__path"


@tracked()
class LifeProblem(models.Model):
    """问题与整改: one problem of a 班子, never of a named person, and what became of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(
        LifeReview, models.PROTECT, related_name="problems", verbose_name="组织生活会"
    )
    text = models.CharField(
        "问题",
        max_length=200,
        help_text="写支部和班子的问题，不写个人，不写谈话内容、意见原话和个人隐私。",
    )
    source = models.CharField(
        "来源", max_length=10, choices=ProblemSource, default=ProblemSource.SELF
    )
    measure = models.CharField("整改措施", max_length=300, blank=True)
    owner = models.CharField("责任人", max_length=60, blank=True, help_text="职务或姓名。")
    due_on = models.DateField("整改期限", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("整改结果", max_length=300, blank=True)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "组织生活会问题"
        verbose_name_plural = "组织生活会问题"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["review", "text"],
                name="meetings_problem_once",
                violation_error_message="这个问题已经列在清单里。",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True)
                | (~Q(measure="") & ~Q(owner="") & ~Q(result="") & Q(due_on__isnull=False)),
                name="meetings_problem_done",
                violation_error_message="销号前要写明措施、责任人、期限和结果。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="filed_is_locked",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("standing", "text")],
                func="SELECT state INTO standing FROM meetings_lifereview "
                "WHERE id = COALESCE(NEW.review_id, OLD.review_id); "
                "IF standing IN ('submitted', 'closed') THEN "
                "RAISE EXCEPTION 'the list is filed' USING ERRCODE = 'check_violation'; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_planned(self) -> bool:
        """Whether measure, owner and deadline stand."""
        return bool(self.measure and self.owner and self.due_on)


class ReviewStepQuerySet(ScopedQuerySet["LifeStep"]):
    """Steps reach their branch through the review."""

    unit_path = "review__unit__path"


class LifeStep(ProcessStep):
    """办理过程: each move of a 组织生活会, with who, when and why."""

    review = models.ForeignKey(
        LifeReview, models.PROTECT, related_name="steps", verbose_name="组织生活会"
    )
    before = models.CharField("原进展", max_length=10, choices=ReviewState, blank=True)
    after = models.CharField("新进展", max_length=10, choices=ReviewState)

    objects = ReviewStepQuerySet.as_manager()

    class Meta(ProcessStep.Meta):
        verbose_name = "组织生活会办理过程"
        verbose_name_plural = "组织生活会办理过程"

    def __str__(self) -> str:
        return self.get_after_display()


@tracked()
class Talk(models.Model):
    """谈心谈话: that two members talked on a day. What was said is kept nowhere (rules.md §10)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    day = models.DateField("日期")
    # The one with the smaller key first, so that a pair is one row whoever is named first.
    first = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="一方")
    second = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="另一方")
    kind = models.CharField("类别", max_length=12, choices=TalkKind)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会议记录"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Talk"].as_manager()

    class Meta:
        verbose_name = "谈心谈话"
        verbose_name_plural = "谈心谈话"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["unit", "day"], name="meetings_talk_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "day", "first", "second"],
                name="meetings_talk_once",
                violation_error_message="这两位同志当天的谈话已经记过。",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="meetings_talk_two",
                violation_error_message="谈心谈话要选两位不同的同志。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.day:%Y-%m-%d} {self.get_kind_display()}"
