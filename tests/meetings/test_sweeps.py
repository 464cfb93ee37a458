"""A later hour of the same day asks about what has changed, and misses nothing that has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from threading import Event as Flag
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from branches.enums import Role
from branches.models import CommitteeTerm, Event, Exemption, Grant, Unit
from core.models import Notice
from meetings import notices
from meetings.enums import COUNTING
from meetings.models import FixedDayMove, Meeting, Sweep, Touched
from tests.factories.branches import make_branch, make_committee, make_district, make_group
from tests.factories.branches import make_user as make_person

CHINA = ZoneInfo("Asia/Shanghai")
# Month's end of September 2026, told from the 25th; the quarter ends too.
DAY = date(2026, 9, 25)


def at(hour: int, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=CHINA)


def new(hour: int, day: date = DAY) -> set[tuple[str, int]]:
    """What an hour adds, as (reminder, recipient)."""
    before = set(Notice.objects.values_list("pk", flat=True))
    notices.owed(at(hour, day))
    rows = Notice.objects.exclude(pk__in=before).values_list("key", "recipient_id")
    return {(key.split(":")[0], recipient) for key, recipient in rows}


def touched() -> set[int]:
    return set(Touched.objects.values_list("unit_id", flat=True))


def record(unit: Unit, mask: int, **facts: Any) -> Meeting:
    made: Meeting = Meeting.unscoped.create(
        unit=unit,
        kind_mask=mask,
        held_on=date(2026, 9, 1),
        topic="学习",
        status=1,
        first_submitted_on=date(2026, 9, 1),
        **facts,
    )
    return made


World = dict[str, Any]


def build() -> World:
    """A branch whose September is complete, with everybody who would be told of it."""
    district = make_district()
    street = make_committee(district)
    branch = make_branch(street, founded_on=date(2020, 1, 1))
    group = make_group(branch)
    world: World = {"district": district, "street": street, "branch": branch, "group": group}
    world["secretary"] = make_person(Role.SECRETARY, branch)
    world["leader"] = make_person(Role.GROUP_LEADER, group)
    world["staff"] = make_person(Role.COMMITTEE_STAFF, street)
    world["record"] = record(branch, 1 | 8 | 16)
    world["group_record"] = record(group, 4)
    return world


def settle() -> None:
    """As if every transaction that is older than what was changed here were over.

    A test beside this one may hold one open for minutes; what it might still have written would be
    asked about again, which is right, and not what is tried here.
    """
    Touched.objects.all().delete()


@pytest.fixture
def world(transactional_db: None) -> World:
    made = build()
    settle()
    assert new(8) == set()
    return made


def unseen_delete(world: World) -> None:
    """What no trigger sees: a load that switches them off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE meetings_meeting DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM meetings_meeting WHERE id = %s", [world["record"].pk])
        cursor.execute("ALTER TABLE meetings_meeting ENABLE TRIGGER USER")


def everybody(world: World) -> set[tuple[str, int]]:
    return {("month_end", world["secretary"].pk), ("month_end_behind", world["staff"].pk)}


def test_an_hour_without_a_change_puts_no_question(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices.owed(at(9))
    monkeypatch.setattr(notices, "fan_out", lambda *a, **k: pytest.fail("asked again"))
    assert set(notices.owed(at(10)).values()) == {0}


def test_the_next_day_asks_everything_again(world: World) -> None:
    unseen_delete(world)
    assert new(9) == set()
    assert new(9, date(2026, 9, 26)) == everybody(world)


def test_a_returned_record_is_missed_within_the_hour(world: World) -> None:
    Meeting.unscoped.filter(pk=world["record"].pk).update(status=3)
    assert new(9) == everybody(world)
    assert new(10) == set()


def test_a_returned_record_of_a_group_is_missed_by_leader_and_secretary(world: World) -> None:
    Meeting.unscoped.filter(pk=world["group_record"].pk).update(status=3)
    assert new(9) == everybody(world) | {("month_end", world["leader"].pk)}


def test_a_record_moved_to_another_month_is_missed(world: World) -> None:
    Meeting.unscoped.filter(pk=world["record"].pk).update(held_on=date(2026, 6, 1))
    assert new(9) == everybody(world)


def _new_secretary(world: World) -> set[tuple[str, int]]:
    # Of a branch that has missed something, but whose people have been told.
    return {("month_end", make_person(Role.SECRETARY, world["late"]).pk)}


def _new_staff(world: World) -> set[tuple[str, int]]:
    return {("month_end_behind", make_person(Role.COMMITTEE_STAFF, world["street"]).pk)}


def _new_branch(world: World) -> set[tuple[str, int]]:
    branch = make_branch(world["other"], founded_on=date(2020, 1, 1))
    person = make_person(Role.SECRETARY, branch)
    return {("month_end", person.pk), ("month_end_behind", world["other_staff"].pk)}


def _moved_branch(world: World) -> set[tuple[str, int]]:
    from branches import services

    services.move(unit=world["late"], to=world["other"], on=DAY)
    return {("month_end_behind", world["other_staff"].pk)}


def _account_back(world: World) -> set[tuple[str, int]]:
    User.objects.filter(pk=world["away"].pk).update(is_active=True)
    return {("month_end", world["away"].pk)}


def _exemption_withdrawn(world: World) -> set[tuple[str, int]]:
    Exemption.unscoped.filter(unit=world["exempt"]).update(state="refused")
    return {("month_end", world["exempt_secretary"].pk)}


@pytest.mark.parametrize(
    "change",
    [_new_secretary, _new_staff, _new_branch, _moved_branch, _account_back, _exemption_withdrawn],
)
def test_who_comes_to_owe_or_to_be_told_within_the_day_is_told_within_the_hour(
    transactional_db: None, change: Callable[[World], set[tuple[str, int]]]
) -> None:
    world = build()
    world["late"] = make_branch(world["street"], founded_on=date(2020, 1, 1))
    world["away"] = make_person(Role.SECRETARY, world["late"], is_active=False)
    world["exempt"] = make_branch(world["street"], founded_on=date(2020, 1, 1))
    world["exempt_secretary"] = make_person(Role.SECRETARY, world["exempt"])
    Exemption.unscoped.create(
        unit=world["exempt"],
        kind="",
        since=date(2026, 9, 1),
        until=date(2026, 9, 30),
        reason="搬迁",
        state="approved",
    )
    world["other"] = make_committee(world["district"])
    world["other_staff"] = make_person(Role.COMMITTEE_STAFF, world["other"])
    notices.owed(at(8))
    assert new(9) == set()
    expected = change(world)
    assert new(10) == expected
    Sweep.objects.all().delete()
    assert new(11) == set()


def test_a_fixed_day_moved_onto_today_is_told_today(world: World) -> None:
    Meeting.unscoped.filter(pk=world["record"].pk).update(status=3)
    assert new(9) == everybody(world)
    FixedDayMove.unscoped.create(
        unit=world["district"],
        month=date(2026, 9, 1),
        day=date(2026, 9, 25),
        reason="会议冲突",
        state="approved",
    )
    assert new(10) == {("fixed_day_today", world["secretary"].pk)}


def test_a_moved_fixed_day_touches_its_district(world: World) -> None:
    notices.owed(at(8))
    Touched.objects.all().delete()
    move = FixedDayMove.unscoped.create(
        unit=world["district"], month=date(2026, 10, 1), day=date(2026, 10, 14), reason="会议"
    )
    assert touched() == set()
    FixedDayMove.unscoped.filter(pk=move.pk).update(state="approved")
    assert touched() == {world["district"].pk}


def test_terms_and_events_touch_their_branch(world: World) -> None:
    Touched.objects.all().delete()
    CommitteeTerm.unscoped.create(
        unit=world["branch"], number=1, started_on=date(2025, 1, 1), due_on=date(2028, 1, 1)
    )
    assert touched() == {world["branch"].pk}
    Touched.objects.all().delete()
    Event.unscoped.create(
        unit=world["branch"],
        cause="decision",
        day=DAY,
        window_end=date(2026, 9, 28),
        title="购置设备",
    )
    assert new(9) == everybody(world) | {("must_hold", world["secretary"].pk)}


def test_what_only_ends_a_duty_touches_nothing(world: World) -> None:
    Touched.objects.all().delete()
    record(world["branch"], 2)
    Meeting.unscoped.filter(pk=world["record"].pk).update(status=2)
    User.objects.filter(pk=world["leader"].pk).update(is_active=False)
    Unit.unscoped.filter(pk=world["branch"].pk).update(name="第二党支部")
    assert touched() == set()


def test_a_leader_who_stops_being_the_secretary_is_told_as_leader(transactional_db: None) -> None:
    world = build()
    both = world["secretary"]
    Grant.unscoped.filter(user=world["leader"]).update(user=both)
    Meeting.unscoped.filter(pk=world["group_record"].pk).update(status=3)
    notices.owed(at(8))
    Grant.unscoped.filter(user=both, role=Role.SECRETARY).delete()
    assert new(9) == {("month_end", both.pk)}


def test_a_change_committed_after_the_sweep_that_began_before_it_is_seen(world: World) -> None:
    """Clocks and sequences do not order commits; transaction numbers against a snapshot do."""
    changed, swept = Flag(), Flag()

    def slowly() -> None:
        try:
            with transaction.atomic():
                Meeting.unscoped.filter(pk=world["record"].pk).update(status=3)
                changed.set()
                assert swept.wait(20)
        finally:
            connections.close_all()

    other = Thread(target=slowly)
    other.start()
    assert changed.wait(20)
    # Something else makes this hour put its questions, and move its mark on.
    make_person(Role.GROUP_LEADER, world["group"])
    assert new(9) == set()
    swept.set()
    other.join()
    assert new(10) == everybody(world)


def test_a_clock_that_jumps_ahead_and_back_asks_everything_again(world: World) -> None:
    notices.owed(at(9, date(2026, 9, 26)))
    assert set(Sweep.objects.values_list("day", flat=True)) == {date(2026, 9, 26)}
    Meeting.unscoped.filter(pk=world["record"].pk).update(status=3)
    assert new(9) == everybody(world)


def test_what_no_sweep_needs_any_more_is_forgotten(world: World) -> None:
    Touched.objects.create(unit_id=world["branch"].pk, transaction=1)
    notices.owed(at(9))
    notices.owed(at(10))
    assert touched() == set()


def test_another_server_begins_anew(world: World) -> None:
    Sweep.objects.update(asked="of another server")
    unseen_delete(world)
    assert new(9) == everybody(world)


def test_the_triggers_know_the_statuses_that_count() -> None:
    # Written out in migration 0003, since a trigger is frozen.
    assert sorted(status.value for status in COUNTING) == [1, 2]
    assert (Role.SECRETARY, Role.GROUP_LEADER, Role.COMMITTEE_STAFF) == (
        "secretary",
        "group_leader",
        "committee_staff",
    )
