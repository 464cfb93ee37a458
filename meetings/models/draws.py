"""调阅的随机抽取: who drew what from which list, kept so that anybody can draw it again."""

from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from branches.enums import Field
from branches.models import Unit
from branches.querysets import ScopedQuerySet
from meetings.enums import Kind
from meetings.models.record import Meeting
from meetings.querysets import ThroughMeeting


class CheckDraw(models.Model):
    """一次抽取: the list as it was, its digest, the seed, and how many were drawn.

    ``listed`` holds one line for each candidate as ``meetings.rules.checks.list_lines`` writes
    them. The algorithm stands in ``meetings.rules.checks``. Written once: the database refuses
    to change or delete it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="抽取范围")
    since = models.DateField("召开日期从")
    until = models.DateField("到")
    fields = ArrayField(
        models.CharField(max_length=20, choices=Field), verbose_name="领域", default=list
    )
    kind_mask = models.PositiveSmallIntegerField("会议类别", default=0)
    risk_percent = models.PositiveSmallIntegerField("有提示的占比", default=0)
    wanted = models.PositiveSmallIntegerField("抽取条数")
    listed = models.TextField("抽取名单")
    listed_count = models.PositiveIntegerField("名单条数")
    list_sha256 = models.CharField("名单摘要", max_length=64)
    seed = models.CharField("随机种子", max_length=64)
    due_on = models.DateField("调阅期限")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="抽取人"
    )
    # One per form opened, posted back with it: a form sent twice is one draw.
    form_key = models.UUIDField("表单标识", unique=True, default=uuid4, editable=False)
    at = models.DateTimeField("抽取时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["CheckDraw"].as_manager()

    class Meta:
        verbose_name = "调阅抽取"
        verbose_name_plural = "调阅抽取"
        ordering = ["-at", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["at", "id"], name="meetings_draw_feed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="meetings_draw_span",
                violation_error_message="截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=1) & Q(wanted__lte=F("listed_count")),
                name="meetings_draw_wanted",
                violation_error_message="抽取条数应在 1 与名单条数之间。",
            ),
            models.CheckConstraint(
                condition=Q(risk_percent__lte=100), name="meetings_draw_percent"
            ),
        ]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.unit} {self.since:%Y-%m-%d} 至 {self.until:%Y-%m-%d}"

    @property
    def kinds_label(self) -> str:
        """党课、支部党员大会 …; 全部类别 when none was named."""
        kinds = [str(kind.label) for kind in Kind if self.kind_mask & kind]
        return "、".join(kinds) or "全部类别"

    @property
    def fields_label(self) -> str:
        """社区、农村 …; 全部领域 when none was named."""
        return "、".join(str(Field(one).label) for one in self.fields) or "全部领域"


class DrawnRecord(models.Model):
    """抽中的记录: ``place`` is the order in which it was drawn, from 1; written once."""

    draw = models.ForeignKey(CheckDraw, models.PROTECT, related_name="records", verbose_name="抽取")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", verbose_name="会议记录")
    place = models.PositiveSmallIntegerField("次序")
    hinted = models.BooleanField("有提示", default=False)

    unscoped = models.Manager()
    objects = ThroughMeeting.as_manager()

    class Meta:
        verbose_name = "抽中的记录"
        verbose_name_plural = "抽中的记录"
        ordering = ["draw", "place"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["draw", "place"], name="meetings_drawn_place"),
            models.UniqueConstraint(fields=["draw", "meeting"], name="meetings_drawn_once"),
        ]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.place}. {self.meeting}"
