"""日程订阅: made and taken back on the calendar page, read by phones without signing in."""

from __future__ import annotations

import hashlib
from uuid import UUID

import segno
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from branches.models import Unit
from core.errors import Refusal
from core.htmx import go, page
from meetings import permissions
from meetings.models import CalendarFeed
from meetings.schedule_file import schedule_of
from meetings.services import feeds
from meetings.views.parts import DeskRequest, attempt, demand, is_key

# Phones of one office come from one address, and ask once or twice a day each.
_RATE = "120/m/ip"
_MAX_AGE = 900


@login_required
@require_POST
def create(request: DeskRequest) -> HttpResponse:
    """Make an address and show it, this once, with a code for the phone's camera."""
    units = Unit.objects.within(*request.scope.units_as(*permissions.SUBSCRIBERS))
    text = request.POST.get("unit", "")
    unit = get_object_or_404(units, pk=int(text) if is_key(text) else 0)
    try:
        opened = feeds.open_feed(unit=unit, by=request.user)
    except Refusal as refusal:
        return attempt_refused(request, refusal)
    address = settings.PUBLIC_URL + reverse("meetings:calendar_feed", args=[opened.token])
    webcal = "webcal" + address[address.index("://") :]
    code = segno.make(webcal, error="m").svg_data_uri(scale=6, border=4)
    context = {"unit": unit, "address": address, "webcal": webcal, "code": code}
    return page(request, "meetings/feed_opened.html", context)


def attempt_refused(request: DeskRequest, refusal: Refusal) -> HttpResponse:
    """Back to the calendar with the reason."""

    def refuse() -> None:
        raise refusal

    attempt(request, refuse, "")
    return go(request, "meetings:calendar")


@login_required
@require_POST
def revoke(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """End an address: one's own, or any of a unit that one looks after."""
    rows = CalendarFeed.objects.within(*request.scope.units).select_related("unit")
    found = get_object_or_404(rows, uuid=uuid)
    mine = found.created_by_id == request.user.pk
    demand(mine or permissions.may_end_feeds(request.scope, found.unit.path))
    attempt(
        request,
        lambda: feeds.revoke_feed(feed=found, by=request.user),
        "已停用，这个地址从现在起读不到任何内容。",
    )
    return go(request, "meetings:calendar")


@require_safe
def read(request: HttpRequest, token: str) -> HttpResponse:
    """What a phone reads. A token that is wrong, or was taken back, is told nothing."""
    if _too_many(request):
        return HttpResponse("请稍后再读。", status=429, content_type="text/plain; charset=utf-8")
    found = feeds.feed_by(token)
    if found is None:
        gone = "没有这个日程，地址可能已经停用。"
        return HttpResponse(gone, status=404, content_type="text/plain; charset=utf-8")
    body = schedule_of(found.unit, on=timezone.localdate())
    feeds.note_read(found)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Cache-Control"] = f"private, max-age={_MAX_AGE}"
    response["Content-Disposition"] = 'inline; filename="schedule.ics"'
    response["X-Robots-Tag"] = "noindex"
    known = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if known is None else known


def _too_many(request: HttpRequest) -> bool:
    """A limit that cannot be counted (the cache is away) stops nobody: tokens cannot be guessed."""
    try:
        usage = ratelimit.consume(
            request,
            app="meetings",
            action="calendar_feed",
            config={"calendar_feed": _RATE},
            limit_get=True,
        )
    except RedisError:
        return False
    return usage is None
