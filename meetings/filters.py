"""How records are looked up: one filterset for the page, its export and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef

from branches.models import Unit
from meetings.enums import KIND_SLUGS, STATUS_SLUGS, Kind, Status
from meetings.ground import rulebook
from meetings.lateness import filed_late
from meetings.models import Comment, Meeting
from meetings.querysets import MeetingQuerySet

_KINDS = {slug: kind for kind, slug in KIND_SLUGS.items()}
_STATUS = {slug: status for status, slug in STATUS_SLUGS.items()}


class MeetingFilter(django_filters.FilterSet):
    """``unit`` is a code and means the whole subtree; ``late`` leaves only 补录."""

    q = django_filters.CharFilter(
        label="关键字",
        method="by_text",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "主题或组织名称"}),
    )
    kind = django_filters.ChoiceFilter(
        label="类别",
        choices=[(slug, Kind(kind).label) for slug, kind in _KINDS.items()],
        method="by_kind",
        empty_label="全部类别",
    )
    status = django_filters.ChoiceFilter(
        label="状态",
        choices=[(slug, Status(status).label) for slug, status in _STATUS.items()],
        method="by_status",
        empty_label="全部状态",
    )
    held_from = django_filters.DateFilter(
        label="召开日期从", field_name="held_on", lookup_expr="gte", widget=forms.DateInput
    )
    held_to = django_filters.DateFilter(
        label="到", field_name="held_on", lookup_expr="lte", widget=forms.DateInput
    )
    late = django_filters.BooleanFilter(
        label="只看补录", method="by_late", widget=forms.CheckboxInput
    )
    commented = django_filters.BooleanFilter(
        label="有审阅意见", method="by_commented", widget=forms.CheckboxInput
    )
    unit = django_filters.CharFilter(
        label="党组织代码", method="by_unit", widget=forms.HiddenInput, max_length=40
    )

    class Meta:
        model = Meeting
        fields: list[str] = []

    def by_text(self, rows: MeetingQuerySet, name: str, value: str) -> MeetingQuerySet:
        """Topic, place, or the unit's name, pinyin or initials."""
        return rows.search(value.replace("\x00", "").strip()[:60])

    def by_kind(self, rows: MeetingQuerySet, name: str, value: str) -> MeetingQuerySet:
        """Records that name the kind, alone or with others."""
        return rows.of_kind(_KINDS[value])

    def by_status(self, rows: MeetingQuerySet, name: str, value: str) -> MeetingQuerySet:
        """By the status' slug."""
        return rows.filter(status=_STATUS[value])

    def by_late(self, rows: MeetingQuerySet, name: str, value: Any) -> MeetingQuerySet:
        """补录: first submitted more than the allowed days after the meeting."""
        if not value:
            return rows
        return rows.filter(filed_late(rulebook()))

    def by_commented(self, rows: MeetingQuerySet, name: str, value: Any) -> MeetingQuerySet:
        """Records beside which somebody above has said something that still stands."""
        if not value:
            return rows
        said = Comment.unscoped.filter(
            meeting=OuterRef("pk"), answers=None, withdrawn_at__isnull=True
        )
        return rows.filter(Exists(said))

    def by_unit(self, rows: MeetingQuerySet, name: str, value: str) -> MeetingQuerySet:
        """The unit with this code and all below; scope was applied before, and stays."""
        code = value.replace("\x00", "").strip()
        path = Unit.unscoped.filter(code=code).values_list("path", flat=True).first()
        return rows.filter(unit__path__startswith=path) if path else rows.none()
