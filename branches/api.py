"""The API's resources of the tree, its terms, exemptions and people."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from branches.clients import ClientUser
from branches.enums import (
    ClientScope,
    DutyKind,
    ExemptionState,
    Field,
    MemberKind,
    MemberState,
    PostKind,
    Role,
    Sex,
    UnitKind,
)
from branches.feeds import ChangedFilters, ScopedFeed, ScopedFilters, caller_scope, unit_in_scope
from branches.models import CommitteeTerm, Exemption, Member, Post, Unit
from branches.permissions import WRITERS
from core.api import SinceFilter
from core.codes import mask_phone
from core.crypto import Tampered
from core.feeds import Row, refuse_unknown
from core.sealed import opened_value

# --- Organisations ---------------------------------------------------------------------------


class UnitRow(Row):
    """党组织: one node of the tree."""

    uuid = serializers.UUIDField()
    code = serializers.CharField(help_text="党组织代码，全库唯一，其他资源都用它指代党组织。")
    name = serializers.CharField(help_text="全称。")
    short_name = serializers.CharField(help_text="简称，可为空。")
    kind = serializers.ChoiceField(UnitKind.choices, help_text="党组织类别。")
    field = serializers.ChoiceField(Field.choices, help_text="领域。")
    # The name of the column, and of a property of the base that no row uses.
    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent.code", allow_null=True, help_text="上级党组织代码；区委为 null。"
    )
    committee = serializers.CharField(
        source="committee.code",
        allow_null=True,
        help_text="所属党（工）委代码：区委直接下级中的那一个（本身即是时为自己）。",
    )
    district = serializers.CharField(
        source="district.code", allow_null=True, help_text="所属区委代码。"
    )
    depth = serializers.IntegerField(help_text="层级，区委为 1。")
    founded_on = serializers.DateField(allow_null=True, help_text="成立日期；null 视为久已成立。")
    dissolved_on = serializers.DateField(allow_null=True, help_text="撤销日期；null 为存续。")
    territory = serializers.CharField(help_text="属地关系。")
    credit_code = serializers.CharField(help_text="统一社会信用代码。")
    updated_at = serializers.DateTimeField()


class UnitFilters(django_filters.FilterSet):
    """Filters of organisations."""

    kind = django_filters.MultipleChoiceFilter(choices=UnitKind.choices, label="类别，可重复")
    field = django_filters.MultipleChoiceFilter(choices=Field.choices, label="领域，可重复")
    under = django_filters.CharFilter(
        method="of_subtree", max_length=40, label="党组织代码：取它及其全部下级"
    )
    parent = django_filters.CharFilter(
        method="of_parent", max_length=40, label="党组织代码：只取它的直接下级"
    )
    standing_on = django_filters.DateFilter(method="on_day", label="只取该日存续的党组织")
    updated_since = SinceFilter()

    def of_subtree(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The unit and everything below it."""
        unit = unit_in_scope(self.request, value, field=name)
        return queryset.filter(path__startswith=unit.path)

    def of_parent(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Directly below."""
        return queryset.filter(parent=unit_in_scope(self.request, value, field=name))

    def on_day(self, queryset: Any, name: str, value: Any) -> QuerySet[Any]:
        """Founded by then, not dissolved before."""
        standing: QuerySet[Any] = queryset.standing(on=value)
        return standing


@extend_schema_view(
    get=extend_schema(
        summary="党组织列表",
        description="授权范围内的全部党组织，党小组也在其中（kind=group，上级为所在支部）。",
        tags=["党组织"],
        operation_id="units_list",
    )
)
class UnitFeed(ScopedFeed):
    """All units in scope."""

    model = Unit
    serializer_class = UnitRow
    filterset_class = UnitFilters


class UnitDetail(GenericAPIView[Any]):
    """One unit by its code."""

    serializer_class = UnitRow
    pagination_class = None

    @extend_schema(
        summary="一个党组织",
        tags=["党组织"],
        operation_id="units_read",
        parameters=[OpenApiParameter("code", str, "path", description="党组织代码。")],
        filters=False,
    )
    def get(self, request: Request, code: str) -> Response:
        """404 for what is not there and for what is not the caller's."""
        refuse_unknown(request, set())
        row = UnitRow()
        lookups = [lookup for _, lookup, _ in row.shaped()]
        units = Unit.objects.within(*caller_scope(request).units).values(*lookups)
        return Response(row.to_representation(get_object_or_404(units, code=code)))


# --- Terms and exemptions --------------------------------------------------------------------


class TermRow(Row):
    """届次."""

    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    number = serializers.IntegerField(help_text="第几届。")
    with_committee = serializers.BooleanField(
        help_text="是否设支部委员会；started_on 至 ended_on（含两端，ended_on 为 null 即至今）"
        "之间负有支委会的职责。"
    )
    started_on = serializers.DateField(help_text="当选日期。")
    due_on = serializers.DateField(help_text="届满日期；届满本身不结束任何一届。")
    ended_on = serializers.DateField(allow_null=True, help_text="实际结束日期（最后一天）。")
    seats = serializers.IntegerField(help_text="委员名额。")
    updated_at = serializers.DateTimeField()


@extend_schema_view(
    get=extend_schema(summary="届次列表", tags=["党组织"], operation_id="committee_terms_list")
)
class TermFeed(ScopedFeed):
    """Terms of leading bodies."""

    model = CommitteeTerm
    serializer_class = TermRow


class ExemptionRow(Row):
    """豁免."""

    uuid = serializers.UUIDField()
    unit = serializers.CharField(source="unit.code", help_text="党组织代码（支部或党小组）。")
    kind = serializers.ChoiceField(
        [("", "全部职责"), *DutyKind.choices], help_text="豁免的职责；空文本表示全部职责。"
    )
    since = serializers.DateField(help_text="起始日期（含）。")
    until = serializers.DateField(help_text="截止日期（含）。")
    reason = serializers.CharField()
    state = serializers.ChoiceField(
        ExemptionState.choices, help_text="只有 approved 且职责的截止日在起止之间时才免除职责。"
    )
    updated_at = serializers.DateTimeField()


class ExemptionFilters(ChangedFilters):
    """Filters of exemptions."""

    state = django_filters.MultipleChoiceFilter(choices=ExemptionState.choices, label="状态")
    kind = django_filters.MultipleChoiceFilter(choices=DutyKind.choices, label="职责")


@extend_schema_view(
    get=extend_schema(summary="豁免列表", tags=["党组织"], operation_id="exemptions_list")
)
class ExemptionFeed(ScopedFeed):
    """Exemptions, asked for and decided."""

    model = Exemption
    serializer_class = ExemptionRow
    filterset_class = ExemptionFilters


# --- People ----------------------------------------------------------------------------------


class MemberRow(Row):
    """党员: never a number, the phone masked."""

    uuid = serializers.UUIDField(help_text="写入会议记录时用它指代党员。")
    unit = serializers.CharField(source="unit.code", help_text="所在党支部代码。")
    group = serializers.CharField(
        source="group.code", allow_null=True, help_text="所在党小组代码。"
    )
    name = serializers.CharField()
    sex = serializers.ChoiceField(Sex.choices)
    kind = serializers.ChoiceField(MemberKind.choices, help_text="人员类别。")
    state = serializers.ChoiceField(MemberState.choices, help_text="党籍状态。")
    is_floating = serializers.BooleanField(help_text="流动党员。")
    is_lost = serializers.BooleanField(help_text="失联党员。")
    joined_on = serializers.DateField(allow_null=True, help_text="入党日期。")
    confirmed_on = serializers.DateField(allow_null=True, help_text="转正日期。")
    arrived_on = serializers.DateField(allow_null=True, help_text="转入日期。")
    left_on = serializers.DateField(allow_null=True, help_text="离开日期。")
    phone = serializers.CharField(help_text="手机号码，中间四位以星号代替；接口从不给出全号。")
    updated_at = serializers.DateTimeField()

    def rows(self, rows: Any) -> list[dict[str, Any]]:
        """The envelope opens with the row's uuid, then the number is masked."""
        shaped = super().rows(rows)
        for row in shaped:
            row["phone"] = _masked(row["uuid"], row["phone"])
        return shaped


def _masked(uuid: Any, envelope: bytes | None) -> str:
    try:
        number = opened_value(Member.sealed_field("phone"), uuid, envelope)
    except Tampered:
        return ""
    return mask_phone(number) if number else ""


def people_in_reach(request: Request) -> QuerySet[Member]:
    """Members whom the caller may see: all of a client's subtree, what a person works with."""
    scope = caller_scope(request)
    if isinstance(request.user, ClientUser):
        return Member.objects.within(*scope.units)
    groups = Q()
    for unit in scope.units_as(Role.GROUP_LEADER):
        groups |= Q(group__path__startswith=unit.path) | Q(unit__path__startswith=unit.path)
    branch = Member.objects.within(*scope.units_as(*WRITERS))
    if not groups:
        return branch
    return branch | Member.objects.everywhere("a group leader sees his group").filter(groups)


class MemberFilters(ScopedFilters):
    """Filters of people."""

    kind = django_filters.MultipleChoiceFilter(choices=MemberKind.choices, label="人员类别")
    state = django_filters.MultipleChoiceFilter(choices=MemberState.choices, label="党籍状态")
    group = django_filters.CharFilter(
        method="of_group", max_length=40, label="党小组代码：只取这个党小组的党员"
    )
    updated_since = SinceFilter()

    def of_group(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Members of one group."""
        return queryset.filter(group=unit_in_scope(self.request, value, field=name))


@extend_schema_view(
    get=extend_schema(
        summary="党员列表",
        description="需要“读取党员”的权限（members）。不含公民身份号码，手机号码遮盖。",
        tags=["党员"],
        operation_id="members_list",
    )
)
class MemberFeed(ScopedFeed):
    """People in scope."""

    client_scope = ClientScope.MEMBERS
    model = Member
    serializer_class = MemberRow
    filterset_class = MemberFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first."""
        return people_in_reach(self.request)


class PostRow(Row):
    """职务."""

    unit = serializers.CharField(source="unit.code", help_text="党组织代码。")
    member = serializers.UUIDField(source="member.uuid", help_text="党员标识。")
    name = serializers.CharField(source="member.name", help_text="姓名。")
    kind = serializers.ChoiceField(PostKind.choices, help_text="职务。")
    since = serializers.DateField(help_text="任职日期。")
    until = serializers.DateField(allow_null=True, help_text="在任的最后一天；null 为现任。")


@extend_schema_view(
    get=extend_schema(
        summary="党内职务列表",
        description="需要“读取党员”的权限（members）。",
        tags=["党员"],
        operation_id="posts_list",
    )
)
class PostFeed(ScopedFeed):
    """Posts held in scope."""

    client_scope = ClientScope.MEMBERS
    model = Post
    serializer_class = PostRow
    filterset_class = ScopedFilters
    cursor_fields = ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first; people only for those who work with them."""
        scope = caller_scope(self.request)
        if isinstance(self.request.user, ClientUser):
            return Post.objects.within(*scope.units)
        return Post.objects.within(*scope.units_as(*WRITERS, Role.GROUP_LEADER))
