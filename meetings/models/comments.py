"""审阅: what those above say about a record, and what the branch answers. No state follows."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.history import tracked
from meetings.models.record import Meeting
from meetings.querysets import ThroughMeeting


@tracked()
class Comment(models.Model):
    """审阅意见, or the branch's answer to one (``answers``); withdrawn, it stays with a mark."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="comments", verbose_name="会议记录"
    )
    answers = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name="答复的意见",
    )
    text = models.CharField("内容", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作者"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    # One per form opened: a comment sent twice is one.
    form_key = models.UUIDField("表单标识", unique=True, default=uuid4, editable=False)

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "审阅意见"
        verbose_name_plural = "审阅意见"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="meetings_comment_said",
                violation_error_message="请写下意见。",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]
