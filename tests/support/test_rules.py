"""Pure rules of 阵地与联系."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.enums import CHECK_MOVES, ISSUE_MOVES, JOINT_MOVES, CheckState, IssueState, JointState
from support.rules import lacking, read_frequency, share, visits_owed


@given(st.sets(st.integers(1, 20)), st.dictionaries(st.integers(1, 20), st.booleans()))
@settings(max_examples=50)
def test_what_is_lacking_was_answered_no_or_not_at_all(
    items: set[int], answers: dict[int, bool]
) -> None:
    missing = lacking(sorted(items), answers)
    assert set(missing) <= items
    assert all(answers[item] for item in items - set(missing))


@given(st.integers(0, 20), st.integers(0, 20))
@settings(max_examples=30)
def test_visits_owed_and_made_reach_what_is_wanted(visited: int, wanted: int) -> None:
    assert visits_owed(visited=visited, wanted=wanted) + min(visited, wanted) == wanted


@given(st.integers(0, 500), st.integers(0, 500))
@settings(max_examples=30)
def test_a_share_is_a_percent(one: int, rest: int) -> None:
    assert 0 <= share(one, one + rest) <= 100


@pytest.mark.parametrize("value", ["2", 1.5, None, True, 13, -1])
def test_a_frequency_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="0 到 12"):
        read_frequency(value)


@pytest.mark.parametrize(
    ("moves", "ends"),
    [
        (CHECK_MOVES, {CheckState.CONFIRMED}),
        (ISSUE_MOVES, {IssueState.SOLVED}),
        (JOINT_MOVES, {JointState.DONE, JointState.ENDED}),
    ],
)
def test_nothing_leaves_an_end(moves: frozenset[tuple[int, int]], ends: set[int]) -> None:
    states = {state for move in moves for state in move}
    assert states - {before for before, _ in moves} == ends
