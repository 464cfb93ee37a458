"""The draw, the sheet and the hints as pure functions."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, product
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.enums.checks import FINDING_MOVES, DrawnState, FindingState
from meetings.rules import checks, hints
from meetings.rules.checks import SheetItem

NAMESPACE = UUID(int=0)
UUIDS = [uuid5(NAMESPACE, str(number)) for number in range(60)]
CANDIDATES = st.dictionaries(st.sampled_from(UUIDS), st.booleans(), min_size=1)
SEEDS = st.text("0123456789abcdef", min_size=1, max_size=32)


def by_hand(lines: list[str], seed: str, wanted: int, percent: int) -> list[str]:
    """The draw as somebody would write it who has only the description."""
    rank = {
        line.split(" ")[0]: hashlib.sha256(f"{seed}:{line.split(' ')[0]}".encode()).hexdigest()
        for line in lines
    }
    starred = sorted((line[:-2] for line in lines if line.endswith(" *")), key=rank.__getitem__)
    first = starred[: (wanted * percent + 99) // 100]
    others = sorted((name for name in rank if name not in first), key=rank.__getitem__)
    return first + others[: wanted - len(first)]


@given(CANDIDATES, SEEDS, st.integers(0, 80), st.integers(0, 100))
def test_a_draw_follows_its_description(
    candidates: dict[UUID, bool], seed: str, wanted: int, percent: int
) -> None:
    lines = checks.list_lines(candidates.items())
    drawn = checks.draw(lines=lines, seed=seed, wanted=wanted, risk_percent=percent)
    assert [one.uuid for one in drawn] == by_hand(lines, seed, wanted, percent)


@given(CANDIDATES, SEEDS, st.integers(0, 80), st.integers(0, 100), st.randoms())
def test_a_draw_is_bounded_without_doubles_and_the_same_in_any_order_of_the_list(
    candidates: dict[UUID, bool], seed: str, wanted: int, percent: int, dice: random.Random
) -> None:
    lines = checks.list_lines(candidates.items())
    facts = {"seed": seed, "wanted": wanted, "risk_percent": percent}
    drawn = checks.draw(lines=lines, **facts)
    assert len(drawn) == min(wanted, len(candidates)) == len({one.uuid for one in drawn})
    shuffled = list(candidates.items())
    dice.shuffle(shuffled)
    assert checks.draw(lines=checks.list_lines(shuffled), **facts) == drawn


@given(CANDIDATES, SEEDS, st.integers(1, 80), st.integers(0, 100))
def test_verifying_agrees_with_the_draw_and_with_no_other(
    candidates: dict[UUID, bool], seed: str, wanted: int, percent: int
) -> None:
    lines = checks.list_lines(candidates.items())
    facts = {"seed": seed, "wanted": wanted, "risk_percent": percent}
    drawn = [one.uuid for one in checks.draw(lines=lines, **facts)]
    digest = checks.list_digest(lines)
    assert checks.agrees(lines=lines, digest=digest, drawn=drawn, **facts)
    assert not checks.agrees(lines=lines, digest=digest, drawn=drawn[1:], **facts)
    assert not checks.agrees(lines=lines[1:], digest=digest, drawn=drawn, **facts)
    assert not checks.agrees(lines=lines, digest="0" * 64, drawn=drawn, **facts)


def test_every_candidate_is_drawn_about_as_often() -> None:
    lines = checks.list_lines((uuid, False) for uuid in UUIDS[:20])
    counts = dict.fromkeys(lines, 0)
    for number in range(2000):
        for one in checks.draw(lines=lines, seed=f"{number:032x}", wanted=5):
            counts[one.uuid] += 1
    # 500 each; six standard deviations of a fair draw (19.4) are 116.
    assert max(abs(count - 500) for count in counts.values()) < 116


@given(CANDIDATES, SEEDS, st.integers(1, 60))
def test_the_hinted_come_first_up_to_their_share(
    candidates: dict[UUID, bool], seed: str, wanted: int
) -> None:
    lines = checks.list_lines(candidates.items())
    drawn = checks.draw(lines=lines, seed=seed, wanted=wanted, risk_percent=50)
    share = min(-(-wanted // 2), sum(candidates.values()))
    assert all(one.hinted for one in drawn[:share])


def test_the_list_is_a_text_that_anybody_can_digest() -> None:
    one, other = UUID(int=10), UUID(int=2)
    lines = checks.list_lines([(one, True), (other, False), (one, True)])
    assert lines == [str(other), f"{one} *"]
    assert checks.list_digest(lines) == hashlib.sha256(f"{other}\n{one} *".encode()).hexdigest()


# --- The sheet and findings --------------------------------------------------------------------


def test_a_sheet_sums_to_100_with_names_of_its_own() -> None:
    good = [SheetItem("甲", Decimal("59.5")), SheetItem("乙", Decimal("40.5"))]
    assert checks.sheet_fault(good) == ""
    assert checks.sheet_fault([]) == "请至少写一个评分项目。"
    assert "现在是 99.5 分" in checks.sheet_fault([good[0], SheetItem("乙", Decimal(40))])
    assert "重复" in checks.sheet_fault([good[0], SheetItem("甲", Decimal("40.5"))])
    assert "大于 0" in checks.sheet_fault(
        [SheetItem("甲", Decimal(100)), SheetItem("乙", Decimal(0))]
    )
    assert "名称" in checks.sheet_fault([SheetItem("", Decimal(100))])


def test_the_moves_of_a_finding_are_the_table() -> None:
    moves = {
        (before, after)
        for before, after in product(FindingState, repeat=2)
        if checks.can_move_finding(before, after)
    }
    assert moves == FINDING_MOVES


@pytest.mark.parametrize(
    ("counts", "read", "states", "expected"),
    [
        (True, False, [], DrawnState.TO_READ),
        (False, False, [], DrawnState.GONE),
        (True, True, [], DrawnState.READ),
        (False, True, [], DrawnState.READ),
        (True, True, ["open", "closed"], DrawnState.FINDINGS),
        (True, True, ["answered"], DrawnState.FINDINGS),
        (True, True, ["closed", "closed"], DrawnState.SETTLED),
    ],
)
def test_how_a_drawn_record_stands(
    counts: bool, read: bool, states: list[str], expected: DrawnState
) -> None:
    assert checks.drawn_state(counts=counts, read=read, states=states) == expected


def test_a_finding_is_overdue_the_day_after_its_last_day_while_the_branch_owes_an_answer() -> None:
    due = date(2026, 7, 20)
    facts = {"due_on": due}
    assert not checks.is_overdue(state="open", on=due, **facts)
    assert checks.is_overdue(state="open", on=due + timedelta(days=1), **facts)
    assert checks.is_overdue(state="returned", on=due + timedelta(days=1), **facts)
    assert not checks.is_overdue(state="answered", on=due + timedelta(days=1), **facts)


# --- Hints -------------------------------------------------------------------------------------


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=hints.NEAR_BITS))
def test_near_hashes_share_a_key(bits: int, flipped: set[int]) -> None:
    other = bits
    for bit in flipped:
        other ^= 1 << bit
    assert hints.hamming(bits, other) == len(flipped)
    mine, theirs = hints.photo_keys(bits), hints.photo_keys(other)
    if mine and theirs:
        assert set(mine) & set(theirs)


def test_a_hash_says_which_points_are_brighter_than_their_right_neighbour() -> None:
    falling, rising = list(range(9, 0, -1)) * 8, list(range(9)) * 8
    assert hints.dhash(falling) == 2**64 - 1
    assert hints.dhash(rising) == 0
    assert hints.photo_keys(hints.dhash(rising)) == []
    with pytest.raises(ValueError, match="9 x 8"):
        hints.dhash([1, 2, 3])


@given(st.integers(0, 2**64 - 1))
def test_signed_numbers_keep_their_bits(bits: int) -> None:
    assert -(2**63) <= hints.signed(bits) < 2**63
    assert hints.hamming(bits, hints.signed(bits)) == 0


def text_of(seed: int, length: int = 400) -> str:
    dice = random.Random(seed)
    return "".join(chr(dice.randrange(0x4E00, 0x8E00)) for _ in range(length))


@given(st.integers(0, 10_000), st.integers(0, 380))
def test_minutes_that_differ_in_a_name_share_a_key(seed: int, place: int) -> None:
    text = text_of(seed)
    other = f"{text[:place]}王小明{text[place + 3 :]}"
    assert hints.likeness(text, other) >= hints.ALIKE
    assert set(hints.text_keys(text)) & set(hints.text_keys(other))


def test_other_minutes_share_none_and_short_ones_have_none() -> None:
    keys = [set(hints.text_keys(text_of(seed))) for seed in range(30)]
    assert all(not one & other for one, other in pairwise(keys))
    assert hints.text_keys("会议由书记主持。" * 17) == []
    assert hints.text_keys("短") == []
    assert hints.likeness("", "") == 0


def test_marks_and_spaces_make_no_difference() -> None:
    text = text_of(3)
    spaced = "，\n".join(text[at : at + 20] for at in range(0, 400, 20))
    assert hints.likeness(text, spaced) == 1
    assert hints.text_keys(text) == hints.text_keys(spaced)


NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)


def test_eight_within_an_hour_are_a_rush_and_nine_over_nine_hours_are_none() -> None:
    quick = [NOON + timedelta(minutes=8 * at) for at in range(8)]
    assert hints.rush(quick, quick[0]) == hints.rush(quick, quick[4]) == 8
    slow = [NOON + timedelta(hours=at) for at in range(9)]
    assert hints.rush(slow, slow[4]) == 2


@given(st.lists(st.integers(0, 300), min_size=1, max_size=40), st.data())
def test_a_rush_is_the_fullest_hour_that_holds_the_moment(
    minutes: list[int], data: st.DataObject
) -> None:
    moments = [NOON + timedelta(minutes=one) for one in minutes]
    at = data.draw(st.sampled_from(moments))
    expected = max(
        sum(start <= one <= start + timedelta(hours=1) for one in moments)
        for minute in range(301)
        if (start := NOON + timedelta(minutes=minute)) <= at <= start + timedelta(hours=1)
    )
    assert hints.rush(moments, at) == expected
