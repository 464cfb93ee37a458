"""党课: the way of a booking from the wish to the record.

Nobody is in two places at once: a lecturer's row and the branches' rows are locked before a time
is given, so that the sentence names the clash; the database's exclusion constraints hold in any
case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from branches.enums import Role
from branches.models import Unit
from branches.permissions import STAFF
from core.errors import Refusal
from meetings.enums import COUNTING, Status
from meetings.enums.lectures import TAKEN, BookingState
from meetings.models import Booking, Course, Lecturer, Meeting, StudyPlan
from meetings.rules.lectures import can_move_booking, end_of
from meetings.services.study import clean
from meetings.telling import Word, holders, tell_each

MOST_BRANCHES = 50
_CLASH = "这段时间刚刚被占用，请刷新后换个时间。"


@dataclass(frozen=True)
class Slot:
    """When, how long and where a lecture is given, and by whom."""

    lecturer: Lecturer
    starts_at: datetime
    minutes: int
    place: str = ""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return end_of(self.starts_at, self.minutes)


# --- The way of a booking ------------------------------------------------------------------------


@transaction.atomic
def ask_lecture(*, unit: Unit, course: Course, wish: str, note: str, by: User) -> Booking:
    """A branch asks for a course; while it waits, asked again is the same wish.

    Raises Refusal: no branch, a course that is not offered to it, or no longer.
    """
    if not unit.is_branch:
        raise Refusal("点课由党支部提出，请选择支部。", field="unit")
    if not course.is_active or not course.unit.covers(unit):
        raise Refusal("这门课程现在不接受点课，请在课程目录里另选一门。", field="course")
    wish = clean(wish, longest=200, what="希望的时间和地点", field="wish")
    note = clean(note, longest=200, what="备注", field="note")
    Unit.unscoped.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    rows = Booking.unscoped.filter(unit=unit, course=course, state=BookingState.REQUESTED)
    found: Booking | None = rows.first()
    if found is None:
        found = Booking.unscoped.create(unit=unit, course=course, wish=wish, note=note, asked_by=by)
        _tell([found], "requested", by)
    return found


def _lock(booking: Booking) -> Booking:
    rows = Booking.unscoped.select_for_update(of=("self",))
    found: Booking = rows.select_related(
        "unit", "course__unit", "lecturer", "meeting", "asked_by"
    ).get(pk=booking.pk)
    return found


def _move(booking: Booking, to: BookingState, by: User) -> None:
    if not can_move_booking(booking.state, to):
        word = BookingState(booking.state).label
        raise Refusal(
            f"这次点课现在是“{word}”，不能改为“{to.label}”；请刷新后看最新情况。", code="conflict"
        )
    booking.state, booking.decided_by = to, by


@transaction.atomic
def schedule(*, booking: Booking, slot: Slot, by: User) -> Booking:
    """Give a wish its time, or a scheduled lecture another one (all branches of a joint visit).

    Raises Refusal: the lecturer or a branch is taken at that time, or the booking is closed.
    """
    _check_slot(slot, booking.course)
    together = Booking.unscoped.filter(visit=booking.visit)
    _lock_people(slot.lecturer, together.values_list("unit_id", flat=True))
    booking = _lock(booking)
    if booking.state == BookingState.SCHEDULED and booking.meeting_id is None:
        rows = together.filter(state=BookingState.SCHEDULED).select_for_update(of=("self",))
        bookings = list(rows.select_related("unit", "course__unit"))
    else:
        _move(booking, BookingState.SCHEDULED, by)
        bookings = [booking]
    same = (slot.lecturer.pk, slot.starts_at, slot.ends_at, slot.place.strip())
    if same == (booking.lecturer_id, booking.starts_at, booking.ends_at, booking.place):
        return booking
    _place(bookings, slot, by)
    booking.refresh_from_db()
    return booking


@transaction.atomic
def arrange_visit(
    *, course: Course, units: Sequence[Unit], slot: Slot, note: str, visit: UUID, by: User
) -> list[Booking]:
    """送学上门: staff bring a course to one branch or to several together.

    ``visit`` belongs to the form that was opened: the same again is the same visit. A wish of one
    of the branches for this course is answered by it. Raises Refusal.
    """
    known = list(Booking.unscoped.filter(visit=visit, course=course))
    if known:
        return known
    if not units:
        raise Refusal("请至少选择一个支部。", field="units")
    if len(units) > MOST_BRANCHES:
        raise Refusal(f"一场最多 {MOST_BRANCHES} 个支部，请分几场安排。", field="units")
    outside = [str(unit) for unit in units if not (unit.is_branch and course.unit.covers(unit))]
    if outside:
        raise Refusal(f"这门课程不面向{'、'.join(outside[:3])}，请重新选择支部。", field="units")
    note = clean(note, longest=200, what="备注", field="note")
    _check_slot(slot, course)
    _lock_people(slot.lecturer, [unit.pk for unit in units])
    waiting = Booking.unscoped.select_for_update(of=("self",)).filter(
        course=course, unit__in=units, state=BookingState.REQUESTED
    )
    wishes = {row.unit_id: row for row in waiting.select_related("unit", "course__unit")}
    bookings = []
    for unit in units:
        row = wishes.get(unit.pk) or Booking(unit=unit, course=course, asked_by=by, note=note)
        row.visit = visit
        bookings.append(row)
    _place(bookings, slot, by)
    return bookings


def _check_slot(slot: Slot, course: Course) -> None:
    clean(slot.place, longest=100, what="地点", field="place")
    if not 5 <= slot.minutes <= 480:
        raise Refusal("时长应在 5 到 480 分钟之间。", field="minutes")
    if not slot.place.strip():
        raise Refusal("请写明地点，支部要据此通知党员。", field="place")
    if not slot.lecturer.unit.covers(course.unit) or not slot.lecturer.is_active:
        raise Refusal("这位讲师不在聘，或不讲本级的课，请另选一位。", field="lecturer")
    if not 2000 <= slot.starts_at.year <= 2100:
        raise Refusal("请核对日期的年份。", field="day")


def _lock_people(lecturer: Lecturer, unit_ids: Iterable[int]) -> None:
    """Lecturer first, then branches in order: two who want the same queue up, never crosswise."""
    Lecturer.unscoped.select_for_update(no_key=True).get(pk=lecturer.pk)
    rows = Unit.unscoped.filter(pk__in=set(unit_ids)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _place(bookings: list[Booking], slot: Slot, by: User) -> None:
    """Write the time into all rows of one visit, and tell both sides."""
    _refuse_clash(bookings, slot)
    facts: dict[str, Any] = {
        "state": BookingState.SCHEDULED,
        "visit": bookings[0].visit,
        "lecturer": slot.lecturer,
        "place": slot.place.strip(),
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "decided_by": by,
    }
    for row in bookings:
        for name, value in facts.items():
            setattr(row, name, value)
    known = [row.pk for row in bookings if row.pk]
    try:
        with transaction.atomic():
            Booking.unscoped.filter(pk__in=known).update(**facts, updated_at=timezone.now())
            Booking.unscoped.bulk_create(row for row in bookings if not row.pk)
    except IntegrityError as error:
        raise Refusal(_CLASH, field="start", code="conflict") from error
    _tell(bookings, "scheduled", by)


def _refuse_clash(bookings: list[Booking], slot: Slot) -> None:
    taken = Booking.unscoped.filter(
        state__in=TAKEN, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at
    ).select_related("unit", "course")
    units = {row.unit_id for row in bookings}
    mine = [row.pk for row in bookings if row.pk]
    others = taken.exclude(pk__in=mine).filter(
        Q(unit__in=units) | (Q(lecturer=slot.lecturer) & ~Q(visit=bookings[0].visit))
    )
    clash = others.order_by("starts_at").first()
    if clash is None:
        return
    when = f"{_when(clash.starts_at)}–{timezone.localtime(clash.ends_at):%H:%M}"
    if clash.lecturer_id == slot.lecturer.pk and clash.visit != bookings[0].visit:
        # Who schedules for a committee does not learn where else a district's lecturer goes.
        known = bookings[0].course.unit.covers(clash.unit)
        where = f"已安排到{clash.unit}" if known else "已有其他安排"
        sentence = f"{slot.lecturer.name}{when}{where}，请换个时间或换一位讲师。"
    else:
        sentence = f"{clash.unit}{when}已安排听“{clash.course.title}”，请换个时间。"
    raise Refusal(sentence, field="start", code="conflict")


@transaction.atomic
def decline(*, booking: Booking, reason: str, by: User) -> Booking:
    """Staff cannot bring a course; the branch reads why. Raises Refusal."""
    reason = clean(reason, longest=200, what="理由", field="reason")
    if not reason:
        raise Refusal("请写明不能安排的理由，支部会看到。", field="reason")
    booking = _lock(booking)
    if booking.state == BookingState.DECLINED:
        return booking
    _move(booking, BookingState.DECLINED, by)
    booking.reason = reason
    booking.save()
    _tell([booking], "declined", by)
    return booking


@transaction.atomic
def cancel(*, booking: Booking, reason: str, by: User) -> Booking:
    """Take a wish back, or call a scheduled lecture off; both sides are told. Raises Refusal."""
    reason = clean(reason, longest=200, what="理由", field="reason")
    booking = _lock(booking)
    if booking.state == BookingState.CANCELLED:
        return booking
    if booking.meeting is not None and booking.meeting.status != Status.WITHDRAWN:
        raise Refusal("这次党课已有会议记录，不能取消；没有讲成的，请先撤回记录。", code="conflict")
    _move(booking, BookingState.CANCELLED, by)
    booking.reason = reason
    booking.save()
    _tell([booking], "cancelled", by)
    return booking


# --- The record of a lecture ---------------------------------------------------------------------


def link_record(*, meeting: Meeting, booking: UUID | None) -> None:
    """Note that a locked record is the record of a booked lecture of its branch.

    Raises Refusal: not this branch's, not scheduled, or recorded already.
    """
    if booking is None:
        return
    rows = Booking.unscoped.select_for_update(of=("self",)).select_related("meeting")
    found = rows.filter(uuid=booking, unit=meeting.unit_id).first()
    if found is None:
        raise Refusal("没有这次党课的安排，请从“党课”页重新打开。")
    if found.meeting_id == meeting.pk:
        return
    if found.state != BookingState.SCHEDULED:
        raise Refusal("这次党课现在不是“已安排”，不能记录；请刷新后看最新情况。", code="conflict")
    if found.meeting is not None and found.meeting.status != Status.WITHDRAWN:
        raise Refusal("这次党课已经有记录了，请打开那一条修改。", code="conflict")
    found.meeting = meeting
    found.save()


def follow(meeting_ids: Iterable[int]) -> None:
    """After records were moved: what hangs on them counts, or does so no more.

    A lecture is 已讲 while its record counts. The progress of a study plan is computed from its
    records; the plan only notes that something changed.
    """
    ids, now = list(meeting_ids), timezone.now()
    rows = Booking.unscoped.filter(meeting__in=ids)
    rows.filter(state=BookingState.SCHEDULED, meeting__status__in=COUNTING).update(
        state=BookingState.DELIVERED, updated_at=now
    )
    rows.filter(state=BookingState.DELIVERED).exclude(meeting__status__in=COUNTING).update(
        state=BookingState.SCHEDULED, updated_at=now
    )
    StudyPlan.unscoped.filter(items__marks__meeting__in=ids).update(updated_at=now)


# --- Who is told ---------------------------------------------------------------------------------


def _when(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日{local:%H:%M}"


_TITLES = {
    "requested": "新的点课：{}",
    "scheduled": "党课已安排：{}",
    "declined": "点课未能安排：{}",
    "cancelled": "党课已取消：{}",
}


def _tell(bookings: Sequence[Booking], name: str, by: User) -> None:
    """Both sides, but not him who did it: the branches' secretaries, the offering unit's staff.

    Another time or place is another thing to say.
    """
    on = timezone.localdate()
    staff = holders([row.course.unit_id for row in bookings], STAFF, on=on)
    units = () if name == "requested" else {row.unit_id for row in bookings}
    heads = holders(units, (Role.SECRETARY,), on=on)
    words = [
        Word(
            to=user_id,
            key=f"lecture:{row.pk}:{name}:{_moment(row)}",
            title=_TITLES[name].format(row.course.title),
            payload=_payload(row, by),
        )
        for row in bookings
        for user_id in (staff.get(row.course.unit_id, set()) | heads.get(row.unit_id, set()))
        - {by.pk}
    ]
    link = reverse("meetings:lecture_bookings")
    tell_each(words, template=f"meetings/notices/lecture_{name}", link=link, on=on)


def _moment(booking: Booking) -> str:
    if booking.starts_at is None:
        return ""
    return f"{booking.starts_at:%Y%m%d%H%M}:{booking.place[:60]}"


def _payload(booking: Booking, by: User) -> dict[str, str]:
    return {
        "unit": str(booking.unit),
        "course": booking.course.title,
        "lecturer": booking.lecturer.name if booking.lecturer else "",
        "when": _when(booking.starts_at),
        "place": booking.place,
        "wish": booking.wish,
        "reason": booking.reason,
        "who": by.name,
    }
