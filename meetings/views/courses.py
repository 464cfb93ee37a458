"""Lecturers and courses, as those keep them who offer them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import COMMITTEE_KINDS, Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from core.errors import Refusal
from core.htmx import go, page
from core.pages import page_of
from meetings import permissions
from meetings.forms.lectures import CourseForm, LecturerForm
from meetings.models import Course, Lecturer
from meetings.services import courses
from meetings.views.parts import DeskRequest, demand

_LECTURER = ("name", "post", "topics", "is_active")
_COURSE = ("title", "kind", "minutes", "year", "summary", "is_active")


def _offering(request: DeskRequest) -> Any:
    """Committees and districts for which the asker may offer."""
    rows = Unit.objects.within(*request.scope.units_as(*STAFF))
    return rows.filter(kind__in=(UnitKind.DISTRICT, *COMMITTEE_KINDS)).order_by("path")


@login_required
@require_GET
def lecturers(request: DeskRequest) -> HttpResponse:
    """Lecturers of the asker's own level, of those below and of those above."""
    rows = Lecturer.objects.offered_to(*request.scope.units).select_related("unit")
    if not request.scope.is_staff:
        rows = rows.filter(is_active=True)
    shown = page_of(rows.order_by("-is_active", "name", "pk"), request.GET)
    context = {
        "tab": "lecturers",
        "page": shown,
        "lines": [
            {
                "lecturer": row,
                "may_keep": permissions.may_offer_lectures(request.scope, row.unit.path),
            }
            for row in shown
        ],
        "is_staff": request.scope.is_staff,
        "looks": bool(request.scope.units_as(*STAFF, Role.LEADER)),
    }
    return page(request, "meetings/lecturer_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def lecturer_new(request: DeskRequest) -> HttpResponse:
    """Add a lecturer."""
    demand(request.scope.is_staff)
    return _lecturer_page(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def lecturer_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Change a lecturer of one's own."""
    rows = Lecturer.objects.within(*request.scope.units_as(*STAFF)).select_related("unit")
    return _lecturer_page(request, get_object_or_404(rows, uuid=uuid))


def _lecturer_page(request: DeskRequest, lecturer: Lecturer | None) -> HttpResponse:
    units = _offering(request)
    first = _first(lecturer, _LECTURER, units)
    form = LecturerForm(request.POST or None, units=units, initial=first)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "lecturer": lecturer, **form.cleaned_data}
        if _done(form, courses.save_lecturer, given):
            messages.success(request, f"已保存：{form.cleaned_data['name']}")
            return go(request, "meetings:lecturers")
    context = {"form": form, "lecturer": lecturer}
    status = 422 if request.method == "POST" else 200
    return page(request, "meetings/lecturer_form.html", context, status=status)


def _first(thing: Any, names: tuple[str, ...], units: Any) -> dict[str, Any]:
    """A stored row as the form's beginning; for a new one the asker's own level."""
    if thing is None:
        return {"unit": units.first(), "year": timezone.localdate().year}
    return {"unit": thing.unit_id, **{name: getattr(thing, name) for name in names}}


def _done(form: Any, verb: Any, given: dict[str, Any]) -> bool:
    try:
        verb(**given)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True


@login_required
@require_http_methods(["GET", "POST"])
def course_new(request: DeskRequest) -> HttpResponse:
    """Offer a course."""
    demand(request.scope.is_staff)
    return _course_page(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def course_edit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Change a course of one's own."""
    rows = Course.objects.within(*request.scope.units_as(*STAFF)).select_related("unit")
    return _course_page(request, get_object_or_404(rows, uuid=uuid))


def _course_page(request: DeskRequest, course: Course | None) -> HttpResponse:
    units = _offering(request)
    first = _first(course, _COURSE, units)
    if course is not None:
        first["lecturer"] = course.lecturer_id
    people = Lecturer.objects.offered_to(*request.scope.units_as(*STAFF)).filter(is_active=True)
    form = CourseForm(
        request.POST or None, units=units, lecturers=people.order_by("name"), initial=first
    )
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "course": course, **form.cleaned_data}
        if _done(form, courses.save_course, given):
            messages.success(request, f"已保存：{form.cleaned_data['title']}")
            return go(request, "meetings:lectures")
    context = {"form": form, "course": course}
    status = 422 if request.method == "POST" else 200
    return page(request, "meetings/course_form.html", context, status=status)
