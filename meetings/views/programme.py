"""固定组织生活日: a branch's page of a month, where the day is looked up, ticked, handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
from branches.models import Unit
from branches.permissions import STAFF
from core import files
from core.dates import Period
from core.downloads import file_download
from core.errors import Refusal
from core.htmx import go, page
from core.papers import DOCX_TYPE
from meetings import permissions, services
from meetings.agenda import usual
from meetings.checkins import mark_rows, running
from meetings.day_files import calendar_file, programme_paper
from meetings.entries import AttendanceEntry, VoteEntry
from meetings.enums import COUNTING, STATUS_SLUGS, AbsenceReason, FileKind, Item, Kind, Status
from meetings.enums.programme import ProgrammeState
from meetings.forms.record import (
    MeetingForm,
    initial_of,
    new_key,
    posted_attendance,
    ticked,
)
from meetings.models import Attendance, Meeting, ProgrammeItem, Share, Vote
from meetings.programmes import (
    BranchDay,
    MonthPlan,
    branch_day,
    gallery,
    places,
    plan_for,
    record_of_month,
)
from meetings.services.programme import record_day
from meetings.views.day_parts import branch_of, month_of, own_branches
from meetings.views.parts import DeskRequest, demand
from meetings.views.programme_desk import staff_month

DAY_KINDS = [str(int(Kind.FIXED_DAY)), str(int(Kind.THEME_DAY))]


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
    sheet = DaySheet.of(request, unit, which, on)
    if request.method == "POST":
        demand(sheet.may_record)
        return _hand_in(request, sheet)
    return page(request, "meetings/fixed_day.html", sheet.context(request))


# --- The page of a branch ------------------------------------------------------------------------


@dataclass
class DaySheet:
    """Everything on the page: the day, the programme, the record or the form for it."""

    unit: Unit
    month: Period
    on: date
    day: BranchDay
    plan: MonthPlan
    may_record: bool
    record: Meeting | None = None
    form: MeetingForm | None = None
    said: dict[int, AttendanceEntry] | None = None

    @classmethod
    def of(cls, request: DeskRequest, unit: Unit, month: Period, on: date) -> DaySheet:
        """The page as the asker may see it; whoever may not record sees no record's form."""
        may_record = permissions.may_record(request.scope, unit.path)
        reads = request.scope.covers(unit.path)
        record = record_of_month(unit, month) if reads else None
        if record is not None and record.status == Status.DRAFT and not may_record:
            record = None
        sheet = cls(
            unit=unit,
            month=month,
            on=on,
            day=branch_day(unit, month, on=on),
            plan=plan_for(unit, month),
            may_record=may_record,
            record=record,
        )
        if may_record and sheet.is_open and month.start <= on:
            sheet.form, sheet.said = sheet._blank(request)
        return sheet

    @property
    def is_open(self) -> bool:
        """Whether the month still waits for its record, or it is a draft."""
        return self.record is None or self.record.status == Status.DRAFT

    @property
    def draft(self) -> Meeting | None:
        """The draft that the form goes on with."""
        return self.record if self.record and self.record.status == Status.DRAFT else None

    def _blank(self, request: DeskRequest) -> tuple[MeetingForm, dict[int, AttendanceEntry] | None]:
        held = self.day.day if self.day.day <= self.on else self.on
        held = min(max(held, self.month.start), self.month.end)
        theme = self.plan.theme
        initial: dict[str, Any] = {
            **usual(self.unit, kind_mask=Kind.FIXED_DAY | Kind.THEME_DAY, on=self.on),
            "kinds": DAY_KINDS,
            "held_on": held,
            "topic": f"固定组织生活日：{theme}"[:200] if theme else "",
            "form_key": new_key(),
        }
        initial["recorder"] = initial["recorder"] or request.user.name
        said = None
        if self.draft is not None:
            kept = {k: v for k, v in initial_of(self.draft).items() if v not in (None, "", [])}
            initial |= kept
            said = {
                row.member_id: AttendanceEntry(
                    row.member_id, row.present, row.reason, row.note, row.eligible
                )
                for row in Attendance.unscoped.filter(meeting=self.draft)
            }
        return MeetingForm(is_group=False, initial=initial), said

    def context(self, request: DeskRequest) -> dict[str, Any]:
        """All that the page shows: a constant number of questions."""
        scope, path = request.scope, self.unit.path
        share = _share_of(self.record) if self.record else None
        accepted = self.record is not None and self.record.status == Status.ACCEPTED
        own = own_branches(request)
        return {
            "unit": self.unit,
            "units": own if len(own) > 1 else [],
            "month": self.month,
            "before": self.month.previous(),
            "after": self.month.next(),
            "today": self.on,
            "day": self.day,
            "countdown": _countdown((self.day.day - self.on).days),
            "plan": self.plan,
            "record": self.record if not self.is_open else None,
            "record_status": STATUS_SLUGS[Status(self.record.status)] if self.record else "",
            "off_day": self._off_day(),
            "done": set(self.record.items) if self.record else set(),
            "draft": self.draft,
            "session": running(self.draft, timezone.now()) if self.draft else None,
            "may_record": self.may_record,
            "may_postpone": permissions.may_postpone(scope, path)
            and self.is_open
            and self.on <= (self.day.latest or self.month.end),
            "share": share,
            "may_share": accepted and share is None and permissions.may_share(scope, path),
            "shares": gallery([self.unit], self.month),
            **self._form_context(),
        }

    def _off_day(self) -> bool:
        """Whether the record that counts was held on another day than the fixed one."""
        record = self.record
        if record is None or record.status not in COUNTING:
            return False
        return record.held_on != self.day.fixed.day

    def _form_context(self) -> dict[str, Any]:
        form = self.form
        if form is None:
            return {"form": None}
        day = form.day or self.on
        expected = services.expected_members(unit=self.unit, on=day, kind_mask=form.mask)
        chosen = set(form["items"].value() or ())
        asked = {line.item for line in self.plan.lines}
        return {
            "form": form,
            "ticked": chosen,
            "rows": mark_rows(self.draft, ticked(expected, self.said), called=bool(self.said)),
            "reasons": tuple(AbsenceReason.choices),
            "more_items": [item for item in Item if item not in asked],
            "more_open": bool(chosen - asked),
            "is_theme_day": bool(form.mask & Kind.THEME_DAY),
            "fixed_kind": int(Kind.FIXED_DAY),
            "theme_kind": int(Kind.THEME_DAY),
            "other_kinds": [
                int(kind)
                for kind in Kind
                if form.mask & kind and kind not in (Kind.FIXED_DAY, Kind.THEME_DAY)
            ],
            "guests": [row.member_id for row in (self.said or {}).values() if not row.eligible],
            "words_open": any(
                form[name].value()
                for name in ("agenda", "minutes", "resolution", "started_at", "ended_at")
            ),
            "draft_key": f"fixed-day-{self.unit.pk}-{self.month.label}",
        }


def _countdown(days: int) -> str:
    """就是今天, 明天, 还有 9 天; nothing once it is over."""
    return {0: "就是今天", 1: "明天"}.get(days, f"还有 {days} 天" if days > 0 else "")


def _share_of(record: Meeting) -> Share | None:
    """The latest offer of a record as an example, unless it was taken back."""
    rows = Share.objects.within(record.unit).filter(meeting=record)
    found: Share | None = rows.select_related("decided_by").order_by("-pk").first()
    return None if found is None or found.state == "withdrawn" else found


# --- Handing it in -------------------------------------------------------------------------------


def _hand_in(request: DeskRequest, sheet: DaySheet) -> HttpResponse:
    """Save, keep the photos, submit; come back with the words when one step fails."""
    if not sheet.is_open:
        messages.info(request, "本月的组织生活日已经提交，没有重复记录。")
        return _back(request, sheet)
    sheet.form = MeetingForm(request.POST, is_group=False)
    sheet.said = {row.member_id: row for row in posted_attendance(request.POST)}
    meeting = _saved(request, sheet, sheet.form)
    if meeting is not None and _filed(request, sheet.form, meeting):
        messages.success(request, "已提交，等上级审核。")
        return _back(request, sheet)
    if meeting is not None:
        sheet.record = meeting
        # The next press writes into the draft that this one left.
        words = request.POST.copy()
        words["revision"] = str(meeting.revision)
        sheet.form.data = words
    return page(request, "meetings/fixed_day.html", sheet.context(request), status=422)


def _saved(request: DeskRequest, sheet: DaySheet, form: MeetingForm) -> Meeting | None:
    if not form.is_valid():
        return None
    try:
        return record_day(
            unit=sheet.unit,
            by=request.user,
            form_key=form.cleaned_data["form_key"],
            month=sheet.month,
            content=form.content(),
            attendance=list((sheet.said or {}).values()),
            votes=_votes(sheet.draft),
            expected_revision=form.cleaned_data["revision"] if sheet.draft else None,
            meeting=sheet.draft,
        )
    except Refusal as refusal:
        form.say(refusal)
        return None


def _votes(draft: Meeting | None) -> list[VoteEntry]:
    """What was voted on in a draft stays as it is: this page has no room for it."""
    rows = Vote.unscoped.filter(meeting=draft) if draft else Vote.unscoped.none()
    return [VoteEntry(row.subject, row.yes, row.no, row.abstain) for row in rows]


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
