"""Pure rules of 作用发挥, and the tables of moves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from works.enums import (
    PLACEMENT_MOVES,
    PLEDGE_MOVES,
    SERVICE_MOVES,
    WORK_MOVES,
    PlacementState,
    PledgeState,
    ServiceState,
    WorkState,
)
from works.rules import needs_committee, next_day, open_milestones, progress

_DAYS = st.lists(st.sampled_from([None, date(2026, 1, 1), date(2026, 12, 31)]), max_size=12)


@given(_DAYS)
@settings(max_examples=40)
def test_done_and_open_milestones_are_all_of_them(days: list[date | None]) -> None:
    done = sum(day is not None for day in days)
    assert open_milestones(days) + done == len(days)
    assert 0 <= progress(done=done, total=len(days)) <= 100
    assert (progress(done=done, total=len(days)) == 100) == (bool(days) and done == len(days))


@given(st.booleans(), st.booleans())
def test_only_a_plain_members_pledge_is_confirmed_by_the_branch(own: bool, head: bool) -> None:
    assert needs_committee(is_branch=own, is_secretary=head) == (own or head)


def test_the_next_day_is_the_first() -> None:
    assert next_day([]) is None
    assert next_day([date(2026, 7, 2), date(2026, 7, 1)]) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("moves", "ends"),
    [
        (PLEDGE_MOVES, {PledgeState.KEPT, PledgeState.ENDED}),
        (PLACEMENT_MOVES, {PlacementState.DECLINED, PlacementState.ENDED}),
        (SERVICE_MOVES, {ServiceState.CONFIRMED}),
        (WORK_MOVES, {WorkState.DONE, WorkState.ENDED}),
    ],
)
def test_nothing_leaves_an_end(moves: frozenset[tuple[int, int]], ends: set[int]) -> None:
    states = {state for move in moves for state in move}
    assert states - {before for before, _ in moves} == ends
