"""Tables that belong to no programme: the calendar, rule parameters, jobs, notices."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import Channel, DeliveryState, Digest, JobState, RuleLevel
from core.quiet import DEFAULT


class Holiday(models.Model):
    """节假日与调休: one day whose being off or on differs from its weekday.

    A year is covered (已公布) when it has at least one row; other years are computed as 暂算.
    """

    day = models.DateField("日期", unique=True)
    is_off = models.BooleanField("放假", help_text="放假打勾；调休上班的周末不打勾。")
    name = models.CharField("名称", max_length=40)
    source = models.CharField(
        "依据", max_length=100, blank=True, help_text="国务院办公厅通知文号。"
    )

    class Meta:
        verbose_name = "节假日"
        verbose_name_plural = "节假日"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class RuleParameter(models.Model):
    """规定参数: one number or word of a regulation, valid over a span of days."""

    key = models.CharField("参数", max_length=80)
    title = models.CharField("名称", max_length=80)
    value = models.JSONField("值")
    unit_of_measure = models.CharField("单位", max_length=20, blank=True)
    level = models.CharField("层级", max_length=10, choices=RuleLevel)
    regulation = models.CharField("规定", max_length=120)
    article = models.CharField("条款", max_length=60, blank=True)
    note = models.TextField("说明", blank=True)
    effective_from = models.DateField("施行日期")
    effective_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        verbose_name = "规定参数"
        verbose_name_plural = "规定参数"
        ordering = ["key", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "effective_from"],
                name="core_ruleparameter_key_from",
                violation_error_message="同一参数在同一天只能有一个值。",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_to__gte=models.F("effective_from")),
                name="core_ruleparameter_span",
                violation_error_message="失效日期不能早于施行日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.effective_from:%Y-%m-%d} 起）"


class Job(models.Model):
    """后台任务: long work with progress that survives a closed page and a killed worker."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.CharField("任务", max_length=100)
    title = models.CharField("名称", max_length=120)
    arguments = models.JSONField("参数", default=dict)
    key = models.CharField("去重键", max_length=120, null=True, blank=True, unique=True)
    initiator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发起人",
    )
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    result = models.JSONField("结果", default=dict)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    beat_at = models.DateTimeField("最近进展", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["queued", "running"]),
                name="core_job_open",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """How far it is, 0–100."""
        if self.state == JobState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class Notice(models.Model):
    """消息: one thing told to one person, or to a group by its robot, once (the unique key).

    The text is rendered from ``template`` with ``payload`` when it is shown or sent, so that a
    million of them are written by one statement.
    """

    key = models.CharField("唯一键", max_length=160)
    # No index of its own here and below: the inbox's, and the unique one, begin with it. Each
    # index less is a fifth more notices a second.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="收件人",
        db_index=False,
        help_text="发到群里的消息没有收件人。",
    )
    template = models.CharField("模板", max_length=100)
    payload = models.JSONField("内容", default=dict)
    title = models.CharField("标题", max_length=200)
    link = models.CharField("链接", max_length=200, blank=True)
    day = models.DateField("所属日期")
    created_at = models.DateTimeField("产生时间", db_default=models.functions.Now())
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["key"], name="core_notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], include=["read_at"], name="core_notice_inbox")
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """送达: one notice by one channel, with its receipt.

    ``round`` says what went out together: the notices of one recipient that one round of the sender
    took are one message, also when they are sent again after a crash.
    """

    notice = models.ForeignKey(
        Notice,
        models.CASCADE,
        related_name="deliveries",
        verbose_name="消息",
        db_index=False,
    )
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = models.CharField("地址", max_length=254)
    state = models.CharField(
        "状态",
        max_length=10,
        choices=DeliveryState,
        default=DeliveryState.WAITING,
        db_default=DeliveryState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0, db_default=0)
    next_try_at = models.DateTimeField("下次发送", db_default=models.functions.Now())
    round = models.UUIDField("发送批次", null=True, blank=True, editable=False)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)
    receipt = models.CharField("回执", max_length=200, blank=True, default="", db_default="")
    error = models.CharField("失败原因", max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "送达记录"
        verbose_name_plural = "送达记录"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="core_delivery_once")
        ]
        indexes = [
            models.Index(
                # By address, so that what goes to one person lies side by side.
                fields=["next_try_at", "address"],
                condition=Q(state__in=["waiting", "sending"]),
                name="core_delivery_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.get_state_display()}"


class Preference(models.Model):
    """接收偏好: how one person wants to be told by mail; without a row, ``core.quiet.DEFAULT``.

    The inbox is always written. The fan-out joins this table, so a change holds for what is
    told from now on.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name="账号",
    )
    by_mail = models.BooleanField("同时发邮件", default=True)
    quiet_from = models.TimeField("免打扰从", default=DEFAULT.quiet_from)
    quiet_to = models.TimeField("免打扰到", default=DEFAULT.quiet_to)
    digest = models.CharField("接收方式", max_length=6, choices=Digest, default=Digest.NOW)
    digest_hour = models.PositiveSmallIntegerField("汇总时间", default=DEFAULT.hour)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "接收偏好"
        verbose_name_plural = "接收偏好"
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23),
                name="core_preference_hour",
                violation_error_message="汇总时间应在 0 到 23 点之间。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_digest_display()}"


class IdempotencyKey(models.Model):
    """幂等键: the answer given to a write of the API, so that a repeat gets it again.

    The same key with another body is refused with 422.
    """

    client = models.CharField("调用方", max_length=120)
    key = models.CharField("幂等键", max_length=120)
    fingerprint = models.CharField("请求摘要", max_length=64)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    body = models.JSONField("应答", null=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "幂等键"
        verbose_name_plural = "幂等键"
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="core_idempotency")]

    def __str__(self) -> str:
        return self.key


class AttachedFile(models.Model):
    """A photo or a paper that hangs on a row of some part, stored privately under a random name.

    What it hangs on and who put it there is the part's own; :mod:`core.attachments` keeps it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("文件名", max_length=200)
    path = models.CharField("存放位置", max_length=100, editable=False)
    thumbnail = models.CharField("缩略图", max_length=100, blank=True, editable=False)
    content_type = models.CharField("类型", max_length=100, editable=False)
    sha256 = models.CharField("摘要", max_length=64, editable=False)
    size = models.PositiveIntegerField("大小", editable=False)
    at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
