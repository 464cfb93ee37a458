"""Rules of 网上党支部."""

from __future__ import annotations

from datetime import date

import pgtrigger
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.enums import TRANSITIONS, State
from portal.models import Circular
from portal.rules import can_move, holds_number, is_late, named_in, names_in, percent

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def test_a_circular_is_issued_once_and_taken_back_once() -> None:
    moves = {(a, b) for a in State for b in State if can_move(a, b)}
    assert moves == {(State.DRAFT, State.ISSUED), (State.ISSUED, State.REVOKED)}


def test_the_database_holds_the_same_table_of_moves() -> None:
    (trigger,) = [one for one in Circular._meta.triggers if one.name == "legal_state"]  # type: ignore[attr-defined]
    assert isinstance(trigger, pgtrigger.Trigger)
    words = ",".join(f"({int(a)},{int(b)})" for a, b in sorted(TRANSITIONS))
    assert f"NOT IN ({words})" in str(trigger.condition.sql)  # type: ignore[union-attr]


def test_names_are_split_at_lines_and_commas_and_each_counts_once() -> None:
    assert names_in(" 9901\n9902，9901\t滨河社区党支部；9903、") == [
        "9901", "9902", "滨河社区党支部", "9903",
    ]  # fmt: skip
    assert names_in(" \n") == []


@settings(max_examples=60)
@given(st.lists(st.from_regex(r"[0-9A-Z一二三]{1,8}", fullmatch=True), max_size=20))
def test_what_is_joined_is_found_again(names: list[str]) -> None:
    assert names_in("\n".join(names)) == list(dict.fromkeys(names))


@settings(max_examples=60)
@given(DAYS, DAYS)
def test_only_what_is_not_done_after_its_day_is_late(until: date, on: date) -> None:
    assert is_late(until, on, done=False) == (on > until)
    assert not is_late(until, on, done=True)
    assert not is_late(None, on, done=False)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("请拨打 13800138000", True),
        ("值班电话0931-8765432", True),
        ("电话 8765432", True),
        ("11010519491231002X", True),
        ("2026年7月14日，党员 128 名", False),
        ("成立于1998年，服务居民 12000 户", False),
    ],
)
def test_numbers_of_persons_are_seen_and_years_are_not(text: str, holds: bool) -> None:
    assert holds_number(text) is holds


def test_names_are_found_in_a_text_but_no_single_character() -> None:
    assert named_in("王建国讲党课，李先到", ["李", "王建国", "赵秀兰", "王建国"]) == ["王建国"]


@settings(max_examples=60)
@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_hundred_percent_means_all(done: int, total: int) -> None:
    done = min(done, total)
    assert (percent(done, total) == 100) == (total > 0 and done == total)
