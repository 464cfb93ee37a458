"""The reckoning: quorum, majority, candidates, terms, as properties."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dates import add_months
from elections.enums import OVER, Route, Stage
from elections.rules import (
    Limits,
    Votes,
    alert,
    ballot_counts,
    can_move,
    has_quorum,
    is_elected,
    latest_due,
    least_candidates,
    least_present,
    least_votes,
    outcome,
    round_is_void,
    shift_faults,
    tally_faults,
    term_end,
    void_reasons,
    way,
    window_fault,
)

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
COUNT = st.integers(1, 400)
few = settings(max_examples=60, deadline=None)


@few
@given(COUNT, COUNT)
def test_a_meeting_may_vote_from_four_fifths_of_those_entitled(eligible: int, present: int) -> None:
    assert has_quorum(eligible, present, 80) == (present * 5 >= eligible * 4)
    assert has_quorum(eligible, least_present(eligible, 80), 80)
    assert not has_quorum(eligible, least_present(eligible, 80) - 1, 80)


@few
@given(COUNT, COUNT)
def test_elected_is_more_than_half_of_those_entitled_not_of_those_present(
    eligible: int, yes: int
) -> None:
    assert is_elected(yes, eligible) == (yes > eligible / 2)
    assert is_elected(least_votes(eligible), eligible)
    assert not is_elected(least_votes(eligible) - 1, eligible)
    # Half of those present would do for fewer votes: that is the trap.
    present = least_present(eligible, 80)
    assert least_votes(present) <= least_votes(eligible)


@few
@given(st.integers(1, 40), st.integers(0, 100))
def test_there_is_always_one_candidate_more_and_the_margin_is_kept(seats: int, margin: int) -> None:
    fewest = least_candidates(seats, margin)
    assert fewest >= seats + 1
    assert fewest * 100 >= seats * (100 + margin)
    assert fewest == seats + 1 or (fewest - 1) * 100 < seats * (100 + margin)


@pytest.mark.parametrize(("seats", "fewest"), [(1, 2), (3, 4), (5, 6), (6, 8), (7, 9), (11, 14)])
def test_candidates_for_the_usual_numbers_of_seats(seats: int, fewest: int) -> None:
    assert least_candidates(seats, 20) == fewest


@few
@given(DAYS, st.sampled_from([3, 5]))
def test_a_term_ends_on_the_same_day_of_the_calendar_or_at_the_months_end(
    started: date, years: int
) -> None:
    end = term_end(started, years)
    assert (end.year, end.month) == (started.year + years, started.month)
    assert end.day == started.day or (started.month, started.day, end.day) == (2, 29, 28)


@few
@given(DAYS, DAYS, st.integers(0, 24))
def test_a_window_of_months_says_the_same_from_either_end(on: date, due: date, months: int) -> None:
    assert (due <= latest_due(on, months)) == (add_months(due, -months) <= on)


@few
@given(DAYS, st.integers(-400, 400))
def test_the_nearest_alert_holds_until_the_next_whatever_day_the_job_runs(
    due: date, off: int
) -> None:
    on = due - timedelta(days=off)
    found = alert(due, on, (6, 3, 1))
    if off < 0:
        assert found == 0
    elif found is None:
        assert on < add_months(due, -6)
    else:
        assert add_months(due, -found) <= on
        assert all(on < add_months(due, -m) for m in (6, 3, 1) if m < found)


def test_an_alert_is_no_single_day() -> None:
    due = date(2026, 8, 31)
    assert alert(due, date(2026, 2, 27), (6, 3, 1)) is None
    assert alert(due, date(2026, 2, 28), (6, 3, 1)) == 6
    assert alert(due, date(2026, 5, 30), (6, 3, 1)) == 6
    assert alert(due, date(2026, 5, 31), (6, 3, 1)) == 3
    assert alert(due, date(2026, 7, 31), (6, 3, 1)) == 1
    assert alert(due, due, (6, 3, 1)) == 1


@few
@given(DAYS, DAYS)
def test_no_shift_is_longer_than_a_year(due: date, moved: date) -> None:
    good = not shift_faults(due, moved, 12)
    assert good == (moved != due and add_months(due, -12) <= moved <= add_months(due, 12))


def test_the_day_of_the_vote_lies_in_the_window_or_has_approval() -> None:
    due = date(2026, 8, 20)

    def fault(day: date, moved: date | None = None) -> str:
        return window_fault(day, due=due, moved_to=moved, lead=3, most=12)

    assert not fault(date(2026, 5, 20))
    assert "提前换届" in fault(date(2026, 5, 19))
    assert not fault(date(2026, 1, 10), date(2026, 1, 31))
    assert "延期" in fault(date(2026, 8, 21))
    assert not fault(date(2026, 8, 21), date(2026, 12, 1))
    assert "延期" in fault(date(2026, 12, 2), date(2026, 12, 1))
    # Beyond a year nothing can be approved any more; it is held all the same, and is late.
    assert not fault(date(2027, 9, 1))


@few
@given(st.lists(st.integers(0, 30), min_size=1, max_size=9), st.integers(1, 7), st.integers(1, 30))
def test_a_round_elects_at_most_its_seats_all_by_majority_and_nobody_by_lot(
    yes: list[int], seats: int, eligible: int
) -> None:
    lines = [Votes(key, min(got, eligible)) for key, got in enumerate(yes)]
    found = outcome(lines, eligible=eligible, seats=seats)
    votes = {line.key: line.yes for line in lines}

    assert len(found.elected) + found.remaining == seats
    assert all(votes[key] * 2 > eligible for key in (*found.elected, *found.tied))
    assert not set(found.elected) & set(found.tied)
    if found.tied:
        assert len(found.tied) > found.remaining
        assert len({votes[key] for key in found.tied}) == 1
    if found.elected:
        rest = [v for k, v in votes.items() if k not in found.elected and v * 2 > eligible]
        assert all(v < votes[key] for key in found.elected for v in rest)
    # The order in which they are typed elects nobody.
    assert set(outcome(lines[::-1], eligible=eligible, seats=seats).elected) == set(found.elected)


def test_equal_votes_for_the_last_seat_are_voted_on_again() -> None:
    lines = [Votes(1, 9), Votes(2, 7), Votes(3, 7), Votes(4, 2)]
    found = outcome(lines, eligible=10, seats=2)
    assert (found.elected, found.tied, found.remaining) == ((1,), (2, 3), 1)


def test_too_few_with_a_majority_leave_seats_open() -> None:
    found = outcome([Votes(1, 6), Votes(2, 5), Votes(3, 4)], eligible=10, seats=2)
    assert (found.elected, found.remaining) == ((1,), 1)


def test_a_ballot_with_more_names_than_seats_and_a_round_with_more_ballots_do_not_count() -> None:
    assert ballot_counts(3, 3)
    assert not ballot_counts(4, 3)
    assert round_is_void(10, 11)
    assert not round_is_void(10, 10)
    found = void_reasons(eligible=10, present=7, issued=7, returned=8, limits=Limits())
    assert len(found) == 2
    assert "五分之四（8 人）" in found[0]
    assert not void_reasons(eligible=10, present=8, issued=8, returned=8, limits=Limits())


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"present": 11}, "多于应到会"),
        ({"issued": 10}, "多于实到"),
        ({"invalid": 10}, "无效票"),
        ({"lines": [Votes(1, 8, 0, 0)]}, "应等于有效票"),
        ({"lines": [Votes(1, 9), Votes(2, 9, 0, 0)], "seats": 1}, "多于有效票"),
        ({"lines": [Votes(1, 10)], "written_in": {1}}, "另选他人"),
        ({}, ""),
    ],
)
def test_a_tally_adds_up_or_says_what_does_not(facts: dict[str, object], said: str) -> None:
    usual = {
        "lines": [Votes(1, 7, 1, 1)], "eligible": 10, "present": 9, "issued": 9, "returned": 9,
        "invalid": 0, "seats": 1,
    }  # fmt: skip
    fault = tally_faults(**{**usual, **facts})  # type: ignore[arg-type]
    assert said in fault
    assert bool(said) == bool(fault)


@pytest.mark.parametrize("route", Route.values)
@pytest.mark.parametrize("with_committee", [True, False])
def test_every_way_leads_from_preparation_to_the_end_step_by_step(
    route: str, with_committee: bool
) -> None:
    steps = way(route=route, with_committee=with_committee)
    for before, after in pairwise(steps):
        assert can_move(before, after, route=route, with_committee=with_committee)
        ahead = [s for s in steps if s > after]
        assert not any(
            can_move(before, s, route=route, with_committee=with_committee) for s in ahead
        )
    assert all(
        not can_move(end, to, route=route, with_committee=with_committee)
        for end in OVER
        for to in Stage
    )
