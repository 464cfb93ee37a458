"""扫码签到: the screen that the secretary shows, and the page that a member's phone opens."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.models import Unit
from branches.views.parts import attempt_form
from core.errors import Refusal
from core.htmx import form_page, go, page
from meetings import permissions, services
from meetings.checkins import running, scanned
from meetings.forms.programme import CheckInForm, CheckInStartForm
from meetings.forms.record import new_key
from meetings.models import CheckInSession, Meeting
from meetings.rules.checkin import REDRAW_SECONDS
from meetings.services import checkin as verbs
from meetings.services.checkin import Answer, Reply
from meetings.views.parts import (
    Choice,
    DeskRequest,
    asked_kinds,
    choice,
    demand,
    record_of,
    unit_of,
    units_to_choose,
)

_HERE = ("127.0.0.1", "localhost", "[::1]")


# --- The secretary -------------------------------------------------------------------------------

WHOSE = Choice("扫码签到", "先选今天是哪个党组织开会。")


@login_required
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Begin a check-in for a meeting that has no record yet: a draft of today is made for it."""
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    units = units_to_choose(request) if not asked else []
    if not asked and (len(units) != 1 or "q" in request.GET):
        return choice(request, WHOSE, units)
    unit = unit_of(request, asked) if asked else units[0]
    demand(permissions.may_record(request.scope, unit.path))
    kinds = [str(int(kind)) for kind in asked_kinds(request, is_group=unit.is_group)]
    first = {"kinds": kinds, "form_key": new_key()}
    form = CheckInStartForm(request.POST or None, is_group=unit.is_group, initial=first)
    if request.method == "POST" and form.is_valid():
        session = attempt_form(form, lambda: _begin(request, unit, form))
        if session is not None:
            return go(request, "meetings:checkin_screen", session.meeting.uuid)
    return form_page(request, "meetings/checkin_new.html", {"form": form, "unit": unit})


def _begin(request: DeskRequest, unit: Unit, form: CheckInStartForm) -> CheckInSession:
    return verbs.begin_checkin(
        unit=unit,
        by=request.user,
        kinds=form.chosen(),
        form_key=form.cleaned_data["form_key"],
        on=timezone.localdate(),
        now=timezone.now(),
    )


@login_required
@require_POST
def start(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Begin a check-in for a draft."""
    meeting = _own(request, uuid)
    try:
        verbs.start_checkin(meeting=meeting, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
        return go(request, "meetings:meeting_detail", uuid)
    return go(request, "meetings:checkin_screen", uuid)


def _own(request: DeskRequest, uuid: UUID) -> Meeting:
    meeting = record_of(request, uuid)
    demand(permissions.may_record(request.scope, meeting.unit.path))
    return meeting


@login_required
@never_cache
@require_GET
def screen(request: DeskRequest, uuid: UUID, part: str = "") -> HttpResponse:
    """The code on the whole screen; its parts are fetched anew by themselves."""
    meeting, now = _own(request, uuid), timezone.now()
    session = running(meeting, now)
    if session is None and part:
        return page(request, "meetings/_checkin_over.html", {"meeting": meeting})
    if session is None:
        return go(request, "meetings:meeting_detail", uuid)
    names = {"code": "_checkin_code", "count": "_checkin_count", "": "checkin_screen"}
    context = _shown(request, session, meeting, now)
    return page(request, f"meetings/{names[part]}.html", context)


def _shown(
    request: DeskRequest, session: CheckInSession, meeting: Meeting, now: datetime
) -> dict[str, Any]:
    code = verbs.code_of(session, now)
    url = request.build_absolute_uri(reverse("meetings:checkin_open", args=[code]))
    expected = services.expected_members(
        unit=meeting.unit, on=meeting.held_on, kind_mask=meeting.kind_mask
    )
    return {
        "meeting": meeting,
        "picture": segno.make(url, error="m", micro=False).svg_data_uri(scale=8, border=2),
        "redraw": REDRAW_SECONDS,
        "came": len(scanned(meeting)),
        "due": len(expected),
        "only_here": request.get_host().rsplit(":", 1)[0] in _HERE,
    }


@login_required
@require_POST
def end(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """End it; on to the roll-call, where those who scanned are ticked."""
    meeting = _own(request, uuid)
    session = running(meeting, timezone.now())
    if session is not None:
        verbs.end_checkin(session=session, now=timezone.now())
        messages.success(request, "签到已结束：扫过码的同志已经打勾，请核对其余同志后提交。")
    if not meeting.is_editable:
        return go(request, "meetings:meeting_detail", uuid)
    return go(request, "meetings:meeting_edit", uuid)


# --- A member's phone ----------------------------------------------------------------------------


@never_cache
@require_GET
def opened(request: HttpRequest, code: str) -> HttpResponse:
    """What a scanned code opens: short name, day, kind, and two fields. Nobody's name is shown."""
    now = timezone.now()
    session = verbs.opened(code, now)
    if session is None:
        return _expired(request)
    form = CheckInForm(initial={"ticket": verbs.ticket_of(session, now)})
    return page(request, "meetings/checkin_phone.html", {"form": form, "meeting": session.meeting})


@never_cache
@require_POST
def answered(request: HttpRequest) -> HttpResponse:
    """A member's name and digits: he is there, or the same answer for whatever was wrong."""
    form = CheckInForm(request.POST)
    if not form.is_valid():
        if form.errors.get("ticket"):
            return _expired(request)
        # Nothing to compare: the form goes back while its ticket lives.
        meeting = verbs.ticketed(form.data.get("ticket", ""), timezone.now())
        if meeting is None:
            return _expired(request)
        context = {"form": form, "meeting": meeting}
        return page(request, "meetings/checkin_phone.html", context, status=422)
    reply = verbs.check_in(address=_address(request), now=timezone.now(), **form.cleaned_data)
    return _told(request, form, reply)


def _told(request: HttpRequest, form: CheckInForm, reply: Reply) -> HttpResponse:
    if reply.session is None or reply.answer is Answer.EXPIRED:
        return _expired(request)
    context: dict[str, Any] = {"form": form, "meeting": reply.session.meeting}
    if reply.answer is Answer.DONE:
        return page(request, "meetings/checkin_done.html", context)
    if reply.answer is Answer.WAIT and reply.until is not None:
        left = max(1, round((reply.until - timezone.now()).total_seconds() / 60 + 0.5))
        form.add_error(None, f"试错的次数太多，请约 {left} 分钟后重新扫码，或请书记点名。")
        return page(request, "meetings/checkin_phone.html", context, status=429)
    form.add_error(None, "姓名或手机号码后四位不对，请核对后再试；仍不行，请书记点名。")
    return page(request, "meetings/checkin_phone.html", context, status=422)


def _expired(request: HttpRequest) -> HttpResponse:
    return page(request, "meetings/checkin_expired.html", status=410)


def _address(request: HttpRequest) -> str:
    """Where it comes from; a header that no proxy of ours wrote is not believed (S12)."""
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""
    return address
