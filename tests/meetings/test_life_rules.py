"""Rules of 组织生活: tallies, the share of 优秀, the coverage of talks, the moves."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.enums.life import (
    APPRAISAL_MOVES,
    REVIEW_MOVES,
    AppraisalState,
    Grade,
    ReviewState,
    TalkKind,
    Who,
)
from meetings.models import Appraisal, LifeReview
from meetings.rules.life import (
    Gradable,
    Tally,
    appraisal_mover,
    ballots_valid,
    coverage,
    grade_totals,
    held_window,
    most_excellent,
    names_in,
    pair,
    proposal_faults,
    read_share,
    review_mover,
    talk_kind,
)

counts = st.integers(0, 200)
shares = st.fractions(0, 1, max_denominator=100)
people = st.lists(st.integers(1, 40), unique=True, max_size=12)


# --- Tallies -------------------------------------------------------------------------------------


@given(counts, counts, counts, counts, st.integers(0, 900))
def test_a_tally_fits_exactly_when_its_sum_does(a: int, b: int, c: int, d: int, came: int) -> None:
    tally = Tally(a, b, c, d)

    assert tally.total == a + b + c + d
    assert tally.fits(came) is (a + b + c + d <= came)


@given(st.integers(-5, -1), counts, counts)
def test_a_count_below_zero_never_fits(bad: int, good: int, came: int) -> None:
    for place in range(4):
        numbers = [good] * 4
        numbers[place] = bad
        assert not Tally(*numbers).fits(came + 10_000)


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_returned_than_issued_is_void_and_so_is_none(issued: int, returned: int) -> None:
    assert ballots_valid(issued=issued, returned=returned) is (0 < returned <= issued)


# --- The share of 优秀 ---------------------------------------------------------------------------


@given(st.integers(0, 400), shares)
def test_the_most_excellent_is_the_largest_number_within_the_share(n: int, share: Fraction) -> None:
    most = most_excellent(n, share)

    assert most <= n * share < most + 1


@pytest.mark.parametrize(("n", "most"), [(0, 0), (2, 0), (3, 1), (5, 1), (6, 2), (10, 3), (30, 10)])
def test_a_third_is_rounded_down(n: int, most: int) -> None:
    assert most_excellent(n, Fraction(1, 3)) == most


@pytest.mark.parametrize(
    ("text", "share"),
    [("1/3", Fraction(1, 3)), (0.3, Fraction(3, 10)), ("30%", Fraction(3, 10)), (1, Fraction(1))],
)
def test_a_share_is_read_as_people_write_it(text: object, share: Fraction) -> None:
    assert read_share(text) == share


@pytest.mark.parametrize("text", ["三分之一", "", None, "1/0", "-1/3", 2, "120%", "nan"])
def test_what_is_no_share_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"比例|之间"):
        read_share(text)


@given(st.lists(st.sampled_from([grade.value for grade in Grade]), max_size=40), shares)
def test_a_proposal_goes_up_exactly_when_it_keeps_the_share(
    grades: list[str], share: Fraction
) -> None:
    rows = [Gradable(f"党员{n}", grade, "work") for n, grade in enumerate(grades)]
    faults = proposal_faults(rows, share=share)

    assert bool(faults) is (grades.count("excellent") > len(grades) * share)


@given(st.lists(st.sampled_from(["", *[grade.value for grade in Grade]]), max_size=40))
def test_totals_add_up_to_those_with_a_grade(grades: list[str]) -> None:
    assert sum(grade_totals(grades).values()) == sum(bool(grade) for grade in grades)


def test_a_proposal_names_what_is_missing() -> None:
    rows = [Gradable("甲", ""), Gradable("乙", "poor"), Gradable("丙", "poor", "work")]

    assert proposal_faults(rows, share=Fraction(1, 3)) == [
        "还有 1 名党员没有提出等次：甲。",
        "评为不合格的要选择原因：乙。",
    ]


# --- Talks ---------------------------------------------------------------------------------------


@given(people, st.data())
def test_coverage_agrees_with_counting_by_hand(members: list[int], data: st.DataObject) -> None:
    board = data.draw(st.lists(st.sampled_from(members), unique=True)) if members else []
    every = list(combinations(sorted(members), 2))
    talked = set(data.draw(st.lists(st.sampled_from(every)))) if every else set()
    found = coverage(board=board, members=members, talked=talked)

    wanted = {two for two in every if set(two) <= set(board)}
    others = set(members) - set(board)
    if not board:
        assert (found.needed, found.missing, found.is_complete) == (0, 0, False)
        return
    met = {one for one in others if any(pair(one, seat) in talked for seat in board)}
    assert found.needed == len(wanted) + len(others)
    assert set(found.missing_pairs) == wanted - talked
    assert set(found.missing_members) == others - met
    assert found.done == len(wanted & talked) + len(met)
    assert found.is_complete is (found.needed > 0 and found.done == found.needed)


@given(people, st.data())
def test_one_talk_more_never_makes_more_missing(members: list[int], data: st.DataObject) -> None:
    every = list(combinations(sorted(members), 2))
    if not every:
        return
    board = data.draw(st.lists(st.sampled_from(members), unique=True, min_size=1))
    talked = set(data.draw(st.lists(st.sampled_from(every))))
    before = coverage(board=board, members=members, talked=talked)
    after = coverage(
        board=board, members=members, talked=talked | {data.draw(st.sampled_from(every))}
    )

    assert before.missing - 1 <= after.missing <= before.missing


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_pair_is_the_same_whoever_is_named_first(one: int, other: int) -> None:
    if one == other:
        with pytest.raises(ValueError, match="no pair"):
            pair(one, other)
        return
    assert pair(one, other) == pair(other, one) == (min(one, other), max(one, other))


def test_the_kind_of_a_talk_follows_from_the_board() -> None:
    kinds = [talk_kind((1, 2), board) for board in ({1, 2}, {2}, set())]

    assert kinds == [TalkKind.BOARD, TalkKind.BOARD_MEMBER, TalkKind.MEMBERS]


# --- Moves, windows, names -----------------------------------------------------------------------


def test_nobody_but_the_committee_ends_a_flow() -> None:
    ends = (ReviewState.CLOSED, AppraisalState.APPROVED)
    moves = [*REVIEW_MOVES.items(), *APPRAISAL_MOVES.items()]

    assert {who for (_, to), who in moves if to in ends} == {Who.COMMITTEE}


@given(st.sampled_from(list(ReviewState)), st.sampled_from(list(ReviewState)))
def test_no_step_of_a_review_is_skipped(before: ReviewState, after: ReviewState) -> None:
    states = list(ReviewState)
    if states.index(after) > states.index(before) + 1 or after == before:
        assert review_mover(before, after) is None


@given(st.sampled_from(list(AppraisalState)), st.sampled_from(list(AppraisalState)))
def test_no_step_of_an_appraisal_is_skipped(before: AppraisalState, after: AppraisalState) -> None:
    states = list(AppraisalState)
    if states.index(after) > states.index(before) + 1 or after == before:
        assert appraisal_mover(before, after) is None


@pytest.mark.parametrize(
    ("model", "moves"), [(LifeReview, REVIEW_MOVES), (Appraisal, APPRAISAL_MOVES)]
)
def test_the_databases_table_of_moves_is_the_codes(model: type, moves: dict) -> None:  # type: ignore[type-arg]
    trigger = next(t for t in model._meta.triggers if t.name == "legal_state")  # type: ignore[attr-defined]
    written = str(trigger.condition.sql)

    for before, after in moves:
        assert f"('{before.value}','{after.value}')" in written
    assert written.count("','") == len(moves)


def test_a_meeting_may_be_held_some_days_into_the_next_year() -> None:
    assert held_window(2026, grace_days=90) == (date(2026, 1, 1), date(2027, 3, 31))


def test_names_are_found_however_they_are_spaced() -> None:
    assert names_in("王 明同志带头学习", ["王明", "李", "赵强"]) == ["王明"]
    assert names_in("支部学习不够", ["王明"]) == []
