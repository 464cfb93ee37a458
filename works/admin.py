"""工作载体, 承诺, 示范岗, 报到, 服务 and 项目 in the data administration."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from branches.admin_base import ScopedAdmin, scope_of
from core.admin import CommonAdmin
from core.admin_base import by_period
from works import services
from works.models import ModelPost, Placement, Pledge, Project, SchemeTag, Service


@admin.register(SchemeTag)
class SchemeTagAdmin(CommonAdmin):
    list_display = ("title", "code", "note", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("title", "code")
    search_help_text = "按名称或代码查找。"
    add_fields = ("code", "title", "note", "position", "is_active")


@admin.register(Pledge)
class PledgeAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("unit", "member", "reported_by", "confirmed_by", "by")
    list_display = ("title", "unit", "member", "state", "due_on", "confirmed_on")
    list_filter = ("state", by_period("due_on"))
    shown = (
        "unit", "member", "above", "title", "pledged_on", "due_on", "state", "result", "done_on",
        "reported_by", "confirmed_on", "confirmed_by", "answer", "by", "at",
    )  # fmt: skip
    actions = ("confirm",)

    @admin.action(description="确认兑现")
    def confirm(self, request: HttpRequest, queryset: QuerySet[Pledge]) -> None:
        by, on = cast(User, request.user), timezone.localdate()
        self.each(
            request,
            queryset,
            lambda row: services.confirm_pledge(pledge=row, by=by, on=on),
            "已确认",
        )


@admin.register(ModelPost)
class ModelPostAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("unit", "member", "by")
    list_display = ("name", "unit", "member", "since", "until")
    list_filter = (by_period("since"),)
    shown = ("unit", "name", "member", "stands_for", "since", "until", "confirmed", "by", "at")
    actions = ("confirm",)

    @admin.display(description="年度确认")
    def confirmed(self, post: ModelPost) -> str:
        return "、".join(str(row.year) for row in post.years.all()) or "没有"

    @admin.action(description="今年确认")
    def confirm(self, request: HttpRequest, queryset: QuerySet[ModelPost]) -> None:
        by, on = cast(User, request.user), timezone.localdate()
        self.each(
            request,
            queryset,
            lambda row: services.confirm_post(post=row, by=by, on=on),
            "已确认",
        )


class TwoSidedAdmin(ScopedAdmin):
    """Rows that a home branch and a community share: each side's staff sees them."""

    other_lookup = ""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff of either side."""
        if obj is None or super().has_view_permission(request, obj):
            return super().has_view_permission(request, obj)
        there = attrgetter(self.other_lookup)(obj).path
        return scope_of(request).covers(there, *self.sees)


@admin.register(Placement)
class PlacementAdmin(TwoSidedAdmin):
    other_lookup = "community"
    unit_lookup = "home"
    search_fields = ("home__name",)
    joined: ClassVar[tuple[str, ...]] = ("home", "community", "member", "by", "decided_by")
    list_display = ("member", "home", "community", "state", "since")
    list_filter = ("state", by_period("since"))
    shown = (
        "member", "home", "community", "since", "until", "offer", "state", "answer", "by",
        "decided_by", "at",
    )  # fmt: skip


@admin.register(Service)
class ServiceAdmin(TwoSidedAdmin):
    other_lookup = "placement.community"
    unit_lookup = "placement__home"
    search_fields = ("placement__home__name",)
    joined: ClassVar[tuple[str, ...]] = (
        "placement__home", "placement__community", "placement__member", "by", "decided_by",
    )  # fmt: skip
    list_display = ("day", "what", "placement", "state")
    list_filter = ("state", by_period("day"))
    shown = ("placement", "day", "what", "hours", "state", "answer", "by", "decided_by", "at")


@admin.register(Project)
class ProjectAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("unit", "tag", "by")
    list_display = ("title", "unit", "tag", "state", "due_on", "owner")
    list_filter = ("state", "tag", by_period("due_on"))
    shown = (
        "unit", "tag", "title", "goal", "owner", "starts_on", "due_on", "state", "milestones_said",
        "result", "ended_on", "by", "at",
    )  # fmt: skip

    @admin.display(description="节点")
    def milestones_said(self, project: Project) -> str:
        return "；".join(
            f"{row.title} {row.due_on:%Y-%m-%d}{' 已完成' if row.done_on else ''}"
            for row in project.milestones.all()
        )
