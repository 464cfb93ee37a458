"""群众评议: a vote counts once and is tied to nobody (docs/security.md, 匿名测评)."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Refusal
from rectification import services
from rectification.enums import PollState, PollWay, State
from rectification.models import Answer, Poll, Slip
from rectification.services.polls import ALPHABET, CODE_LENGTH, NOT_VALID, normal
from tests.factories.rectification import make_case, make_hands

DAY = date(2026, 7, 14)


def link_poll(*, state: State = State.UNDERWAY) -> Poll:
    """An open poll by codes, from DAY for a week."""
    return services.open_poll(
        case=make_case(state), by=make_hands().street, way=PollWay.LINK, opens_on=DAY,
        closes_on=DAY + timedelta(days=7),
    )  # fmt: skip


@pytest.fixture
def poll(db: None) -> Poll:
    return link_poll()


@pytest.fixture
def street() -> Iterator[Client]:
    """Somebody in the street, on DAY, without an account, at an address that has tried nothing."""
    # Other tests count beside this one, in the same cache.
    address = ".".join(str(part) for part in (10, *uuid4().bytes[:3]))
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        yield Client(REMOTE_ADDR=address)


def cast(client: Client, code: str, choice: str = "satisfied") -> Any:
    return client.post(reverse("rectification:vote"), {"code": code, "choice": choice})


def test_codes_are_long_plain_and_different(poll: Poll) -> None:
    codes = services.issue_slips(poll=poll, count=200)

    assert len(set(codes)) == 200
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert not set("".join(codes)) - set(ALPHABET)
    assert not set("01OIL") & set(ALPHABET)
    poll.refresh_from_db()
    assert poll.issued == 200


def test_a_code_is_kept_nowhere(poll: Poll) -> None:
    code = services.issue_slips(poll=poll, count=1)[0]

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{code}%"]
            )
            assert cursor.fetchone() == (0,), table


def test_a_vote_counts_once(poll: Poll, street: Client) -> None:
    code = services.issue_slips(poll=poll, count=1)[0]

    first, again = cast(street, code), cast(street, code, "dissatisfied")

    assert (first.status_code, again.status_code) == (302, 422)
    assert list(Answer.unscoped.values_list("choice", flat=True)) == ["satisfied"]


def test_wrong_used_and_late_codes_get_the_same_answer(poll: Poll, street: Client) -> None:
    used, unused = services.issue_slips(poll=poll, count=2)
    cast(street, used)

    def told(code: str, on: str = "2026-07-14 11:00+08:00") -> tuple[int, str]:
        with time_machine.travel(on, tick=False):
            reply = cast(street, code)
        text = re.sub(r'value="[^"]*"|[A-Za-z0-9]{64}', "", reply.content.decode())
        return reply.status_code, text

    wrong = told("A" * CODE_LENGTH)
    assert wrong == told(used) == told(unused, "2026-07-22 11:00+08:00")
    assert NOT_VALID in wrong[1]
    assert told(unused, "2026-07-21 23:59+08:00")[0] == 302


@pytest.mark.parametrize("shape", ["{}", " {} ", "{0:.4}-{0:}"])
def test_a_code_is_read_as_people_type_it(shape: str) -> None:
    assert normal("abcd efgh-jkmn") == "ABCDEFGHJKMN"
    assert normal(shape.format("23ab")).startswith("23AB")


def test_a_vote_writes_two_things_and_nothing_beside_them(poll: Poll, street: Client) -> None:
    code = services.issue_slips(poll=poll, count=1)[0]
    before = _tables()

    with CaptureQueriesContext(connection) as asked:
        cast(street, code)

    # What goes before a statement (the history's context) writes nothing by itself.
    found = [re.search(r'(?:INSERT INTO|DELETE FROM|UPDATE) "?(\w+)', row["sql"]) for row in asked]
    writes = [one[1] for one in found if one]
    assert sorted(writes) == ["rectification_answer", "rectification_slip"]
    after = _tables()
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"rectification_answer", "rectification_slip"}


def _tables() -> dict[str, str]:
    """A fingerprint of every table, sequences included."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t"
            )
            found[table] = str(cursor.fetchone()[0])
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        found |= {name: str(value) for name, value in cursor.fetchall()}
    return found


def test_an_answer_holds_a_choice_and_a_day_and_nothing_else() -> None:
    columns = {field.column: field.get_internal_type() for field in Answer._meta.fields}

    assert columns == {
        "id": "UUIDField", "poll_id": "ForeignKey", "choice": "CharField", "day": "DateField",
    }  # fmt: skip
    assert {field.column for field in Slip._meta.fields} == {"fingerprint", "poll_id"}
    names = {model._meta.model_name for model in Answer._meta.apps.get_models()}
    assert not names & {"answerevent", "slipevent"}


def test_rows_before_and_after_cannot_be_joined(poll: Poll, street: Client) -> None:
    """Whoever holds the printed codes, in order, and the tables at the end learns no choice."""
    codes = services.issue_slips(poll=poll, count=60)
    choices = ["dissatisfied" if at % 7 == 0 else "satisfied" for at in range(60)]
    for code, choice in zip(codes, choices, strict=True):
        services.vote(code=code, choice=choice, on=DAY)
    counted = services.count_poll(
        poll=poll, by=make_hands().staff, on=poll.closes_on + timedelta(days=1)
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT choice, xmin::text FROM rectification_answer WHERE poll_id = %s ORDER BY ctid",
            [poll.pk],
        )
        by_place = cursor.fetchall()
    by_key = list(Answer.unscoped.order_by("pk").values_list("choice", flat=True))
    # Neither the place on disk, nor the key, nor the writing transaction tells the order.
    assert [choice for choice, _ in by_place] != choices
    assert by_key != choices
    assert len({xmin for _, xmin in by_place}) == 1
    assert Slip.objects.count() == 0
    assert (counted.satisfied, counted.dissatisfied) == (51, 9)


def test_nothing_of_a_vote_is_logged(
    poll: Poll, street: Client, caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    code = services.issue_slips(poll=poll, count=1)[0]

    with caplog.at_level("DEBUG"):
        cast(street, code)

    out = capsys.readouterr()
    text = caplog.text + out.out + out.err
    assert code not in text
    assert "satisfied" not in re.sub(r"rectification_answer.*", "", text)


def test_what_comes_out_is_shown_when_it_is_counted_only(poll: Poll) -> None:
    codes = services.issue_slips(poll=poll, count=3)
    for code in codes[:2]:
        services.vote(code=code, choice="satisfied", on=DAY)

    with pytest.raises(Refusal, match="第二天起可以计票"):
        services.count_poll(poll=poll, by=make_hands().staff, on=poll.closes_on)
    poll.refresh_from_db()
    assert (poll.state, poll.satisfied) == (PollState.OPEN, 0)


def test_a_code_that_was_left_is_void_after_the_count(poll: Poll) -> None:
    code = services.issue_slips(poll=poll, count=1)[0]
    services.count_poll(poll=poll, by=make_hands().staff, on=poll.closes_on + timedelta(days=1))

    with pytest.raises(Refusal) as refused:
        services.vote(code=code, choice="satisfied", on=DAY)
    assert refused.value.message == NOT_VALID


def test_the_public_page_asks_for_no_sign_in_and_keeps_no_session(street: Client) -> None:
    page = street.get(reverse("rectification:vote"))

    assert page.status_code == 200
    assert "sessionid" not in page.cookies
    assert "no-store" in page["Cache-Control"]
    assert [text in page.content.decode() for text in ("满意", "基本满意", "不满意")] == [True] * 3


def test_without_a_choice_the_code_stays(poll: Poll, street: Client) -> None:
    code = services.issue_slips(poll=poll, count=1)[0]

    reply = street.post(reverse("rectification:vote"), {"code": code})

    assert reply.status_code == 422
    assert cast(street, code).status_code == 302


def test_guessing_is_stopped_and_voting_is_not(poll: Poll, street: Client) -> None:
    codes = services.issue_slips(poll=poll, count=30)

    assert {cast(street, code).status_code for code in codes} == {302}
    answers = [cast(street, f"{at:012d}").status_code for at in range(25)]

    assert answers[:20] == [422] * 20
    assert answers[-1] == 429


def test_codes_of_a_tally_are_refused(db: None) -> None:
    poll = services.open_poll(
        case=make_case(State.UNDERWAY), by=make_hands().street, way=PollWay.TALLY, opens_on=DAY,
        closes_on=DAY,
    )  # fmt: skip

    with pytest.raises(Refusal, match="现场测评"):
        services.issue_slips(poll=poll, count=1)


# --- Races -----------------------------------------------------------------------------------


def _race(work: Any, how_many: int) -> list[bool]:
    """Do it in so many threads at once; True for each that was not refused."""
    gate, done = threading.Barrier(how_many), []

    def run(at: int) -> None:
        gate.wait()
        try:
            work(at)
            done.append(True)
        except Refusal:
            done.append(False)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.django_db(transaction=True)
def test_one_code_from_many_phones_at_once_is_one_vote() -> None:
    poll = link_poll()
    code = services.issue_slips(poll=poll, count=1)[0]

    done = _race(lambda at: services.vote(code=code, choice="satisfied", on=DAY), 20)

    assert (done.count(True), Answer.unscoped.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_votes_that_cross_the_count_are_counted_or_refused() -> None:
    poll = link_poll()
    codes = services.issue_slips(poll=poll, count=19)
    staff = make_hands().staff

    def work(at: int) -> None:
        if at == 10:
            services.count_poll(poll=poll, by=staff, on=poll.closes_on + timedelta(days=1))
        else:
            services.vote(code=codes[at if at < 10 else at - 1], choice="satisfied", on=DAY)

    done = _race(work, 20)

    poll.refresh_from_db()
    # The count is one of those that were done.
    assert poll.satisfied == Answer.unscoped.count() == done.count(True) - 1
