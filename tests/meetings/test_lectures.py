"""党课: courses on offer, wishes, times that nobody is given twice, and records."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from branches.enums import Role
from branches.scope import scope_of
from core.errors import Refusal
from core.models import Notice
from meetings import lecturing, services
from meetings.asks import asked
from meetings.entries import MeetingContent
from meetings.enums import Kind, Status
from meetings.enums.lectures import BOOKING_MOVES, BookingState, CourseKind
from meetings.models import Booking, Course, Lecturer, Meeting
from meetings.services import courses, lectures
from meetings.services.lectures import Slot
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.meetings import make_meeting
from tests.factories.study import at, make_booking, make_course, make_lecturer
from tests.meetings.conftest import Street

NOW = at(2026, 8, 10, 10)
TWO = at(2026, 8, 12, 14)


@pytest.fixture(autouse=True)
def _august(time_machine: Any) -> None:
    time_machine.move_to(NOW)


@pytest.fixture
def course(street: Street) -> Course:
    return make_course(street.district, "党章里的规矩")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def slot(course: Course, starts_at: datetime = TWO, minutes: int = 30, **more: Any) -> Slot:
    return Slot(
        more.get("lecturer", course.lecturer), starts_at, minutes, more.get("place", "活动室")
    )


def ask(street: Street, course: Course, **more: Any) -> Booking:
    return lectures.ask_lecture(
        unit=more.get("unit", street.branch),
        course=course,
        wish="下周三下午",
        note="",
        by=street.secretary,
    )


def told() -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {}
    for notice in Notice.objects.select_related("recipient"):
        found.setdefault(notice.template.rpartition("_")[2], set()).add(notice.recipient)
    return found


# --- What is offered -----------------------------------------------------------------------------


def test_branches_see_what_is_offered_above_them_and_nothing_beside(street: Street) -> None:
    above = make_course(street.district)
    own = make_course(street.street)
    beside = make_course(make_committee(street.district))
    foreign = make_course(make_district())
    seen = set(lecturing.courses([street.branch]))
    assert seen == {above, own}
    assert set(lecturing.courses([street.district])) == {above, own, beside}
    assert foreign not in set(lecturing.courses([street.group]))
    assert not lecturing.courses([]).exists()


def test_a_course_sent_twice_is_one_and_a_stranger_teaches_none(street: Street) -> None:
    lecturer = make_lecturer(street.district)
    given: dict[str, Any] = {
        "unit": street.street, "year": 2026, "title": "家门口的党史", "kind": "micro",
        "lecturer": lecturer, "minutes": 20, "summary": "", "is_active": True,
        "by": street.reviewer,
    }  # fmt: skip
    assert courses.save_course(**given).pk == courses.save_course(**given).pk
    with pytest.raises(Refusal, match="本级或上级聘请"):
        courses.save_course(**given | {"lecturer": make_lecturer(make_district())})
    with pytest.raises(Refusal, match="5 到 480 分钟"):
        courses.save_course(**given | {"minutes": 1})
    with pytest.raises(Refusal, match="由区委或党（工）委提供"):
        courses.save_course(**given | {"unit": street.branch})


def test_a_lecturer_is_kept_by_whoever_engaged_him(street: Street) -> None:
    client = signed_in(street.reviewer)
    data = {"unit": street.street.pk, "name": "李敏", "post": "党校讲师", "is_active": "on"}
    assert client.post("/lectures/lecturers/new/", data).status_code == 302
    own = Lecturer.unscoped.get(name="李敏")
    edit = client.post(f"/lectures/lecturers/{own.uuid}/edit/", data | {"topics": "党史"})
    assert edit.status_code == 302
    above = make_lecturer(street.district)
    assert client.get(f"/lectures/lecturers/{above.uuid}/edit/").status_code == 404
    assert signed_in(street.secretary).get("/lectures/lecturers/new/").status_code == 403


# --- From the wish to the time -------------------------------------------------------------------


def test_a_wish_is_one_while_it_waits_and_staff_are_told(street: Street, course: Course) -> None:
    booking = ask(street, course)
    assert ask(street, course).pk == booking.pk
    assert told() == {"requested": {street.chief}}
    lectures.cancel(booking=booking, reason="", by=street.secretary)
    assert ask(street, course).pk != booking.pk


def test_nobody_asks_for_what_is_not_offered_to_him(street: Street, course: Course) -> None:
    beside = make_course(make_committee(street.district))
    with pytest.raises(Refusal, match="不接受点课"):
        ask(street, beside)
    Course.unscoped.filter(pk=course.pk).update(is_active=False)
    course.refresh_from_db()
    with pytest.raises(Refusal, match="不接受点课"):
        ask(street, course)
    with pytest.raises(Refusal, match="点课由党支部提出"):
        ask(street, course, unit=street.group)


def test_a_time_is_told_to_both_sides(street: Street, course: Course) -> None:
    booking = ask(street, course)
    lectures.schedule(booking=booking, slot=slot(course), by=street.chief)
    second = make_user(Role.DISTRICT_STAFF, street.district)
    moved = slot(course, TWO + timedelta(days=1))
    booking = lectures.schedule(booking=booking, slot=moved, by=street.chief)
    lectures.schedule(booking=booking, slot=moved, by=street.chief)
    assert (booking.state, booking.starts_at) == (BookingState.SCHEDULED, moved.starts_at)
    assert told()["scheduled"] == {street.secretary, second}
    texts = Notice.objects.filter(recipient=street.secretary).order_by("pk")
    assert [one.payload["when"] for one in texts] == ["8月12日14:00", "8月13日14:00"]


def test_who_says_no_says_why(street: Street, course: Course) -> None:
    booking = ask(street, course)
    with pytest.raises(Refusal, match="理由"):
        lectures.decline(booking=booking, reason=" ", by=street.chief)
    lectures.decline(booking=booking, reason="讲师外出", by=street.chief)
    assert lectures.decline(booking=booking, reason="x", by=street.chief).reason == "讲师外出"
    assert told()["declined"] == {street.secretary}
    with pytest.raises(Refusal, match="现在是“未安排”"):
        lectures.schedule(booking=booking, slot=slot(course), by=street.chief)


@pytest.mark.parametrize(
    ("start", "free"),
    [(-30, True), (-29, False), (0, False), (29, False), (30, True)],
)
def test_a_lecturer_is_never_in_two_places(
    street: Street, course: Course, start: int, free: bool
) -> None:
    make_booking(street.branch, course, BookingState.SCHEDULED, starts_at=TWO)
    booking = ask(street, course, unit=street.neighbour)
    wanted = slot(course, TWO + timedelta(minutes=start))
    if free:
        lectures.schedule(booking=booking, slot=wanted, by=street.chief)
    else:
        with pytest.raises(Refusal, match=r"8月12日14:00–14:30已安排到滨河社区党支部"):
            lectures.schedule(booking=booking, slot=wanted, by=street.chief)


def test_a_branch_never_hears_two_at_once(street: Street, course: Course) -> None:
    make_booking(street.branch, course, BookingState.SCHEDULED, starts_at=TWO)
    other = make_course(street.district)
    booking = ask(street, other)
    with pytest.raises(Refusal, match="已安排听“党章里的规矩”"):
        lectures.schedule(booking=booking, slot=slot(other), by=street.chief)


def test_a_committee_does_not_learn_where_the_districts_lecturer_goes(
    street: Street, course: Course
) -> None:
    elsewhere = make_branch(make_committee(street.district), name="秘密支部")
    make_booking(elsewhere, course, BookingState.SCHEDULED, starts_at=TWO)
    own = make_course(street.street, lecturer=course.lecturer)
    with pytest.raises(Refusal, match="已有其他安排"):
        lectures.schedule(booking=ask(street, own), slot=slot(own), by=street.reviewer)


def test_the_database_itself_refuses_a_second_time(street: Street, course: Course) -> None:
    make_booking(street.branch, course, BookingState.SCHEDULED, starts_at=TWO)
    with pytest.raises(IntegrityError, match="meetings_lecturer_free"), transaction.atomic():
        make_booking(street.neighbour, course, BookingState.SCHEDULED, starts_at=TWO)
    other = make_course(street.district)
    with pytest.raises(IntegrityError, match="meetings_branch_free"), transaction.atomic():
        make_booking(street.branch, other, BookingState.SCHEDULED, starts_at=TWO)
    # One that was called off takes nobody's time.
    make_booking(street.neighbour, course, BookingState.CANCELLED, starts_at=TWO)


@pytest.mark.parametrize("after", list(BookingState))
@pytest.mark.parametrize("before", list(BookingState))
def test_the_database_knows_the_table_of_moves(
    street: Street, course: Course, before: BookingState, after: BookingState
) -> None:
    meeting = make_meeting(street.branch, Kind.LECTURE, date(2026, 8, 1))
    booking = make_booking(
        street.branch, course, before, starts_at=TWO, meeting=meeting, reason="理由"
    )
    if before == after or (before, after) in BOOKING_MOVES:
        Booking.unscoped.filter(pk=booking.pk).update(state=after)
    else:
        with pytest.raises(IntegrityError, match="illegal state change"), transaction.atomic():
            Booking.unscoped.filter(pk=booking.pk).update(state=after)


# --- Several branches together -------------------------------------------------------------------


def visit(street: Street, course: Course, units: list[Any], **more: Any) -> list[Booking]:
    return lectures.arrange_visit(
        course=course,
        units=units,
        slot=slot(course),
        note="",
        visit=more.get("visit", uuid4()),
        by=street.chief,
    )


def test_a_joint_visit_is_one_lecture_for_several_branches(street: Street, course: Course) -> None:
    wish, key = ask(street, course), uuid4()
    both = [street.branch, street.neighbour]
    made = visit(street, course, both, visit=key)
    again = visit(street, course, both, visit=key)
    assert {row.pk for row in made} == {row.pk for row in again}
    wish.refresh_from_db()
    assert (wish.state, wish.visit) == (BookingState.SCHEDULED, key)
    moved = slot(course, TWO + timedelta(hours=1))
    lectures.schedule(booking=wish, slot=moved, by=street.chief)
    assert set(Booking.unscoped.values_list("starts_at", flat=True)) == {moved.starts_at}
    third = ask(street, course, unit=make_branch(street.street))
    with pytest.raises(Refusal, match="已安排到"):
        lectures.schedule(booking=third, slot=moved, by=street.chief)


def test_a_visit_goes_to_branches_of_the_offering_unit(street: Street, course: Course) -> None:
    foreign = make_branch(make_committee(make_district()))
    with pytest.raises(Refusal, match="不面向"):
        visit(street, course, [street.branch, foreign])
    with pytest.raises(Refusal, match="至少选择一个支部"):
        visit(street, course, [])
    assert not Booking.unscoped.exists()


# --- The record ----------------------------------------------------------------------------------


def record(street: Street, booking: Booking, **more: Any) -> Meeting:
    content = MeetingContent(kinds=[Kind.LECTURE], held_on=date(2026, 8, 10), topic="党课")
    known = {"unit": street.branch, "by": street.secretary, "form_key": uuid4(), **more}
    meeting = services.save(content=content, booking=booking.uuid, **known)
    Meeting.unscoped.filter(pk=meeting.pk).update(eligible_count=5, present_count=4)
    return meeting


def test_a_lecture_is_delivered_while_its_record_counts(street: Street, course: Course) -> None:
    booking = make_booking(
        street.branch, course, BookingState.SCHEDULED, starts_at=at(2026, 8, 10, 9)
    )

    def state() -> str:
        booking.refresh_from_db()
        return str(booking.state)

    meeting = record(street, booking)
    assert state() == BookingState.SCHEDULED
    services.submit(meeting=meeting, by=street.secretary, on=date(2026, 8, 10))
    assert state() == BookingState.DELIVERED
    services.return_many(
        records=Meeting.objects.within(street.street),
        uuids=[meeting.uuid],
        by=street.reviewer,
        reason="补名单",
    )
    assert state() == BookingState.SCHEDULED
    services.submit(meeting=meeting, by=street.secretary, on=date(2026, 8, 10))
    services.accept(meeting=meeting, by=street.reviewer)
    assert state() == BookingState.DELIVERED


def test_a_lecture_has_one_record_and_a_withdrawn_one_makes_room(
    street: Street, course: Course
) -> None:
    booking = make_booking(
        street.branch, course, BookingState.SCHEDULED, starts_at=at(2026, 8, 10, 9)
    )
    first = record(street, booking)
    record(street, booking, form_key=None, meeting=first)
    with pytest.raises(Refusal, match="已经有记录了"):
        record(street, booking)
    with pytest.raises(Refusal, match="已有会议记录，不能取消"):
        lectures.cancel(booking=booking, reason="", by=street.secretary)
    services.withdraw(meeting=first, by=street.secretary)
    second = record(street, booking)
    booking.refresh_from_db()
    assert booking.meeting == second


def test_another_branchs_lecture_is_nobodys_to_record(street: Street, course: Course) -> None:
    booking = make_booking(
        street.neighbour, course, BookingState.SCHEDULED, starts_at=at(2026, 8, 10, 9)
    )
    with pytest.raises(Refusal, match="没有这次党课的安排"):
        record(street, booking)


def test_the_form_of_a_lecture_arrives_filled_in(street: Street, course: Course) -> None:
    booking = make_booking(
        street.branch, course, BookingState.SCHEDULED, starts_at=at(2026, 8, 10, 9)
    )
    client = signed_in(street.secretary)
    rows = client.get("/lectures/bookings/").context["lines"]
    assert [row.can_record for row in rows] == [True]
    form = client.get(rows[0].record_url).context["form"]
    assert form["topic"].value() == f"微党课《党章里的规矩》，主讲：{course.lecturer}"
    assert form["place"].value() == "支部活动室"
    assert [int(kind) for kind in form["kinds"].value()] == [Kind.LECTURE]
    assert form["held_on"].value() == date(2026, 8, 10)
    ids = [member.pk for member in street.members]
    data = {
        "unit": street.branch.pk, "form_key": str(uuid4()), "kinds": [str(int(Kind.LECTURE))],
        "held_on": "2026-08-10", "topic": "微党课", "eligible": ids, "present": ids,
        "votes-TOTAL_FORMS": "0", "votes-INITIAL_FORMS": "0", "booking": str(booking.uuid),
    }  # fmt: skip
    for _ in range(2):
        assert client.post("/meetings/new/", data).status_code == 302
    booking.refresh_from_db()
    assert (booking.state, booking.meeting) == (BookingState.DELIVERED, Meeting.unscoped.get())


# --- Pages ---------------------------------------------------------------------------------------


def delivered(branch: Any, course: Course, day: int) -> Booking:
    meeting = make_meeting(branch, Kind.LECTURE, date(2026, 8, day), attendance=(3, 5))
    return make_booking(
        branch, course, BookingState.DELIVERED, starts_at=at(2026, 8, day, 9), meeting=meeting
    )


def test_figures_count_what_was_delivered_and_open_their_rows(
    street: Street, course: Course
) -> None:
    delivered(street.branch, course, 3)
    delivered(street.branch, make_course(street.district, kind=CourseKind.EXPERT), 4)
    make_booking(street.branch, course, BookingState.SCHEDULED, starts_at=TWO)
    (place,) = lecturing.figures([street.district], 2026)
    assert (place.micro, place.special, place.expert) == (1, 0, 1)
    client = signed_in(street.chief)
    assert len(client.get(place.href).context["lines"]) == 2
    assert len(client.get(f"{place.href}&kind=expert").context["lines"]) == 1


@pytest.mark.parametrize(
    "address",
    ["/lectures/", "/lectures/bookings/", "/lectures/schedule/", "/lectures/lecturers/"],
)
def test_one_row_and_three_rows_cost_the_same(street: Street, course: Course, address: str) -> None:
    client = signed_in(street.chief)

    def grow(day: int) -> None:
        more = make_course(street.street)
        make_booking(street.branch, more)
        make_booking(street.branch, more, BookingState.SCHEDULED, starts_at=at(2026, 8, day, 8))
        delivered(street.branch, more, day)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    grow(11)
    client.get(address)
    few = cost()
    grow(12)
    grow(13)
    assert cost() == few


def test_staff_schedule_a_wish_and_are_told_of_a_clash(street: Street, course: Course) -> None:
    make_booking(street.neighbour, course, BookingState.SCHEDULED, starts_at=TWO)
    booking, client = ask(street, course), signed_in(street.chief)
    address = f"/lectures/bookings/{booking.uuid}/schedule/"
    data = {
        "lecturer": course.lecturer_id, "day": "2026-08-12", "start": "14:10", "minutes": "20",
        "place": "活动室",
    }  # fmt: skip
    page = client.post(address, data)
    assert page.status_code == 422
    assert "请换个时间或换一位讲师" in page.content.decode()
    assert client.post(address, data | {"start": "14:30"}).status_code == 302
    week = client.get("/lectures/schedule/?week=2026-08-12").context["days"]
    assert [len(day.lines) for day in week] == [0, 0, 2, 0, 0, 0, 0]


def test_who_does_not_offer_a_course_gives_it_no_time(street: Street, course: Course) -> None:
    booking = ask(street, course)
    for who in (street.secretary, street.reviewer):
        client = signed_in(who)
        assert client.get(f"/lectures/bookings/{booking.uuid}/schedule/").status_code == 403
        assert client.post(f"/lectures/bookings/{booking.uuid}/decline/").status_code == 403
    stranger = signed_in(street.stranger)
    assert stranger.post(f"/lectures/bookings/{booking.uuid}/cancel/").status_code == 404


def test_a_branch_asks_by_its_page_and_takes_it_back(street: Street, course: Course) -> None:
    client = signed_in(street.secretary)
    data = {"unit": street.branch.pk, "wish": "周五下午", "note": ""}
    address = f"/lectures/courses/{course.uuid}/ask/"
    assert client.get(address).status_code == 200
    assert client.post(address, data).status_code == 302
    assert client.post(address, data | {"unit": street.neighbour.pk}).status_code == 422
    booking = Booking.unscoped.get()
    client.post(f"/lectures/bookings/{booking.uuid}/cancel/")
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED


def test_staff_bring_a_course_to_several_by_the_page(street: Street, course: Course) -> None:
    client = signed_in(street.chief)
    address = f"/lectures/courses/{course.uuid}/visit/"
    assert client.get(address).status_code == 200
    data = {
        "lecturer": course.lecturer_id, "day": "2026-08-20", "start": "09:00", "minutes": "60",
        "place": "街道礼堂", "units": [street.branch.pk, street.neighbour.pk], "note": "",
        "visit": str(uuid4()),
    }  # fmt: skip
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    assert Booking.unscoped.filter(state=BookingState.SCHEDULED).count() == 2


def test_the_register_goes_out_as_a_workbook(street: Street, course: Course) -> None:
    delivered(street.branch, course, 3)
    out = signed_in(street.chief).get("/lectures/bookings/export/")
    rows = list(load_workbook(io.BytesIO(b"".join(out.streaming_content)))["党课台账"].values)
    assert rows[1][2:5] == ("党章里的规矩", "微党课", course.lecturer.name)


def test_first_pages_ask_for_what_waits(street: Street, course: Course) -> None:
    def asks(user: Any) -> list[tuple[str, int]]:
        on = date(2026, 8, 10)
        return [(one.title, one.count) for one in asked(scope_of(user, on=on), user.pk, on)]

    booking = ask(street, course)
    assert asks(street.chief) == [("支部点的党课等待安排", 1)]
    assert asks(street.reviewer) == asks(street.secretary) == []
    lectures.schedule(booking=booking, slot=slot(course), by=street.chief)
    assert asks(street.secretary) == [("党课：党章里的规矩", 0)]
    assert asks(street.chief) == []
    Booking.unscoped.update(starts_at=at(2026, 8, 3, 9), ends_at=at(2026, 8, 3, 10))
    assert asks(street.secretary) == [("记录党课：党章里的规矩", 0)]


# --- Races ---------------------------------------------------------------------------------------


def at_once(*verbs: Callable[[], object]) -> list[str]:
    """Do all at the same moment, each on a connection of its own; done or the refusal."""
    start, said = threading.Barrier(len(verbs)), []

    def run(verb: Callable[[], object]) -> None:
        try:
            start.wait()
            verb()
            said.append("done")
        except Refusal as refusal:
            said.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_a_lecturer_the_same_hour_one_wins() -> None:
    district = make_district()
    street = make_committee(district)
    course = make_course(district)
    user = make_user(Role.DISTRICT_STAFF, district)
    wishes = [make_booking(make_branch(street), course) for _ in range(2)]
    hour = slot(course)

    def give(booking: Booking) -> Callable[[], object]:
        return lambda: lectures.schedule(booking=booking, slot=hour, by=user)

    assert at_once(*map(give, wishes)) == ["conflict", "done"]
    assert Booking.unscoped.filter(state=BookingState.SCHEDULED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_wish_sent_twice_at_once_is_one() -> None:
    district = make_district()
    branch = make_branch(make_committee(district))
    course, user = make_course(district), make_user(Role.SECRETARY, branch)
    asks = [lambda: lectures.ask_lecture(unit=branch, course=course, wish="", note="", by=user)] * 2
    assert at_once(*asks) == ["done", "done"]
    assert Booking.unscoped.count() == 1


def test_drafts_of_others_stay_out(street: Street, course: Course) -> None:
    booking = make_booking(
        street.branch, course, BookingState.SCHEDULED, starts_at=at(2026, 8, 10, 9)
    )
    meeting = record(street, booking)
    assert meeting.status == Status.DRAFT
    page = signed_in(street.chief).get("/lectures/bookings/").content.decode()
    assert f"/meetings/{meeting.uuid}/" not in page
