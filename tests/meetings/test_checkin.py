"""扫码签到: a code lives a minute, a wrong answer tells nothing, one member is one row."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import connections
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from branches.enums import Role
from branches.models import Member
from core.errors import Refusal
from meetings.enums import Kind, Status
from meetings.models import CheckIn, CheckInSession, CheckInTry, Meeting
from meetings.rules.checkin import (
    CODE_SECONDS,
    LONGEST,
    TICKET_SECONDS,
    WRONG_IN_ALL,
    WRONG_MOST,
    WRONG_WAIT,
    WrongTry,
    is_fresh,
    is_running,
    wait_until,
)
from meetings.services import checkin as verbs
from meetings.services.checkin import Answer
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_member,
    make_user,
)
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import Street

NOW = datetime(2026, 7, 7, 1, 0, tzinfo=UTC)
moments = st.integers(min_value=0, max_value=2**33)


# --- Rules ---------------------------------------------------------------------------------------


@given(issued=moments, age=st.integers(min_value=-600, max_value=10_000))
def test_a_code_holds_for_its_seconds_and_never_again(issued: int, age: int) -> None:
    fresh = is_fresh(issued, issued + age, seconds=CODE_SECONDS)
    assert fresh == (-5 <= age < 60)
    if age >= 60:
        assert not is_fresh(issued, issued + age + 1, seconds=CODE_SECONDS)


@given(age=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2)), ended=st.booleans())
def test_a_check_in_runs_until_it_is_ended_or_three_hours_old(age: timedelta, ended: bool) -> None:
    running = is_running(started_at=NOW, ended_at=NOW if ended else None, now=NOW + age)
    assert running == (not ended and age < LONGEST)


tries = st.lists(
    st.builds(
        WrongTry,
        at=st.integers(0, 900).map(lambda back: NOW - timedelta(seconds=back)),
        address=st.sampled_from("ab"),
        ticket=st.sampled_from("xyz"),
    ),
    max_size=80,
)


@given(known=tries)
def test_five_wrong_answers_wait_and_the_wait_ends(known: list[WrongTry]) -> None:
    until = wait_until(known, address="a", ticket="x", now=NOW)
    mine = [one for one in known if one.ticket == "x"]
    here = [one for one in known if one.address == "a" and NOW - one.at < WRONG_WAIT]
    if len(mine) < WRONG_MOST and len(here) < WRONG_MOST and len(known) < WRONG_IN_ALL:
        assert until is None
    if len(here) >= WRONG_MOST:
        assert until is not None
    if until is not None:
        assert until > NOW
        assert wait_until(known, address="a", ticket="new", now=NOW + timedelta(hours=1)) is None


@given(known=tries)
def test_a_try_more_never_shortens_a_wait(known: list[WrongTry]) -> None:
    before = wait_until(known, address="a", ticket="x", now=NOW)
    more = [*known, WrongTry(NOW, "a", "x")]
    after = wait_until(more, address="a", ticket="x", now=NOW)
    if before is not None:
        assert after is not None
        assert after >= before


# --- Verbs ---------------------------------------------------------------------------------------


def people(street: Street) -> list[Member]:
    for number, member in enumerate(street.members):
        member.seal("phone", f"1391111{2000 + number}")
        member.name = f"党员{'甲乙丙丁戊'[number]}"
        member.save()
    return street.members


@pytest.fixture
def draft(street: Street) -> Meeting:
    people(street)
    return make_meeting(
        street.branch, Kind.FIXED_DAY, date(2026, 7, 7), status=Status.DRAFT, by=street.secretary
    )


@pytest.fixture
def session(draft: Meeting, street: Street) -> CheckInSession:
    return verbs.start_checkin(meeting=draft, by=street.secretary, now=NOW)


def scan(session: CheckInSession, name: str, digits: str, **changes: Any) -> Answer:
    now = changes.get("now", NOW)
    ticket = changes.get("ticket") or verbs.ticket_of(session, now)
    address = changes.get("address", "10.0.0.1")
    reply = verbs.check_in(ticket=ticket, name=name, digits=digits, address=address, now=now)
    return reply.answer


@pytest.mark.django_db
def test_a_code_opens_its_check_in_for_a_minute(session: CheckInSession) -> None:
    code = verbs.code_of(session, NOW)
    assert verbs.opened(code, NOW + timedelta(seconds=CODE_SECONDS - 1)) == session
    assert verbs.opened(code, NOW + timedelta(seconds=CODE_SECONDS)) is None


@pytest.mark.django_db
@given(text=st.text(max_size=120))
def test_a_made_up_code_opens_nothing(text: str) -> None:
    assert verbs.opened(text, NOW) is None


@pytest.mark.django_db
def test_codes_and_forms_are_not_taken_for_each_other_nor_forged(session: CheckInSession) -> None:
    code, ticket = verbs.code_of(session, NOW), verbs.ticket_of(session, NOW)
    assert verbs.opened(ticket, NOW) is None
    assert scan(session, "党员甲", "2000", ticket=code) is Answer.EXPIRED
    said = {"s": session.pk, "n": session.nonce, "t": int(NOW.timestamp()), "k": "x"}
    assert verbs.opened(Signer(key="other").sign_object(said), NOW) is None
    wrong = Signer(salt="meetings.checkin.code").sign_object({**said, "n": "other"})
    assert verbs.opened(wrong, NOW) is None
    assert verbs.opened(Signer(salt="meetings.checkin.code").sign_object([1]), NOW) is None


@pytest.mark.django_db
def test_ending_kills_every_code_and_form(session: CheckInSession, street: Street) -> None:
    code, ticket = verbs.code_of(session, NOW), verbs.ticket_of(session, NOW)
    scan(session, "党员甲", "0000")
    verbs.end_checkin(session=session, now=NOW)
    assert verbs.opened(code, NOW) is None
    assert scan(session, "党员甲", "2000", ticket=ticket) is Answer.EXPIRED
    assert not CheckInTry.unscoped.exists()
    again = verbs.start_checkin(meeting=session.meeting, by=street.secretary, now=NOW)
    assert again.pk != session.pk
    assert verbs.opened(code, NOW) is None


@pytest.mark.django_db
def test_a_filed_record_takes_no_check_in(session: CheckInSession, street: Street) -> None:
    code = verbs.code_of(session, NOW)
    Meeting.unscoped.update(status=Status.SUBMITTED, first_submitted_on=date(2026, 7, 7))
    assert verbs.opened(code, NOW) is None
    with pytest.raises(Refusal, match="已经提交"):
        verbs.start_checkin(meeting=session.meeting, by=street.secretary, now=NOW)


@pytest.mark.django_db
def test_name_and_digits_together_are_somebody(session: CheckInSession, street: Street) -> None:
    assert scan(session, " 党员 甲", "２０００") is Answer.DONE
    assert scan(session, "党员甲", "2000") is Answer.DONE
    row = CheckIn.unscoped.get()
    assert (row.member, row.at, row.channel) == (street.members[0], NOW, "扫码")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "digits"),
    [("党员甲", "2001"), ("没有的", "2000"), ("", "2000"), ("党员甲", ""), ("党员甲", "xxxx"),
     ("党员甲", "13911112000"), ("%", "2000"), ("党员乙", "2000")],
)  # fmt: skip
def test_whatever_is_wrong_gets_one_answer(session: CheckInSession, name: str, digits: str) -> None:
    assert scan(session, name, digits) is Answer.WRONG
    assert not CheckIn.unscoped.exists()
    assert CheckInTry.unscoped.get().address != "10.0.0.1"


@pytest.mark.django_db
def test_a_member_without_a_number_or_of_another_branch_is_nobody(
    session: CheckInSession, street: Street
) -> None:
    make_member(street.branch, name="没有号码", phone="")
    make_member(street.neighbour, name="邻居", phone="13922223333")
    assert scan(session, "没有号码", "xxxx") is Answer.WRONG
    assert scan(session, "邻居", "3333") is Answer.WRONG


@pytest.mark.django_db
def test_two_of_the_same_name_and_digits_are_left_to_the_secretary(
    session: CheckInSession, street: Street
) -> None:
    for start in ("1380000", "1370000"):
        make_member(street.branch, name="同名", phone=f"{start}4444")
    assert scan(session, "同名", "4444") is Answer.WRONG


@pytest.mark.django_db
def test_five_wrong_answers_from_one_address_wait_two_minutes(session: CheckInSession) -> None:
    for number in range(WRONG_MOST):
        assert scan(session, "党员甲", f"000{number}") is Answer.WRONG
    assert scan(session, "党员甲", "2000") is Answer.WAIT
    assert scan(session, "党员甲", "2000", address="10.0.0.2") is Answer.DONE
    later = NOW + WRONG_WAIT
    assert scan(session, "党员乙", "2001", now=later) is Answer.DONE


@pytest.mark.django_db
def test_five_wrong_answers_of_one_form_end_it_from_wherever(session: CheckInSession) -> None:
    ticket = verbs.ticket_of(session, NOW)
    for number in range(WRONG_MOST):
        scan(session, "党员甲", "0000", ticket=ticket, address=f"10.0.1.{number}")
    assert scan(session, "党员甲", "2000", ticket=ticket, address="10.0.9.9") is Answer.WAIT
    old = NOW + timedelta(seconds=TICKET_SECONDS)
    assert scan(session, "党员甲", "2000", ticket=ticket, now=old) is not Answer.DONE


@pytest.mark.django_db
def test_a_draft_of_today_is_begun_once_for_a_form(street: Street) -> None:
    people(street)
    key = uuid.uuid4()
    begun = [
        verbs.begin_checkin(
            unit=street.branch, by=street.secretary, kinds=[Kind.FIXED_DAY], form_key=key,
            on=date(2026, 7, 7), now=NOW,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert begun[0] == begun[1]
    meeting = Meeting.unscoped.get()
    assert (meeting.status, meeting.held_on) == (Status.DRAFT, date(2026, 7, 7))


@pytest.mark.django_db
def test_an_old_check_in_gives_way_to_a_new_one(session: CheckInSession, street: Street) -> None:
    late = NOW + LONGEST
    again = verbs.start_checkin(meeting=session.meeting, by=street.secretary, now=late)
    assert again != session
    session.refresh_from_db()
    assert session.ended_at == late


@pytest.mark.django_db(transaction=True)
def test_the_same_member_at_once_on_many_phones_is_one_row() -> None:
    branch = make_branch(make_committee(make_district()))
    make_member(branch, name="党员甲", phone="13911112000")
    meeting = make_meeting(branch, Kind.FIXED_DAY, date(2026, 7, 7), status=Status.DRAFT)
    session = verbs.start_checkin(meeting=meeting, by=make_user(Role.SECRETARY, branch), now=NOW)
    answers: list[Answer] = []
    gate = threading.Barrier(6)

    def phone(number: int) -> None:
        gate.wait()
        digits = "2000" if number < 4 else "0000"
        answers.append(scan(session, "党员甲", digits, address=f"10.0.0.{number}"))
        connections.close_all()

    threads = [threading.Thread(target=phone, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.value for answer in answers) == ["done"] * 4 + ["wrong"] * 2
    assert CheckIn.unscoped.count() == 1
    assert CheckInTry.unscoped.count() == 2


@pytest.mark.django_db(transaction=True)
def test_wrong_answers_at_once_are_counted_one_by_one() -> None:
    branch = make_branch(make_committee(make_district()))
    make_member(branch, name="党员甲", phone="13911112000")
    meeting = make_meeting(branch, Kind.FIXED_DAY, date(2026, 7, 7), status=Status.DRAFT)
    session = verbs.start_checkin(meeting=meeting, by=make_user(Role.SECRETARY, branch), now=NOW)
    answers: list[Answer] = []
    gate = threading.Barrier(8)

    def phone(number: int) -> None:
        gate.wait()
        answers.append(scan(session, "党员甲", f"000{number}"))
        connections.close_all()

    threads = [threading.Thread(target=phone, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.value for answer in answers) == ["wait"] * 3 + ["wrong"] * 5


# --- Pages ---------------------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def running(draft: Meeting, street: Street) -> CheckInSession:
    return verbs.start_checkin(meeting=draft, by=street.secretary, now=timezone.now())


@pytest.mark.django_db
def test_the_screen_shows_a_code_and_a_count_and_no_name(
    running: CheckInSession, street: Street
) -> None:
    address = f"/meetings/{running.meeting.uuid}/checkin/"
    client = signed_in(street.secretary)
    for tail in ("", "code/", "count/"):
        page = client.get(f"{address}{tail}", headers={"HX-Request": "true"})
        assert page.status_code == 200
        assert "党员甲" not in page.content.decode()
        assert signed_in(street.stranger).get(f"{address}{tail}").status_code == 404
    assert "data:image/svg+xml" in client.get(address).content.decode()
    assert "应到 5 人" in client.get(f"{address}count/").content.decode()


@pytest.mark.django_db
def test_a_phone_without_an_account_checks_in_and_the_roll_shows_it(
    running: CheckInSession, street: Street
) -> None:
    phone = Client()
    opened = phone.get(f"/checkin/{verbs.code_of(running, timezone.now())}/")
    html = opened.content.decode()
    assert opened.status_code == 200
    assert "滨河社区党支部" in html
    assert "固定组织生活日" in html
    assert not any(member.name in html for member in street.members)
    ticket = opened.context["form"]["ticket"].value()
    wrong = phone.post("/checkin/answer/", {"ticket": ticket, "name": "党员甲", "digits": "1"})
    assert wrong.status_code == 422
    done = phone.post("/checkin/answer/", {"ticket": ticket, "name": "党员甲", "digits": "2000"})
    assert "已签到" in done.content.decode()
    client = signed_in(street.secretary)
    client.post(f"/meetings/{running.meeting.uuid}/checkin/end/")
    for address in (f"/meetings/{running.meeting.uuid}/edit/", "/fixed-day/2026-07/"):
        rows = client.get(address).context["rows"]
        assert [row["present"] for row in rows] == [True, False, False, False, False]
        assert "扫码" in rows[0]["note"]


@pytest.mark.django_db
def test_the_secretary_s_own_roll_call_wins(running: CheckInSession, street: Street) -> None:
    scan(running, "党员甲", "2000", now=timezone.now())
    meeting = running.meeting
    meeting.attendance.create(member=street.members[0], name="党员甲", present=False, reason="sick")
    meeting.attendance.create(member=street.members[1], name="党员乙", present=True)
    rows = signed_in(street.secretary).get(f"/meetings/{meeting.uuid}/edit/").context["rows"]
    assert [row["present"] for row in rows][:2] == [False, True]
    assert "扫码" in rows[0]["note"]


@pytest.mark.django_db
def test_an_old_code_says_so_and_shows_nothing(running: CheckInSession) -> None:
    old = verbs.code_of(running, timezone.now() - timedelta(seconds=61))
    for text in (old, "x", verbs.code_of(running, timezone.now())[:-2]):
        page = Client().get(f"/checkin/{text}/")
        assert page.status_code == 410
        assert "二维码已过期，请重新扫屏幕上的码" in page.content.decode()
        assert "滨河" not in page.content.decode()
    lost = Client().post("/checkin/answer/", {"ticket": "x", "name": "党员甲", "digits": "2000"})
    assert lost.status_code == 410
    assert Client().post("/checkin/answer/", {}).status_code == 410


@pytest.mark.django_db
def test_a_spoofed_address_gains_no_try(running: CheckInSession) -> None:
    codes = []
    for number in range(WRONG_MOST + 1):
        ticket = verbs.ticket_of(running, timezone.now())
        answer = Client().post(
            "/checkin/answer/",
            {"ticket": ticket, "name": "党员甲", "digits": "0000"},
            headers={"X-Forwarded-For": f"10.9.9.{number}"},
        )
        codes.append(answer.status_code)
    assert codes == [422] * WRONG_MOST + [429]


@pytest.mark.django_db
def test_a_check_in_is_begun_from_nothing_by_whoever_records(street: Street) -> None:
    people(street)
    client = signed_in(street.secretary)
    page = client.get(f"/meetings/checkin/?unit={street.branch.pk}&kind=fixed_day")
    form = page.context["form"]
    data = {"unit": street.branch.pk, "kinds": ["16"], "form_key": form["form_key"].value()}
    for _ in range(2):
        assert client.post("/meetings/checkin/", data).status_code == 302
    assert CheckInSession.unscoped.count() == Meeting.unscoped.count() == 1
    assert client.post("/meetings/checkin/", {**data, "kinds": []}).status_code == 422
    assert signed_in(street.stranger).post("/meetings/checkin/", data).status_code == 404
    leader = signed_in(street.leader).get("/meetings/checkin/")
    assert leader.status_code == 200


@pytest.mark.django_db
def test_check_in_is_no_duty_and_no_record_needs_it(
    running: CheckInSession, street: Street
) -> None:
    scan(running, "党员甲", "2000", now=timezone.now())
    running.meeting.refresh_from_db()
    assert running.meeting.present_count == 0
    assert not running.meeting.attendance.exists()
