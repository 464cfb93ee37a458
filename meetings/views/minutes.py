"""会议内容 begun from a template, asked for while the form is being written."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from core.htmx import page
from meetings import permissions, services
from meetings.forms.record import MeetingForm, posted_votes
from meetings.minutes import begun
from meetings.views.form import of_page
from meetings.views.parts import DeskRequest, demand, unit_of
from meetings.views.sheet import Sheet, posted_sheet


@login_required
@require_POST
def fill(request: DeskRequest) -> HttpResponse:
    """The kinds' templates, filled as far as the form knows, below what stands there already."""
    unit = unit_of(request, request.POST.get("unit", ""))
    demand(permissions.may_record(request.scope, unit.path))
    sheet = posted_sheet(request.POST, unit, of_page(request))
    written = request.POST.get("minutes", "").strip()
    known = sheet.holds()
    text = "\n\n".join(filter(None, [written, _begun(sheet) if known else ""]))
    form = MeetingForm(initial={"minutes": text}, is_group=unit.is_group)
    why = "" if known else "先选好会议类别和召开日期，再用模板。"
    return page(request, "meetings/_minutes.html", {"form": form, "why": why})


def _begun(sheet: Sheet) -> str:
    content = sheet.form.content()
    people, votes = services.prepared_loosely(
        unit=sheet.unit,
        content=content,
        attendance=sheet.people,
        votes=posted_votes(sheet.votes),
        meeting=sheet.meeting,
    )
    return begun(unit=sheet.unit, content=content, people=people, votes=votes)
