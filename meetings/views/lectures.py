"""党课: the catalogue, a branch's wishes, the time staff give them, and what was delivered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.enums import Role
from branches.permissions import STAFF, WRITERS
from core.downloads import workbook_download
from core.htmx import form_page, go, page
from core.pages import Page, page_of
from meetings import lecturing, permissions
from meetings.enums.lectures import BookingState, CourseKind
from meetings.forms.lectures import AskForm, BookingFilterForm, DeclineForm, SlotForm, VisitForm
from meetings.models import Booking, Course
from meetings.rules.lectures import week_of
from meetings.services import lectures
from meetings.services.lectures import Slot
from meetings.sheets import lectures_workbook
from meetings.views.parts import DeskRequest, attempt, demand, subtree, taken


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
    asked = request.GET.get("kind", "")
    kind = asked if asked in CourseKind.values else ""
    shown = page_of(lecturing.catalogue(request.scope, kind), request.GET)
    context = {
        **_parts(request, "courses"),
        "page": shown,
        "lines": lecturing.offers(shown, request.scope),
        "kinds": CourseKind.choices,
        "kind": kind,
    }
    return page(request, "meetings/lecture_courses.html", context)


def _offered(request: DeskRequest, uuid: UUID) -> Course:
    found: Course = get_object_or_404(lecturing.courses(request.scope.units), uuid=uuid)
    return found


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """点课: a branch asks for a course."""
    course, roots = _offered(request, uuid), request.scope.units_as(*WRITERS)
    demand(bool(roots))
    units = lecturing.askers(course, roots, on=timezone.localdate())
    form = AskForm(request.POST or None, units=units, initial={"unit": units.first()})
    known: dict[str, Any] = {"course": course, "by": request.user}
    said = "已点课，安排好时间后会在“消息”里告诉您。"
    if taken(request, form, lambda: lectures.ask_lecture(**known, **form.cleaned_data), said):
        return go(request, "meetings:lecture_bookings")
    context = {**_parts(request, "courses"), "form": form, "course": course}
    return form_page(request, "meetings/lecture_ask.html", context)


# --- Bookings ------------------------------------------------------------------------------------


def _asked(request: DeskRequest) -> tuple[Any, BookingFilterForm]:
    """The rows and the filter of the address."""
    roots = request.scope.units
    demand(bool(roots))
    chosen, committees = subtree(request, roots)
    year = timezone.localdate().year
    form = BookingFilterForm(request.GET, year=year, committees=committees, chosen=chosen)
    rows = lecturing.register(
        (chosen,) if chosen else roots,
        form.asked_year,
        state=form.asked("state"),
        kind=form.asked("kind"),
    )
    return rows, form


@login_required
@require_GET
def bookings(request: DeskRequest) -> HttpResponse:
    """A branch's own wishes; for those above the register of all, with figures."""
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
    rows, form = _asked(request)
    cover = {"内容": f"{form.asked_year}年党课台账", "导出人": request.user.name}
    pieces = lectures_workbook(rows, cover=cover)
    return workbook_download(pieces, f"{form.asked_year}年党课台账.xlsx")


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


@login_required
@require_http_methods(["GET", "POST"])
def booking_schedule(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Give a wish its time, or a scheduled lecture another one."""
    found = _booking(request, uuid)
    demand(permissions.may_offer_lectures(request.scope, found.course.unit.path))
    people = lecturing.lecturers(found.course)
    first = lecturing.slot_beginning(found)
    form = SlotForm(request.POST or None, lecturers=people, initial=first)
    known: dict[str, Any] = {"booking": found, "by": request.user}
    said = "已安排，已通知支部。"
    if taken(request, form, lambda: lectures.schedule(slot=_slot(form), **known), said):
        return go(request, "meetings:lecture_schedule")
    context = {"form": form, "booking": found, "decline_form": DeclineForm()}
    return form_page(
        request, "meetings/lecture_slot.html", {**_parts(request, "schedule"), **context}
    )


def _slot(form: SlotForm) -> Slot:
    data = form.cleaned_data
    return Slot(data["lecturer"], form.starts_at, data["minutes"], data["place"])


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
    roots = (chosen,) if chosen else request.scope.units_as(*WRITERS)
    units = lecturing.askers(course, roots, on=timezone.localdate())
    too_many = chosen is None and units.count() == lecturing.MOST_ASKERS
    form = VisitForm(
        request.POST or None,
        units=units.none() if too_many else units,
        lecturers=lecturing.lecturers(course),
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
    if taken(request, form, lambda: _visit(request, course, form), _visited):
        return go(request, "meetings:lecture_schedule")
    context = {**_parts(request, "schedule"), **narrowed, "form": form, "course": course}
    return form_page(request, "meetings/lecture_visit.html", context)


def _visit(request: DeskRequest, course: Course, form: VisitForm) -> list[Booking]:
    data = form.cleaned_data
    return lectures.arrange_visit(
        course=course,
        units=list(data["units"]),
        slot=_slot(form),
        note=data["note"],
        visit=data["visit"],
        by=request.user,
    )


def _visited(made: list[Booking]) -> str:
    return f"已安排 {len(made)} 个支部，已通知。"
