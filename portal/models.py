"""通知 with their files and receipts; what a branch shows in public."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked, tracked_after_insert
from core.models import AttachedFile
from portal.enums import Progress, Reach, State
from portal.querysets import CircularQuerySet, FileQuerySet, ReceiptQuerySet

_PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "null": True, "blank": True,
    "related_name": "+",
}  # fmt: skip


@tracked()
class Circular(models.Model):
    """通知: from a district or committee (``unit``) to what stands below it.

    ``reach`` and its lists say to whom it goes; the receipts, written when it is issued, say to
    whom it went. Once issued its words do not change: a mistake is taken back with a reason.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="下发单位")
    title = models.CharField("标题", max_length=80)
    text = models.TextField("正文")
    reach = models.CharField("下发范围", max_length=12, choices=Reach, default=Reach.ALL)
    kinds = ArrayField(
        models.CharField(max_length=20), verbose_name="类别", default=list, blank=True
    )
    fields = ArrayField(
        models.CharField(max_length=20), verbose_name="领域", default=list, blank=True
    )
    # Codes of units: of the committees with all below them, or of exactly these.
    places = ArrayField(
        models.CharField(max_length=40), verbose_name="选定的党组织", default=list, blank=True
    )
    needs_sign = models.BooleanField("要求签收", default=False)
    sign_by = models.DateField("办理期限", null=True, blank=True)
    state = models.PositiveSmallIntegerField("状态", choices=State, default=State.DRAFT)
    issued_at = models.DateTimeField("下发时间", null=True, blank=True)
    issued_by = models.ForeignKey(**_PERSON, verbose_name="下发人")
    revoked_at = models.DateTimeField("撤回时间", null=True, blank=True)
    revoked_by = models.ForeignKey(**_PERSON, verbose_name="撤回人")
    reason = models.CharField("撤回理由", max_length=200, blank=True)
    written_by = models.ForeignKey(**_PERSON, verbose_name="起草人")
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = CircularQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "state"], name="portal_circular_unit"),
            models.Index(fields=["updated_at", "id"], name="portal_circular_feed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, issued_at__isnull=True)
                | (~Q(state=State.DRAFT) & Q(issued_at__isnull=False)),
                name="portal_circular_issued",
                violation_error_message="下发的通知要有下发时间。",
            ),
            models.CheckConstraint(
                condition=(~Q(state=State.REVOKED) & Q(revoked_at__isnull=True))
                | (Q(state=State.REVOKED, revoked_at__isnull=False) & ~Q(reason="")),
                name="portal_circular_revoked",
                violation_error_message="撤回通知要写明理由。",
            ),
        ]
        triggers = [
            # The database's copy of portal.enums.TRANSITIONS (S17).
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ((0,1),(1,2))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="words_stand",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> 0 AND (OLD.title, OLD.text, OLD.unit_id, OLD.needs_sign) "
                    "IS DISTINCT FROM (NEW.title, NEW.text, NEW.unit_id, NEW.needs_sign)"
                ),
                func="RAISE EXCEPTION 'circular % was issued', OLD.id "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="only_drafts_go",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state <> 0"),
                func="RAISE EXCEPTION 'circular % was issued', OLD.id "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        """Whether it can still be written at."""
        return self.state == State.DRAFT

    @property
    def is_live(self) -> bool:
        """Whether it stands."""
        return self.state == State.ISSUED


@tracked()
class CircularFile(AttachedFile):
    """附件 of a 通知; read by whoever it was issued to."""

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="files", verbose_name="通知"
    )
    by = models.ForeignKey(**_PERSON, verbose_name="上传人")

    unscoped = models.Manager()
    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = "通知附件"
        verbose_name_plural = "通知附件"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["circular", "sha256"], name="portal_file_once")
        ]


@tracked_after_insert()
class Receipt(models.Model):
    """回执: one unit to which a 通知 went; who has read and signed it when, the first time.

    ``shared_at``: passed on to the branch's own page; ``is_public``: it hangs on the notice board.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    circular = models.ForeignKey(
        Circular, models.PROTECT, related_name="receipts", verbose_name="通知"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    read_at = models.DateTimeField("阅知时间", null=True, blank=True)
    read_by = models.ForeignKey(**_PERSON, verbose_name="阅知人")
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    signed_by = models.ForeignKey(**_PERSON, verbose_name="签收人")
    urged_on = models.DateField("最近催办", null=True, blank=True)
    urged = models.PositiveSmallIntegerField("催办次数", default=0)
    shared_at = models.DateTimeField("转发时间", null=True, blank=True)
    shared_by = models.ForeignKey(**_PERSON, verbose_name="转发人")
    is_public = models.BooleanField("公开", default=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "通知回执"
        verbose_name_plural = "通知回执"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "circular"], name="portal_receipt_unit"),
            models.Index(fields=["updated_at", "id"], name="portal_receipt_feed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["circular", "unit"], name="portal_receipt_once"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(read_at__isnull=False),
                name="portal_receipt_order",
                violation_error_message="签收的通知就是已阅的通知。",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(shared_at__isnull=False),
                name="portal_receipt_public",
                violation_error_message="先转发到支部网页，再公开。",
            ),
        ]
        triggers = [
            # The first time counts: a receipt that was given is not given again, nor taken back.
            pgtrigger.Trigger(
                name="first_stands",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "((OLD.read_at IS NOT NULL AND (OLD.read_at, OLD.read_by_id) IS DISTINCT FROM "
                    "(NEW.read_at, NEW.read_by_id)) OR (OLD.signed_at IS NOT NULL AND "
                    "(OLD.signed_at, OLD.signed_by_id) IS DISTINCT FROM "
                    "(NEW.signed_at, NEW.signed_by_id)))"
                ),
                func="RAISE EXCEPTION 'receipt % was given', OLD.id "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}：{self.circular}"

    @property
    def progress(self) -> Progress:
        """How far the unit has come."""
        if self.signed_at is not None:
            return Progress.SIGNED
        return Progress.READ if self.read_at is not None else Progress.UNREAD

    @property
    def is_done(self) -> bool:
        """Whether nothing more is asked of the unit."""
        return self.read_at is not None and (
            self.signed_at is not None or not self.circular.needs_sign
        )


@tracked()
class BranchPage(models.Model):
    """公开栏: what a branch shows in public, as its secretary chose it."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="+", verbose_name="党支部")
    introduction = models.CharField("支部简介", max_length=500, blank=True)
    # Keys of panels, see core.panels.
    panels = ArrayField(
        models.CharField(max_length=20), verbose_name="公开的栏目", default=list, blank=True
    )
    by = models.ForeignKey(**_PERSON, verbose_name="编辑人")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["BranchPage"].as_manager()

    class Meta:
        verbose_name = "支部公开栏"
        verbose_name_plural = "支部公开栏"
        ordering = ["-id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.unit}公开栏"
