"""组织生活会, 民主评议, 谈心谈话 in the data administration."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from branches.admin_base import ScopedAdmin
from core.admin_base import by_period
from meetings.admin.parts import ShownInline
from meetings.models import (
    Appraisal,
    AppraisalStep,
    LifeProblem,
    LifeReview,
    LifeStep,
    Talk,
)


class LifeProblemInline(ShownInline):
    """Problems to be mended."""

    model = LifeProblem
    fields = ("text", "source", "measure", "owner", "due_on", "done_on", "result")


class LifeStepInline(ShownInline):
    """How the 组织生活会 went on."""

    model = LifeStep
    fields = ("before", "after", "reason", "by", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LifeStep]:
        """With the names of those who did it."""
        return super().get_queryset(request).select_related("by")


class AppraisalStepInline(ShownInline):
    """How the 民主评议 went on."""

    model = AppraisalStep
    fields = ("before", "after", "reason", "by", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppraisalStep]:
        """With the names of those who did it."""
        return super().get_queryset(request).select_related("by")


@admin.register(LifeReview)
class LifeReviewAdmin(ScopedAdmin):
    """组织生活会: where each branch's stands."""

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
