"""固定组织生活日: a branch's page of a month, where the day is looked up, ticked, handed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import Role
from branches.permissions import STAFF
from branches.views.parts import attempt_form
from core import files
from core.dates import Period
from core.downloads import file_download
from core.errors import Refusal
from core.htmx import form_page, go, page
from core.papers import DOCX_TYPE
from meetings import permissions, services
from meetings.day_files import calendar_file, programme_paper
from meetings.day_sheet import DaySheet, day_sheet
from meetings.entries import VoteEntry
from meetings.enums import COUNTING, FileKind
from meetings.enums.programme import ProgrammeState
from meetings.forms.record import MeetingForm, posted_attendance
from meetings.kept_record import kept_votes
from meetings.models import Meeting, ProgrammeItem
from meetings.programmes import branch_day, places, plan_for
from meetings.services.programme import record_day
from meetings.views.day_parts import branch_of, month_of, own_branches
from meetings.views.parts import DeskRequest, demand
from meetings.views.programme_desk import staff_month


@login_required
@require_http_methods(["GET", "POST"])
def month(request: DeskRequest, label: str = "") -> HttpResponse:
    """A month's 组织生活日: staff see all of theirs, a branch its own."""
    demand(bool(request.scope.units))
    on = timezone.localdate()
    which = month_of(label) if label else Period.containing(on, "month")
    unit = branch_of(request)
    if unit is None:
        demand(request.method != "POST" and bool(request.scope.units_as(*STAFF, Role.LEADER)))
        return staff_month(request, which, on)
    sheet = day_sheet(request.scope, unit, which, on=on, recorder=request.user.name)
    if request.method == "POST":
        demand(sheet.may_record)
        return _hand_in(request, sheet)
    return page(request, "meetings/fixed_day.html", _context(request, sheet))


def _context(request: DeskRequest, sheet: DaySheet) -> dict[str, Any]:
    return sheet.context(request.scope, own_branches(request))


# --- Handing it in -------------------------------------------------------------------------------


def _hand_in(request: DeskRequest, sheet: DaySheet) -> HttpResponse:
    """Save, keep the photos, submit; come back with the words when one step fails."""
    if not sheet.is_open:
        messages.info(request, "本月的组织生活日已经提交，没有重复记录。")
        return _back(request, sheet)
    form = sheet.form = MeetingForm(request.POST, is_group=False)
    sheet.said = {row.member_id: row for row in posted_attendance(request.POST)}
    meeting = attempt_form(form, lambda: _save(request, sheet, form)) if form.is_valid() else None
    if meeting is not None:
        if _filed(request, form, meeting):
            messages.success(request, "已提交，等上级审核。")
            return _back(request, sheet)
        sheet.record = meeting
        # The next press writes into the draft that this one left.
        words = request.POST.copy()
        words["revision"] = str(meeting.revision)
        form.data = words
    return form_page(request, "meetings/fixed_day.html", _context(request, sheet))


def _save(request: DeskRequest, sheet: DaySheet, form: MeetingForm) -> Meeting:
    """Into the draft when there is one: what was voted on in it stays, this page has no room."""
    draft = sheet.draft
    return record_day(
        unit=sheet.unit,
        by=request.user,
        form_key=form.cleaned_data["form_key"],
        month=sheet.month,
        content=form.content(),
        attendance=list((sheet.said or {}).values()),
        votes=_votes(draft) if draft else (),
        expected_revision=form.cleaned_data["revision"] if draft else None,
        meeting=draft,
    )


def _votes(draft: Meeting) -> list[VoteEntry]:
    """The votes of a draft, to be counted against the roll that was just called."""
    return [replace(vote, eligible=None, present=None) for vote in kept_votes(draft)]


def _filed(request: DeskRequest, form: MeetingForm, meeting: Meeting) -> bool:
    """Keep the photos and submit; what is refused stands in the form, the rest is a draft."""
    if meeting.status in COUNTING:
        return True
    for upload in request.FILES.getlist("photos"):
        try:
            services.add_file(meeting=meeting, by=request.user, upload=upload, kind=FileKind.PHOTO)
        except Refusal as refusal:
            form.add_error(None, f"“{upload.name}”没有保存：{refusal.message}")
    if form.errors:
        return False
    try:
        services.submit(meeting=meeting, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        form.say(refusal)
        return False
    return True


def _back(request: DeskRequest, sheet: DaySheet) -> HttpResponse:
    url = reverse("meetings:fixed_day_month", args=[sheet.month.label])
    return go(request, f"{url}?unit={sheet.unit.pk}")


# --- What is taken away --------------------------------------------------------------------------


@login_required
@require_GET
def day_file(request: DeskRequest, label: str) -> HttpResponse:
    """The day for the calendar of a phone."""
    unit = branch_of(request)
    if unit is None:
        raise Http404
    which, on = month_of(label), timezone.localdate()
    day, plan = branch_day(unit, which, on=on), plan_for(unit, which)
    data = calendar_file(unit=unit, day=day.day, theme=plan.theme, now=timezone.now())
    return file_download(data, f"{which.name}组织生活日.ics", "text/calendar; charset=utf-8")


@login_required
@require_GET
def paper(request: DeskRequest, label: str) -> HttpResponse:
    """组织生活日通知 as a Word file: what is published for the asker's place."""
    demand(bool(request.scope.units))
    which = month_of(label)
    unit = branch_of(request) or request.scope.units_as(*STAFF, Role.LEADER)[0]
    data = programme_paper(unit=unit, month=which, on=timezone.localdate())
    return file_download(data, f"{which.name}组织生活日通知.docx", DOCX_TYPE)


@login_required
@require_GET
def item_file(request: DeskRequest, uuid: UUID) -> HttpResponseBase:
    """A paper of the programme: published, for everybody below; a draft's, for those who write."""
    above = {path for unit in request.scope.units for path in places(unit)}
    rows = ProgrammeItem.objects.everywhere("what is published is read by everybody below")
    item = get_object_or_404(rows.select_related("programme__unit"), uuid=uuid)
    path = item.programme.unit.path
    published = item.programme.state == ProgrammeState.PUBLISHED
    readable = published and (path in above or request.scope.covers(path))
    if not (readable or permissions.may_write_programme(request.scope, path)):
        raise Http404
    return files.serve(request, item.path, item.name, content_type=item.content_type)
