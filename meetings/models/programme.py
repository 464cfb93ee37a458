"""固定组织生活日: what a month's day is filled with, who put it off, what others may look at."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from meetings.enums import Item
from meetings.enums.programme import PostponeState, ProgrammeState, ShareState
from meetings.models.record import Meeting, MeetingFile
from meetings.querysets import ThroughProgramme, ThroughShare

_MONTH_BEGINS = Q(month__day=1)


def _illegal(*allowed: tuple[str, str]) -> pgtrigger.Trigger:
    """The database's copy of a table of transitions (S17)."""
    pairs = ", ".join(f"('{before}', '{after}')" for before, after in allowed)
    return pgtrigger.Trigger(
        name="legal_state",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(
            f"OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({pairs})"
        ),
        func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
        "USING ERRCODE = 'check_violation';",
    )


@tracked()
class Programme(models.Model):
    """当月安排: the theme and items that a 区委, or a 党(工)委 for its own, gives a month's day.

    Everybody below reads it once it is published; ``issue`` counts the times it was, so that each
    is told once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="发布单位")
    month = models.DateField("月份", help_text="该月第一天。")
    theme = models.CharField("主题", max_length=100)
    note = models.TextField("总的要求", max_length=2000, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=ProgrammeState, default=ProgrammeState.DRAFT
    )
    issue = models.PositiveSmallIntegerField("发布次数", default=0, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="拟稿人"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Programme"].as_manager()

    class Meta:
        verbose_name = "组织生活日安排"
        verbose_name_plural = "组织生活日安排"
        ordering = ["-month", "unit"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["updated_at", "id"], name="meetings_programme_feed")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "month"],
                name="meetings_programme_once",
                violation_error_message="这个月的安排已经有了，请在原有的安排上修改。",
            ),
            models.CheckConstraint(
                condition=_MONTH_BEGINS,
                name="meetings_programme_month",
                violation_error_message="月份请写该月第一天。",
            ),
            models.CheckConstraint(
                condition=Q(state=ProgrammeState.DRAFT)
                | Q(published_at__isnull=False, issue__gte=1),
                name="meetings_programme_published",
            ),
        ]
        triggers = [
            _illegal(("draft", "published"), ("published", "draft")),
            pgtrigger.Trigger(
                name="published_is_locked",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state = 'published' AND NEW.state = 'published' AND "
                    "(OLD.theme, OLD.note, OLD.month, OLD.unit_id) IS DISTINCT FROM "
                    "(NEW.theme, NEW.note, NEW.month, NEW.unit_id)"
                ),
                func="RAISE EXCEPTION 'a published programme is locked' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y年%m月} {self.theme}"


class ProgrammeItem(models.Model):
    """安排的一项: what to do, what to study, a paper to read."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="items", verbose_name="安排"
    )
    item = models.CharField("动作", max_length=20, choices=Item)
    place = models.PositiveSmallIntegerField("次序", default=0)
    text = models.CharField("怎么做", max_length=500, blank=True)
    reading = models.TextField("学习内容", max_length=5000, blank=True)
    link = models.URLField("网址", max_length=300, blank=True)
    name = models.CharField("文件名", max_length=200, blank=True, editable=False)
    path = models.CharField("存放位置", max_length=100, blank=True, editable=False)
    content_type = models.CharField("类型", max_length=100, blank=True, editable=False)
    size = models.PositiveIntegerField("大小", default=0, editable=False)

    unscoped = models.Manager()
    objects = ThroughProgramme.as_manager()

    class Meta:
        verbose_name = "安排的内容"
        verbose_name_plural = "安排的内容"
        ordering = ["place", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "item"],
                name="meetings_programme_item_once",
                violation_error_message="同一项动作在一个月的安排里只写一次。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_is_locked",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("subject", "meetings_programmeitem%ROWTYPE")],
                func="IF TG_OP = 'DELETE' THEN subject = OLD; ELSE subject = NEW; END IF; "
                "IF EXISTS (SELECT 1 FROM meetings_programme p WHERE p.id = subject.programme_id "
                "AND p.state = 'published') THEN "
                "RAISE EXCEPTION 'a published programme is locked' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN subject;",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_item_display())


@tracked()
class Postponement(models.Model):
    """延期: a branch, or a committee for all its branches, holds a month's day on another day.

    The district's day stays what it is, and the score is reckoned from it (decision 0014).
    ``before`` is the fixed day at the moment of asking.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    month = models.DateField("月份", help_text="该月第一天。")
    before = models.DateField("固定组织生活日")
    day = models.DateField("延期到")
    reason = models.CharField("理由", max_length=200)
    state = models.CharField(
        "状态", max_length=10, choices=PostponeState, default=PostponeState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
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
    answer = models.CharField("审批意见", max_length=200, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Postponement"].as_manager()

    class Meta:
        verbose_name = "组织生活日延期"
        verbose_name_plural = "组织生活日延期"
        ordering = ["-month", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "month"],
                condition=Q(state__in=["proposed", "approved"]),
                name="meetings_postpone_once",
                violation_error_message="这个月已经有一份延期，请先撤回原来的。",
            ),
            models.CheckConstraint(
                condition=Q(day__gt=F("before")),
                name="meetings_postpone_later",
                violation_error_message="延期只能往后。",
            ),
            models.CheckConstraint(condition=_MONTH_BEGINS, name="meetings_postpone_month"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="meetings_postpone_two",
                violation_error_message="提出人不能审批自己的延期，请由另一位同志审批。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="meetings_postpone_decided",
            ),
        ]
        triggers = [
            _illegal(
                ("proposed", "approved"),
                ("proposed", "refused"),
                ("proposed", "withdrawn"),
                ("approved", "withdrawn"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.month:%Y年%m月}延至{self.day:%m月%d日}"


@tracked()
class Share(models.Model):
    """分享: an accepted record's example for the other branches of the district.

    What is shown are its own words and the chosen photos, never the record. The branch consents
    (``consented_by``), somebody above approves who neither proposed nor consented.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", verbose_name="会议记录")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    month = models.DateField("月份")
    theme = models.CharField("主题", max_length=60)
    text = models.TextField("做法", max_length=500)
    state = models.CharField("状态", max_length=10, choices=ShareState, default=ShareState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    at = models.DateTimeField("提出时间", auto_now_add=True)
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="支部同意人",
    )
    consented_at = models.DateTimeField("支部同意时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审批人",
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    answer = models.CharField("审批意见", max_length=200, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Share"].as_manager()

    class Meta:
        verbose_name = "组织生活日分享"
        verbose_name_plural = "组织生活日分享"
        ordering = ["-month", "-id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["month", "state"], name="meetings_share_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state__in=["proposed", "approved"]),
                name="meetings_share_once",
                violation_error_message="这条记录已经分享或正在审批。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("consented_by"))),
                name="meetings_share_two",
                violation_error_message="提出人和同意人不能审批，请由另一位同志审批。",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(consented_by__isnull=False, decided_by__isnull=False),
                name="meetings_share_consented",
                violation_error_message="支部还没有同意分享，不能批准。",
            ),
        ]
        triggers = [
            _illegal(
                ("proposed", "approved"),
                ("proposed", "refused"),
                ("proposed", "withdrawn"),
                ("approved", "withdrawn"),
            ),
            pgtrigger.Trigger(
                name="approved_is_locked",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'proposed' AND (OLD.theme, OLD.text, OLD.meeting_id, "
                    "OLD.unit_id) IS DISTINCT FROM (NEW.theme, NEW.text, NEW.meeting_id, "
                    "NEW.unit_id)"
                ),
                func="RAISE EXCEPTION 'a decided share is locked' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.theme}"


class SharePhoto(models.Model):
    """分享的照片: one of the record's photos that the branch chose. Its own address, its own guard.

    When the photo is taken off the record it is gone here too.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    share = models.ForeignKey(Share, models.CASCADE, related_name="photos", verbose_name="分享")
    file = models.ForeignKey(MeetingFile, models.CASCADE, related_name="+", verbose_name="照片")

    unscoped = models.Manager()
    objects = ThroughShare.as_manager()

    class Meta:
        verbose_name = "分享的照片"
        verbose_name_plural = "分享的照片"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["share", "file"], name="meetings_share_photo_once")
        ]

    def __str__(self) -> str:
        return str(self.file)
