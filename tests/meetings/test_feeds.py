"""日程订阅: a calendar file for phones, by an address that can be taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.models import User
from branches.enums import Role
from branches.models import Grant, Unit
from config.settings import logs
from core.errors import Refusal
from meetings.enums import Kind, MoveState
from meetings.models import CalendarFeed, FixedDayMove
from meetings.schedule_file import schedule_of
from meetings.services.calendar import decide_move, propose_move
from meetings.services.feeds import feed_by, open_feed, revoke_feed
from tests.factories.branches import make_committee, make_user
from tests.factories.meetings import make_event, make_meeting
from tests.meetings.conftest import Street

pytestmark = pytest.mark.django_db
ON = date(2026, 7, 14)


@pytest.fixture(autouse=True)
def mid_july() -> Any:
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        yield


def events(unit: Unit, on: date = ON) -> dict[str, Any]:
    """The file parsed back: UID → event."""
    parsed = Calendar.from_ical(schedule_of(unit, on=on))
    return {str(event["uid"]): event for event in parsed.walk("VEVENT")}


def days(unit: Unit, summary: str, on: date = ON) -> list[date]:
    found = events(unit, on).values()
    return sorted(one["dtstart"].dt for one in found if str(one["summary"]).startswith(summary))


# --- The file --------------------------------------------------------------------------------


def test_the_file_is_one_that_phones_take(street: Street) -> None:
    body = schedule_of(street.branch, on=ON)
    lines = body.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert all(len(line.encode()) <= 75 for line in lines)
    for line in ("METHOD:PUBLISH", "VERSION:2.0", "X-WR-TIMEZONE:Asia/Shanghai"):
        assert line in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines
    parsed = Calendar.from_ical(body)
    assert str(parsed["x-wr-calname"]) == "组织生活：滨河社区党支部"
    (zone,) = parsed.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Asia/Shanghai"
    for event in parsed.walk("VEVENT"):
        assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
        assert event["dtstamp"].dt.tzname() == "UTC"


def test_the_fixed_days_of_the_year_ahead_are_in_it(street: Street) -> None:
    found = days(street.branch, "固定组织生活日")
    assert found[:5] == [
        date(2026, 6, 2),
        date(2026, 7, 7),
        date(2026, 8, 4),
        date(2026, 9, 1),
        date(2026, 10, 13),
    ]
    assert len(found) == 14
    marks = {str(one["summary"]) for one in events(street.branch).values()}
    assert "固定组织生活日（暂算）" in marks


def test_a_moved_day_keeps_its_name_and_counts_up(street: Street) -> None:
    other = make_user(Role.DISTRICT_STAFF, street.district)
    before = events(street.branch)
    uid = next(uid for uid in before if uid.startswith("fixed-") and "2026-08" in uid)
    assert before[uid]["sequence"] == 0
    for number, day in enumerate((date(2026, 8, 12), date(2026, 8, 13)), start=1):
        move = propose_move(
            district=street.district, day=day, reason="张某某请求", by=street.chief, on=ON
        )
        decide_move(move=move, approve=True, by=other, on=ON)
        after = events(street.branch)
        assert (after[uid]["dtstart"].dt, after[uid]["sequence"]) == (day, number)
    assert set(after) == set(before)
    assert str(after[uid]["description"]) == "2026年8月固定组织生活日。原为8月4日，已调整。"
    assert "张某某" not in schedule_of(street.branch, on=ON).decode()


def test_what_is_owed_is_in_it_until_it_is_met(street: Street) -> None:
    assert days(street.branch, "截止：支部党员大会") == [date(2026, 9, 30)]
    assert days(street.branch, "截止：党小组会（第一党小组）") == [
        date(2026, 7, 31),
        date(2026, 8, 31),
        date(2026, 9, 30),
    ]
    make_meeting(street.branch, Kind.MEMBERS, date(2026, 7, 8))
    assert days(street.branch, "截止：支部党员大会") == []
    make_meeting(street.group, Kind.GROUP, date(2026, 7, 8))
    assert days(street.branch, "截止：党小组会（第一党小组）")[0] == date(2026, 8, 31)


def test_nothing_that_a_branch_wrote_itself_is_in_it(street: Street) -> None:
    make_event(street.branch, ON, title="讨论张三同志转正")
    body = schedule_of(street.branch, on=ON).decode().replace("\r\n ", "")
    assert "重大决策事项党员大会" in body
    for member in street.members:
        assert member.name not in body
    assert "张三" not in body


def test_the_same_facts_are_the_same_bytes(street: Street) -> None:
    first = schedule_of(street.branch, on=ON)
    with time_machine.travel("2026-07-14 23:00+08:00", tick=False):
        assert schedule_of(street.branch, on=ON) == first


def test_a_committee_has_the_fixed_days_alone(street: Street) -> None:
    assert days(street.street, "截止") == []
    assert len(events(street.street)) == 14


def test_every_name_is_there_once(street: Street) -> None:
    parsed = Calendar.from_ical(schedule_of(street.branch, on=ON))
    uids = [str(event["uid"]) for event in parsed.walk("VEVENT")]
    assert len(uids) == len(set(uids))


# --- The address -----------------------------------------------------------------------------


def url(token: str) -> str:
    return f"/calendar/feed/{token}.ics"


def test_the_address_answers_without_signing_in_and_is_kept_as_a_hash(
    client: Client, street: Street
) -> None:
    feed, token = open_feed(unit=street.branch, by=street.secretary)
    answer = client.get(url(token))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, max-age=900"
    assert "滨河社区党支部" in answer.content.decode()
    with connection.cursor() as cursor:
        for table in ("meetings_calendarfeed", "meetings_calendarfeedevent"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} t")
            assert token not in cursor.fetchone()[0]
    feed.refresh_from_db()
    assert feed.read_at is not None


def test_who_has_it_already_is_told_so(client: Client, street: Street) -> None:
    _, token = open_feed(unit=street.branch, by=street.secretary)
    tag = client.get(url(token))["ETag"]
    again = client.get(url(token), headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    make_meeting(street.branch, Kind.MEMBERS, date(2026, 7, 8))
    assert client.get(url(token), headers={"if-none-match": tag}).status_code == 200


def test_wrong_revoked_and_orphaned_addresses_are_told_the_same(
    client: Client, street: Street
) -> None:
    feed, revoked = open_feed(unit=street.branch, by=street.secretary)
    revoke_feed(feed=feed, by=street.secretary)
    replaced = make_user(Role.SECRETARY, street.neighbour)
    _, orphaned = open_feed(unit=street.neighbour, by=replaced)
    Grant.unscoped.filter(user=replaced).update(until=date(2026, 7, 13))
    _, disabled = open_feed(unit=street.street, by=street.reviewer)
    street.reviewer.is_active = False
    street.reviewer.save()
    answers = [client.get(url(token)) for token in ("x" * 43, revoked, orphaned, disabled)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_new_address_ends_the_old_one(street: Street) -> None:
    _, old = open_feed(unit=street.branch, by=street.secretary)
    fresh, new = open_feed(unit=street.branch, by=street.secretary)
    assert feed_by(old) is None
    assert feed_by(new) == fresh
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.unscoped.update(revoked_at=None)


def test_a_group_has_no_days_of_its_own(street: Street) -> None:
    with pytest.raises(Refusal):
        open_feed(unit=street.group, by=street.leader)


def test_reading_too_often_is_slowed_down(
    client: Client, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meetings.views.feeds._RATE", "2/m/ip")
    _, token = open_feed(unit=street.branch, by=street.secretary)
    codes = [client.get(url(token), REMOTE_ADDR="10.9.8.7").status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]


def test_reading_is_noted_once_an_hour_and_costs_few_queries(
    client: Client, street: Street
) -> None:
    _, token = open_feed(unit=street.branch, by=street.secretary)
    client.get(url(token))
    with CaptureQueriesContext(connection) as queries:
        client.get(url(token))
    assert len(queries) <= 8
    first = CalendarFeed.unscoped.get().read_at
    with time_machine.travel("2026-07-14 10:30+08:00", tick=False):
        client.get(url(token))
    assert CalendarFeed.unscoped.get().read_at == first


def test_a_token_is_left_out_of_the_log() -> None:
    said = logs._masked(None, "", {"event": "Not Found: /calendar/feed/abc-_1.ics", "code": 404})
    assert said == {"event": "Not Found: /calendar/feed/….ics", "code": 404}


# --- The pages -------------------------------------------------------------------------------


def test_a_secretary_makes_an_address_sees_it_once_and_ends_it(
    client: Client, street: Street
) -> None:
    client.force_login(street.secretary)
    assert "生成订阅地址" in client.get("/calendar/").content.decode()
    page = client.post("/calendar/feeds/", {"unit": street.branch.pk})
    address = page.context["address"]
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert page.context["webcal"].startswith("webcal://127.0.0.1:8000/calendar/feed/")
    assert page.context["code"].startswith("data:image/svg+xml")
    again = client.get("/calendar/").content.decode()
    assert address.rsplit("/", 1)[1] not in again
    assert "手机最近读取 7月14日 10:00" in again
    feed = CalendarFeed.unscoped.get()
    assert client.post(f"/calendar/feeds/{feed.uuid}/revoke/").status_code == 302
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_another_units_days_are_not_there_to_subscribe(client: Client, street: Street) -> None:
    client.force_login(street.secretary)
    for unit in (street.neighbour.pk, street.street.pk, "x", "9" * 30):
        assert client.post("/calendar/feeds/", {"unit": unit}).status_code == 404
    assert CalendarFeed.unscoped.count() == 0


def test_whoever_keeps_the_unit_ends_anothers_address_a_stranger_does_not(
    client: Client, street: Street
) -> None:
    feed, token = open_feed(unit=street.branch, by=street.secretary)
    client.force_login(street.stranger)
    assert client.post(f"/calendar/feeds/{feed.uuid}/revoke/").status_code == 404
    client.force_login(make_user(Role.LEADER, street.street))
    assert client.post(f"/calendar/feeds/{feed.uuid}/revoke/").status_code == 403
    client.force_login(street.reviewer)
    client.post(f"/calendar/feeds/{feed.uuid}/revoke/")
    assert feed_by(token) is None


def test_staff_choose_among_their_units(client: Client, street: Street) -> None:
    other = make_committee(street.district)
    Grant.unscoped.create(
        user=street.reviewer, unit=other, role=Role.COMMITTEE_STAFF, since=date(2020, 1, 1)
    )
    client.force_login(street.reviewer)
    page = client.get("/calendar/")
    assert page.context["feed_units"] == [street.street, other]
    assert FixedDayMove.unscoped.filter(state=MoveState.APPROVED).count() == 0


def test_a_group_leader_is_offered_none(client: Client, street: Street) -> None:
    client.force_login(street.leader)
    assert "订阅到手机日历" not in client.get("/calendar/").content.decode()
    owner: User = street.leader
    assert CalendarFeed.unscoped.filter(created_by=owner).count() == 0
