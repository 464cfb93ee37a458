"""通知 and 回执 for other systems."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from branches.feeds import ChangedFilters, ScopedFeed, Slug
from core.feeds import Row
from portal.enums import STATE_SLUGS, State
from portal.models import Circular, Receipt

# The schema's name for this list of choices (config/settings/rest.py).
CIRCULAR_STATES = [(slug, str(state.label)) for state, slug in STATE_SLUGS.items()]


class CircularRow(Row):
    """通知."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="下发单位的党组织代码。")
    title = serializers.CharField(help_text="标题。")
    text = serializers.CharField(help_text="正文。")
    needs_sign = serializers.BooleanField(help_text="是否要求签收。")
    sign_by = serializers.DateField(allow_null=True, help_text="办理期限。")
    state = Slug(STATE_SLUGS)
    issued_at = serializers.DateTimeField(help_text="下发时间。")
    reason = serializers.CharField(help_text="撤回理由。")
    updated_at = serializers.DateTimeField()


@extend_schema_view(
    get=extend_schema(
        summary="通知列表",
        description="本范围内的单位下发的通知；草稿不在此列。",
        tags=["通知"],
        operation_id="circulars_list",
    )
)
class CircularFeed(ScopedFeed):
    """What was issued, taken back or not."""

    model = Circular
    serializer_class = CircularRow

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first; drafts are their writers'."""
        return super().get_queryset().exclude(state=State.DRAFT)


class ReceiptRow(Row):
    """回执."""

    uuid = serializers.UUIDField()
    circular = serializers.UUIDField(source="circular.uuid", help_text="通知。")
    title = serializers.CharField(source="circular.title", help_text="通知的标题。")
    unit = serializers.CharField(source="unit.code", help_text="收到通知的党组织代码。")
    read_at = serializers.DateTimeField(allow_null=True, help_text="阅知时间。")
    signed_at = serializers.DateTimeField(allow_null=True, help_text="签收时间。")
    updated_at = serializers.DateTimeField()


class ReceiptFilters(ChangedFilters):
    """With the 通知 it answers."""

    circular = django_filters.UUIDFilter("circular__uuid", label="通知")


@extend_schema_view(
    get=extend_schema(
        summary="通知回执列表",
        description="每个收到通知的党组织一行：有没有阅知、签收。撤回的通知不在此列。",
        tags=["通知"],
        operation_id="notice_receipts_list",
    )
)
class ReceiptFeed(ScopedFeed):
    """Receipts of what stands."""

    model = Receipt
    serializer_class = ReceiptRow
    filterset_class = ReceiptFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first."""
        rows: Any = super().get_queryset()
        found: QuerySet[Any] = rows.live()
        return found
