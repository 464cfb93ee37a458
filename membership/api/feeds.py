"""Cases and transfers for other systems: stages and days for all, names for who may know them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import CharField, F, Q, QuerySet, Value
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from branches.clients import ClientUser
from branches.enums import ClientScope
from branches.feeds import ChangedFilters, ScopedFeed, Slug, caller_scope, unit_in_scope
from core.feeds import Row
from membership.enums import STAGE_SLUGS, TRANSFER_SLUGS, EndReason, Stage, TransferState, Way
from membership.models import Candidate, Transfer
from membership.permissions import SEE_NAMES

STAGES = [(slug, str(stage.label)) for stage, slug in STAGE_SLUGS.items()]
STATES = [(slug, str(state.label)) for state, slug in TRANSFER_SLUGS.items()]
_NAME_HELP = "姓名；没有“读取党员”权限（members）的为 null。"


def knows_names(request: Request) -> bool:
    """A client with the scope for people; a person all of whose roles work with them."""
    if isinstance(request.user, ClientUser):
        return ClientScope.MEMBERS in request.user.scopes
    roles = caller_scope(request).roles
    return bool(roles) and roles <= set(SEE_NAMES)


class NamedFeed(ScopedFeed):
    """Rows with names for who may know them, without for all others."""

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first."""
        shown = F("name") if knows_names(self.request) else Value(None, output_field=CharField())
        rows: QuerySet[Any] = super().get_queryset().annotate(shown_name=shown)
        return rows


class AdmissionRow(Row):
    """发展党员档案."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    name = serializers.CharField(source="shown_name", allow_null=True, help_text=_NAME_HELP)
    rules = serializers.CharField(source="rules.code", help_text="适用的规定版本。")
    stage = Slug(STAGE_SLUGS)
    applied_on = serializers.DateField(help_text="递交申请书日期。")
    accepted_on = serializers.DateField(allow_null=True, help_text="支部大会通过日期。")
    probation_ends = serializers.DateField(allow_null=True, help_text="预备期满日期。")
    extended_months = serializers.IntegerField(help_text="延长预备期的月数；0 为没有延长。")
    confirmed_on = serializers.DateField(allow_null=True, help_text="转正日期。")
    ended_on = serializers.DateField(allow_null=True, help_text="终止日期。")
    end_reason = serializers.ChoiceField([("", "无"), *EndReason.choices], help_text="终止原因。")
    updated_at = serializers.DateTimeField()


class AdmissionFilters(ChangedFilters):
    """Filters of cases."""

    stage = django_filters.MultipleChoiceFilter(choices=STAGES, method="in_stages", label="阶段")

    def in_stages(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Rows in one of the stages."""
        numbers = [int(Stage[slug.upper()]) for slug in value]
        return queryset.filter(stage__in=numbers) if numbers else queryset


@extend_schema_view(
    get=extend_schema(
        summary="发展党员列表",
        description="各支部正在发展和已经办结的档案：阶段和日期。姓名只给有“读取党员”权限的凭据。",
        tags=["党员"],
        operation_id="admissions_list",
    )
)
class AdmissionFeed(NamedFeed):
    """Cases."""

    model = Candidate
    serializer_class = AdmissionRow
    filterset_class = AdmissionFilters


class TransferRow(Row):
    """组织关系转接."""

    uuid = serializers.UUIDField()
    way = serializers.ChoiceField(Way.choices, help_text="方向。")
    state = Slug(TRANSFER_SLUGS)
    name = serializers.CharField(source="shown_name", allow_null=True, help_text=_NAME_HELP)
    from_unit = serializers.CharField(
        source="from_unit.code", allow_null=True, help_text="转出支部代码；从区外来的为 null。"
    )
    to_unit = serializers.CharField(
        source="to_unit.code", allow_null=True, help_text="接收支部代码；转到区外的为 null。"
    )
    asked_on = serializers.DateField(help_text="提出日期。")
    effective_on = serializers.DateField(allow_null=True, help_text="生效日期。")
    letter_number = serializers.CharField(help_text="介绍信编号，可为空。")
    letter_on = serializers.DateField(allow_null=True, help_text="介绍信开具日期。")
    expires_on = serializers.DateField(allow_null=True, help_text="介绍信有效期至。")
    receipt_on = serializers.DateField(allow_null=True, help_text="回执日期。")
    updated_at = serializers.DateTimeField()


class TransferFilters(ChangedFilters):
    """Filters of transfers; ``unit`` and ``under`` look at both sides."""

    way = django_filters.MultipleChoiceFilter(choices=Way.choices, label="方向")
    state = django_filters.MultipleChoiceFilter(choices=STATES, method="in_states", label="状态")

    def of_unit(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """From or to this one."""
        unit = unit_in_scope(self.request, value, field=name)
        return queryset.filter(Q(from_unit=unit) | Q(to_unit=unit))

    def of_subtree(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """From or to a branch below this one."""
        path = unit_in_scope(self.request, value, field=name).path
        return queryset.filter(
            Q(from_unit__path__startswith=path) | Q(to_unit__path__startswith=path)
        )

    def in_states(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Rows in one of the states."""
        numbers = [int(TransferState[slug.upper()]) for slug in value]
        return queryset.filter(state__in=numbers) if numbers else queryset


@extend_schema_view(
    get=extend_schema(
        summary="组织关系转接列表",
        description="范围内的支部转出、转入的记录。区外党组织名称不提供。",
        tags=["党员"],
        operation_id="transfers_list",
    )
)
class TransferFeed(NamedFeed):
    """Transfers."""

    model = Transfer
    serializer_class = TransferRow
    filterset_class = TransferFilters
