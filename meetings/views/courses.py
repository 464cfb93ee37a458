"""Lecturers and courses, as those keep them who offer them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.enums import COMMITTEE_KINDS, Role, UnitKind
from branches.models import Unit
from branches.permissions import STAFF
from core.htmx import form_page, go, page
from core.pages import page_of
from meetings import lecturing
from meetings.forms.lectures import CourseForm, LecturerForm
from meetings.models import Course, Lecturer
from meetings.services.courses import save_course, save_lecturer
from meetings.views.parts import DeskRequest, demand, taken

_LECTURER = ("name", "post", "topics", "is_active")
_COURSE = ("title", "kind", "lecturer", "minutes", "year", "summary", "is_active")


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
        "lines": lecturing.offers(shown, request.scope),
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
    known: dict[str, Any] = {"by": request.user, "lecturer": lecturer}
    if taken(request, form, lambda: save_lecturer(**known, **form.cleaned_data), _saved):
        return go(request, "meetings:lecturers")
    context = {"form": form, "lecturer": lecturer}
    return form_page(request, "meetings/lecturer_form.html", context)


def _first(thing: Any, names: tuple[str, ...], units: Any) -> dict[str, Any]:
    """A stored row as the form's beginning; for a new one the asker's own level."""
    if thing is None:
        return {"unit": units.first(), "year": timezone.localdate().year}
    return {"unit": thing.unit_id, **{name: getattr(thing, name) for name in names}}


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
    rows = Course.objects.within(*request.scope.units_as(*STAFF)).select_related("unit", "lecturer")
    return _course_page(request, get_object_or_404(rows, uuid=uuid))


def _course_page(request: DeskRequest, course: Course | None) -> HttpResponse:
    units = _offering(request)
    first = _first(course, _COURSE, units)
    people = Lecturer.objects.offered_to(*request.scope.units_as(*STAFF)).filter(is_active=True)
    form = CourseForm(
        request.POST or None, units=units, lecturers=people.order_by("name"), initial=first
    )
    known: dict[str, Any] = {"by": request.user, "course": course}
    if taken(request, form, lambda: save_course(**known, **form.cleaned_data), _saved):
        return go(request, "meetings:lectures")
    context = {"form": form, "course": course}
    return form_page(request, "meetings/course_form.html", context)


def _saved(made: Lecturer | Course) -> str:
    return f"已保存：{made.title if isinstance(made, Course) else made.name}"
