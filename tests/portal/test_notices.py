"""Reminders of 通知 with a day: to those who owe it, once."""

from __future__ import annotations

from datetime import date, timedelta

from branches.scope import scope_of
from core.models import Notice
from portal.asks import asked
from portal.notices import owed
from portal.services import receipts
from tests.factories.portal import DAY, at, make_circular, receipt_of
from tests.portal.conftest import Town

UNTIL = date(2026, 7, 16)


def names(what: str) -> set[str]:
    rows = Notice.objects.filter(key__startswith=f"circular-{what}:")
    return {one.recipient.name for one in rows if one.recipient is not None}


def test_two_working_days_ahead_those_who_owe_it_are_told_once(town: Town) -> None:
    made = make_circular(town.street, issued=True, sign_by=UNTIL, needs_sign=True)
    receipts.read(receipt=receipt_of(made, town.branch), by=town.secretary, now=at())
    assert owed(at(DAY - timedelta(days=1)))["soon"] == 0
    assert owed(at())["soon"] == 1
    assert owed(at(DAY, 15))["soon"] == 0
    assert names("soon") == {"李华"}


def test_after_its_day_they_are_told_once_more_and_the_done_are_not(town: Town) -> None:
    made = make_circular(town.district, issued=True, sign_by=UNTIL)
    receipts.read(receipt=receipt_of(made, town.branch), by=town.secretary, now=at())
    late = UNTIL + timedelta(days=1)
    assert owed(at(late))["late"] == 3
    assert owed(at(late + timedelta(days=2)))["late"] == 0
    assert names("late") == {"马兰", "陶春燕", "方正"}


def test_the_first_page_asks_the_branch_to_read_and_the_issuer_to_press(town: Town) -> None:
    def words(user: object, on: date) -> list[str]:
        return [one.title for one in asked(scope_of(user, on=on), 0, on)]  # type: ignore[arg-type]

    made = make_circular(town.street, issued=True, sign_by=UNTIL)
    late = UNTIL + timedelta(days=1)
    assert words(town.secretary, DAY) == ["看通知"]
    assert words(town.judge, DAY) == []
    assert words(town.judge, late) == ["催办到期的通知"]
    assert words(town.staff, late) == []
    receipts.read(receipt=receipt_of(made, town.branch), by=town.secretary, now=at())
    assert words(town.secretary, DAY) == []
