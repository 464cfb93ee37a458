"""换届选举, 计票, 提前延期, 批次 and 不计入应到会的情形 in the data administration."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from branches.admin_base import ScopedAdmin, scope_of
from branches.enums import Role
from core.admin import CommonAdmin
from core.admin_base import ReasonForm, by_period, reason_of
from core.errors import Refusal
from elections import permissions, services
from elections.models import Ballot, Election, ExclusionReason, Shift, Wave


@admin.register(ExclusionReason)
class ExclusionReasonAdmin(CommonAdmin):
    list_display = ("title", "code", "regulation", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("title", "code")
    search_help_text = "按情形或代码查找。"
    add_fields = ("code", "title", "regulation", "position", "is_active")


@admin.register(Election)
class ElectionAdmin(ScopedAdmin):
    joined = ("unit", "term__unit", "wave", "new_term__unit", "created_by")
    list_display = ("unit", "number", "route", "state", "planned_on", "voted_on", "confirmed_on")
    list_filter = ("state", "route", "is_late", by_period("voted_on"))
    shown = (
        "unit", "number", "route", "with_committee", "delegates", "seats", "candidates", "state",
        "term", "wave", "planned_on", "voted_on", "divided_on", "confirmed_on", "is_late",
        "new_term", "way", "created_by", "created_at",
    )  # fmt: skip
    action_form = ReasonForm
    actions = ("cancel",)

    @admin.display(description="办理过程")
    def way(self, election: Election) -> str:
        return "；".join(str(step) for step in election.steps.all())

    @admin.action(description="终止（请在“意见”里写明理由）")
    def cancel(self, request: HttpRequest, queryset: QuerySet[Election]) -> None:
        by, on = cast(User, request.user), timezone.localdate()
        self.each(
            request,
            queryset,
            lambda row: services.cancel(election=row, by=by, on=on, note=reason_of(request)),
            "已终止",
        )


@admin.register(Ballot)
class BallotAdmin(ScopedAdmin):
    joined: ClassVar[tuple[str, ...]] = ("election__unit", "by")
    unit_lookup = "election__unit"
    search_fields = ("election__unit__name",)
    list_display = (
        "election", "body", "office", "round", "day", "eligible", "present", "verdict",
    )  # fmt: skip
    list_filter = ("verdict", "body", by_period("day"))
    shown = (
        "election", "body", "office", "round", "day", "eligible", "present", "seats", "issued",
        "returned", "invalid", "verdict", "reasons", "remaining", "votes", "struck_reason", "by",
        "at",
    )  # fmt: skip

    @admin.display(description="无效的原因")
    def reasons(self, ballot: Ballot) -> str:
        return "；".join(ballot.faults)

    @admin.display(description="得票")
    def votes(self, ballot: Ballot) -> str:
        rows = ballot.lines.select_related("candidate__member")
        return "；".join(
            f"{row.candidate.member.name} 赞成 {row.yes} 不赞成 {row.no} 弃权 {row.abstain}"
            for row in rows
        )


@admin.register(Shift)
class ShiftAdmin(ScopedAdmin):
    joined = ("unit", "unit__committee", "term__unit", "proposed_by", "decided_by")
    list_display = ("unit", "kind", "due_on", "moved_to", "state", "proposed_by", "decided_by")
    list_filter = ("state", "kind", by_period("moved_to"))
    shown = (
        "unit", "term", "kind", "due_on", "moved_to", "reason", "document", "state",
        "proposed_by", "proposed_at", "decided_by", "decided_on", "answer",
    )  # fmt: skip
    action_form = ReasonForm
    actions = ("approve",)

    @admin.action(description="批准（请在“意见”里写批复文号）")
    def approve(self, request: HttpRequest, queryset: QuerySet[Shift]) -> None:
        scope = scope_of(request)

        def decide(row: Shift) -> Any:
            if not permissions.may_decide_shift(scope, row.unit):
                raise Refusal("由上级党组织审批。", code="forbidden")
            return services.decide_shift(
                shift=row, by=cast(User, request.user), on=timezone.localdate(), approve=True,
                answer=reason_of(request),
            )  # fmt: skip

        self.each(request, queryset, decide, "已批准")


@admin.register(Wave)
class WaveAdmin(ScopedAdmin):
    sees = (Role.DISTRICT_STAFF,)
    joined = ("unit", "by")
    list_display = ("name", "year", "unit", "starts_on", "party_by", "civic_by")
    list_filter = (by_period("starts_on"),)
    shown = (
        "unit", "name", "year", "starts_on", "party_by", "civic_by", "regulation", "demands",
        "bodies_count", "by", "created_at",
    )  # fmt: skip

    @admin.display(description="村（社区）数")
    def bodies_count(self, wave: Wave) -> int:
        return wave.bodies.count()
