"""一次换届, and its steps with day, document and person."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import CommitteeTerm, Unit
from core.history import tracked
from core.models import AttachedFile
from elections.enums import OVER, Route, Stage
from elections.models.wave import Wave
from elections.querysets import ElectionQuerySet, ThroughElection

_PERSON: dict[str, Any] = {"null": True, "related_name": "+"}

# The database's copy of elections.enums (S17), written out since a trigger is frozen into a
# migration.
_LEGAL = """
(OLD.state, NEW.state) IN (
    (0,1),(1,2),(2,3),(3,4),(5,6),(6,7),(7,8),(8,9),(10,11),(11,12),(1,0),(7,4),(9,8),
    (0,13),(1,13),(2,13),(3,13),(4,13),(5,13),(6,13),(7,13),(8,13))
OR (NEW.route IN ('committee', 'village') AND (OLD.state, NEW.state) IN ((4,5)))
OR (NEW.route = 'branch' AND (OLD.state, NEW.state) IN ((4,6)))
OR (NEW.with_committee AND (OLD.state, NEW.state) IN ((9,10),(10,9),(11,10)))
OR (NOT NEW.with_committee AND (OLD.state, NEW.state) IN ((9,11),(11,9)))
"""


@tracked()
class Election(models.Model):
    """换届: one organisation's election of its leading body.

    ``state`` is the last step done (:class:`elections.enums.Stage`). ``term`` is the one that ends,
    ``new_term`` the one it brings. Days are facts; ``updated_at`` is typing.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    term = models.ForeignKey(
        CommitteeTerm, models.PROTECT, null=True, related_name="+", verbose_name="届满的一届"
    )
    wave = models.ForeignKey(
        Wave, models.PROTECT, null=True, blank=True, related_name="elections", verbose_name="批次"
    )
    number = models.PositiveSmallIntegerField("选举第几届")
    route = models.CharField("选举程序", max_length=10, choices=Route)
    with_committee = models.BooleanField("设委员会", default=True)
    delegates = models.PositiveIntegerField(
        "代表名额", default=0, help_text="召开党员代表大会的填代表总数；党员大会为 0。"
    )
    seats = models.PositiveSmallIntegerField("应选名额")
    candidates = models.PositiveSmallIntegerField("候选人名额", null=True, blank=True)
    planned_on = models.DateField("计划选举日期")
    state = models.PositiveSmallIntegerField("进度", choices=Stage, default=Stage.PREPARED)
    voted_on = models.DateField("大会选举日期", null=True, blank=True)
    divided_on = models.DateField("选出书记日期", null=True, blank=True)
    confirmed_on = models.DateField("结果批复日期", null=True, blank=True)
    is_late = models.BooleanField("超期换届", default=False)
    new_term = models.ForeignKey(
        CommitteeTerm, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="新的一届",
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "换届选举"
        verbose_name_plural = "换届选举"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "state"], name="elections_election_unit"),
            models.Index(fields=["updated_at", "id"], name="elections_election_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=~Q(state__in=[int(state) for state in OVER]),
                name="elections_election_one_open",
                violation_error_message="这个党组织的换届正在进行，不用重复登记。",
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="elections_election_seats"),
            models.CheckConstraint(
                condition=Q(state__lt=Stage.VOTED)
                | Q(state=Stage.CANCELLED)
                | Q(voted_on__isnull=False),
                name="elections_election_voted",
                violation_error_message="大会选举须有日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state=Stage.CONFIRMED)
                | Q(new_term__isnull=False, confirmed_on__isnull=False),
                name="elections_election_confirmed",
                violation_error_message="完成换届须有批复日期和新的一届。",
            ),
            # Who elects the secretary himself elects one.
            models.CheckConstraint(
                condition=Q(with_committee=True) | Q(seats=1),
                name="elections_election_direct",
                violation_error_message="不设委员会的，大会直接选举书记一名。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state <> NEW.state"),
                func=f"IF NOT ({_LEGAL}) THEN "
                "RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="same_way",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state > 0 AND (OLD.route <> NEW.route OR OLD.unit_id <> NEW.unit_id "
                    "OR OLD.with_committee <> NEW.with_committee)"
                ),
                func="RAISE EXCEPTION 'the way of election % is settled', NEW.id "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="begins_prepared",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.state <> 0"),
                func="RAISE EXCEPTION 'an election begins with its preparation' "
                "USING ERRCODE = 'check_violation';",
            ),
            # Names come with their approval: none of those talked over is stored (rules.md §10).
            pgtrigger.Trigger(
                name="elected_before_voted",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state = 8 AND NEW.state = 9"),
                func="IF NOT EXISTS (SELECT 1 FROM elections_candidate "
                "WHERE election_id = NEW.id AND elected) THEN "
                "RAISE EXCEPTION 'election % has elected nobody', NEW.id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} 第{self.number}届"

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.state not in OVER

    @property
    def by_delegates(self) -> bool:
        """Whether a 党员代表大会 votes."""
        return self.delegates > 0


class ElectionFile(AttachedFile):
    """附件: a paper or a photo of an election, stored privately under a random name."""

    election = models.ForeignKey(
        Election, models.CASCADE, related_name="files", verbose_name="换届选举"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", **_PERSON
    )

    unscoped = models.Manager()
    objects = ThroughElection.as_manager()

    class Meta:
        verbose_name = "换届材料"
        verbose_name_plural = "换届材料"
        ordering = ["id"]
        default_manager_name = "unscoped"


class ElectionStep(models.Model):
    """换届步骤: each move with its day, document, paper, counts and person. Never changed.

    ``first`` and ``second`` are counts: 参加推荐人数; 审查人数 and 不合格人数.
    """

    election = models.ForeignKey(
        Election, models.CASCADE, related_name="steps", verbose_name="换届选举"
    )
    before = models.PositiveSmallIntegerField("原进度", choices=Stage, null=True)
    after = models.PositiveSmallIntegerField("新进度", choices=Stage)
    day = models.DateField("日期")
    document = models.CharField("文号", max_length=80, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    first = models.PositiveIntegerField("人数一", null=True, blank=True)
    second = models.PositiveIntegerField("人数二", null=True, blank=True)
    file = models.ForeignKey(
        ElectionFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="材料"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", **_PERSON
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughElection.as_manager()

    class Meta:
        verbose_name = "换届步骤"
        verbose_name_plural = "换届步骤"
        ordering = ["id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["election", "after"], name="elections_step_after")]
        constraints = [
            models.CheckConstraint(
                condition=Q(second__isnull=True) | Q(second__lte=models.F("first")),
                name="elections_step_counts",
                violation_error_message="不合格人数不能多于审查人数。",
            ),
            # While names are talked over no paper that could hold one is kept.
            models.CheckConstraint(
                condition=~Q(after__in=[4, 5, 6, 7]) | Q(file__isnull=True, note=""),
                name="elections_step_nameless",
                violation_error_message="酝酿、审查和报批期间不上传材料、不写人选。",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="days_in_order",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="IF NEW.day < (SELECT max(day) FROM elections_electionstep "
                "WHERE election_id = NEW.election_id AND after < NEW.after) THEN "
                "RAISE EXCEPTION 'step of election % lies before the last one', NEW.election_id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            # 请示, 人选 and 报告 are answered by another person than who filed them.
            pgtrigger.Trigger(
                name="answered_by_another",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.after IN (2, 8, 12) AND NEW.before < NEW.after"),
                func="IF NEW.by_id = (SELECT by_id FROM elections_electionstep "
                "WHERE election_id = NEW.election_id AND after = "
                "CASE NEW.after WHEN 2 THEN 1 WHEN 8 THEN 7 ELSE 11 END "
                "ORDER BY id DESC LIMIT 1) THEN "
                "RAISE EXCEPTION 'election % answered by who asked', NEW.election_id "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_after_display()} {self.day:%Y-%m-%d}"
