"""更正: asked for on the record, compared and decided by somebody above."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from core.htmx import go, page
from core.pages import Page, page_of
from meetings import permissions
from meetings.enums import Status
from meetings.enums.corrections import CorrectionState
from meetings.forms.record import (
    CorrectionForm,
    ReasonForm,
    VoteFormSet,
    posted_attendance,
    posted_votes,
)
from meetings.models import Correction, Meeting
from meetings.querysets import ThroughMeeting
from meetings.rules.differences import differences
from meetings.services import corrections
from meetings.views.form import arrived, meeting_url, refused
from meetings.views.parts import DeskRequest, attempt, demand, record_of
from meetings.views.sheet import Sheet, stored


def reachable(request: DeskRequest) -> ThroughMeeting:
    """The proposals for records in reach."""
    found: ThroughMeeting = Correction.objects.within(*request.scope.units)
    return found


def correction_of(request: DeskRequest, uuid: UUID) -> Correction:
    """One proposal in reach; 404 for what is not there and for what is not his alike."""
    rows = reachable(request).select_related("meeting__unit", "by", "decided_by")
    found: Correction = get_object_or_404(rows, uuid=uuid)
    return found


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The whole record as it is to be, and why."""
    meeting = record_of(request, uuid)
    demand(permissions.may_record(request.scope, meeting.unit.path))
    if meeting.status != Status.ACCEPTED:
        return go(request, meeting_url(meeting))
    sheet = _sheet(meeting, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        asked = _proposed(request, sheet, meeting)
        return arrived(request, meeting_url(meeting)) if asked else refused(request, sheet)
    return page(request, "meetings/meeting_form.html", sheet.context(timezone.localdate()))


def _sheet(meeting: Meeting, data: QueryDict | None) -> Sheet:
    """The record's form with a reason; as stored, or as posted."""
    sheet = stored(meeting)
    sheet.correcting = True
    is_group = meeting.unit.is_group
    if data is None:
        initial = {**sheet.form.initial, "form_key": sheet.form.initial["page_key"]}
        sheet.form = CorrectionForm(is_group=is_group, initial=initial)
        return sheet
    sheet.form = CorrectionForm(data, is_group=is_group)
    sheet.votes = VoteFormSet(data, prefix="votes")
    sheet.said = {row.member_id: row for row in posted_attendance(data)}
    return sheet


def _proposed(request: DeskRequest, sheet: Sheet, meeting: Meeting) -> bool:
    """Ask for it; False with the words in the form when something does not hold."""
    if not sheet.holds():
        return False
    try:
        corrections.propose(
            meeting=meeting,
            by=request.user,
            form_key=sheet.form.cleaned_data["form_key"],
            content=sheet.form.content(),
            attendance=sheet.people,
            votes=posted_votes(sheet.votes),
            reason=sheet.form.cleaned_data["reason"],
        )
    except Refusal as refusal:
        sheet.form.say(refusal)
        return False
    return True


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Those that wait, the oldest first; then what was decided."""
    done = request.GET.get("state") == "decided"
    rows = reachable(request).select_related("meeting__unit", "by", "decided_by")
    rows = rows.defer("before", "after")
    waiting = rows.filter(state=CorrectionState.PROPOSED).order_by("at", "id")
    decided = rows.exclude(state=CorrectionState.PROPOSED).order_by("-id")
    listed: Page[Correction] = page_of(decided if done else waiting, request.GET)
    return page(request, "meetings/correction_list.html", {"page": listed, "decided": done})


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Both versions side by side, and what may be done."""
    correction = correction_of(request, uuid)
    path, open_ = correction.meeting.unit.path, correction.state == CorrectionState.PROPOSED
    own = correction.by_id == request.user.pk
    above = permissions.may_decide_correction(request.scope, path)
    context = {
        "correction": correction,
        "lines": differences(correction.before, correction.after),
        "open": open_,
        "own": own,
        "may_decide": open_ and above and not own,
        "may_take_back": open_
        and (own or not above)
        and permissions.may_record(request.scope, path),
    }
    return page(request, "meetings/correction_detail.html", context)


@login_required
@require_POST
def decide(request: DeskRequest, uuid: UUID, verb: str) -> HttpResponse:
    """批准 or 不批准."""
    correction = correction_of(request, uuid)
    demand(permissions.may_decide_correction(request.scope, correction.meeting.unit.path))
    form = ReasonForm(request.POST)
    form.is_valid()
    reason, by = str(form.cleaned_data.get("reason", "")), request.user
    if verb == "approve":
        attempt(request, lambda: corrections.approve(correction=correction, by=by), "已批准。")
    else:
        attempt(
            request,
            lambda: corrections.refuse(correction=correction, by=by, reason=reason),
            "没有批准，理由已告诉提出人。",
        )
    return go(request, "meetings:correction_detail", uuid)


@login_required
@require_POST
def take_back(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """撤回 what nobody has decided."""
    correction = correction_of(request, uuid)
    demand(permissions.may_record(request.scope, correction.meeting.unit.path))
    by = request.user
    attempt(request, lambda: corrections.take_back(correction=correction, by=by), "已撤回。")
    return go(request, meeting_url(correction.meeting))
