"""Records of meetings in the API: the feed, one with all its rows, writing, filing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

import django_filters
import pghistory
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
)
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from branches.clients import ClientUser, caller, form_key, own_form_keys
from branches.enums import Role
from branches.feeds import ChangedFilters, ScopedFeed, caller_scope
from branches.permissions import WRITERS
from core.errors import Refusal
from core.feeds import refuse_unknown
from core.idempotency import fingerprint, once
from meetings import services
from meetings.api.shapes import MeetingBody, MeetingFull, MeetingPatch, MeetingRow, shown
from meetings.api.writing import changed, created
from meetings.enums import KIND_SLUGS, STATUS_SLUGS, Status
from meetings.models import Meeting
from meetings.permissions import may_edit, may_record

_UUID = OpenApiParameter("uuid", UUID, "path", description="会议记录标识。")
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    "header",
    required=True,
    description="每次新写入用一个新的 UUID。同键同内容得到第一次的应答"
    "（Idempotency-Replayed: true），同键不同内容为 422，同键请求正在处理为 409。",
)
_KINDS = {slug: kind for kind, slug in KIND_SLUGS.items()}
_STATUSES = {slug: state for state, slug in STATUS_SLUGS.items()}


def in_reach(request: Request) -> QuerySet[Meeting]:
    """Records the caller may see; drafts only those who may write in them."""
    scope = caller_scope(request)
    if isinstance(request.user, ClientUser):
        drafts = Q(form_key__range=own_form_keys(caller(request)))
    else:
        drafts = Q(pk__in=[])
        for unit in scope.units_as(*WRITERS, Role.GROUP_LEADER):
            drafts |= Q(unit__path__startswith=unit.path)
    return Meeting.objects.within(*scope.units).filter(~Q(status=Status.DRAFT) | drafts)


class MeetingFilters(ChangedFilters):
    """Filters of records."""

    kind = django_filters.MultipleChoiceFilter(
        choices=[(slug, kind.label) for slug, kind in _KINDS.items()],
        method="of_kinds",
        label="会议类别，可重复：含其中任何一种的记录",
    )
    status = django_filters.MultipleChoiceFilter(
        choices=[(slug, state.label) for slug, state in _STATUSES.items()],
        method="of_status",
        label="状态，可重复",
    )
    held_from = django_filters.DateFilter("held_on", "gte", label="召开日期不早于")
    held_to = django_filters.DateFilter("held_on", "lte", label="召开日期不晚于")

    def of_kinds(self, queryset: Any, name: str, value: list[str]) -> QuerySet[Any]:
        """Naming at least one of the kinds."""
        mask = sum(_KINDS[slug] for slug in set(value))
        found: QuerySet[Any] = queryset.of_kind(mask) if mask else queryset
        return found

    def of_status(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """In one of the states."""
        wanted = [_STATUSES[slug] for slug in value]
        return queryset.filter(status__in=wanted) if wanted else queryset


class MeetingFeed(ScopedFeed):
    """Records in scope, and new ones."""

    model = Meeting
    serializer_class = MeetingRow
    filterset_class = MeetingFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Scope first."""
        return in_reach(self.request)

    @extend_schema(
        summary="会议记录列表",
        description="按更新时间排列。计入考核的是 submitted（待审核）和 accepted（已通过）；"
        "草稿只有写入者自己看得到。出席、表决与附件见单条记录。",
        tags=["会议"],
        operation_id="meetings_list",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="写入一条会议记录",
        description="需要“写入会议记录”的权限（write）。默认写入后随即提交；draft 为 true 时"
        "只存草稿，之后可用 PATCH 修改，再提交。应到和实到由出席情况计算。",
        tags=["会议"],
        operation_id="meetings_create",
        filters=False,
        parameters=[_KEY],
        request=MeetingBody,
        responses={201: MeetingFull},
        examples=[
            OpenApiExample(
                "一次党小组会",
                request_only=True,
                value={
                    "unit": "620102001001001001",
                    "kinds": ["group"],
                    "held_on": "2026-07-08",
                    "topic": "学习党章第一章",
                    "attendance": [
                        {"member": "7f0c8a52-6d0e-4a39-8c56-0d5a6f7e9b11", "present": True},
                        {
                            "member": "c1f2f7de-41b4-4b53-9f5c-58f3c1e2a7d4",
                            "present": False,
                            "reason": "sick",
                        },
                    ],
                },
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """201, and the same answer again for the same key."""
        refuse_unknown(request, set())
        key = request.headers.get("Idempotency-Key", "")
        who = caller(request)
        body = MeetingBody(data=request.data)
        body.is_valid(raise_exception=True)

        def work() -> tuple[int, Any]:
            with _history(request):
                meeting = created(
                    scope=caller_scope(request),
                    by=_person(request),
                    form_key=form_key(who, key),
                    body=body.validated_data,
                )
            return status.HTTP_201_CREATED, _full(request, meeting.uuid)

        mark = fingerprint("POST", request.path, request.data)
        answer = once(client=who, key=key, mark=mark, work=work)
        response = Response(answer.body, status=answer.status)
        response["Location"] = request.build_absolute_uri(f"{request.path}{answer.body['uuid']}/")
        if answer.replayed:
            response["Idempotency-Replayed"] = "true"
        return response


class MeetingDetail(GenericAPIView[Any]):
    """One record with attendance, votes, files and steps."""

    serializer_class = MeetingFull
    pagination_class = None
    filterset_class: ClassVar[None] = None

    @extend_schema(
        summary="一条会议记录",
        description="attendance 只给有“读取党员”权限的凭据，否则为 null。",
        tags=["会议"],
        operation_id="meetings_read",
        parameters=[_UUID],
        filters=False,
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """404 for what is not there and for what is not the caller's."""
        refuse_unknown(request, set())
        return Response(_full(request, uuid))

    @extend_schema(
        summary="修改自己写入的草稿或被退回的记录",
        description="只列要改的字段；attendance 和 votes 一旦列出即整体替换。"
        "带上读到的 revision，可防止覆盖别人刚作的修改（409）。",
        tags=["会议"],
        operation_id="meetings_update",
        parameters=[_UUID],
        request=MeetingPatch,
        responses=MeetingFull,
        filters=False,
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        """Write in one's own record."""
        refuse_unknown(request, set())
        body = MeetingPatch(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        meeting = _own(request, uuid)
        if not may_edit(caller_scope(request), meeting.unit.path, meeting.status):
            raise Refusal(
                f"记录现在是“{Status(meeting.status).label}”，只有草稿和被退回的记录可以修改。",
                code="conflict",
            )
        with _history(request):
            changed(meeting=meeting, by=_person(request), body=body.validated_data)
        return Response(_full(request, uuid))


class MeetingSubmit(GenericAPIView[Any]):
    """Filing a draft or a corrected record."""

    serializer_class = MeetingFull
    pagination_class = None
    filterset_class: ClassVar[None] = None

    @extend_schema(
        summary="提交一条自己写入的记录",
        description="没有请求体。重复提交没有影响。首次提交的日期由系统记下，此后不变。",
        tags=["会议"],
        operation_id="meetings_submit",
        parameters=[_UUID],
        request=None,
        responses=MeetingFull,
        filters=False,
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """The record as it is afterwards."""
        refuse_unknown(request, set())
        meeting = _own(request, uuid)
        with _history(request):
            services.submit(meeting=meeting, by=_person(request), on=timezone.localdate())
        return Response(_full(request, uuid))


def _own(request: Request, uuid: UUID) -> Meeting:
    """A record the caller sees and may write in.

    Raises:
        Http404: it is not there, or not in reach.
        Refusal: it is in reach, but somebody else's work.
    """
    meeting: Meeting = get_object_or_404(in_reach(request).select_related("unit"), uuid=uuid)
    if isinstance(request.user, ClientUser):
        low, high = own_form_keys(caller(request))
        mine = meeting.form_key is not None and low <= meeting.form_key <= high
    else:
        mine = may_record(caller_scope(request), meeting.unit.path)
    if not mine:
        raise Refusal("只能修改和提交自己写入的记录。", code="forbidden")
    return meeting


def _full(request: Request, uuid: UUID) -> dict[str, Any]:
    return shown(
        get_object_or_404(in_reach(request).select_related("unit"), uuid=uuid),
        people=_sees_people(request),
    )


def _sees_people(request: Request) -> Callable[[str], bool]:
    """Whether the attendance of a unit at a path is shown by name."""
    user: Any = request.user
    if isinstance(user, ClientUser):
        return lambda path: "members" in user.scopes
    scope = caller_scope(request)
    return lambda path: scope.covers(path, *WRITERS, Role.GROUP_LEADER)


def _person(request: Request) -> User | None:
    """Whose work it is; a client is nobody of ours."""
    return request.user if isinstance(request.user, User) else None


def _history(request: Request) -> Any:
    """Note beside every change through which credential it came."""
    return pghistory.context(caller=caller(request))
