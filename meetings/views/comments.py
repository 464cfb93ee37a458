"""审阅: a word beside a record, its answer, and taking one's own back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.htmx import go
from meetings import permissions, services
from meetings.forms.checks import CommentForm, first_fault
from meetings.models import Comment
from meetings.views.parts import DeskRequest, attempt, demand, record_of, records


def _comment_of(request: DeskRequest, uuid: UUID) -> Comment:
    """One comment beside a record that the asker may read."""
    readable = records(request).order_by().values("pk")
    rows = Comment.objects.within(*request.scope.units).filter(meeting__in=readable)
    found: Comment = get_object_or_404(rows.select_related("meeting__unit"), uuid=uuid)
    return found


def _back(request: DeskRequest, meeting_uuid: UUID) -> HttpResponse:
    """To the record, or to the review desk when that is where it was said."""
    if request.POST.get("from") == "desk":
        return go(request, f"{reverse('meetings:review_queue')}?record={meeting_uuid}")
    return go(request, f"{reverse('meetings:meeting_detail', args=[meeting_uuid])}#comments")


def _said(request: DeskRequest, verb: Callable[..., Any], done: str) -> None:
    """Say it, when there is something to be said."""
    form = CommentForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        attempt(request, lambda: verb(by=request.user, **data), done)
    else:
        messages.warning(request, first_fault(form))


@login_required
@require_POST
def add(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """审阅意见, from above."""
    meeting = record_of(request, uuid)
    demand(permissions.may_comment(request.scope, meeting.unit.path))
    _said(
        request,
        lambda **said: services.add_comment(meeting=meeting, **said),
        "审阅意见已留下，已告诉支部。",
    )
    return _back(request, uuid)


@login_required
@require_POST
def answer(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The branch's answer."""
    comment = _comment_of(request, uuid)
    demand(permissions.may_answer_comment(request.scope, comment.meeting.unit.path))
    _said(
        request,
        lambda **said: services.answer_comment(comment=comment, **said),
        "已答复。",
    )
    return _back(request, comment.meeting.uuid)


@login_required
@require_POST
def withdraw(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take one's own words back."""
    comment = _comment_of(request, uuid)
    demand(comment.by_id == request.user.pk)
    attempt(
        request,
        lambda: services.withdraw_comment(comment=comment, by=request.user),
        "已撤回。",
    )
    return _back(request, comment.meeting.uuid)
