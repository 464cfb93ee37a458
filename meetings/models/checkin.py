"""扫码签到: an aid to the roll-call. It meets no duty, and no record needs it."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Member
from meetings.models.record import Meeting
from meetings.querysets import ThroughCheckInMeeting, ThroughMeeting


def new_nonce() -> str:
    """What the codes of one check-in are bound to; ending it ends them all."""
    return secrets.token_urlsafe(9)


class CheckInSession(models.Model):
    """一次签到: from the moment the secretary shows the code until he ends it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+", verbose_name="会议")
    nonce = models.CharField("批次", max_length=16, default=new_nonce, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    started_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "扫码签到"
        verbose_name_plural = "扫码签到"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(ended_at__isnull=True),
                name="meetings_checkin_open_once",
                violation_error_message="这次会议正在签到。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.started_at:%Y-%m-%d %H:%M}"


class CheckIn(models.Model):
    """签到: this member was there, by his own phone. The roll-call of the record has the last word.

    One row for a member and a meeting, however often he scans.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+", verbose_name="会议")
    session = models.ForeignKey(
        CheckInSession, models.CASCADE, related_name="+", verbose_name="签到"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    at = models.DateTimeField("时间")
    channel = models.CharField("方式", max_length=10, default="扫码", editable=False)

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "签到记录"
        verbose_name_plural = "签到记录"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="meetings_checkin_once")
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.at:%H:%M}"


class CheckInTry(models.Model):
    """签到未成功: counted against the address and the form, gone when the check-in ends.

    The address is kept as a keyed fingerprint only.
    """

    session = models.ForeignKey(
        CheckInSession, models.CASCADE, related_name="tries", verbose_name="签到"
    )
    at = models.DateTimeField("时间")
    address = models.CharField("来源摘要", max_length=64)
    ticket = models.CharField("表单", max_length=32)

    unscoped = models.Manager()
    objects = ThroughCheckInMeeting.as_manager()

    class Meta:
        verbose_name = "签到未成功"
        verbose_name_plural = "签到未成功"
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["session", "at"], name="meetings_checkin_try")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S}"
