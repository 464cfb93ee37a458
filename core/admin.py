"""节假日 and 规定参数 to be kept; 后台任务, 消息 and 送达记录 to be looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin_base import DeskAdmin, ReadOnlyAdmin, by_period
from core.models import Delivery, Holiday, Job, Notice, Preference, RuleParameter


class CommonAdmin(DeskAdmin):
    """What holds for all districts alike: every member of staff reads it, few may change it."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """All staff."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The site says who."""
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The site says who; asked once a request."""
        known = getattr(request, "_keeps_common", None)
        if known is None:
            known = self.admin_site.may_keep_common(request)  # type: ignore[attr-defined]
            request._keeps_common = known  # type: ignore[attr-defined]
        return bool(known)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """All of ``add_fields``, old or new."""
        return list(self.add_fields)


@admin.register(Holiday)
class HolidayAdmin(CommonAdmin):
    list_display = ("day", "name", "is_off", "source")
    list_filter = ("is_off", by_period("day"))
    search_fields = ("name", "source")
    search_help_text = "按名称或通知文号查找。"
    add_fields = ("day", "name", "is_off", "source")


@admin.register(RuleParameter)
class RuleParameterAdmin(CommonAdmin):
    list_display = (
        "title", "value", "unit_of_measure", "level", "regulation", "article", "effective_from",
    )  # fmt: skip
    list_filter = ("level",)
    search_fields = ("title", "key", "regulation")
    search_help_text = "按名称、参数或规定查找。"
    add_fields = (
        "key", "title", "value", "unit_of_measure", "level", "regulation", "article", "note",
        "effective_from", "effective_to",
    )  # fmt: skip


class OwnAdmin(ReadOnlyAdmin):
    """Everybody's own; whoever keeps the system running sees all. ``owner`` is the lookup."""

    owner = ""
    ordering = ("-pk",)
    joined: tuple[str, ...] = ()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """All staff, each his own rows: the rest is not in the queryset."""
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """His own rows."""
        rows = super().get_queryset(request).select_related(*self.joined)
        return rows if request.user.is_superuser else rows.filter(**{self.owner: request.user.pk})


@admin.register(Job)
class JobAdmin(OwnAdmin):
    owner = "initiator"
    joined = ("initiator",)
    list_display = ("title", "state", "progress", "initiator", "created_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("title",)
    search_help_text = "按名称查找。"
    shown = (
        "title", "state", "progress", "message", "attempts", "initiator", "created_at", "beat_at",
        "finished_at",
    )  # fmt: skip

    @admin.display(description="进度")
    def progress(self, job: Job) -> str:
        return f"{job.percent}%（{job.done}/{job.total}）"


@admin.register(Notice)
class NoticeAdmin(OwnAdmin):
    owner = "recipient"
    joined = ("recipient",)
    list_display = ("title", "recipient", "day", "created_at", "read_at")
    search_fields = ("recipient__username", "recipient__name")
    search_help_text = "按收件人的用户名或姓名查找。"
    shown = ("title", "recipient", "link", "day", "created_at", "read_at")


@admin.register(Delivery)
class DeliveryAdmin(OwnAdmin):
    owner = "notice__recipient"
    joined = ("notice",)
    list_display = ("notice", "channel", "state", "attempts", "sent_at", "error")
    list_filter = ("channel", "state")
    search_fields = ("notice__recipient__username",)
    search_help_text = "按收件人的用户名查找。"
    shown = (
        "notice", "channel", "masked_address", "state", "attempts", "next_try_at", "sent_at",
        "receipt", "error",
    )  # fmt: skip

    @admin.display(description="地址")
    def masked_address(self, delivery: Delivery) -> str:
        """The first characters only: an address is personal data."""
        return f"{delivery.address[:3]}****" if delivery.address else ""


@admin.register(Preference)
class PreferenceAdmin(OwnAdmin):
    owner = "user"
    joined = ("user",)
    list_display = ("user", "by_mail", "digest", "quiet_from", "quiet_to", "updated_at")
    list_filter = ("by_mail", "digest")
    search_fields = ("user__username", "user__name")
    search_help_text = "按用户名或姓名查找。"
    shown = (
        "user", "by_mail", "digest", "digest_hour", "quiet_from", "quiet_to", "updated_at",
    )  # fmt: skip
