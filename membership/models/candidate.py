"""发展对象 and what was done with them, step by step."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from branches.enums import Sex
from branches.models import Event, Member, Unit
from core.codes import check_id_number, check_phone, mask_id, mask_phone
from core.history import tracked
from core.sealed import SealedField, SealedMixin
from membership.enums import OUTCOMES, REPEATED, RUNNING, EndReason, Outcome, Stage, StepState
from membership.models.rule_set import RuleSet
from membership.querysets import CandidateQuerySet, ThroughCandidate


def _whole_id(number: str) -> str:
    return check_id_number(number).number


@tracked(exclude=["name_key"])
class Candidate(SealedMixin, models.Model):
    """发展对象（含申请人、积极分子、预备党员）: one person on the way into the Party.

    Kept are facts and dates only: nothing that was said in talks, found in 政审 or written in a
    考察. Identity and phone numbers are sealed as those of members.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    rules = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name="规则版本")
    name = models.CharField("姓名", max_length=60)
    name_key = models.TextField("检索键", blank=True, editable=False)
    sex = models.CharField("性别", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    id_number = SealedField(
        "公民身份号码", null=True, index_field="id_number_index", normalise=_whole_id
    )
    id_number_index = models.BinaryField("身份号码索引", null=True, editable=False)
    phone = SealedField("手机号码", null=True, index_field="phone_index", normalise=check_phone)
    phone_index = models.BinaryField("手机号码索引", null=True, editable=False)
    birth_date = models.DateField("出生日期")
    ethnicity = models.CharField("民族", max_length=2, blank=True, help_text="GB/T 3304 代码。")
    education = models.CharField("学历", max_length=2, blank=True, help_text="GB/T 4658 代码。")
    job = models.CharField("工作岗位", max_length=60, blank=True)
    applied_on = models.DateField("申请日期")
    stage = models.PositiveSmallIntegerField("阶段", choices=Stage, default=Stage.APPLICANT)
    round = models.PositiveSmallIntegerField("第几次讨论转正", default=1)
    accepted_on = models.DateField("支部大会通过日期", null=True, blank=True)
    probation_ends = models.DateField("预备期满", null=True, blank=True)
    extended_months = models.PositiveSmallIntegerField("延长预备期（月）", default=0)
    confirmed_on = models.DateField("转正日期", null=True, blank=True)
    member = models.ForeignKey(
        Member, models.PROTECT, verbose_name="名册上的党员", null=True, blank=True, related_name="+"
    )
    event = models.ForeignKey(
        Event, models.PROTECT, verbose_name="必开事项", null=True, blank=True, related_name="+"
    )
    ended_on = models.DateField("终止日期", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=16, choices=EndReason, blank=True)
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="登记人",
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "发展对象"
        verbose_name_plural = "发展对象"
        ordering = ["unit", "stage", "applied_on"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "stage"], name="membership_candidate_board"),
            models.Index(fields=["updated_at", "id"], name="membership_candidate_feed"),
            GinIndex(
                fields=["name_key"], opclasses=["gin_trgm_ops"], name="membership_candidate_key"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=Q(stage__in=[int(stage) for stage in RUNNING]),
                name="membership_candidate_id_once",
                violation_error_message="这个身份号码已有一份没有办完的发展党员档案，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[0, 1, 2, 7]) | Q(accepted_on__isnull=False),
                name="membership_candidate_accepted",
                violation_error_message="支部大会通过须有日期。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[4, 5, 6]) | Q(member__isnull=False),
                name="membership_candidate_member",
                violation_error_message="预备党员须在党员名册上。",
            ),
            models.CheckConstraint(
                condition=Q(extended_months=0) | Q(extended_months__range=(1, 24)),
                name="membership_candidate_extension",
                violation_error_message="延长预备期的月数不对。",
            ),
            models.CheckConstraint(
                condition=~Q(stage=7) | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="membership_candidate_ended",
                violation_error_message="终止须有日期和原因。",
            ),
        ]
        triggers = [
            # The database's copy of membership.enums.TRANSITIONS (S17).
            pgtrigger.Trigger(
                name="legal_stage",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.stage <> NEW.stage AND (OLD.stage, NEW.stage) NOT IN "
                    "((0,1),(1,2),(2,3),(3,4),(4,5),(5,6),(1,0),(2,1),(3,2),"
                    "(0,7),(1,7),(2,7),(3,7),(4,7))"
                ),
                func="RAISE EXCEPTION 'illegal stage change % -> %', OLD.stage, NEW.stage "
                "USING ERRCODE = 'check_violation';",
            ),
            # 政治审查, 集中培训, 预审: without one of them the meeting's vote does not count.
            pgtrigger.Trigger(
                name="three_before_meeting",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.stage = 2 AND NEW.stage = 3"),
                func="IF (SELECT count(DISTINCT number) FROM membership_step WHERE "
                "candidate_id = NEW.id AND number IN (12, 13, 15) AND state = 1 "
                "AND outcome = 'good') < 3 THEN RAISE EXCEPTION "
                "'candidate % lacks 政审, 培训 or 预审', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="approved_before_roster",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.stage = 3 AND NEW.stage = 4"),
                func="IF NOT EXISTS (SELECT 1 FROM membership_step WHERE "
                "candidate_id = NEW.id AND number = 19 AND state = 1 AND outcome = 'good') THEN "
                "RAISE EXCEPTION 'candidate % was not approved', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """公民身份号码 as it is shown."""
        return mask_id(self.unseal("id_number"))

    @property
    def masked_phone(self) -> str:
        """手机号码 as it is shown."""
        return mask_phone(self.unseal("phone"))

    @property
    def is_running(self) -> bool:
        """Neither filed nor ended."""
        return self.stage in RUNNING


@tracked()
class Step(models.Model):
    """发展党员的一步: that it was done, by whom, when, the outcome code, where the paper lies.

    Votes are tallies only. ``by`` entered (or sent) it, ``decided_by`` answered what was sent.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidate = models.ForeignKey(
        Candidate, models.CASCADE, related_name="steps", verbose_name="发展对象"
    )
    number = models.PositiveSmallIntegerField("步骤")
    round = models.PositiveSmallIntegerField("第几次", default=1)
    state = models.PositiveSmallIntegerField("状态", choices=StepState, default=StepState.DONE)
    day = models.DateField("办理日期")
    since = models.DateField("开始日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome, blank=True)
    persons = models.CharField("经办的同志", max_length=100, blank=True)
    document = models.CharField("文号或编号", max_length=80, blank=True)
    paper = models.CharField("材料存放处", max_length=100, blank=True)
    place = models.CharField("公示地点", max_length=100, blank=True)
    training_days = models.PositiveSmallIntegerField("培训天数", null=True, blank=True)
    training_hours = models.PositiveSmallIntegerField("培训学时", null=True, blank=True)
    eligible = models.PositiveSmallIntegerField("应到会有表决权", null=True, blank=True)
    present = models.PositiveSmallIntegerField("实到会有表决权", null=True, blank=True)
    yes = models.PositiveSmallIntegerField("赞成", null=True, blank=True)
    no = models.PositiveSmallIntegerField("反对", null=True, blank=True)
    abstain = models.PositiveSmallIntegerField("弃权", null=True, blank=True)
    months = models.PositiveSmallIntegerField("延长月数", null=True, blank=True)
    is_special = models.BooleanField("特殊情况", default=False)
    is_late = models.BooleanField("超过期限", default=False)
    late_reason = models.CharField("超期原因", max_length=300, blank=True)
    answer = models.CharField("意见", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="登记人",
        null=True,
        blank=True,
        related_name="+",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="答复人",
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughCandidate.as_manager()

    class Meta:
        verbose_name = "发展党员过程"
        verbose_name_plural = "发展党员过程"
        ordering = ["number", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "number", "round"],
                condition=Q(state__in=[StepState.SENT, StepState.DONE])
                & ~Q(outcome="bad")
                & ~Q(number__in=[int(number) for number in REPEATED]),
                name="membership_step_once",
                violation_error_message="这一步已经办过，请刷新页面。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")),
                name="membership_step_two_people",
                violation_error_message="报送的同志不能自己答复，请由另一位同志办理。",
            ),
            models.CheckConstraint(
                condition=Q(present__isnull=True) | Q(present__lte=F("eligible")),
                name="membership_step_present",
                violation_error_message="实到不能多于应到。",
            ),
            models.CheckConstraint(
                condition=Q(yes__isnull=True) | Q(present__gte=F("yes") + F("no") + F("abstain")),
                name="membership_step_tally",
                violation_error_message="赞成、反对、弃权合计不能多于实到。",
            ),
            models.CheckConstraint(
                condition=Q(is_late=False) | ~Q(late_reason=""),
                name="membership_step_late",
                violation_error_message="超过期限的，请写明原因。",
            ),
        ]
        triggers = [
            # Who recorded 支委会审查, 支部大会 or its vote on 转正 decides nothing of it (S16).
            pgtrigger.Trigger(
                name="another_decides",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.number IN (15, 19, 24) AND NEW.state = 1"),
                func="IF EXISTS (SELECT 1 FROM membership_step WHERE candidate_id = "
                "NEW.candidate_id AND by_id = NEW.by_id AND state = 1 AND round = NEW.round "
                "AND number = CASE NEW.number WHEN 15 THEN 14 WHEN 19 THEN 17 ELSE 23 END) THEN "
                "RAISE EXCEPTION 'step % asks for another person', NEW.number "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "((0,1),(0,2),(0,3),(1,2),(1,3))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} 第 {self.number} 步 {self.day:%Y-%m-%d}"

    @property
    def outcome_label(self) -> str:
        """The outcome in the words of this step."""
        words = dict(OUTCOMES.get(self.number, ()))
        return words.get(self.outcome) or str(Outcome(self.outcome).label)

    @property
    def is_current(self) -> bool:
        """Sent or done, not taken back."""
        return self.state in (StepState.SENT, StepState.DONE)
