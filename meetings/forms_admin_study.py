"""Input of the data administration about study and lectures: each form ends in the pages' verb."""

from __future__ import annotations

from typing import Any

from core.admin_base import ServiceForm
from meetings.models import Course, Lecturer, StudyPhase, StudyPlan, StudyText
from meetings.services import courses, study
from meetings.services.study import TextEntry


class PhaseAddForm(ServiceForm):
    """A phase of a district's year."""

    def perform(self) -> StudyPhase:
        """Add it."""
        given = dict(self.cleaned_data)
        return study.save_phase(district=given.pop("unit"), by=self.by, **given)


class PhaseChangeForm(ServiceForm):
    """A phase's name and days."""

    def perform(self) -> StudyPhase:
        """Change it."""
        phase: StudyPhase = self.instance
        known: dict[str, Any] = {"district": phase.unit, "year": phase.year, "phase": phase}
        return study.save_phase(by=self.by, **known, **self.cleaned_data)


class TextForm(ServiceForm):
    """A text of the district's list; its district and year are those of its phase."""

    def perform(self) -> StudyText:
        """Add or change it."""
        given = dict(self.cleaned_data)
        phase = given.pop("phase")
        return study.save_text(
            district=phase.unit,
            year=phase.year,
            entry=TextEntry(phase_id=phase.pk, **given),
            by=self.by,
            text=self.instance if self.instance.pk else None,
        )


class PlanAddForm(ServiceForm):
    """A branch's plan out of the district's list."""

    def perform(self) -> StudyPlan:
        """Make it, or take in what is new."""
        return study.adopt_plan(by=self.by, **self.cleaned_data)


class LecturerForm(ServiceForm):
    """A lecturer."""

    def perform(self) -> Lecturer:
        """Add or change him."""
        return courses.save_lecturer(by=self.by, **_kept(self), lecturer=_known(self))


class CourseForm(ServiceForm):
    """A course."""

    def perform(self) -> Course:
        """Add or change it."""
        return courses.save_course(by=self.by, **_kept(self), course=_known(self))


def _known(form: ServiceForm) -> Any:
    return form.instance if form.instance.pk else None


def _kept(form: ServiceForm) -> dict[str, Any]:
    """The input; the organisation of a stored row stays."""
    given = dict(form.cleaned_data)
    if form.instance.pk:
        given["unit"] = form.instance.unit
    return given
