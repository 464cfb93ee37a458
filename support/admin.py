"""清单项目, 阵地, 自查, 联系领导, 联系点, 走访 and 大党委 in the data administration."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from branches.admin_base import ScopedAdmin
from core.admin import CommonAdmin
from core.admin_base import ReasonForm, by_period, reason_of
from support import services
from support.models import (
    ContactLeader,
    ContactLink,
    ContactVisit,
    JointCommittee,
    JointProject,
    Venue,
    VenueCheck,
    VenueItem,
)


@admin.register(VenueItem)
class VenueItemAdmin(CommonAdmin):
    list_display = ("title", "group", "demand", "position", "is_active")
    list_filter = ("group", "is_active")
    search_fields = ("title", "code")
    search_help_text = "按项目或代码查找。"
    add_fields = ("code", "group", "title", "demand", "position", "is_active")


@admin.register(Venue)
class VenueAdmin(ScopedAdmin):
    joined = ("unit", "by")
    list_display = ("unit", "name", "address", "area", "opened_on")
    shown = (
        "unit", "name", "address", "area", "shared_with", "opened_on", "by", "at", "updated_at",
    )  # fmt: skip


@admin.register(VenueCheck)
class VenueCheckAdmin(ScopedAdmin):
    unit_lookup = "venue__unit"
    search_fields = ("venue__unit__name",)
    joined = ("venue__unit", "submitted_by", "decided_by")
    list_display = ("venue", "year", "state", "submitted_on", "submitted_by", "decided_on")
    list_filter = ("state", "year")
    shown = (
        "venue", "year", "state", "lacking", "note", "submitted_on", "submitted_by", "decided_on",
        "decided_by", "answer",
    )  # fmt: skip
    action_form = ReasonForm
    actions = ("confirm", "send_back")

    @admin.display(description="缺项")
    def lacking(self, check: VenueCheck) -> str:
        rows = check.answers.filter(is_there=False).select_related("item")
        return "、".join(str(row.item) for row in rows) or "没有"

    @admin.action(description="确认")
    def confirm(self, request: HttpRequest, queryset: QuerySet[VenueCheck]) -> None:
        on = timezone.localdate()
        self.each(
            request, queryset,
            lambda row: services.confirm_check(check=row, by=request.user, on=on),  # type: ignore[arg-type]
            "已确认",
        )  # fmt: skip

    @admin.action(description="退回（请在“意见”里写明原因）")
    def send_back(self, request: HttpRequest, queryset: QuerySet[VenueCheck]) -> None:
        on, why = timezone.localdate(), reason_of(request)
        self.each(
            request, queryset,
            lambda row: services.return_check(check=row, by=request.user, on=on, answer=why),  # type: ignore[arg-type]
            "已退回",
        )  # fmt: skip


@admin.register(ContactLeader)
class ContactLeaderAdmin(ScopedAdmin):
    joined = ("unit", "user")
    list_display = ("name", "position", "level", "unit", "is_active")
    list_filter = ("level", "is_active")
    shown = ("unit", "name", "position", "level", "user", "is_active")


@admin.register(ContactLink)
class ContactLinkAdmin(ScopedAdmin):
    joined = ("unit", "leader", "by")
    list_display = ("leader", "unit", "since", "until")
    list_filter = (by_period("since"),)
    shown = ("leader", "unit", "since", "until", "by", "at")


@admin.register(ContactVisit)
class ContactVisitAdmin(ScopedAdmin):
    unit_lookup = "link__unit"
    search_fields = ("link__unit__name",)
    joined = ("link__unit", "link__leader", "by")
    list_display = ("day", "link", "state", "solved_on", "by")
    list_filter = ("state", by_period("day"))
    shown = ("link", "day", "found", "problem", "state", "outcome", "solved_on", "by", "at")


@admin.register(JointCommittee)
class JointCommitteeAdmin(ScopedAdmin):
    joined = ("unit", "by")
    list_display = ("name", "unit", "founded_on")
    shown = ("unit", "name", "founded_on", "duties", "by", "at")


@admin.register(JointProject)
class JointProjectAdmin(ScopedAdmin):
    unit_lookup = "joint__unit"
    search_fields = ("joint__unit__name",)
    joined = ("joint__unit", "resource", "need", "by")
    list_display = ("title", "joint", "state", "percent", "due_on", "owner")
    list_filter = ("state", by_period("due_on"))
    shown = (
        "joint", "title", "resource", "need", "owner", "due_on", "percent", "state", "result",
        "ended_on", "by", "at",
    )  # fmt: skip
