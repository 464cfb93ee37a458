"""党课 as it is read: what is offered, what is booked, how many were delivered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case, Count, F, Q, When
from django.urls import reverse
from django.utils import timezone

from branches.enums import BRANCH_KINDS, Role
from branches.models import Unit
from branches.querysets import ScopedQuerySet, UnitQuerySet
from branches.rules import ancestors
from branches.scope import Scope
from core.pages import Plot, Series
from meetings.enums import Kind, Status
from meetings.enums.lectures import BOOKING_TONES, TAKEN, BookingState, CourseKind
from meetings.models import Booking, Course, Lecturer
from meetings.permissions import may_ask_lecture, may_offer_lectures
from meetings.querysets import OfferQuerySet
from meetings.rules.lectures import can_move_booking

MOST_ASKERS = 300
_MOST_BARS = 20
_WEEKDAYS = "一二三四五六日"


def courses(units: Iterable[Unit]) -> OfferQuerySet:
    """Courses on offer to the units, and those that units below them offer."""
    found: OfferQuerySet = Course.objects.offered_to(*units)
    return found.select_related("unit", "lecturer")


def catalogue(scope: Scope, kind: str = "") -> OfferQuerySet:
    """The courses on offer, of one kind when it is given; staff see those out of use too."""
    rows = courses(scope.units).order_by("-year", "kind", "title", "pk")
    if kind:
        rows = rows.filter(kind=kind)
    return rows if scope.is_staff else rows.filter(is_active=True)


@dataclass(frozen=True)
class Offer:
    """A course or a lecturer as lists show it."""

    offer: Course | Lecturer
    may_keep: bool


def offers(rows: Iterable[Course | Lecturer], scope: Scope) -> list[Offer]:
    """What is on offer, each with whether the asker may change it."""
    return [Offer(row, may_offer_lectures(scope, row.unit.path)) for row in rows]


def lecturers(course: Course) -> OfferQuerySet:
    """Who may give a course: lecturers of the offering unit and of all above it."""
    own = Q(unit=course.unit_id) | Q(unit__path__in=ancestors(course.unit.path))
    rows: OfferQuerySet = Lecturer.objects.offered_to(course.unit)
    return rows.filter(own, is_active=True).order_by("name", "pk")


def askers(course: Course, roots: Iterable[Unit], *, on: date) -> UnitQuerySet:
    """The branches below ``roots`` to which the course is offered, a few hundred."""
    rows: UnitQuerySet = Unit.objects.within(*roots).filter(kind__in=BRANCH_KINDS)
    rows = rows.filter(path__startswith=course.unit.path).standing(on=on)
    few = list(rows.order_by("path").values_list("pk", flat=True)[:MOST_ASKERS])
    return rows.filter(pk__in=few).order_by("path")


# --- Bookings ------------------------------------------------------------------------------------


def bookings(units: Iterable[Unit]) -> ScopedQuerySet[Any]:
    """Bookings of the branches in reach, with all that a list shows."""
    found: ScopedQuerySet[Any] = Booking.objects.within(*units)
    return found.select_related(
        "unit", "unit__committee", "course__unit", "course__lecturer", "lecturer", "meeting"
    )


def in_order(rows: Any) -> Any:
    """What waits, what is to come, then what is over, the latest first."""
    place = Case(
        When(state=BookingState.REQUESTED, then=0), When(state=BookingState.SCHEDULED, then=1),
        default=2,
    )  # fmt: skip
    return rows.order_by(place, F("starts_at").desc(nulls_last=True), "-pk")


def register(units: Iterable[Unit], year: int, *, state: str = "", kind: str = "") -> Any:
    """A year's bookings in order: given in it, or wished for in it and still without a time."""
    span = year_range(year)
    rows = bookings(units).filter(Q(starts_at__range=span) | Q(starts_at=None, at__range=span))
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(course__kind=kind)
    return in_order(rows)


@dataclass(frozen=True)
class BookingLine:
    """A booking with what the asker may do about it."""

    booking: Booking
    can_schedule: bool
    can_decline: bool
    can_cancel: bool
    can_record: bool
    sees_record: bool

    @property
    def tone(self) -> str:
        """How its state is shown."""
        return BOOKING_TONES[BookingState(self.booking.state)]

    @property
    def day(self) -> date | None:
        """The day of the lecture."""
        starts_at = self.booking.starts_at
        return timezone.localdate(starts_at) if starts_at else None

    @property
    def weekday(self) -> str:
        """周三."""
        return f"周{_WEEKDAYS[self.day.weekday()]}" if self.day else ""

    @property
    def record_url(self) -> str:
        """The log form, filled in from the booking."""
        known = {"unit": self.booking.unit_id, "kind": "lecture", "booking": self.booking.uuid}
        day = {"day": self.day.isoformat()} if self.day else {}
        return f"{reverse('meetings:meeting_new')}?{urlencode({**known, **day})}"


def line(booking: Booking, scope: Scope, *, now: datetime) -> BookingLine:
    """What somebody sees of a booking, and may do."""
    keeper = may_offer_lectures(scope, booking.course.unit.path)
    asker = may_ask_lecture(scope, booking.unit.path)
    open_ = booking.meeting is None or booking.meeting.status == Status.WITHDRAWN
    held = booking.state == BookingState.SCHEDULED and open_
    # A draft is read where it is written.
    drafted = booking.meeting is not None and booking.meeting.status == Status.DRAFT
    declines = keeper and can_move_booking(booking.state, BookingState.DECLINED)
    return BookingLine(
        booking=booking,
        can_schedule=keeper and (booking.state == BookingState.REQUESTED or held),
        can_decline=declines,
        # Who may say no has no need to cancel for the branch.
        can_cancel=(keeper or asker)
        and open_
        and not declines
        and can_move_booking(booking.state, BookingState.CANCELLED),
        can_record=asker and held and booking.starts_at is not None and booking.starts_at <= now,
        sees_record=not open_ and (not drafted or scope.covers(booking.unit.path, Role.SECRETARY)),
    )


def booking_of(unit: Unit, uuid: UUID) -> Booking | None:
    """A scheduled lecture of the branch by the identifier in an address; None for another's."""
    rows = Booking.objects.within(unit).filter(unit=unit, uuid=uuid, state=BookingState.SCHEDULED)
    found: Booking | None = rows.select_related("course", "lecturer").first()
    return found


def record_beginning(booking: Booking) -> dict[str, Any]:
    """What the record of a booked lecture says before anybody types."""
    course, lecturer = booking.course, booking.lecturer
    known: dict[str, Any] = {
        "kinds": [Kind.LECTURE],
        "topic": f"{course.get_kind_display()}《{course.title.strip('《》')}》",
        "place": booking.place,
        "booking": booking.uuid,
    }
    if lecturer is not None:
        known["topic"] += f"，主讲：{lecturer.name}"
    if booking.starts_at and booking.ends_at:
        start, end = timezone.localtime(booking.starts_at), timezone.localtime(booking.ends_at)
        known |= {"held_on": start.date(), "started_at": start.time(), "ended_at": end.time()}
    return known


def slot_beginning(booking: Booking) -> dict[str, Any]:
    """The time of a booking as it is, or what is usual for the course."""
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


# --- The week ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DayView:
    """One day of a week with what is given on it."""

    day: date
    lines: tuple[BookingLine, ...]

    @property
    def weekday(self) -> str:
        """周三."""
        return f"周{_WEEKDAYS[self.day.weekday()]}"


def week(units: Iterable[Unit], monday: date, scope: Scope, *, now: datetime) -> list[DayView]:
    """The lectures of seven days, in order."""
    days = [monday + timedelta(days=number) for number in range(7)]
    start = timezone.make_aware(datetime.combine(monday, time()))
    end = timezone.make_aware(datetime.combine(monday + timedelta(days=7), time()))
    rows = bookings(units).filter(state__in=TAKEN, starts_at__gte=start, starts_at__lt=end)
    lines = [line(row, scope, now=now) for row in rows.order_by("starts_at", "pk")]
    return [DayView(day, tuple(one for one in lines if one.day == day)) for day in days]


# --- Figures -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LecturePlace:
    """A committee and how many lectures its branches heard."""

    name: str
    href: str
    micro: int
    special: int
    expert: int

    @property
    def total(self) -> int:
        """All kinds."""
        return self.micro + self.special + self.expert


def figures(units: Iterable[Unit], year: int) -> list[LecturePlace]:
    """Delivered lectures of a year by committee and kind, the most first; one query."""
    kinds = {kind.value: Count("pk", filter=Q(course__kind=kind.value)) for kind in CourseKind}
    rows: Any = (
        Booking.objects.within(*units)
        .filter(state=BookingState.DELIVERED, starts_at__range=year_range(year))
        .values(key=F("unit__committee"))
        .annotate(**kinds, path=F("unit__committee__path"), short=_name("short_name"))
        .annotate(long=_name("name"))
        .order_by("path")
    )
    return [
        LecturePlace(
            name=row["short"] or row["long"] or "区直属",
            href=list_href(year=year, state="delivered", unit=row["key"] or ""),
            micro=row["micro"],
            special=row["special"],
            expert=row["expert"],
        )
        for row in rows
    ]


def _name(field: str) -> Any:
    return F(f"unit__committee__{field}")


def year_range(year: int) -> tuple[datetime, datetime]:
    """The first and the last moment of a local year."""
    first = timezone.make_aware(datetime.combine(date(year, 1, 1), time()))
    last = timezone.make_aware(datetime.combine(date(year + 1, 1, 1), time()))
    return first, last - timedelta(microseconds=1)


def list_href(**known: object) -> str:
    """The rows behind a figure."""
    query = {key: value for key, value in known.items() if value != ""}
    return f"{reverse('meetings:lecture_bookings')}?{urlencode(query)}"


def plot(places: Sequence[LecturePlace], year: int) -> Plot:
    """Delivered lectures by committee, stacked by kind."""
    shown = places[:_MOST_BARS]
    tones = {"micro": "ok", "special": "info", "expert": "gold"}
    return Plot(
        kind="bar",
        title=f"{year}年各党（工）委已讲党课",
        labels=[place.name for place in shown],
        unit="次",
        lying=True,
        stacked=True,
        series=[
            Series(
                str(kind.label),
                [getattr(place, kind.value) for place in shown],
                tone=tones[kind.value],
                hrefs=[f"{place.href}&kind={kind.value}" for place in shown],
            )
            for kind in CourseKind
        ],
    )
