"""Logging a meeting: the page of the product that must take under a minute."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.models import Unit
from core.errors import Refusal
from core.htmx import go, page
from meetings import permissions, services
from meetings.agenda import usual
from meetings.checkins import mark_rows
from meetings.entries import AttendanceEntry, Expected
from meetings.enums import KIND_SLUGS, AbsenceReason, FileKind, Kind, Status
from meetings.forms.record import (
    TOPICS,
    MeetingForm,
    VoteFormSet,
    initial_of,
    new_key,
    posted_attendance,
    posted_studied,
    posted_votes,
    ticked,
    vote_fault,
)
from meetings.lecturing import booking_of, record_beginning
from meetings.models import Attendance, Meeting, Vote
from meetings.rules import kinds_allowed
from meetings.rules.differences import Difference
from meetings.studying import Offer, item_of, marked, offer
from meetings.views.parts import DeskRequest, choice, demand, record_of, unit_of, units_to_choose

REASONS = tuple(AbsenceReason.choices)


@dataclass
class Sheet:
    """The form with everything around it: record or new, roll, votes."""

    unit: Unit
    form: MeetingForm
    votes: Any
    said: dict[int, AttendanceEntry] | None = None
    meeting: Meeting | None = None
    # The kinds that the address asked for: words typed for one kind are not given to another.
    asked: str = ""
    # What the record says now, after somebody else wrote in it: shown beside what was posted.
    clash: list[Difference] = field(default_factory=list)
    clash_with: Meeting | None = None
    correcting: bool = False
    # Items of the branch's study plan; None where the page did not offer any.
    studied: set[int] | None = None

    def roll(self, on: date) -> dict[str, Any]:
        """The tick-list for the kinds and the day as they stand in the form."""
        day = self.form.day or on
        expected, others = services.roll_call(unit=self.unit, on=day, kind_mask=self.form.mask)
        gone = self._gone({one.id for one in (*expected, *others)})
        guests = {pk for pk, row in (self.said or {}).items() if not row.eligible}
        return {
            "rows": mark_rows(
                self.meeting, ticked([*expected, *gone], self.said), called=bool(self.said)
            ),
            "reasons": REASONS,
            "others": [
                {"id": one.id, "name": one.name, "ticked": one.id in guests} for one in others
            ],
            "guests": len(guests),
            "voting": [one.id for one in (*expected, *gone) if one.voting],
        }

    def _gone(self, known: set[int]) -> list[Expected]:
        """Those in the stored record who have left the roster since."""
        if self.meeting is None:
            return []
        rows = Attendance.unscoped.filter(meeting=self.meeting, eligible=True)
        return [
            Expected(id=row.member_id, name=row.name, voting=row.voting, note="已不在名册")
            for row in rows.exclude(member_id__in=known)
        ]

    def study(self, on: date) -> Offer:
        """The texts of the branch's plan for the day as it stands in the form."""
        return offer(self.unit, self.form.day or on, ticked=self.studied or (), on=on)

    @property
    def _more(self) -> tuple[str, ...]:
        """What stands behind 会议内容; the hours of a booked lecture need no look."""
        texts = ("agenda", "minutes", "resolution")
        return texts if self.form["booking"].value() else (*texts, "started_at", "ended_at")

    def saw(self, meeting: Meeting) -> None:
        """The posted form goes back as one that has seen the record as it is now."""
        words = QueryDict(mutable=True)
        words.update(self.form.data)
        words["revision"] = str(meeting.revision)
        self.form.data = words

    @property
    def draft_key(self) -> str:
        """Where the browser keeps what is typed."""
        if self.meeting is not None:
            kind = "correction" if self.correcting else "meeting"
            return f"{kind}-{self.meeting.uuid}"
        return "-".join(filter(None, ("meeting-new", str(self.unit.pk), self.asked)))

    def context(self, on: date) -> dict[str, Any]:
        """All that the page shows."""
        return {
            "unit": self.unit,
            "form": self.form,
            "formset": self.votes,
            "meeting": self.meeting,
            "topics": [
                {"kind": int(kind), "text": text, "shown": bool(self.form.mask & kind)}
                for kind in kinds_allowed(is_group=self.unit.is_group)
                for text in TOPICS[kind]
            ],
            "fixed_kind": int(Kind.FIXED_DAY),
            "has_fixed": bool(self.form.mask & Kind.FIXED_DAY),
            "files": list(self.meeting.files.all()) if self.meeting else [],
            "clash": self.clash,
            "clash_with": self.clash_with,
            "correcting": self.correcting,
            "why": "",
            "draft_key": self.draft_key,
            "votes_open": bool(self.votes.is_bound and self.votes.has_changed())
            or bool(self.votes.initial_form_count()),
            "more_open": any(self.form[name].value() for name in self._more),
            "today": on,
            "study": self.study(on),
            **self.roll(on),
        }


def _blank(request: DeskRequest, unit: Unit) -> Sheet:
    """A new form, filled in as far as the address, the unit and its last record know."""
    on = timezone.localdate()
    slugs = {slug: kind for kind, slug in KIND_SLUGS.items()}
    allowed = kinds_allowed(is_group=unit.is_group)
    asked = [slugs[slug] for slug in request.GET.getlist("kind") if slug in slugs]
    kinds = [kind for kind in asked if kind in allowed] or ([Kind.GROUP] if unit.is_group else [])
    day = request.GET.get("day", on.isoformat())
    known, studied = _known(request, unit)
    first = known.pop("kinds", [])
    kinds = kinds or first
    usually = usual(unit, kind_mask=sum(kinds), on=on)
    form = MeetingForm(
        is_group=unit.is_group,
        initial={
            **usually,
            "recorder": usually["recorder"] or request.user.name,
            "kinds": [str(int(kind)) for kind in kinds],
            "held_on": _day(day),
            "form_key": new_key(),
            "page_key": new_key(),
            **known,
        },
    )
    return Sheet(unit=unit, form=form, votes=VoteFormSet(prefix="votes"), studied=studied)


def _known(request: DeskRequest, unit: Unit) -> tuple[dict[str, Any], set[int]]:
    """What the text to be studied, or the booked lecture, of the address says beforehand."""
    text, lecture = _key(request.GET.get("study", "")), _key(request.GET.get("booking", ""))
    item = item_of(unit, text) if text else None
    if item is not None:
        topic = item.title if item.title.startswith("《") else f"《{item.title}》"
        return {"topic": f"集体学习{topic}"}, {item.pk}
    booking = booking_of(unit, lecture) if lecture else None
    return (record_beginning(booking) if booking is not None else {}), set()


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def stored(meeting: Meeting, *, copy: bool = False) -> Sheet:
    """A form that begins with what a record says; a copy becomes a record of its own."""
    initial = initial_of(meeting)
    if copy:
        initial |= {"form_key": new_key(), "revision": None}
    said = {
        row.member_id: AttendanceEntry(
            row.member_id, row.present, row.reason, row.note, row.eligible
        )
        for row in Attendance.unscoped.filter(meeting=meeting)
    }
    votes = Vote.unscoped.filter(meeting=meeting).values("subject", "yes", "no", "abstain")
    return Sheet(
        unit=meeting.unit,
        form=MeetingForm(is_group=meeting.unit.is_group, initial=initial),
        votes=VoteFormSet(prefix="votes", initial=list(votes)),
        said=said,
        meeting=None if copy else meeting,
        studied=None if copy else marked(meeting.pk, meeting.unit),
    )


def posted_sheet(data: QueryDict, unit: Unit, meeting: Meeting | None) -> Sheet:
    """The form as it came in."""
    return Sheet(
        unit=unit,
        form=MeetingForm(data, is_group=unit.is_group),
        votes=VoteFormSet(data, prefix="votes"),
        said={row.member_id: row for row in posted_attendance(data)},
        meeting=meeting,
        studied=posted_studied(data),
    )


def _save(request: DeskRequest, sheet: Sheet) -> Meeting | None:
    """Save what was posted; None when it did not pass, with the words in the form."""
    valid = sheet.form.is_valid()
    if not sheet.votes.is_valid():
        sheet.form.add_error("votes", vote_fault(sheet.votes))
        return None
    if not valid:
        return None
    try:
        return services.save(
            unit=sheet.unit,
            by=request.user,
            form_key=sheet.form.cleaned_data["form_key"] if sheet.meeting is None else None,
            content=sheet.form.content(),
            attendance=list((sheet.said or {}).values()),
            votes=posted_votes(sheet.votes),
            expected_revision=sheet.form.cleaned_data["revision"],
            meeting=sheet.meeting,
            page_key=sheet.form.cleaned_data["page_key"],
            studied=sheet.studied,
            booking=sheet.form.cleaned_data["booking"],
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
        attendance=list((sheet.said or {}).values()),
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


def _words(request: DeskRequest) -> str:
    """What the address asks for: the kinds, and the text or the lecture."""
    slugs = [slug for slug in KIND_SLUGS.values() if slug in request.GET.getlist("kind")]
    keys = [_key(request.GET.get(name, "")) for name in ("study", "booking")]
    return "-".join([*slugs, *(key.hex for key in keys if key)])


@login_required
@require_http_methods(["GET", "POST"])
def create(request: DeskRequest) -> HttpResponse:
    """记一次会: for the unit of the address, or the one he looks after, or a choice of several."""
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    units = units_to_choose(request) if not asked else []
    if not asked and (len(units) != 1 or "q" in request.GET):
        return choice(request, "meetings/meeting_unit.html", units)
    unit = unit_of(request, asked) if asked else units[0]
    words = _words(request)
    if request.method == "POST":
        posted = posted_sheet(request.POST, unit, None)
        posted.asked = words
        return _answer(request, posted)
    sheet = _blank(request, unit)
    sheet.asked = words
    drafts = Meeting.objects.within(unit).filter(
        unit=unit, status=Status.DRAFT, created_by=request.user
    )
    if sheet.form.mask:
        drafts = drafts.of_kind(sheet.form.mask)
    context = sheet.context(timezone.localdate()) | {
        "draft": drafts.order_by("-updated_at").first()
    }
    return page(request, "meetings/meeting_form.html", context)


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
