"""Reminders: each once and only once, whatever the scheduler goes through."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from branches.enums import Role
from branches.models import Event, Grant
from core import outbox
from core.dates import Calendar
from core.enums import Channel
from core.holidays import calendar_for
from core.models import Delivery, Holiday, Notice
from meetings import notices, tasks
from meetings.models import FixedDayMove, Meeting
from meetings.reminding import fixed_days_soon, month_ending
from tests.meetings.reference import (
    BRANCHES,
    RefRecord,
    World,
    fixed_day_of,
    month_days,
    reference_duties,
)
from tests.meetings.worlds import NOON, random_world, store

CHINA = ZoneInfo("Asia/Shanghai")


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=CHINA)


# --- The same rules once more, plainly -------------------------------------------------------


def reference_owed(
    world: World, people: dict[tuple[str, int], int], on: date, calendar: Calendar
) -> set[str]:
    """Keys of every reminder that is owed on a day."""
    keys: set[str] = set()
    paths = {unit.id: unit.path for unit in world.units}
    behind: dict[tuple[str, str], set[int]] = {}
    week = timedelta(days=7)

    def secretary(unit: int) -> int | None:
        return people.get((Role.SECRETARY, unit))

    spans = [month_days(*_shift(on, step)) for step in (-1, 0, 1)]
    for first, last in spans:
        for duty in reference_duties(world, first=last, last=last, on=on):
            if duty.record is not None or duty.event is not None:
                continue
            if duty.kind == "fixed_day":
                day = duty.fixed_day
                assert day is not None
                moment = calendar.workdays_before(day, 3).day
                names = []
                if moment <= on < day and on - moment <= week:
                    names.append("fixed_day_soon")
                if on == day:
                    names.append("fixed_day_today")
                if timedelta(0) < on - day <= week + timedelta(days=1):
                    names.append("fixed_day_after")
                    behind.setdefault(("fixed_day_behind", f"{day}"), set()).add(duty.unit)
                for name in names:
                    if secretary(duty.unit):
                        keys.add(f"{name}:{secretary(duty.unit)}:{duty.unit}:{day}")
            if first.replace(day=25) <= on <= first.replace(day=25) + week:
                month = f"{first:%Y-%m}"
                behind.setdefault(("month_end_behind", month), set()).add(duty.unit)
                if secretary(duty.unit):
                    keys.add(f"month_end:{secretary(duty.unit)}:{duty.unit}:{month}")
                leader = people.get((Role.GROUP_LEADER, duty.group or 0))
                if leader and leader != secretary(duty.unit):
                    keys.add(f"month_end:{leader}:{duty.group}:{month}")
    for duty in reference_duties(world, first=on, last=on + week, on=on):
        if duty.kind == "must_hold" and duty.cause != "year_end" and duty.record is None:
            what = f"e{duty.event}" if duty.event else f"{duty.due}"
            if secretary(duty.unit):
                keys.add(f"must_hold:{secretary(duty.unit)}:{duty.unit}:{what}")
    for (name, period), units in behind.items():
        for (role, unit), user in people.items():
            if role == Role.COMMITTEE_STAFF and any(
                paths[one].startswith(paths[unit]) for one in units
            ):
                keys.add(f"{name}:{user}:{unit}:{period}")
    return keys


def _shift(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def people_of(world: World, dice: random.Random) -> dict[tuple[str, int], int]:
    """A secretary for most branches, leaders for groups, somebody for each committee."""
    wanted = []
    for unit in world.units:
        if unit.kind in BRANCHES and dice.random() < 0.9:
            wanted.append((Role.SECRETARY, unit.id))
        elif unit.kind == "group":
            wanted.append((Role.GROUP_LEADER, unit.id))
        elif unit.kind in ("working_committee", "committee"):
            wanted.append((Role.COMMITTEE_STAFF, unit.id))
    people: dict[tuple[str, int], int] = {}
    for number, (role, unit_id) in enumerate(wanted):
        user = User.objects.create(
            username=f"u{number}", name=f"张{number}", email=f"u{number}@example.cn", password="!"
        )
        Grant.unscoped.create(user=user, role=role, unit_id=unit_id, since=date(2020, 1, 1))
        people[(role.value, unit_id)] = user.pk
    return people


class Killed(RuntimeError):
    """The scheduler died here."""


def dying(dice: random.Random, chance: float) -> Callable[..., int]:
    """The outbox's insert that dies before, within or after its statement."""

    def fan_out(*args: Any, **kwargs: Any) -> int:
        fate = dice.random()
        if fate < chance / 3:
            raise Killed("before")
        with transaction.atomic():
            count = outbox.fan_out(*args, **kwargs)
            if fate < chance * 2 / 3:
                raise Killed("before the commit")
        if fate < chance:
            raise Killed("after the commit")
        return count

    return fan_out


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_over_24_months_of_jumps_and_crashes_each_reminder_is_told_exactly_once(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    begin, end = date(2025, 1, 1), date(2026, 12, 31)
    world = World()
    while sum(not unit.dissolved for unit in world.units if unit.kind in BRANCHES) < 4:
        world = random_world(dice, first=begin, last=end)
    coming = sorted(world.records, key=lambda one: one.submitted or one.held)
    coming += _more_records(world, dice, begin, end)
    coming.sort(key=lambda one: one.submitted or one.held)
    world.records = []
    store(world)
    people = people_of(world, dice)
    calendar = calendar_for(range(2024, 2028))
    # Dice of its own: how often it is asked must not change the walk.
    monkeypatch.setattr(notices, "fan_out", dying(random.Random(seed + 100), 0.12))
    now, possible, crashes = at(begin), set[str](), 0
    while now.date() <= end:
        on = now.date()
        _arrive(world, coming, on)
        expected = reference_owed(world, people, on, calendar)
        possible |= expected
        try:
            notices.owed(now)
        except Killed:
            crashes += 1
        else:
            told = set(Notice.objects.values_list("key", flat=True))
            assert expected - told == set()
            assert told - possible == set()
            with suppress(Killed):
                assert not any(notices.owed(now).values())
        now += timedelta(hours=dice.choice((1, 1, 5, 12, 24, 25, 49, 80, 200, 500)))
    assert crashes > 5
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    # Which causes a world has is the dice's; that others are never told is not.
    kinds = {key.split(":")[0] for key in keys}
    assert len(kinds) > 4
    assert kinds <= {
        "fixed_day_soon",
        "fixed_day_today",
        "fixed_day_after",
        "fixed_day_behind",
        "must_hold",
        "month_end",
        "month_end_behind",
    }
    assert Delivery.objects.count() == len(keys)
    assert all(outbox.text_of(notice) for notice in Notice.objects.all())


def _more_records(world: World, dice: random.Random, begin: date, end: date) -> list[RefRecord]:
    """Meetings as a living district holds them: often on the fixed day, mostly in time."""
    made, number = [], 200_000
    for unit in world.units:
        if unit.kind not in (*BRANCHES, "group"):
            continue
        month = begin
        while month <= end:
            last = month_days(month.year, month.month)[1]
            if dice.random() < 0.6:
                number += 1
                held = fixed_day_of(world, unit, month) if dice.random() < 0.7 else last
                mask = 4 if unit.kind == "group" else dice.choice((16, 19, 2, 25))
                submitted = held + timedelta(days=dice.choice((0, 0, 1, 5, 12)))
                made.append(RefRecord(number, unit.id, mask, held, 1, submitted))
            month = last + timedelta(days=1)
    return made


def _arrive(world: World, coming: list[RefRecord], on: date) -> None:
    fresh = []
    while coming and (coming[0].submitted or coming[0].held) <= on:
        fresh.append(coming.pop(0))
    world.records += fresh
    Meeting.unscoped.bulk_create(
        Meeting(
            id=one.id,
            unit_id=one.unit,
            kind_mask=one.mask,
            held_on=one.held,
            topic="主题",
            status=one.status,
            first_submitted_on=one.submitted,
            submitted_at=NOON,
        )
        for one in fresh
    )


# --- One thing at a time ---------------------------------------------------------------------


@pytest.fixture
def world(transactional_db: None) -> dict[str, Any]:
    return _small_world()


def _small_world() -> dict[str, Any]:
    from tests.factories.branches import make_branch, make_committee, make_district, make_group

    district = make_district()
    street = make_committee(district)
    branch = make_branch(street, name="第一党支部", founded_on=date(2020, 1, 1))
    group = make_group(branch, name="第一党小组")
    made: dict[str, Any] = {"district": district, "street": street, "branch": branch}
    made["group"] = group
    for role, unit in (
        (Role.SECRETARY, branch),
        (Role.GROUP_LEADER, group),
        (Role.COMMITTEE_STAFF, street),
    ):
        user = User.objects.create(
            username=role.value, name="李", email=f"{role.value}@example.cn", password="!"
        )
        Grant.unscoped.create(user=user, role=role, unit=unit, since=date(2020, 1, 1))
        made[role.value] = user
    return made


@pytest.fixture
def small(db: None) -> dict[str, Any]:
    return _small_world()


def told() -> dict[tuple[str, str], str]:
    return {
        (notice.template.rsplit("/", 1)[1], notice.recipient.username): outbox.text_of(notice)
        for notice in Notice.objects.select_related("recipient")
    }


def test_three_working_days_before_the_fixed_day_the_secretary_is_told(small: dict) -> None:
    notices.owed(at(date(2026, 7, 1)))
    assert Notice.objects.filter(template__endswith="fixed_day_soon").count() == 0
    notices.owed(at(date(2026, 7, 2)))
    assert told() == {
        ("fixed_day_soon", "secretary"): "第一党支部：7月7日（星期二）是固定组织生活日。"
        "请提前定好内容、通知党员；当天开过后打开首页，一分钟就能记好。",
        ("must_hold", "secretary"): "第一党支部：因建党日，应在6月24日至7月7日召开支部党员大会，"
        "还没有记录。请抓紧安排，开过后及时记录。",
        ("month_end", "secretary"): told()[("month_end", "secretary")],
        ("month_end", "group_leader"): told()[("month_end", "group_leader")],
        ("month_end_behind", "committee_staff"): told()[("month_end_behind", "committee_staff")],
    }


def test_the_day_after_a_missed_fixed_day_secretary_and_committee_are_told(small: dict) -> None:
    notices.owed(at(date(2026, 9, 2)))
    assert told() == {
        ("fixed_day_after", "secretary"): "第一党支部：还没有9月1日固定组织生活日的记录。"
        "开过的请补上记录；没有开的，请在本月内补开。",
        ("fixed_day_behind", "committee_staff"): told()[("fixed_day_behind", "committee_staff")],
    }
    notice = Notice.objects.get(template__endswith="fixed_day_behind")
    assert notice.title == "9月1日固定组织生活日未记录：1个支部"
    assert notice.link == "/behind/?month=2026-09&kind=fixed_day"


def test_the_months_end_names_each_missing_thing(small: dict) -> None:
    notices.owed(at(date(2026, 9, 25)))
    assert told() == {
        ("month_end", "secretary"): "第一党支部：2026年9月还有 3 项没有完成（截止9月30日）：\n"
        "1. 支部党员大会（2026年第三季度）\n2. 党小组会（第一党小组）\n3. 固定组织生活日",
        ("month_end", "group_leader"): "第一党支部：2026年9月还有 1 项没有完成（截止9月30日）：\n"
        "1. 党小组会（第一党小组）",
        ("month_end_behind", "committee_staff"): told()[("month_end_behind", "committee_staff")],
    }


def test_what_is_recorded_is_not_asked_for(small: dict) -> None:
    Meeting.unscoped.create(
        unit=small["branch"],
        kind_mask=17,
        held_on=date(2026, 9, 1),
        topic="学习",
        status=1,
        first_submitted_on=date(2026, 9, 1),
    )
    notices.owed(at(date(2026, 9, 25)))
    notice = Notice.objects.get(recipient=small["secretary"])
    assert notice.payload["missing"] == ["党小组会（第一党小组）"]
    assert notice.title == "2026年9月还有1项没有完成"


def test_a_moved_fixed_day_is_told_on_its_new_day(small: dict) -> None:
    FixedDayMove.unscoped.create(
        unit=small["district"],
        month=date(2026, 9, 1),
        day=date(2026, 9, 15),
        reason="会议冲突",
        state="approved",
    )
    notices.owed(at(date(2026, 9, 1)))
    assert not Notice.objects.filter(template__contains="fixed_day").exists()
    notices.owed(at(date(2026, 9, 15)))
    notice = Notice.objects.get(template__contains="fixed_day")
    assert notice.title == "9月15日固定组织生活日：就是今天"


def test_a_registered_event_is_told_a_week_before_its_window_ends(small: dict) -> None:
    Event.unscoped.create(
        unit=small["branch"],
        cause="decision",
        day=date(2026, 8, 12),
        window_end=date(2026, 9, 11),
        title="购置活动室设备",
    )
    notices.owed(at(date(2026, 9, 3)))
    assert not Notice.objects.filter(template__endswith="must_hold").exists()
    notices.owed(at(date(2026, 9, 4)))
    notice = Notice.objects.get(template__endswith="must_hold")
    assert notice.title == "重大决策事项党员大会最迟9月11日召开"
    assert "购置活动室设备" in outbox.text_of(notice)


def test_an_ended_grant_and_a_disabled_account_are_told_nothing(small: dict) -> None:
    Grant.unscoped.filter(user=small["secretary"]).update(until=date(2026, 9, 24))
    User.objects.filter(pk__in=[small["group_leader"].pk, small["committee_staff"].pk]).update(
        is_active=False
    )
    notices.owed(at(date(2026, 9, 25)))
    assert Notice.objects.count() == 0


def test_a_leader_who_is_the_secretary_too_gets_one_notice(small: dict) -> None:
    Grant.unscoped.filter(user=small["group_leader"]).update(user=small["secretary"])
    notices.owed(at(date(2026, 9, 25)))
    assert Notice.objects.filter(template__endswith="month_end").count() == 1


def test_one_without_mail_address_is_told_in_the_inbox_alone(small: dict) -> None:
    User.objects.filter(pk=small["secretary"].pk).update(email="")
    notices.owed(at(date(2026, 9, 25)))
    posted = set(Delivery.objects.values_list("notice__recipient__username", "channel"))
    assert posted == {
        ("group_leader", Channel.EMAIL.value),
        ("committee_staff", Channel.EMAIL.value),
    }


def test_the_question_costs_the_same_for_one_branch_and_for_many(small: dict) -> None:
    from tests.factories.branches import make_branch, make_user

    with CaptureQueriesContext(connection) as few:
        assert sum(notices.owed(at(date(2026, 9, 2))).values()) == 2
    for _ in range(5):
        make_user(Role.SECRETARY, make_branch(small["street"]))
    with CaptureQueriesContext(connection) as many:
        assert sum(notices.owed(at(date(2026, 9, 2))).values()) == 5
    assert len(many) == len(few)


@pytest.mark.parametrize("alone", [True, False])
def test_two_schedulers_at_once_tell_each_thing_once(
    world: dict, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not alone:
        # Even without the lock the keys hold.
        monkeypatch.setattr(notices, "_alone", lambda: nullcontext(True))
    gate = Barrier(4)

    def run() -> None:
        try:
            gate.wait()
            for _ in range(3):
                notices.owed(at(date(2026, 9, 25)))
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    notices.owed(at(date(2026, 9, 25)))
    assert sorted(Notice.objects.values_list("template", flat=True)) == [
        "meetings/notices/month_end",
        "meetings/notices/month_end",
        "meetings/notices/month_end_behind",
    ]
    assert Delivery.objects.count() == 3


@time_machine.travel("2026-09-02 00:05+08:00", tick=False)
def test_the_task_asks_for_this_hour_as_china_has_it(small: dict) -> None:
    assert tasks.remind() == {"fixed_day_after": 1, "fixed_day_behind": 1, "must_hold": 0}


# --- The days --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_working_days_before_skip_holidays_and_count_exchanged_saturdays() -> None:
    calendar = calendar_for([2026])
    # 13 October 2026, after the National Day: working days before it are 12, 10 (调休) and 9.
    early = fixed_days_soon(date(2026, 10, 8), calendar=calendar)
    assert early is not None
    assert early.last == date(2026, 10, 12)
    soon = fixed_days_soon(date(2026, 10, 9), calendar=calendar)
    assert soon is not None
    assert soon.first <= date(2026, 10, 13) <= soon.last


def test_the_months_end_is_told_for_a_week() -> None:
    assert month_ending(date(2026, 7, 24)) is None
    assert [
        month_ending(day) and month_ending(day).label
        for day in (  # type: ignore[union-attr]
            date(2026, 7, 25),
            date(2026, 8, 1),
            date(2026, 8, 2),
            date(2026, 3, 4),
            date(2026, 3, 5),
        )
    ] == ["2026-07", "2026-07", None, "2026-02", None]


@pytest.mark.django_db
def test_years_without_a_notice_are_provisional() -> None:
    calendar = calendar_for([2026, 2027])
    assert calendar.years == frozenset({2026})
    assert Holiday.objects.filter(day__year=2026, is_off=False).exists()
