"""Logging a meeting: the page of the product that must take under a minute."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from core.htmx import go, page
from meetings import permissions, services
from meetings.enums import FileKind, Status
from meetings.forms.record import posted_votes
from meetings.models import Meeting
from meetings.querysets import MeetingQuerySet
from meetings.views.parts import (
    Choice,
    DeskRequest,
    choice,
    demand,
    record_of,
    unit_of,
    units_to_choose,
)
from meetings.views.sheet import Sheet, asked_for, blank, posted_sheet, stored

_CHOICE = Choice("记一次会", "先选是哪个党组织开的会。")


def _save(request: DeskRequest, sheet: Sheet) -> Meeting | None:
    """Save what was posted; None when it did not pass, with the words in the form."""
    if not sheet.holds():
        return None
    keys = sheet.form.cleaned_data
    try:
        return services.save(
            unit=sheet.unit,
            by=request.user,
            form_key=keys["form_key"] if sheet.meeting is None else None,
            content=sheet.form.content(),
            attendance=sheet.people,
            votes=posted_votes(sheet.votes),
            expected_revision=keys["revision"],
            meeting=sheet.meeting,
            page_key=keys["page_key"],
            studied=sheet.studied,
            booking=keys["booking"],
        )
    except Refusal as refusal:
        sheet.form.say(refusal)
        if refusal.code == "conflict":
            _show_clash(sheet)
        return None


def _show_clash(sheet: Sheet) -> None:
    """What the record says now beside what was posted; pressed again, the words posted win."""
    found = services.written_by(meeting=sheet.meeting, form_key=sheet.form.cleaned_data["form_key"])
    if found is None or found.unit_id != sheet.unit.pk:
        return
    sheet.clash_with = found
    sheet.clash = services.clash(
        meeting=found,
        content=sheet.form.content(),
        attendance=sheet.people,
        votes=posted_votes(sheet.votes),
    )
    sheet.saw(found)


def _keep_files(request: DeskRequest, sheet: Sheet, meeting: Meeting) -> bool:
    """Keep the uploads; False when one was refused (its reason is in the form)."""
    good = True
    for upload in request.FILES.getlist("photos"):
        try:
            services.add_file(meeting=meeting, by=request.user, upload=upload, kind=FileKind.PHOTO)
        except Refusal as refusal:
            sheet.form.add_error(None, f"“{upload.name}”没有保存：{refusal.message}")
            good = False
    return good


def _file(request: DeskRequest, sheet: Sheet, meeting: Meeting) -> bool:
    """Submit; False when it may not be submitted yet (the reason is in the form)."""
    try:
        services.submit(meeting=meeting, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        sheet.form.say(refusal)
        return False
    return True


def _answer(request: DeskRequest, sheet: Sheet) -> HttpResponse:
    """Save, keep the files, submit if asked; come back with the words when one step fails."""
    meeting = _save(request, sheet)
    if meeting is not None:
        kept = meeting.status == Status.SUBMITTED or _keep_files(request, sheet, meeting)
        drafting = "draft" in request.POST
        if kept and (drafting or _file(request, sheet, meeting)):
            suffix = "?saved=draft" if drafting else "?saved=1"
            return arrived(request, meeting_url(meeting) + suffix)
        # The facts are kept as a draft; the next press writes into it.
        sheet.saw(meeting)
    return refused(request, sheet)


def arrived(request: DeskRequest, url: str) -> HttpResponse:
    """Where to go after a form is in; a script that sent it (send.js) is told, not sent."""
    if "X-Desk-Parcel" in request.headers:
        return JsonResponse({"url": url})
    return go(request, url)


def refused(request: DeskRequest, sheet: Sheet) -> HttpResponse:
    """The form with everything typed and what is wrong; in the headers for a script (send.js)."""
    context = sheet.context(timezone.localdate())
    answer = page(request, "meetings/meeting_form.html", context, status=422)
    why = next((str(text) for texts in sheet.form.errors.values() for text in texts), "")
    answer["X-Desk-Why"] = quote(why[:200])
    if sheet.clash:
        answer["X-Desk-Clash"] = "1"
    return answer


def meeting_url(meeting: Meeting) -> str:
    """Where a record is read."""
    return reverse("meetings:meeting_detail", args=[meeting.uuid])


@login_required
@require_http_methods(["GET", "POST"])
def create(request: DeskRequest) -> HttpResponse:
    """记一次会: for the unit of the address, or the one he looks after, or a choice of several."""
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    units = units_to_choose(request) if not asked else []
    if not asked and (len(units) != 1 or "q" in request.GET):
        return choice(request, _CHOICE, units)
    unit = unit_of(request, asked) if asked else units[0]
    posted = request.method == "POST"
    sheet = posted_sheet(request.POST, unit, None) if posted else blank(request, unit)
    sheet.asked = asked_for(request)
    if posted:
        return _answer(request, sheet)
    context = sheet.context(timezone.localdate()) | {"draft": _draft(request, sheet)}
    return page(request, "meetings/meeting_form.html", context)


def _draft(request: DeskRequest, sheet: Sheet) -> Meeting | None:
    """One's own latest draft for the same unit and kind, to be gone on with."""
    drafts: MeetingQuerySet = Meeting.objects.within(sheet.unit).filter(
        unit=sheet.unit, status=Status.DRAFT, created_by=request.user
    )
    if sheet.form.mask:
        drafts = drafts.of_kind(sheet.form.mask)
    found: Meeting | None = drafts.order_by("-updated_at").first()
    return found


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Write in a draft or in a returned record."""
    meeting = record_of(request, uuid)
    demand(permissions.may_record(request.scope, meeting.unit.path))
    if request.method == "POST":
        return _answer(request, posted_sheet(request.POST, meeting.unit, meeting))
    if not meeting.is_editable:
        return go(request, meeting_url(meeting))
    sheet = stored(meeting)
    return page(request, "meetings/meeting_form.html", sheet.context(timezone.localdate()))


@login_required
@require_GET
def copy(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """A new form that begins with what another record says."""
    meeting = record_of(request, uuid)
    demand(permissions.may_record(request.scope, meeting.unit.path))
    sheet = stored(meeting, copy=True)
    return page(request, "meetings/meeting_form.html", sheet.context(timezone.localdate()))


@login_required
@require_POST
def roll(request: DeskRequest) -> HttpResponse:
    """The tick-list anew when kinds or day changed; ticks that were made stay."""
    unit = unit_of(request, request.POST.get("unit", ""))
    sheet = posted_sheet(request.POST, unit, of_page(request))
    return page(request, "meetings/_meeting_roll.html", sheet.roll(timezone.localdate()))


@login_required
@require_POST
def study(request: DeskRequest) -> HttpResponse:
    """The study plan's texts anew when the day changed; ticks that were made stay."""
    unit = unit_of(request, request.POST.get("unit", ""))
    sheet = posted_sheet(request.POST, unit, None)
    offered = sheet.study(timezone.localdate())
    return page(request, "meetings/_meeting_study.html", {"study": offered, "form": sheet.form})


def of_page(request: DeskRequest) -> Meeting | None:
    """The record that the posted page edits, if any."""
    text = request.POST.get("meeting", "")
    try:
        return record_of(request, UUID(text)) if text else None
    except ValueError:
        return None


@login_required
@require_POST
def autosave(request: DeskRequest) -> HttpResponse:
    """Keep what is typed as a draft, quietly; a form that is not yet whole waits."""
    unit = unit_of(request, request.POST.get("unit", ""))
    sheet = posted_sheet(request.POST, unit, of_page(request))
    demand(permissions.may_record(request.scope, unit.path))
    meeting = _save(request, sheet)
    context = {
        "saved": meeting,
        "why": next((text for texts in sheet.form.errors.values() for text in texts), ""),
        "now": timezone.localtime(),
        "draft_key": f"meeting-{sheet.meeting.uuid if sheet.meeting else f'new-{unit.pk}'}",
    }
    return page(request, "meetings/_meeting_saved.html", context)
