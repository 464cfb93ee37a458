"""会议记录: the one entry from which everything else is made."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from branches.models import Member, Unit
from core.history import tracked_after_insert
from core.models import AttachedFile
from meetings.enums import ALL_KINDS_MASK, AbsenceReason, FileKind, Item, Kind, Status
from meetings.models.steps import ProcessStep
from meetings.querysets import MeetingQuerySet, ThroughMeeting

_ITEM_LABELS = {item.value: str(item.label) for item in Item}


def _illegal_moves() -> pgtrigger.Condition:
    """The database's copy of :data:`meetings.enums.TRANSITIONS` (S17)."""
    # Written out, since a trigger is frozen into a migration.
    return pgtrigger.Condition(
        "OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN "
        "((0,1),(0,4),(1,2),(1,3),(1,4),(3,1),(3,4),(2,3))"
    )


@tracked_after_insert()
class Meeting(models.Model):
    """会议记录: one gathering of one unit, serving one duty or several (合开).

    ``held_on`` is the day it took place, ``first_submitted_on`` the day it was first filed (in
    local time), ``created_at`` the moment of typing: three facts, three fields.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    kind_mask = models.PositiveSmallIntegerField("会议类别")
    held_on = models.DateField("召开日期")
    started_at = models.TimeField("开始时间", null=True, blank=True)
    ended_at = models.TimeField("结束时间", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    chair = models.CharField("主持人", max_length=60, blank=True)
    recorder = models.CharField("记录人", max_length=60, blank=True)
    topic = models.CharField("主题", max_length=200)
    agenda = models.TextField("议程", blank=True)
    minutes = models.TextField("会议内容", blank=True)
    resolution = models.TextField("形成决议", blank=True)
    items = ArrayField(
        models.CharField(max_length=20, choices=Item),
        verbose_name="完成的动作",
        default=list,
        blank=True,
    )
    status = models.PositiveSmallIntegerField("状态", choices=Status, default=Status.DRAFT)
    eligible_count = models.PositiveIntegerField("应到", default=0)
    present_count = models.PositiveIntegerField("实到", default=0)
    first_submitted_on = models.DateField("首次提交日期", null=True, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="录入人",
    )
    # One per form opened, posted back with it: a form sent twice is one record.
    form_key = models.UUIDField("表单标识", null=True, blank=True, unique=True, editable=False)
    revision = models.PositiveIntegerField("修订号", default=1)
    # The open page that wrote last: its own words coming again, or later, are no clash.
    written_from = models.UUIDField("写入页面", null=True, blank=True, editable=False)
    # Grows by one with each approved 更正; nothing else changes an accepted record.
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "会议记录"
        verbose_name_plural = "会议记录"
        ordering = ["-held_on", "-id"]
        default_manager_name = "unscoped"
        indexes = [
            # Read in order by the ranking, without touching the table (stack.md, figures).
            models.Index(
                fields=["unit", "held_on"],
                include=[
                    "kind_mask",
                    "first_submitted_on",
                    "eligible_count",
                    "present_count",
                    "id",
                ],
                condition=Q(status__in=[1, 2]),
                name="meetings_scoring",
            ),
            models.Index(fields=["unit", "-held_on"], name="meetings_meeting_unit"),
            models.Index(fields=["-held_on", "-id"], name="meetings_meeting_recent"),
            models.Index(
                fields=["submitted_at", "id"], condition=Q(status=1), name="meetings_waiting"
            ),
            models.Index(fields=["updated_at", "id"], name="meetings_meeting_feed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind_mask__gt=0, kind_mask__lte=ALL_KINDS_MASK),
                name="meetings_meeting_kinds",
                violation_error_message="请至少选择一种会议类别。",
            ),
            models.CheckConstraint(
                condition=Q(present_count__lte=F("eligible_count")),
                name="meetings_meeting_present",
                violation_error_message="实到人数不能多于应到人数。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[0, 4]) | Q(first_submitted_on__isnull=False),
                name="meetings_meeting_submitted",
                violation_error_message="已提交的记录必须有首次提交日期。",
            ),
            models.CheckConstraint(
                condition=Q(first_submitted_on__isnull=True)
                | Q(first_submitted_on__gte=F("held_on")),
                name="meetings_meeting_not_ahead",
                violation_error_message="会议还没有召开，不能提交；请核对召开日期。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_status",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=_illegal_moves(),
                func="RAISE EXCEPTION 'illegal status change % -> %', OLD.status, NEW.status "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="accepted_is_locked",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.status = 2 AND NEW.status = 2 AND (OLD.held_on, OLD.kind_mask, "
                    "OLD.unit_id, OLD.eligible_count, OLD.present_count, OLD.topic, OLD.minutes, "
                    "OLD.resolution, OLD.agenda, OLD.first_submitted_on, OLD.version) "
                    "IS DISTINCT FROM "
                    "(NEW.held_on, NEW.kind_mask, NEW.unit_id, NEW.eligible_count, "
                    "NEW.present_count, NEW.topic, NEW.minutes, NEW.resolution, NEW.agenda, "
                    "NEW.first_submitted_on, NEW.version)"
                ),
                # An approved 更正 is the one key: it raises the version by one.
                func="""
                    IF NEW.version = OLD.version + 1
                        AND (OLD.unit_id, OLD.first_submitted_on)
                            IS NOT DISTINCT FROM (NEW.unit_id, NEW.first_submitted_on)
                        AND EXISTS (
                            SELECT 1 FROM meetings_correction c
                            WHERE c.meeting_id = NEW.id AND c.state = 'approved'
                                AND c.version = NEW.version
                        )
                    THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'an accepted record is locked'
                        USING ERRCODE = 'check_violation';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.held_on:%Y-%m-%d} {self.kinds_label}"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds it names, in their usual order."""
        return tuple(kind for kind in Kind if self.kind_mask & kind)

    @property
    def item_labels(self) -> list[str]:
        """What was done at the day, by name, in the order that was stored."""
        return [_ITEM_LABELS.get(item, item) for item in self.items]

    @property
    def kinds_label(self) -> str:
        """党课、支部党员大会 …"""
        return "、".join(str(kind.label) for kind in self.kinds)

    @property
    def is_editable(self) -> bool:
        """Draft or returned: the branch may write in it."""
        return self.status in (Status.DRAFT, Status.RETURNED)


class Attendance(models.Model):
    """出席情况: one row per member who ought to come, the absent included."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="attendance", verbose_name="会议"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    name = models.CharField("姓名", max_length=60)
    eligible = models.BooleanField("应到", default=True, help_text="列席人员不计入应到。")
    voting = models.BooleanField("有表决权", default=True)
    present = models.BooleanField("实到", default=True)
    reason = models.CharField("缺席事由", max_length=10, choices=AbsenceReason, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "出席情况"
        verbose_name_plural = "出席情况"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="meetings_attendance_once",
                violation_error_message="同一名党员在一次会议中只能登记一次。",
            ),
            models.CheckConstraint(
                condition=Q(present=True, reason="") | (Q(present=False) & ~Q(reason="")),
                name="meetings_attendance_reason",
                violation_error_message="缺席的同志请选择事由；到会的不用填写。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Vote(models.Model):
    """表决: tallies only; quorum and verdict follow from ``meetings.rules``."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="votes", verbose_name="会议")
    subject = models.CharField("表决事项", max_length=200)
    eligible = models.PositiveIntegerField("应到有表决权人数")
    present = models.PositiveIntegerField("实到有表决权人数")
    yes = models.PositiveIntegerField("赞成")
    no = models.PositiveIntegerField("反对", default=0)
    abstain = models.PositiveIntegerField("弃权", default=0)

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "表决"
        verbose_name_plural = "表决"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(present__lte=F("eligible"))
                & Q(present__gte=F("yes") + F("no") + F("abstain")),
                name="meetings_vote_sums",
                violation_error_message="赞成、反对、弃权之和不能超过实到人数，实到不能超过应到。",
            )
        ]

    def __str__(self) -> str:
        return self.subject


class MeetingFile(AttachedFile):
    """附件: a photo, a sign-in sheet or a paper, stored privately under a UUID name."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="files", verbose_name="会议")
    kind = models.CharField("类别", max_length=10, choices=FileKind, default=FileKind.PHOTO)
    sha256 = models.CharField("摘要", max_length=64, editable=False, db_index=True)
    # What a photo looks like in 64 bits (meetings.rules.hints); None for papers.
    dhash = models.BigIntegerField("图像指纹", null=True, editable=False, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "会议附件"
        verbose_name_plural = "会议附件"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "sha256"],
                name="meetings_file_once",
                violation_error_message="这个文件已经传过了。",
            )
        ]


class MeetingStep(ProcessStep):
    """办理过程: each move of a record, with who, when and why."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="steps", verbose_name="会议")
    before = models.PositiveSmallIntegerField("原状态", choices=Status, null=True)
    after = models.PositiveSmallIntegerField("新状态", choices=Status)

    objects = ThroughMeeting.as_manager()

    class Meta(ProcessStep.Meta):
        verbose_name = "办理过程"
        verbose_name_plural = "办理过程"

    def __str__(self) -> str:
        return f"{self.get_after_display()} {self.at:%Y-%m-%d %H:%M}"
