"""党课: the catalogue, a branch's wishes, the time staff give them, and what was delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.permissions import STAFF, WRITERS
from branches.rules import ancestors
from core.downloads import workbook_download
from core.errors import Refusal
from core.htmx import go, page
from core.pages import Page, page_of
from core.workbooks import stream_rows
from meetings import lecturing, permissions
from meetings.enums.lectures import BookingState, CourseKind
from meetings.forms.lectures import AskForm, BookingFilterForm, DeclineForm, SlotForm, VisitForm
from meetings.models import Booking, Course, Lecturer
from meetings.rules.lectures import week_of
from meetings.services import lectures
from meetings.services.lectures import Slot
from meetings.views.parts import DeskRequest, attempt, demand, subtree

_MOST_UNITS = 300
_HEAD = (
    "党（工）委", "党支部", "课程", "类型", "讲师", "开始时间", "地点", "情况", "会议记录日期",
)  # fmt: skip


def _parts(request: DeskRequest, tab: str) -> dict[str, Any]:
    """What all pages of 党课 show around themselves."""
    return {
        "tab": tab,
        "today": timezone.localdate(),
        "is_staff": bool(request.scope.units_as(*STAFF)),
        "looks": bool(request.scope.units_as(*STAFF, Role.LEADER)),
        "asks": bool(request.scope.units_as(*WRITERS)),
    }


# --- The catalogue -------------------------------------------------------------------------------


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Courses on offer, by kind; staff see those out of use too."""
    rows = lecturing.courses(request.scope.units).order_by("-year", "kind", "title", "pk")
    kind = request.GET.get("kind", "")
    if kind in CourseKind.values:
        rows = rows.filter(kind=kind)
    if not request.scope.is_staff:
        rows = rows.filter(is_active=True)
    shown = page_of(rows, request.GET)
    context = {
        **_parts(request, "courses"),
        "page": shown,
        "lines": [
            {
                "course": course,
                "may_keep": permissions.may_offer_lectures(request.scope, course.unit.path),
            }
            for course in shown
        ],
        "kinds": CourseKind.choices,
        "kind": kind if kind in CourseKind.values else "",
    }
    return page(request, "meetings/lecture_courses.html", context)


def _offered(request: DeskRequest, uuid: UUID) -> Course:
    found: Course = get_object_or_404(lecturing.courses(request.scope.units), uuid=uuid)
    return found


def _askers(request: DeskRequest, course: Course, chosen: Unit | None = None) -> Any:
    """Branches that the course is offered to and for which the asker may speak, a few hundred."""
    roots = (chosen,) if chosen else request.scope.units_as(*WRITERS)
    rows = Unit.objects.within(*roots).filter(kind__in=BRANCH_KINDS)
    rows = rows.filter(path__startswith=course.unit.path).standing(on=timezone.localdate())
    few = list(rows.order_by("path").values_list("pk", flat=True)[:_MOST_UNITS])
    return rows.filter(pk__in=few).order_by("path")


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """点课: a branch asks for a course."""
    course = _offered(request, uuid)
    units = _askers(request, course)
    demand(bool(request.scope.units_as(*WRITERS)))
    form = AskForm(request.POST or None, units=units, initial={"unit": units.first()})
    if request.method == "POST" and form.is_valid():
        given = {"course": course, "by": request.user, **form.cleaned_data}
        if _done(form, lambda: lectures.ask_lecture(**given)):
            messages.success(request, "已点课，安排好时间后会在“消息”里告诉您。")
            return go(request, "meetings:lecture_bookings")
    context = {**_parts(request, "courses"), "form": form, "course": course}
    return _form(request, "meetings/lecture_ask.html", context)


def _done(form: Any, verb: Callable[[], object]) -> bool:
    """Do it, or put the refusal where it belongs."""
    try:
        verb()
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True


def _form(request: DeskRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return page(request, template, context, status=422 if request.method == "POST" else 200)


# --- Bookings ------------------------------------------------------------------------------------


def _asked(request: DeskRequest) -> tuple[Any, BookingFilterForm]:
    """The rows and the filter of the address."""
    roots = request.scope.units
    chosen, committees = subtree(request, roots)
    year = timezone.localdate().year
    form = BookingFilterForm(request.GET, year=year, committees=committees, chosen=chosen)
    span = lecturing.year_range(form.asked_year)
    rows = lecturing.bookings((chosen,) if chosen else roots).filter(
        Q(starts_at__range=span) | Q(starts_at=None, at__range=span)
    )
    for name, column in (("state", "state"), ("kind", "course__kind")):
        if form.asked(name):
            rows = rows.filter(**{column: form.asked(name)})
    return lecturing.in_order(rows), form


@login_required
@require_GET
def bookings(request: DeskRequest) -> HttpResponse:
    """A branch's own wishes; for those above the register of all, with figures."""
    demand(bool(request.scope.units))
    rows, form = _asked(request)
    shown: Page[Booking] = page_of(rows, request.GET)
    parts = _parts(request, "bookings")
    places = lecturing.figures(request.scope.units, form.asked_year) if parts["looks"] else []
    now = timezone.now()
    context = {
        **parts,
        "form": form,
        "page": shown,
        "lines": [lecturing.line(row, request.scope, now=now) for row in shown],
        "places": places,
        "plot": lecturing.plot(places, form.asked_year),
        "year": form.asked_year,
        "query": request.GET.urlencode(),
    }
    return page(request, "meetings/lecture_bookings.html", context)


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The register as a workbook, streamed."""
    demand(bool(request.scope.units))
    rows, form = _asked(request)
    cover = {"内容": f"{form.asked_year}年党课台账", "导出人": request.user.name}
    head = (
        "党（工）委",
        "党支部",
        "课程",
        "类型",
        "讲师",
        "开始时间",
        "地点",
        "情况",
        "会议记录日期",
    )
    cells = (_cells(row) for row in rows.iterator(chunk_size=2000))
    pieces = stream_rows(head, cells, cover=cover, sheet="党课台账")
    return workbook_download(pieces, f"{form.asked_year}年党课台账.xlsx")


def _cells(row: Booking) -> tuple[object, ...]:
    return (
        str(row.unit.committee or ""),
        row.unit.name,
        row.course.title,
        row.course.get_kind_display(),
        (row.lecturer or row.course.lecturer).name,
        timezone.localtime(row.starts_at) if row.starts_at else "",
        row.place,
        row.get_state_display(),
        row.meeting.held_on if row.meeting and row.state == BookingState.DELIVERED else "",
    )


def _booking(request: DeskRequest, uuid: UUID) -> Booking:
    found: Booking = get_object_or_404(lecturing.bookings(request.scope.units), uuid=uuid)
    return found


@login_required
@require_POST
def cancel(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take a wish back, or call a lecture off."""
    found = _booking(request, uuid)
    path, offered_by = found.unit.path, found.course.unit.path
    scope = request.scope
    demand(
        permissions.may_ask_lecture(scope, path)
        or permissions.may_offer_lectures(scope, offered_by)
    )
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: lectures.cancel(booking=found, reason=reason, by=request.user),
        "已取消，已通知对方。",
    )
    return go(request, "meetings:lecture_bookings")


# --- Staff ---------------------------------------------------------------------------------------


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 2000 <= day.year <= 2100 else timezone.localdate()


@login_required
@require_GET
def schedule(request: DeskRequest) -> HttpResponse:
    """The week of those above: what waits for a time, and what is given on which day."""
    roots = request.scope.units_as(*STAFF, Role.LEADER)
    demand(bool(roots))
    monday, sunday = week_of(_day(request.GET.get("week", "")))
    now = timezone.now()
    waiting = lecturing.bookings(roots).filter(state=BookingState.REQUESTED).order_by("at", "pk")
    context = {
        **_parts(request, "schedule"),
        "days": lecturing.week(roots, monday, request.scope, now=now),
        "waiting": [lecturing.line(row, request.scope, now=now) for row in waiting[:50]],
        "monday": monday,
        "sunday": sunday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
    }
    return page(request, "meetings/lecture_schedule.html", context)


def _lecturers(course: Course) -> Any:
    """Who may give a course: lecturers of the offering unit and of all above it."""
    own = Q(unit=course.unit_id) | Q(unit__path__in=ancestors(course.unit.path))
    rows = Lecturer.objects.offered_to(course.unit).filter(own, is_active=True)
    return rows.order_by("name", "pk")


@login_required
@require_http_methods(["GET", "POST"])
def booking_schedule(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Give a wish its time, or a scheduled lecture another one."""
    found = _booking(request, uuid)
    demand(permissions.may_offer_lectures(request.scope, found.course.unit.path))
    form = SlotForm(
        request.POST or None, lecturers=_lecturers(found.course), initial=_slot_of(found)
    )
    if request.method == "POST" and form.is_valid():
        slot = _slot(form)
        if _done(form, lambda: lectures.schedule(booking=found, slot=slot, by=request.user)):
            messages.success(request, "已安排，已通知支部。")
            return go(request, "meetings:lecture_schedule")
    context = {
        **_parts(request, "schedule"),
        "form": form,
        "booking": found,
        "decline_form": DeclineForm(),
    }
    return _form(request, "meetings/lecture_slot.html", context)


def _slot(form: SlotForm) -> Slot:
    data = form.cleaned_data
    return Slot(data["lecturer"], form.starts_at, data["minutes"], data["place"])


def _slot_of(booking: Booking) -> dict[str, Any]:
    """The time as it is, or what is usual for the course."""
    lecturer = booking.lecturer or booking.course.lecturer
    if booking.starts_at is None or booking.ends_at is None:
        return {"lecturer": lecturer.pk, "minutes": booking.course.minutes}
    start = timezone.localtime(booking.starts_at)
    return {
        "lecturer": lecturer.pk,
        "day": start.date(),
        "start": start.time(),
        "minutes": int((booking.ends_at - booking.starts_at).total_seconds() // 60),
        "place": booking.place,
    }


@login_required
@require_POST
def decline(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Say that a course cannot be brought, and why."""
    found = _booking(request, uuid)
    demand(permissions.may_offer_lectures(request.scope, found.course.unit.path))
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: lectures.decline(booking=found, reason=reason, by=request.user),
        "已答复支部不能安排。",
    )
    return go(request, "meetings:lecture_schedule")


def _visit_form(request: DeskRequest, course: Course) -> tuple[VisitForm, dict[str, Any]]:
    """The form, and the committees that narrow a long list of branches down."""
    chosen, committees = subtree(request, request.scope.units_as(*STAFF))
    units = _askers(request, course, chosen)
    too_many = chosen is None and units.count() == _MOST_UNITS
    form = VisitForm(
        request.POST or None,
        units=units.none() if too_many else units,
        lecturers=_lecturers(course),
        initial={"lecturer": course.lecturer_id, "minutes": course.minutes},
    )
    return form, {"committees": committees, "chosen": chosen, "too_many": too_many}


@login_required
@require_http_methods(["GET", "POST"])
def visit_new(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """送学上门: staff bring a course to branches, one or several together."""
    course = _offered(request, uuid)
    demand(permissions.may_offer_lectures(request.scope, course.unit.path))
    form, narrowed = _visit_form(request, course)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("note", "visit")}
        given |= {"units": list(form.cleaned_data["units"]), "course": course}
        given |= {"slot": _slot(form), "by": request.user}
        if _done(form, lambda: lectures.arrange_visit(**given)):
            messages.success(request, f"已安排 {len(given['units'])} 个支部，已通知。")
            return go(request, "meetings:lecture_schedule")
    context = {**_parts(request, "schedule"), **narrowed, "form": form, "course": course}
    return _form(request, "meetings/lecture_visit.html", context)
