"""会议记录, 四个必开, 调阅, 固定组织生活日调整 in the data administration."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from branches.admin_base import ScopedAdmin, scope_of
from branches.enums import Role
from branches.permissions import STAFF
from branches.scope import Scope
from core.admin_base import AT_ONCE, ReasonForm, by_period, reason_of
from core.errors import Refusal
from meetings import forms_admin as forms
from meetings import permissions, services
from meetings.admin_parts import ShownInline
from meetings.admin_study import MarkInline
from meetings.entries import BulkOutcome
from meetings.models import (
    Attendance,
    Event,
    FixedDayMove,
    Meeting,
    MeetingStep,
    SpotCheck,
    Vote,
)
from meetings.services import calendar


class AttendanceInline(ShownInline):
    model = Attendance
    fields = ("name", "eligible", "voting", "present", "reason", "note")


class VoteInline(ShownInline):
    model = Vote
    fields = ("subject", "eligible", "present", "yes", "no", "abstain")


class StepInline(ShownInline):
    model = MeetingStep
    fields = ("before", "after", "reason", "by", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MeetingStep]:
        """With the names of those who did it."""
        return super().get_queryset(request).select_related("by")


@admin.register(Meeting)
class MeetingAdmin(ScopedAdmin):
    joined = ("unit", "created_by", "reviewed_by")
    ordering = ("-held_on", "-id")
    list_display = (
        "topic", "unit", "kinds_label", "held_on", "status", "present_count", "eligible_count",
        "first_submitted_on",
    )  # fmt: skip
    list_filter = ("status", by_period("held_on"))
    shown = (
        "unit", "kinds_label", "held_on", "started_at", "ended_at", "place", "chair", "recorder",
        "topic", "agenda", "minutes", "resolution", "status", "present_count", "eligible_count",
        "first_submitted_on", "submitted_at", "reviewed_at", "reviewed_by", "created_by",
        "created_at",
    )  # fmt: skip
    inlines = (AttendanceInline, VoteInline, MarkInline, StepInline)
    action_form = ReasonForm
    actions = ("accept", "send_back")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Meeting]:
        """What was filed: others' drafts are not there."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Meeting]", rows.readable(user_id=request.user.pk))

    @admin.display(description="会议类别")
    def kinds_label(self, meeting: Meeting) -> str:
        return meeting.kinds_label

    @admin.action(description="审核通过")
    def accept(self, request: HttpRequest, queryset: QuerySet[Meeting]) -> None:
        self._decide(request, queryset, accept=True)

    @admin.action(description="退回（请在“意见”里写明原因）")
    def send_back(self, request: HttpRequest, queryset: QuerySet[Meeting]) -> None:
        self._decide(request, queryset, accept=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Meeting], *, accept: bool) -> None:
        uuids = list(queryset.values_list("uuid", flat=True)[: AT_ONCE + 1])
        if len(uuids) > AT_ONCE:
            messages.warning(request, f"一次最多办理 {AT_ONCE} 条，请分几次选择。")
            return
        records = Meeting.objects.within(*scope_of(request).units_as(*STAFF))
        by = cast(User, request.user)
        try:
            if accept:
                outcome = services.accept_many(records=records, uuids=uuids, by=by)
            else:
                outcome = services.return_many(
                    records=records, uuids=uuids, by=by, reason=reason_of(request)
                )
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            return
        _tell(request, outcome, "已审核通过" if accept else "已退回")


def _tell(request: HttpRequest, outcome: BulkOutcome, done: str) -> None:
    if outcome.done:
        messages.success(request, f"{done} {outcome.done} 条。")
    for reason in outcome.refused[:20]:
        messages.warning(request, reason)


@admin.register(Event)
class EventAdmin(ScopedAdmin):
    joined = ("unit", "by")
    own_search = ("title__icontains",)
    search_help_text = "按党组织或事项查找。"
    list_display = ("title", "unit", "cause", "day", "window_end", "is_withdrawn")
    list_filter = ("cause", "is_withdrawn", by_period("day"))
    autocomplete_fields = ("unit",)
    add_form = forms.EventAddForm
    add_fields = ("unit", "cause", "day", "title")
    shown = ("unit", "cause", "day", "window_end", "title", "is_withdrawn", "by", "at")
    actions = ("withdraw",)

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_register_event(scope, path)

    @admin.action(description="撤销登记")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        by = cast(User, request.user)
        self.each(
            request, queryset, lambda row: services.withdraw_event(event=row, by=by), "已撤销"
        )


@admin.register(SpotCheck)
class SpotCheckAdmin(ScopedAdmin):
    joined = ("unit", "meeting__unit", "by")
    list_display = ("unit", "checked_on", "score", "meeting", "by")
    list_filter = (by_period("checked_on"),)
    autocomplete_fields = ("unit", "meeting")
    add_form = forms.SpotCheckForm
    add_fields = ("unit", "meeting", "checked_on", "score", "findings")
    shown = ("unit", "meeting", "checked_on", "score", "findings", "by", "at")

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_spot_check(scope, path)


@admin.register(FixedDayMove)
class FixedDayMoveAdmin(ScopedAdmin):
    sees = (Role.DISTRICT_STAFF,)
    joined = ("unit", "proposed_by", "decided_by")
    list_display = ("unit", "month", "day", "reason", "state", "proposed_by", "decided_by")
    list_filter = ("state",)
    autocomplete_fields = ("unit",)
    add_form = forms.MoveAddForm
    add_fields = ("unit", "day", "reason")
    shown = (
        "unit", "month", "day", "reason", "state", "proposed_by", "decided_by", "decided_at", "at",
    )  # fmt: skip
    actions = ("approve", "refuse")

    def may_write(self, scope: Scope, path: str) -> bool:
        return scope.covers(path, Role.DISTRICT_STAFF)

    @admin.action(description="批准")
    def approve(self, request: HttpRequest, queryset: QuerySet[FixedDayMove]) -> None:
        self._decide(request, queryset, approve=True)

    @admin.action(description="不批准")
    def refuse(self, request: HttpRequest, queryset: QuerySet[FixedDayMove]) -> None:
        self._decide(request, queryset, approve=False)

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[FixedDayMove], *, approve: bool
    ) -> None:
        by, on = cast(User, request.user), timezone.localdate()
        self.each(
            request,
            queryset,
            lambda row: calendar.decide_move(move=row, approve=approve, by=by, on=on),
            "已批准" if approve else "已答复不批准",
        )
