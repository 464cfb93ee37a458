"""Phases and what is studied: pure rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.enums.lectures import BOOKING_MOVES, BookingState
from meetings.enums.study import STUDIED, ItemState, Split
from meetings.rules.lectures import can_move_booking, end_of, overlaps, week_of
from meetings.rules.study import Progress, Span, item_state, offer_rank, running, spans, tally

years = st.integers(2000, 2100)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3))
states = st.sampled_from(list(ItemState))


@given(years, st.sampled_from(list(Split)))
def test_the_phases_of_a_year_leave_no_day_out_and_name_none_twice(year: int, split: str) -> None:
    found = spans(year, split)
    assert found[0].first == date(year, 1, 1)
    assert found[-1].last == date(year, 12, 31)
    for one, other in pairwise(found):
        assert other.first == one.last + timedelta(days=1)
    assert len({span.name for span in found}) == len(found)
    assert [span.number for span in found] == list(range(1, len(found) + 1))


@given(days, st.integers(0, 200), st.none() | days, days)
def test_a_text_is_studied_exactly_when_a_record_has_it(
    first: date, length: int, studied_on: date | None, on: date
) -> None:
    last = first + timedelta(days=length)
    state = item_state(first=first, last=last, studied_on=studied_on, on=on)
    assert (state in STUDIED) == (studied_on is not None)
    if studied_on is not None:
        assert state == (ItemState.DONE if studied_on <= last else ItemState.CAUGHT_UP)


@given(days, st.integers(0, 200), days, st.integers(0, 300))
def test_what_is_not_studied_only_ever_moves_from_ahead_over_open_to_late(
    first: date, length: int, on: date, later: int
) -> None:
    last = first + timedelta(days=length)
    order = [ItemState.AHEAD, ItemState.OPEN, ItemState.LATE]
    now = item_state(first=first, last=last, studied_on=None, on=on)
    then = item_state(first=first, last=last, studied_on=None, on=on + timedelta(days=later))
    assert order.index(now) <= order.index(then)


def test_a_text_is_late_from_the_day_after_its_phase() -> None:
    first, last = date(2026, 7, 1), date(2026, 9, 30)
    on = [date(2026, 6, 30), first, last, date(2026, 10, 1)]
    found = [item_state(first=first, last=last, studied_on=None, on=day) for day in on]
    assert found == [ItemState.AHEAD, ItemState.OPEN, ItemState.OPEN, ItemState.LATE]


@given(st.lists(states), st.lists(states))
def test_progress_adds_up(some: list[ItemState], others: list[ItemState]) -> None:
    assert tally(some) + tally(others) == tally([*some, *others])
    found = tally(some)
    assert 0 <= found.done + found.late <= found.total == len(some)
    assert found.is_complete == (bool(some) and all(state in STUDIED for state in some))


def test_nothing_to_study_has_no_percentage() -> None:
    assert (Progress().percent, Progress(3, 1, 0).percent) == (None, 33.3)


@given(years, st.sampled_from(list(Split)), st.data())
def test_a_phase_runs_on_every_day_of_the_year(year: int, split: str, data: st.DataObject) -> None:
    day = data.draw(st.dates(date(year, 1, 1), date(year, 12, 31)))
    found = running(spans(year, split), day)
    assert found is not None
    assert found.contains(day)


def test_in_a_gap_the_next_phase_counts_and_after_the_last_none() -> None:
    gap = [
        Span(1, "上", date(2026, 1, 1), date(2026, 3, 1)),
        Span(2, "下", date(2026, 6, 1), date(2026, 9, 1)),
    ]
    assert running(gap, date(2026, 4, 1)) == gap[1]
    assert running(gap, date(2026, 9, 2)) is None


def test_what_is_due_now_is_offered_before_what_was_missed() -> None:
    assert sorted(ItemState, key=offer_rank)[:2] == [ItemState.OPEN, ItemState.LATE]


@given(moments, st.integers(1, 600), moments, st.integers(1, 600))
def test_two_lectures_overlap_when_they_share_a_minute(
    one: datetime, length: int, other: datetime, other_length: int
) -> None:
    ends, other_ends = end_of(one, length), end_of(other, other_length)
    shared = min(ends, other_ends) - max(one, other)
    assert overlaps(one, ends, other, other_ends) == (shared > timedelta(0))
    assert overlaps(one, ends, other, other_ends) == overlaps(other, other_ends, one, ends)


def test_one_lecture_may_follow_another_at_once() -> None:
    noon = datetime(2026, 1, 1, 12)
    assert not overlaps(noon, end_of(noon, 30), end_of(noon, 30), end_of(noon, 60))


@given(days)
def test_a_week_begins_on_monday_and_holds_its_day(day: date) -> None:
    monday, sunday = week_of(day)
    assert (monday.weekday(), sunday - monday) == (0, timedelta(days=6))
    assert monday <= day <= sunday


@pytest.mark.parametrize("before", list(BookingState))
@pytest.mark.parametrize("after", list(BookingState))
def test_bookings_move_as_the_table_says(before: BookingState, after: BookingState) -> None:
    assert can_move_booking(before, after) == ((before, after) in BOOKING_MOVES)
