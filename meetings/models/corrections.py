"""更正: what an accepted record said, what it is to say, and who let it."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from meetings.enums.corrections import CorrectionState
from meetings.models.record import Meeting
from meetings.querysets import ThroughMeeting


class Correction(models.Model):
    """更正: a new version of an accepted record, proposed by the branch, approved above.

    ``before`` and ``after`` are whole records as ``meetings.versions`` draws them: text and
    numbers, readable without the tables. ``version`` is the number the record gets by it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="corrections", verbose_name="会议记录"
    )
    version = models.PositiveIntegerField("更正后的版本")
    reason = models.CharField("更正理由", max_length=500)
    before = models.JSONField("更正前")
    after = models.JSONField("更正后")
    state = models.CharField(
        "状态", max_length=10, choices=CorrectionState, default=CorrectionState.PROPOSED
    )
    answer = models.CharField("审批意见", max_length=500, blank=True)
    form_key = models.UUIDField("表单标识", unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审批人",
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "更正"
        verbose_name_plural = "更正"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(
                fields=["at", "id"], condition=Q(state="proposed"), name="meetings_correcting"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state="proposed"),
                name="meetings_correction_one_open",
                violation_error_message="这条记录已有一份更正在等待审批。",
            ),
            models.UniqueConstraint(
                fields=["meeting", "version"],
                condition=Q(state="approved"),
                name="meetings_correction_version",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")),
                name="meetings_correction_two_people",
                violation_error_message="提出人不能审批自己的更正，请由另一位同志审批。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "withdrawn"]) | Q(decided_by__isnull=False),
                name="meetings_correction_decided",
                violation_error_message="审批须写明审批人。",
            ),
        ]
        triggers = [
            # Decided is decided, and what was proposed stays as it was read (S17).
            pgtrigger.Trigger(
                name="decided_once",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'proposed' OR (OLD.meeting_id, OLD.version, OLD.reason, "
                    "OLD.before, OLD.after, OLD.by_id) IS DISTINCT FROM (NEW.meeting_id, "
                    "NEW.version, NEW.reason, NEW.before, NEW.after, NEW.by_id)"
                ),
                func="RAISE EXCEPTION 'a correction is decided once' "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} 第{self.version}版"
