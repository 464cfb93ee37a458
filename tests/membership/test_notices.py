"""What is told: steps that are due, letters, clocks; each once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from branches.enums import Role
from core.models import Notice
from core.outbox import text_of
from membership import notices, services
from membership.models import Clock
from tests.factories.accounts import make_account
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_member,
    make_user,
)
from tests.factories.membership import (
    TODAY,
    day_of,
    make_candidate,
    make_hands,
    make_transfer,
    walk,
)

pytestmark = pytest.mark.django_db


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


def told() -> list[tuple[str, str]]:
    return [
        (n.recipient.username, n.template) for n in Notice.objects.order_by("pk") if n.recipient
    ]


def test_a_step_that_is_due_is_told_to_whose_it_is_and_once() -> None:
    branch = make_branch(make_committee(make_district()))
    secretary = make_user(Role.SECRETARY, branch)
    street = make_user(Role.COMMITTEE_STAFF, branch.committee)
    hands = make_hands()
    candidate = walk(make_candidate(branch, by=hands.branch), 16, hands)
    now = at(day_of(candidate, 15) + timedelta(days=20))

    assert notices.owed(now)["steps"] == 1
    assert notices.owed(now)["steps"] == 0
    assert told() == [(secretary.username, "membership/notices/step_soon")]
    assert "支部大会讨论" in text_of(Notice.objects.get())

    assert notices.owed(at(day_of(candidate, 15) + timedelta(days=40)))["steps"] == 2
    assert {who for who, template in told() if template.endswith("late")} == {
        secretary.username, street.username,
    }  # fmt: skip


def test_the_end_of_probation_is_told_a_month_ahead() -> None:
    branch = make_branch()
    make_user(Role.SECRETARY, branch)
    hands = make_hands()
    candidate = walk(make_candidate(branch, by=hands.branch), 22, hands)
    assert candidate.probation_ends is not None

    assert notices.owed(at(candidate.probation_ends - timedelta(days=31)))["steps"] == 0
    assert notices.owed(at(candidate.probation_ends - timedelta(days=30)))["steps"] == 1


def test_letters_are_told_before_and_after_their_last_day() -> None:
    branch = make_branch()
    make_user(Role.SECRETARY, branch)
    letter = services.ask_out(
        member=make_member(branch), outside="外区某支部", by=make_account(), on=TODAY
    )
    services.issue(transfer=letter, by=make_account(), on=TODAY, letter_on=TODAY, valid_days=90)

    for days, count in ((74, 0), (75, 1), (90, 0), (91, 1), (95, 0)):
        assert notices.owed(at(TODAY + timedelta(days=days)))["letters"] == count


def test_an_asking_that_nobody_answers_is_told_once_to_whoever_is_to_answer() -> None:
    street = make_committee(make_district())
    old, new = make_branch(street), make_branch(street)
    make_user(Role.SECRETARY, old)
    asked = make_user(Role.SECRETARY, new)
    make_transfer(make_member(old), new)

    assert notices.owed(at(TODAY + timedelta(days=9)))["slow"] == 0
    assert notices.owed(at(TODAY + timedelta(days=10)))["slow"] == 1
    assert notices.owed(at(TODAY + timedelta(days=20)))["slow"] == 0
    assert told() == [(asked.username, "membership/notices/transfer_slow")]


def test_six_months_away_is_told_once_and_does_nothing_else() -> None:
    branch = make_branch(make_committee(make_district()))
    make_user(Role.SECRETARY, branch)
    make_user(Role.COMMITTEE_STAFF, branch.committee)
    member = make_member(branch, is_lost=True)
    Clock.unscoped.create(member=member, kind="lost", since=date(2026, 1, 31))

    assert notices.owed(at(date(2026, 7, 30)))["clocks"] == 0
    assert notices.owed(at(date(2026, 7, 31)))["clocks"] == 2
    assert notices.owed(at(date(2026, 8, 20)))["clocks"] == 0
    member.refresh_from_db()
    assert member.state == "active"
