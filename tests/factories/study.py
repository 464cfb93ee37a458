"""Study plans and lectures, made directly or by the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from accounts.models import User
from branches.models import Unit
from meetings.enums.lectures import BookingState, CourseKind
from meetings.enums.study import Split, TextKind
from meetings.models import (
    Booking,
    Course,
    Lecturer,
    Meeting,
    StudyItem,
    StudyMark,
    StudyPhase,
    StudyPlan,
    StudyText,
)
from meetings.services import study
from tests.factories.accounts import make_account

_numbers = count(1)
YEAR = 2026


def make_phases(district: Unit, year: int = YEAR, split: str = Split.QUARTER) -> list[StudyPhase]:
    """The phases of a year."""
    return study.set_phases(district=district, year=year, split=split, by=make_account())


def make_text(phase: StudyPhase, title: str = "", **facts: object) -> StudyText:
    """A text of the district's list."""
    text: StudyText = StudyText.unscoped.create(
        unit=phase.unit,
        year=phase.year,
        phase=phase,
        title=title or f"《第{next(_numbers)}篇》",
        kind=TextKind.REGULATION,
        **facts,
    )
    return text


def make_plan(branch: Unit, year: int = YEAR, *, by: User | None = None) -> StudyPlan:
    """A branch's plan out of the district's list."""
    return study.adopt_plan(unit=branch, year=year, by=by or make_account())


def make_item(plan: StudyPlan, phase: StudyPhase, title: str = "", **facts: object) -> StudyItem:
    """A text of the branch's own."""
    item: StudyItem = StudyItem.unscoped.create(
        plan=plan, phase=phase, title=title or f"自选第{next(_numbers)}篇", **facts
    )
    return item


def make_mark(meeting: Meeting, item: StudyItem) -> StudyMark:
    """What a record studied."""
    mark: StudyMark = StudyMark.unscoped.create(meeting=meeting, item=item)
    return mark


def make_lecturer(unit: Unit, name: str = "", **facts: object) -> Lecturer:
    """A lecturer of a committee or the district."""
    facts.setdefault("post", "区委党校讲师")
    lecturer: Lecturer = Lecturer.unscoped.create(
        unit=unit, name=name or f"讲师{next(_numbers)}", **facts
    )
    return lecturer


def make_course(
    unit: Unit,
    title: str = "",
    *,
    lecturer: Lecturer | None = None,
    kind: CourseKind = CourseKind.MICRO,
    **facts: object,
) -> Course:
    """A course on offer."""
    facts.setdefault("year", YEAR)
    course: Course = Course.unscoped.create(
        unit=unit,
        title=title or f"第{next(_numbers)}课",
        lecturer=lecturer or make_lecturer(unit),
        kind=kind,
        **facts,
    )
    return course


def make_booking(
    unit: Unit,
    course: Course,
    state: BookingState = BookingState.REQUESTED,
    *,
    starts_at: datetime | None = None,
    minutes: int = 30,
    **facts: object,
) -> Booking:
    """A booking in any state but delivered, which comes from a record."""
    if starts_at is not None:
        facts.setdefault("lecturer", course.lecturer)
        facts.setdefault("place", "支部活动室")
        facts |= {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
    booking: Booking = Booking.unscoped.create(unit=unit, course=course, state=state, **facts)
    return booking


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A local moment."""
    return timezone.make_aware(datetime(year, month, day, hour, minute))
