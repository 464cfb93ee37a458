"""会议记录, 更正, 四个必开, 会议纪要模板, 催办 in the data administration."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from branches.admin_base import ScopedAdmin, scope_of
from branches.models import Event
from branches.permissions import STAFF
from branches.scope import Scope
from core.admin_base import AT_ONCE, ReasonForm, by_period, reason_of
from core.errors import Refusal
from meetings import forms_admin as forms
from meetings import permissions, services
from meetings.admin.parts import ShownInline
from meetings.admin.study import MarkInline
from meetings.entries import BulkOutcome
from meetings.models import (
    Attendance,
    Correction,
    Meeting,
    MeetingStep,
    MinutesTemplate,
    Urge,
    Vote,
)


class AttendanceInline(ShownInline):
    """Who was there."""

    model = Attendance
    fields = ("name", "eligible", "voting", "present", "reason", "note")


class VoteInline(ShownInline):
    """What was voted on."""

    model = Vote
    fields = ("subject", "eligible", "present", "yes", "no", "abstain")


class StepInline(ShownInline):
    """How the record went on."""

    model = MeetingStep
    fields = ("before", "after", "reason", "by", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MeetingStep]:
        """With the names of those who did it."""
        return super().get_queryset(request).select_related("by")


@admin.register(Meeting)
class MeetingAdmin(ScopedAdmin):
    """会议记录: looked at and decided on here, written on the pages."""

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
        """Its kinds, as one word after the other."""
        return meeting.kinds_label

    @admin.action(description="审核通过")
    def accept(self, request: HttpRequest, queryset: QuerySet[Meeting]) -> None:
        """Accept those chosen."""
        self._decide(request, queryset, accept=True)

    @admin.action(description="退回（请在“意见”里写明原因）")
    def send_back(self, request: HttpRequest, queryset: QuerySet[Meeting]) -> None:
        """Return those chosen, with the reason."""
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


@admin.register(Correction)
class CorrectionAdmin(ScopedAdmin):
    """更正: asked for and decided on the record's page."""

    unit_lookup = "meeting__unit"
    joined = ("meeting__unit", "by", "decided_by")
    ordering = ("-id",)
    list_display = ("meeting", "version", "reason", "state", "by", "at", "decided_by")
    list_filter = ("state", by_period("at"))
    shown = (
        "meeting", "version", "reason", "state", "answer", "by", "at", "decided_by", "decided_at",
    )  # fmt: skip


@admin.register(Event)
class EventAdmin(ScopedAdmin):
    """What a duty arises from: registered and withdrawn."""

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
        """Whoever registers events on the pages."""
        return permissions.may_register_event(scope, path)

    @admin.action(description="撤销登记")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        """Take those chosen out of use."""
        by = cast(User, request.user)
        self.each(
            request, queryset, lambda row: services.withdraw_event(event=row, by=by), "已撤销"
        )


@admin.register(MinutesTemplate)
class MinutesTemplateAdmin(ScopedAdmin):
    """The beginnings of the minutes, one for each kind of meeting."""

    ordering = ("unit", "kind")
    list_display = ("unit", "kind", "updated_at")
    list_filter = ("kind",)
    autocomplete_fields = ("unit",)
    add_form = forms.TemplateAddForm
    add_fields = ("unit", "kind", "text")
    change_form = forms.TemplateForm
    change_fields = ("text",)
    shown = ("unit", "kind", "updated_at")

    def may_write(self, scope: Scope, path: str) -> bool:
        """Whoever reviews the unit's records."""
        return permissions.may_review(scope, path)


@admin.register(Urge)
class UrgeAdmin(ScopedAdmin):
    """催办: who was told how often."""

    joined = ("unit", "by")
    list_display = ("unit", "at", "by", "month", "told", "already", "unreachable")
    list_filter = (by_period("at"),)
    shown = ("unit", "at", "by", "month", "told", "already", "unreachable")
