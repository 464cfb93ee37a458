"""The committee's desk: what was submitted, beside what was due; one key decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from branches.permissions import STAFF
from core.errors import Refusal
from core.htmx import go, is_fragment, page
from meetings import permissions, services
from meetings.entries import BulkOutcome
from meetings.forms.record import ReasonForm
from meetings.models import Meeting
from meetings.querysets import MeetingQuerySet
from meetings.views.parts import DeskRequest, demand, record_of
from meetings.views.records import facts, lines

SIZE = 50


def _queue(request: DeskRequest) -> MeetingQuerySet:
    """Submitted records that the asker may decide on, the oldest first."""
    found: MeetingQuerySet = (
        Meeting.objects.within(*request.scope.units_as(*STAFF)).waiting().for_list()
    )
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _desk(request: DeskRequest, *, wanted: UUID | None, at: int = 0) -> dict[str, Any]:
    """The queue and the record that is open in it; ``at`` is its place when it is gone."""
    rows = list(_queue(request)[: SIZE + 1])
    shown = rows[:SIZE]
    places = [index for index, row in enumerate(shown) if row.uuid == wanted]
    place = places[0] if places else min(at, len(shown) - 1)
    current = shown[place] if shown else None
    context: dict[str, Any] = {
        "queue": [one | {"current": one["meeting"] is current} for one in lines(shown)],
        "more": len(rows) > SIZE,
        "current": current,
        "nth": place,
        "before": shown[place - 1].uuid if current and place > 0 else "",
        "after": shown[place + 1].uuid if current and place + 1 < len(shown) else "",
        "chosen": wanted is not None,
    }
    if current is not None:
        context["record"] = facts(request, record_of(request, current.uuid))
    return context


@login_required
@require_GET
def queue(request: DeskRequest) -> HttpResponse:
    """The desk; ``?record=`` opens one of the queue."""
    demand(request.scope.is_staff)
    context = _desk(request, wanted=_uuid(request.GET.get("record", "")))
    return page(
        request, "meetings/review_queue.html", context, fragment="meetings/_review_desk.html"
    )


def _next(request: DeskRequest, place: str) -> HttpResponse:
    """After a decision: the record that now stands in its place."""
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 0
    if not is_fragment(request):
        return go(request, "meetings:review_queue")
    context = _desk(request, wanted=None, at=at) | {"chosen": True}
    return page(
        request, "meetings/review_queue.html", context, fragment="meetings/_review_desk.html"
    )


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    form.is_valid()
    return str(form.cleaned_data.get("reason", ""))


@login_required
@require_POST
def decide(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Accept or return one record, then show the next."""
    meeting = record_of(request, uuid)
    demand(permissions.may_review(request.scope, meeting.unit.path))
    try:
        if verb == "accept":
            services.accept(meeting=meeting, by=request.user)
            messages.success(request, f"已通过：{meeting}")
        else:
            services.return_(meeting=meeting, by=request.user, reason=_reason(request))
            messages.success(request, f"已退回：{meeting}")
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    if request.POST.get("from") == "record":
        return go(request, "meetings:meeting_detail", uuid)
    return _next(request, request.POST.get("nth", ""))


@login_required
@require_POST
def decide_many(request: DeskRequest, verb: str) -> HttpResponse:
    """Accept or return all that are ticked; what could not be is named."""
    demand(request.scope.is_staff)
    uuids = [found for text in request.POST.getlist("pk")[:500] if (found := _uuid(text))]
    try:
        outcome = _many(request, uuids, verb)
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return _next(request, "0")
    word = "通过" if verb == "accept" else "退回"
    if outcome.done:
        messages.success(request, f"已{word} {outcome.done} 条。")
    elif not outcome.refused:
        messages.info(request, "请先勾选要办理的记录。")
    for sentence in outcome.refused[:5]:
        messages.warning(request, sentence)
    return _next(request, "0")


def _many(request: DeskRequest, uuids: Sequence[UUID], verb: str) -> BulkOutcome:
    mine = Meeting.objects.within(*request.scope.units_as(*STAFF))
    if verb == "accept":
        return services.accept_many(records=mine, uuids=uuids, by=request.user)
    return services.return_many(records=mine, uuids=uuids, by=request.user, reason=_reason(request))
