"""会议记录, 四个必开, 调阅, 固定组织生活日调整 in the data administration."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from branches.admin_base import ScopedAdmin, scope_of
from branches.enums import Role, UnitKind
from branches.models import Unit
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
    Appraisal,
    AppraisalStep,
    Attendance,
    CalendarFeed,
    CheckDraw,
    CheckIn,
    CheckSheet,
    Correction,
    Event,
    Finding,
    FixedDayMove,
    LifeProblem,
    LifeReview,
    LifeStep,
    Meeting,
    MeetingStep,
    MinutesTemplate,
    Postponement,
    Programme,
    Share,
    SpotCheck,
    Talk,
    Urge,
    Vote,
)
from meetings.services import calendar, feeds, postpone, programme, share


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


@admin.register(Correction)
class CorrectionAdmin(ScopedAdmin):
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


@admin.register(MinutesTemplate)
class MinutesTemplateAdmin(ScopedAdmin):
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
        return permissions.may_review(scope, path)


@admin.register(CheckSheet)
class CheckSheetAdmin(ScopedAdmin):
    joined = ("unit", "by")
    list_display = ("__str__", "valid_from", "answer_days", "read_days", "by")
    ordering = ("-valid_from", "-pk")
    autocomplete_fields = ("unit",)
    add_form = forms.SheetAddForm
    add_fields = ("unit", "valid_from", "items", "answer_days", "read_days")
    shown = ("unit", "valid_from", "items_shown", "answer_days", "read_days", "by", "at")

    def may_write(self, scope: Scope, path: str) -> bool:
        return scope.covers(path, Role.DISTRICT_STAFF)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CheckSheet]:
        """The common sheet, and those of the asker's districts, which hold for him too."""
        rows = CheckSheet.objects.everywhere("a sheet belongs to the district above")
        mine = Q(unit=None) | Q(unit__in=self._districts(request))
        found = rows.filter(mine).select_related(*self.joined)
        return cast("QuerySet[CheckSheet]", found.order_by(*self.get_ordering(request)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever checks sees by what he checks."""
        if obj is None:
            return super().has_view_permission(request)
        return obj.unit_id is None or obj.unit_id in self._districts(request)

    def _districts(self, request: HttpRequest) -> set[int | None]:
        units = self.reach(request)
        return {one.pk if one.kind == UnitKind.DISTRICT else one.district_id for one in units}

    @admin.display(description="评分项目")
    def items_shown(self, sheet: CheckSheet) -> str:
        return "；".join(f"{one['name']} {one['points']}" for one in sheet.items)


@admin.register(CheckDraw)
class CheckDrawAdmin(ScopedAdmin):
    joined = ("unit", "by")
    list_display = ("unit", "since", "until", "wanted", "listed_count", "by", "at")
    list_filter = (by_period("since"),)
    shown = (
        "unit", "since", "until", "fields_shown", "kinds_shown", "risk_percent", "wanted",
        "listed_count", "list_sha256", "seed", "due_on", "by", "at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[CheckDraw]:
        """Without the long list."""
        return cast("QuerySet[CheckDraw]", super().get_queryset(request).defer("listed"))

    @admin.display(description="领域")
    def fields_shown(self, draw: CheckDraw) -> str:
        return draw.fields_label

    @admin.display(description="会议类别")
    def kinds_shown(self, draw: CheckDraw) -> str:
        return draw.kinds_label


@admin.register(Finding)
class FindingAdmin(ScopedAdmin):
    joined = ("unit", "answered_by", "decided_by")
    own_search = ("text__icontains",)
    search_help_text = "按党组织或问题查找。"
    list_display = ("text", "unit", "due_on", "state", "answered_by", "decided_by")
    list_filter = ("state", by_period("due_on"))
    shown = (
        "unit", "text", "ask", "due_on", "state", "result", "answered_by", "answered_at",
        "reason", "decided_by", "decided_at", "at",
    )  # fmt: skip


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


class LifeProblemInline(ShownInline):
    model = LifeProblem
    fields = ("text", "source", "measure", "owner", "due_on", "done_on", "result")


class LifeStepInline(ShownInline):
    model = LifeStep
    fields = ("before", "after", "reason", "by", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LifeStep]:
        """With the names of those who did it."""
        return super().get_queryset(request).select_related("by")


class AppraisalStepInline(ShownInline):
    model = AppraisalStep
    fields = ("before", "after", "reason", "by", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppraisalStep]:
        """With the names of those who did it."""
        return super().get_queryset(request).select_related("by")


@admin.register(LifeReview)
class LifeReviewAdmin(ScopedAdmin):
    joined = ("unit", "meeting__unit", "filed_by", "decided_by")
    list_display = ("unit", "year", "state", "studied_on", "filed_by", "decided_by", "updated_at")
    list_filter = ("year", "state")
    shown = (
        "unit", "year", "state", "studied_on", "study", "talk_gap", "meeting", "filed_by",
        "decided_by", "created_at", "updated_at",
    )  # fmt: skip
    inlines = (LifeProblemInline, LifeStepInline)


@admin.register(Appraisal)
class AppraisalAdmin(ScopedAdmin):
    """Where it stands. Members' results are on no page of the data administration."""

    joined = ("unit", "meeting__unit", "opened_by", "proposed_by", "decided_by")
    list_display = ("unit", "year", "state", "as_of", "proposed_by", "decided_by", "decided_at")
    list_filter = ("year", "state")
    shown = (
        "unit", "year", "as_of", "state", "issued", "returned", "meeting", "opened_by",
        "proposed_by", "decided_by", "decided_at", "created_at",
    )  # fmt: skip
    inlines = (AppraisalStepInline,)


@admin.register(Talk)
class TalkAdmin(ScopedAdmin):
    """That talks took place; between whom stands on the branch's own page only."""

    joined = ("unit", "meeting__unit", "by")
    list_display = ("unit", "day", "kind", "by", "at")
    list_filter = ("kind", by_period("day"))
    shown = ("unit", "day", "kind", "meeting", "by", "at")


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ScopedAdmin):
    """日程订阅: seen and ended here, made on the page 日程; the address is kept nowhere."""

    joined = ("unit", "created_by", "revoked_by")
    list_display = ("unit", "created_by", "created_at", "read_at", "revoked_at")
    list_filter = (by_period("created_at"),)
    shown = ("unit", "created_by", "created_at", "read_at", "revoked_at", "revoked_by")
    actions = ("revoke",)

    @admin.action(description="停用")
    def revoke(self, request: HttpRequest, queryset: QuerySet[CalendarFeed]) -> None:
        by = cast(User, request.user)
        self.each(request, queryset, lambda row: feeds.revoke_feed(feed=row, by=by), "已停用")


@admin.register(Urge)
class UrgeAdmin(ScopedAdmin):
    joined = ("unit", "by")
    list_display = ("unit", "at", "by", "month", "told", "already", "unreachable")
    list_filter = (by_period("at"),)
    shown = ("unit", "at", "by", "month", "told", "already", "unreachable")


@admin.register(Programme)
class ProgrammeAdmin(ScopedAdmin):
    joined = ("unit", "written_by", "published_by")
    own_search = ("theme__icontains",)
    list_display = ("theme", "unit", "month", "state", "published_by", "published_at")
    list_filter = ("state", by_period("month"))
    shown = (
        "unit", "month", "theme", "note", "state", "issue", "written_by", "published_by",
        "published_at",
    )  # fmt: skip
    actions = ("publish", "recall")

    @admin.action(description="发布")
    def publish(self, request: HttpRequest, queryset: QuerySet[Programme]) -> None:
        by, on = cast(User, request.user), timezone.localdate()
        self.each(
            request,
            queryset,
            lambda row: programme.publish(programme=row, by=by, on=on),
            "已发布",
        )

    @admin.action(description="撤回修改")
    def recall(self, request: HttpRequest, queryset: QuerySet[Programme]) -> None:
        by = cast(User, request.user)
        self.each(request, queryset, lambda row: programme.recall(programme=row, by=by), "已撤回")


class TwoPeopleAdmin(ScopedAdmin):
    """Asked for by one, decided by another, with a word beside it."""

    action_form = ReasonForm
    actions = ("approve", "refuse")

    def decide(self, row: Any, *, approve: bool, by: User, answer: str) -> object:
        raise NotImplementedError

    @admin.action(description="批准")
    def approve(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._all(request, queryset, approve=True)

    @admin.action(description="不批准（请在“意见”里写明原因）")
    def refuse(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._all(request, queryset, approve=False)

    def _all(self, request: HttpRequest, queryset: QuerySet[Any], *, approve: bool) -> None:
        by = cast(User, request.user)
        try:
            answer = reason_of(request, longest=200)
        except Refusal as refusal:
            messages.warning(request, refusal.message)
            return
        self.each(
            request,
            queryset,
            lambda row: self.decide(row, approve=approve, by=by, answer=answer),
            "已批准" if approve else "已答复不批准",
        )


@admin.register(Postponement)
class PostponementAdmin(TwoPeopleAdmin):
    joined = ("unit", "proposed_by", "decided_by")
    list_display = ("unit", "month", "before", "day", "reason", "state", "proposed_by")
    list_filter = ("state", by_period("month"))
    shown = (
        "unit", "month", "before", "day", "reason", "state", "proposed_by", "at", "decided_by",
        "decided_at", "answer",
    )  # fmt: skip

    def decide(self, row: Any, *, approve: bool, by: User, answer: str) -> object:
        return postpone.decide_postponement(
            postponement=row, approve=approve, by=by, on=timezone.localdate(), answer=answer
        )


@admin.register(Share)
class ShareAdmin(TwoPeopleAdmin):
    joined = ("unit", "meeting__unit", "proposed_by", "consented_by", "decided_by")
    own_search = ("theme__icontains",)
    list_display = ("theme", "unit", "month", "state", "proposed_by", "decided_by")
    list_filter = ("state", by_period("month"))
    shown = (
        "unit", "meeting", "month", "theme", "text", "state", "proposed_by", "at",
        "consented_by", "consented_at", "decided_by", "decided_at", "answer",
    )  # fmt: skip

    def decide(self, row: Any, *, approve: bool, by: User, answer: str) -> object:
        return share.decide_share(
            share=row, approve=approve, by=by, on=timezone.localdate(), answer=answer
        )


@admin.register(CheckIn)
class CheckInAdmin(ScopedAdmin):
    joined = ("meeting__unit", "member")
    list_display = ("meeting", "member", "at", "channel")
    list_filter = (by_period("at"),)
    search_fields = ("meeting__unit__name",)
    shown = ("meeting", "member", "at", "channel")

    def path_of(self, obj: Any) -> str:
        return str(obj.meeting.unit.path)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.replace("\x00", "").strip()
        if not text:
            return queryset, False
        units = Unit.objects.within(*self.reach(request)).search(text)
        return queryset.filter(meeting__unit__in=units.order_by().values("pk")), False
