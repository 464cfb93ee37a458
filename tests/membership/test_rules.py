"""The guards of both rule sets, for any days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from importlib import import_module

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.dates import Calendar, add_months
from membership import rules
from membership.enums import REPEATED, TRANSFER_MOVES, TRANSITIONS, Number, Stage, TransferState
from membership.rules import Done, Limit

_seed = import_module("membership.migrations.0002_rule_sets")
FEW = settings(max_examples=60, deadline=None)
DAYS = st.dates(date(2015, 1, 1), date(2025, 12, 31))


def book_of(code: str) -> Mapping[int, Limit]:
    """A rule set as the migration puts it there."""
    return {
        number: Limit(
            number=number, name=name, actor=actor, needs=needs,
            **{
                key: value
                for key, value in (more | (_seed.IN_2014.get(number, {}) if code == "2014" else {}))
                .items()
                if key != "note"
            },
        )
        for number, name, actor, needs, more in _seed.STEPS
    }  # fmt: skip


BOOKS = {code: book_of(code) for code in ("2014", "2026")}
each_set = pytest.mark.parametrize("code", ["2014", "2026"])


def done_before(book: Mapping[int, Limit], number: int, start: date) -> list[Done]:
    """Everything before a step, each on the first day it may be done."""
    found: list[Done] = []
    for one in sorted(book):
        if one >= number or not book[one].required:
            continue
        for time in range(book[one].times):
            day = rules.earliest(book, found, one) or start
            found.append(Done(one, max(day, start) + timedelta(days=time), "good"))
    return found


@each_set
@pytest.mark.parametrize("number", [8, 10, 23])
@FEW
@given(start=DAYS, early=st.integers(1, 400))
def test_a_day_too_early_is_an_error_and_the_first_day_is_none(
    code: str, number: int, start: date, early: int
) -> None:
    book = BOOKS[code]
    done = done_before(book, number, start)
    first = rules.earliest(book, done, number)
    assert first is not None
    on = date(2100, 1, 1)

    assert rules.check(book, done, number, first - timedelta(days=early), on=on).errors
    assert not rules.check(book, done, number, first, on=on).errors


@each_set
@pytest.mark.parametrize(("number", "months"), [(2, 1), (17, 1), (19, 3), (24, 3)])
@FEW
@given(start=DAYS, more=st.integers(1, 200))
def test_a_day_too_late_warns_and_the_last_day_does_not(
    code: str, number: int, months: int, start: date, more: int
) -> None:
    book, on = BOOKS[code], date(2100, 1, 1)
    done = done_before(book, number, start)
    base = rules.base_day(book, done, number)
    assert base is not None
    last = add_months(base, months)
    assert rules.latest(book, done, number) == last

    late = rules.check(book, done, number, last + timedelta(days=more), on=on)
    assert late.late
    assert not late.errors
    assert not rules.check(book, done, number, last, on=on).late


@each_set
@FEW
@given(start=DAYS)
def test_special_cases_are_approved_within_six_months(code: str, start: date) -> None:
    book = BOOKS[code]
    done = done_before(book, 19, start)
    base = rules.base_day(book, done, 19)
    assert base is not None

    assert rules.latest(book, done, 19, special=True) == add_months(base, 6)


@each_set
@pytest.mark.parametrize("missing", [Number.REVIEW, Number.TRAIN, Number.PRECHECK])
@FEW
@given(start=DAYS, bad=st.booleans())
def test_without_review_training_and_precheck_there_is_no_meeting(
    code: str, missing: Number, start: date, bad: bool
) -> None:
    book = BOOKS[code]
    done = [one for one in done_before(book, 17, start) if one.number != missing]
    if bad:
        done.append(Done(missing, start, "bad"))

    said = rules.check(book, done, 17, date(2099, 1, 1), on=date(2100, 1, 1)).errors
    assert any(missing.label in one for one in said)


@each_set
@FEW
@given(start=DAYS, months=st.integers(6, 12))
def test_an_extension_moves_the_end_of_probation_from_the_meeting(
    code: str, start: date, months: int
) -> None:
    book = BOOKS[code]
    done = done_before(book, 23, start)
    base = rules.base_day(book, done, 23)
    assert base is not None

    assert rules.earliest(book, done, 23) == add_months(base, 12)
    assert rules.earliest(book, done, 23, extended=months) == add_months(base, 12 + months)


@each_set
@FEW
@given(start=DAYS, upto=st.integers(1, 25))
def test_nothing_is_open_that_lacks_a_step_and_something_is_until_the_end(
    code: str, start: date, upto: int
) -> None:
    book = BOOKS[code]
    done = done_before(book, upto + 1, start)
    found = rules.upcoming(book, done)

    assert all(not rules.missing(book, done, one.limit.number) for one in found)
    over = {one.number for one in done} - set(REPEATED)
    assert not over & {one.limit.number for one in found}
    assert bool(found) == (upto < 25)


def test_the_sets_differ_in_consent_and_publicity_only() -> None:
    old, new = BOOKS["2014"], BOOKS["2026"]

    assert {n for n in old if old[n] != new[n]} == {9, 10}
    assert (old[9].required, new[9].required) == (False, True)
    done = done_before(new, 10, date(2020, 1, 1))
    assert not rules.missing(new, done, 10)
    assert rules.missing(new, [one for one in done if one.number != 9], 10)
    assert not rules.missing(old, [one for one in done if one.number != 9], 10)


def test_months_are_clamped_to_the_end_of_the_month() -> None:
    book = BOOKS["2014"]
    done = [Done(1, date(2024, 1, 31))]

    assert rules.latest(book, done, 2) == date(2024, 2, 29)


@FEW
@given(first=DAYS, days=st.integers(1, 15))
def test_publicity_ends_on_the_last_of_its_working_days(first: date, days: int) -> None:
    calendar = Calendar({}, frozenset(range(2014, 2028)))
    last = rules.publicity_end(first, days, calendar=calendar)

    assert rules.workdays(first, last, calendar=calendar) == days
    assert calendar.is_workday(last)


@FEW
@given(eligible=st.integers(1, 500), present=st.integers(0, 500), yes=st.integers(0, 500))
def test_majorities_are_over_all_who_should_be_there(eligible: int, present: int, yes: int) -> None:
    assume(yes <= present <= eligible)

    assert rules.is_quorate(present, eligible) == (present >= eligible / 2)
    assert rules.is_passed(yes, eligible) == (yes > eligible / 2)


@FEW
@given(born=st.dates(date(1950, 1, 1), date(2007, 1, 1)), years=st.integers(0, 40))
def test_an_age_is_reached_on_the_birthday(born: date, years: int) -> None:
    assume((born.month, born.day) != (2, 29))
    day = born.replace(year=born.year + years)

    assert rules.age_on(born, day) == years
    assert years == 0 or rules.age_on(born, day - timedelta(days=1)) == years - 1


@FEW
@given(day=DAYS, valid=st.integers(1, 365))
def test_a_letter_holds_through_its_last_day(day: date, valid: int) -> None:
    last = day + timedelta(days=valid)

    assert not rules.is_expired(day, valid, last)
    assert rules.is_expired(day, valid, last + timedelta(days=1))


def test_moves_are_those_of_the_tables() -> None:
    for before in Stage:
        for after in Stage:
            assert rules.can_move(before, after) == ((before, after) in TRANSITIONS)
    for one in TransferState:
        for other in TransferState:
            assert rules.can_transfer(one, other) == ((one, other) in TRANSFER_MOVES)
