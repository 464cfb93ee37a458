"""Pass lines, tallies, working days, and the little texts that staff type."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import Calendar
from rectification.enums import HelperKind, ProblemState, State
from rectification.rules import (
    LineError,
    Lines,
    Tally,
    acceptance_faults,
    can_move,
    due_after,
    missing_helpers,
    plain,
    poll_faults,
    read_dues,
    read_items,
    satisfaction,
    share,
    watch_end,
    workdays_left,
)

LINES = Lines(Decimal(70), Decimal(90), Decimal(50), 20)
GOOD = Tally(90, 5, 5)

counts = st.integers(0, 500)
tallies = st.builds(Tally, counts, counts, counts)
percents = st.decimals(0, 100, places=2)
lines = st.builds(Lines, percents, percents, percents, st.integers(1, 300), st.booleans())


@given(tallies, lines)
def test_a_poll_passes_exactly_when_shares_hold_the_lines(tally: Tally, line: Lines) -> None:
    good = tally.satisfied + (tally.fair if line.fair_counts else 0)
    valid = tally.satisfied + tally.fair + tally.dissatisfied
    holds = (
        valid >= line.least_answers
        and Decimal(good) * 100 >= line.satisfaction * valid
        and Decimal(tally.dissatisfied) * 100 <= line.dissatisfaction * valid
    )

    assert (poll_faults(tally, line) == []) is holds


@given(tallies, lines)
def test_one_more_satisfied_never_makes_a_poll_fail(tally: Tally, line: Lines) -> None:
    more = Tally(tally.satisfied + 1, tally.fair, tally.dissatisfied)

    if poll_faults(tally, line) == []:
        assert poll_faults(more, line) == []


@given(tallies, lines)
def test_one_more_dissatisfied_never_makes_a_poll_pass_but_by_number(
    tally: Tally, line: Lines
) -> None:
    more = Tally(tally.satisfied, tally.fair, tally.dissatisfied + 1)

    if tally.valid >= line.least_answers and poll_faults(tally, line):
        assert poll_faults(more, line)


@given(tallies, lines)
def test_the_rate_lies_between_nought_and_a_hundred(tally: Tally, line: Lines) -> None:
    assert 0 <= satisfaction(tally, line) <= 100


@given(st.decimals(0, 100, places=2), tallies, st.integers(0, 5), lines)
def test_acceptance_names_each_line_that_is_missed(
    total: Decimal, tally: Tally, left: int, line: Lines
) -> None:
    faults = acceptance_faults(total=total, tally=tally, open_problems=left, lines=line)

    expected = (total < line.score) + len(poll_faults(tally, line)) + bool(left)
    assert len(faults) == expected


@pytest.mark.parametrize(
    ("total", "tally", "left", "faults"),
    [
        (Decimal(70), Tally(90, 0, 10), 0, []),
        (Decimal("69.99"), GOOD, 0, ["验收得分 69.99 分，未达到 70 分"]),
        (Decimal(80), Tally(89, 0, 11), 0, ["群众满意率 89.00%，未达到 90%"]),
        # Rounded it would be 90.00 %: 8,999.6 of 10,000.
        (Decimal(80), Tally(89_996, 0, 10_004), 0, ["群众满意率 90.00%，未达到 90%"]),
        (Decimal(80), GOOD, 2, ["还有 2 个问题没有办结"]),
        (Decimal(80), None, 0, ["这一轮整顿还没有计票的民意测评"]),
        (Decimal(80), Tally(10, 0, 0), 0, ["有效票 10 张，不足 20 张，测评不能作为依据"]),
        (
            Decimal(80),
            Tally(40, 0, 60),
            0,
            ["群众满意率 40.00%，未达到 90%", "不满意 60.00%，超过 50%，一票否决"],
        ),
    ],
)
def test_acceptance_at_and_below_the_lines(
    total: Decimal, tally: Tally | None, left: int, faults: list[str]
) -> None:
    found = acceptance_faults(total=total, tally=tally, open_problems=left, lines=LINES)

    assert found == faults


def test_fair_counts_only_where_the_district_says_so() -> None:
    tally = Tally(80, 15, 5)
    strict = Lines(Decimal(70), Decimal(90), Decimal(50), 20, fair_counts=False)

    assert poll_faults(tally, LINES) == []
    assert poll_faults(tally, strict) == ["群众满意率 80.00%，未达到 90%"]


def test_half_of_nothing_is_nothing() -> None:
    assert share(0, 0) == Decimal("0.00")
    assert (share(1, 3), share(2, 3)) == (Decimal("33.33"), Decimal("66.67"))


@given(st.lists(st.sampled_from([kind.value for kind in HelperKind])))
def test_who_is_missing_is_whoever_is_not_there(kinds: list[str]) -> None:
    assert {kind.value for kind in missing_helpers(kinds)} == {
        kind.value for kind in HelperKind
    } - set(kinds)


def test_nothing_leads_out_of_the_ends() -> None:
    for end in (State.SETTLED, State.DROPPED):
        assert not any(can_move(end, state) for state in State)
    assert not any(can_move(state, State.PROPOSED) for state in State)
    assert can_move(State.EXAMINED, State.UNDERWAY)
    assert ProblemState.CONFIRMED > ProblemState.DONE


CALENDAR = Calendar.from_rows(
    # 国庆 with its 调休 Saturday.
    [(date(2026, 10, day), True) for day in range(1, 8)] + [(date(2026, 10, 10), False)],
    [2026],
)


def test_working_days_observe_the_holidays_and_the_saturday_that_is_worked() -> None:
    found = due_after(date(2026, 9, 29), 4, calendar=CALENDAR)

    # 30 September, then 8, 9 and (Saturday, worked) 10 October.
    assert (found.day, found.provisional) == (date(2026, 10, 10), False)
    assert workdays_left(date(2026, 9, 29), date(2026, 10, 10), calendar=CALENDAR) == 4
    assert workdays_left(date(2026, 10, 10), date(2026, 9, 29), calendar=CALENDAR) == -4
    assert workdays_left(date(2026, 10, 1), date(2026, 10, 1), calendar=CALENDAR) == 0


@given(st.dates(date(2026, 1, 1), date(2026, 11, 1)), st.integers(0, 30))
def test_so_many_working_days_later_so_many_are_left(day: date, days: int) -> None:
    due = due_after(day, days, calendar=CALENDAR).day

    assert workdays_left(day, due, calendar=CALENDAR) == days


def test_a_year_without_a_notice_is_provisional() -> None:
    assert due_after(date(2027, 1, 4), 5, calendar=CALENDAR).provisional


@pytest.mark.parametrize(
    ("closed", "months", "until"),
    [(date(2026, 2, 28), 12, date(2027, 2, 28)), (date(2024, 2, 29), 12, date(2025, 2, 28))],
)
def test_the_year_of_watching_is_a_calendar_year(closed: date, months: int, until: date) -> None:
    assert watch_end(closed, months) == until


# --- What staff type -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["班子 40\n问题：60", "班子建设，40分\n\n问题整改 60 分"])
def test_a_sheet_is_read_a_line_each(text: str) -> None:
    assert [item.points for item in read_items(text)] == [Decimal(40), Decimal(60)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "合计 0 分"),
        ("班子 40\n问题 50", "合计 90 分"),
        ("班子", "没有写分值"),
        ("班子 50\n班子 50", "写了两次"),
        ("班子 0\n问题 100", "应大于 0"),
    ],
)
def test_a_sheet_that_does_not_make_a_hundred_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(LineError, match=sentence):
        read_items(text)


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (read_items, read_dues):
        with suppress(LineError):
            read(text)


def test_reports_stand_in_the_order_of_their_days() -> None:
    dues = read_dues("总结报告 2026.9.30\n第一次报告：2026年4月30日")

    assert [(due.title, due.due_on) for due in dues] == [
        ("第一次报告", date(2026, 4, 30)),
        ("总结报告", date(2026, 9, 30)),
    ]


@pytest.mark.parametrize("text", ["报告", "2026-04-30", "报告 4月30日", "甲 2026-4-1\n甲 2026-5-1"])
def test_a_report_without_a_title_or_a_day_is_refused(text: str) -> None:
    with pytest.raises(LineError):
        read_dues(text)


@given(st.decimals(-1000, 1000, places=4))
def test_a_number_is_written_without_needless_noughts(number: Decimal) -> None:
    assert Decimal(plain(number)) == number
    assert not plain(number).endswith(".")


def test_whole_tens_keep_their_noughts() -> None:
    assert [plain(Decimal(text)) for text in ("100", "70.00", "88.50")] == ["100", "70", "88.5"]
