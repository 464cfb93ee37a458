"""固定组织生活日 in the data administration: its day, programme, examples, check-ins."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from branches.admin_base import ScopedAdmin
from branches.enums import Role
from branches.models import Unit
from branches.scope import Scope
from core.admin_base import ReasonForm, by_period, reason_of
from core.errors import Refusal
from meetings import forms_admin as forms
from meetings.models import (
    CalendarFeed,
    CheckIn,
    FixedDayMove,
    Postponement,
    Programme,
    Share,
)
from meetings.services import calendar, feeds, postpone, programme, share


@admin.register(FixedDayMove)
class FixedDayMoveAdmin(ScopedAdmin):
    """The district's fixed day on another day: proposed by one, decided by another."""

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
        """The district's staff."""
        return scope.covers(path, Role.DISTRICT_STAFF)

    @admin.action(description="批准")
    def approve(self, request: HttpRequest, queryset: QuerySet[FixedDayMove]) -> None:
        """Approve those chosen."""
        self._decide(request, queryset, approve=True)

    @admin.action(description="不批准")
    def refuse(self, request: HttpRequest, queryset: QuerySet[FixedDayMove]) -> None:
        """Refuse those chosen."""
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
        """End those chosen."""
        by = cast(User, request.user)
        self.each(request, queryset, lambda row: feeds.revoke_feed(feed=row, by=by), "已停用")


@admin.register(Programme)
class ProgrammeAdmin(ScopedAdmin):
    """The month's programme: written on its page, published and recalled here too."""

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
        """Publish those chosen."""
        by, on = cast(User, request.user), timezone.localdate()
        self.each(
            request,
            queryset,
            lambda row: programme.publish(programme=row, by=by, on=on),
            "已发布",
        )

    @admin.action(description="撤回修改")
    def recall(self, request: HttpRequest, queryset: QuerySet[Programme]) -> None:
        """Take those chosen back."""
        by = cast(User, request.user)
        self.each(request, queryset, lambda row: programme.recall(programme=row, by=by), "已撤回")


class TwoPeopleAdmin(ScopedAdmin):
    """Asked for by one, decided by another, with a word beside it."""

    action_form = ReasonForm
    actions = ("approve", "refuse")

    def decide(self, row: Any, *, approve: bool, by: User, answer: str) -> object:
        """Decide on one row; Refusal when that cannot be."""
        raise NotImplementedError

    @admin.action(description="批准")
    def approve(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Approve those chosen."""
        self._all(request, queryset, approve=True)

    @admin.action(description="不批准（请在“意见”里写明原因）")
    def refuse(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Refuse those chosen."""
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
    """延期: another day for one branch or committee."""

    joined = ("unit", "proposed_by", "decided_by")
    list_display = ("unit", "month", "before", "day", "reason", "state", "proposed_by")
    list_filter = ("state", by_period("month"))
    shown = (
        "unit", "month", "before", "day", "reason", "state", "proposed_by", "at", "decided_by",
        "decided_at", "answer",
    )  # fmt: skip

    def decide(self, row: Any, *, approve: bool, by: User, answer: str) -> object:
        """Decide on one row; Refusal when that cannot be."""
        return postpone.decide_postponement(
            postponement=row, approve=approve, by=by, on=timezone.localdate(), answer=answer
        )


@admin.register(Share)
class ShareAdmin(TwoPeopleAdmin):
    """分享: records offered as examples."""

    joined = ("unit", "meeting__unit", "proposed_by", "consented_by", "decided_by")
    own_search = ("theme__icontains",)
    list_display = ("theme", "unit", "month", "state", "proposed_by", "decided_by")
    list_filter = ("state", by_period("month"))
    shown = (
        "unit", "meeting", "month", "theme", "text", "state", "proposed_by", "at",
        "consented_by", "consented_at", "decided_by", "decided_at", "answer",
    )  # fmt: skip

    def decide(self, row: Any, *, approve: bool, by: User, answer: str) -> object:
        """Decide on one row; Refusal when that cannot be."""
        return share.decide_share(
            share=row, approve=approve, by=by, on=timezone.localdate(), answer=answer
        )


@admin.register(CheckIn)
class CheckInAdmin(ScopedAdmin):
    """扫码签到: who scanned, and when."""

    joined = ("meeting__unit", "member")
    list_display = ("meeting", "member", "at", "channel")
    list_filter = (by_period("at"),)
    search_fields = ("meeting__unit__name",)
    shown = ("meeting", "member", "at", "channel")

    def path_of(self, obj: Any) -> str:
        """The path of the record's unit."""
        return str(obj.meeting.unit.path)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the record's unit: name, pinyin or initials."""
        text = search_term.replace("\x00", "").strip()
        if not text:
            return queryset, False
        units = Unit.objects.within(*self.reach(request)).search(text)
        return queryset.filter(meeting__unit__in=units.order_by().values("pk")), False
