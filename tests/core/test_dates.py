"""Periods, fixed days, working days and messy dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from chinese_calendar.constants import holidays, workdays
from hypothesis import given
from hypothesis import strategies as st

from core.dates import (
    MONTHS_IN,
    Calendar,
    DateError,
    FixedDay,
    ParsedDate,
    Period,
    PeriodKind,
    Reckoned,
    add_months,
    first_tuesday,
    fixed_day,
    month_end,
    parse_date,
)

KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "half", "year")
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))

PUBLISHED = Calendar.from_rows(
    [(day, True) for day in holidays] + [(day, False) for day in workdays],
    years=range(2004, 2027),
)

# rules.md §1: the first Tuesdays that fell on a public holiday.
HOLIDAY_TUESDAYS = [
    date(2020, 5, 5),
    date(2020, 10, 6),
    date(2021, 5, 4),
    date(2021, 10, 5),
    date(2022, 2, 1),
    date(2022, 4, 5),
    date(2022, 5, 3),
    date(2022, 10, 4),
    date(2023, 5, 2),
    date(2023, 10, 3),
    date(2024, 10, 1),
    date(2025, 2, 4),
    date(2025, 10, 7),
    date(2026, 5, 5),
    date(2026, 10, 6),
]


# --- Months and periods -------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_adding_months_is_clamped_to_the_months_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_adding_months_beyond_the_calendar_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="year"):
        add_months(date(9999, 12, 1), 1)


@given(DAYS, st.integers(-600, 600))
def test_adding_months_moves_the_month_exactly_that_far(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, month_end(moved.year, moved.month).day)


@pytest.mark.parametrize(
    ("label", "start", "end", "name", "kind"),
    [
        ("2026-07", date(2026, 7, 1), date(2026, 7, 31), "2026年7月", "month"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024年2月", "month"),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30), "2026年第三季度", "quarter"),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30), "2026年上半年", "half"),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31), "2026年下半年", "half"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026年", "year"),
    ],
)
def test_a_label_names_its_first_and_last_day(
    label: str, start: date, end: date, name: str, kind: str
) -> None:
    period = Period.parse(label)
    assert (period.start, period.end, period.name, period.kind) == (start, end, name, kind)
    assert str(period) == label


def test_labels_are_read_with_small_letters_and_spaces() -> None:
    assert Period.parse(" 2026q3 ") == Period.quarter(2026, 3)


@pytest.mark.parametrize(
    "label", ["", "2026Q5", "2026Q0", "2026-13", "2026-7", "26Q1", "2026H3", "0000", "二〇二六"]
)
def test_a_label_that_is_no_period_is_refused_in_chinese(label: str) -> None:
    with pytest.raises(ValueError, match="不是考核期，请写成") as caught:
        Period.parse(label)
    assert str(caught.value) == f"“{label}”不是考核期，请写成 2026-07、2026Q3、2026H1 或 2026"


def test_a_period_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="没有这个考核期：2026 年第 5 个季度"):
        Period.quarter(2026, 5)


def test_the_named_constructors_agree_with_the_labels() -> None:
    assert Period.month(2026, 7).label == "2026-07"
    assert Period.quarter(2026, 3).label == "2026Q3"
    assert Period.half(2026, 1).label == "2026H1"
    assert Period.full_year(2026).label == "2026"


def test_a_quarter_has_three_months_and_a_half_two_quarters() -> None:
    assert [month.label for month in Period.quarter(2026, 3).months()] == [
        "2026-07",
        "2026-08",
        "2026-09",
    ]
    assert [quarter.label for quarter in Period.half(2026, 2).split("quarter")] == [
        "2026Q3",
        "2026Q4",
    ]
    assert Period.month(2026, 2).months() == (Period.month(2026, 2),)


def test_a_month_cannot_be_split_into_quarters() -> None:
    with pytest.raises(ValueError, match="2026年7月不能再分成季度"):
        Period.month(2026, 7).split("quarter")


def test_periods_sort_by_time() -> None:
    assert sorted([Period.quarter(2027, 1), Period.quarter(2026, 4)]) == [
        Period.quarter(2026, 4),
        Period.quarter(2027, 1),
    ]


@given(DAYS, st.sampled_from(KINDS))
def test_the_period_containing_a_day_contains_it_and_its_neighbours_do_not(
    day: date, kind: PeriodKind
) -> None:
    period = Period.containing(day, kind)
    assert period.contains(day)
    assert not period.next().contains(day)
    assert not period.previous().contains(day)
    assert period.next().start == period.end + timedelta(days=1)
    assert period.previous().end == period.start - timedelta(days=1)
    assert period.next().previous() == period
    assert Period.parse(period.label) == period
    assert Period.of(kind, period.year, period.number) == period


@given(DAYS, st.sampled_from(KINDS))
def test_the_months_of_a_period_tile_it(day: date, kind: PeriodKind) -> None:
    period = Period.containing(day, kind)
    months = period.months()
    assert len(months) == MONTHS_IN[kind]
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert sum(month.days for month in months) == period.days


# --- Fixed days ---------------------------------------------------------------


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_the_first_tuesday_is_a_tuesday_in_the_first_seven_days(year: int, month: int) -> None:
    day = first_tuesday(year, month)
    assert (day.weekday(), day.year, day.month) == (1, year, month)
    assert 1 <= day.day <= 7


def test_exactly_the_listed_first_tuesdays_of_2020_to_2026_fell_on_a_holiday() -> None:
    moved = [
        first_tuesday(year, month)
        for year in range(2020, 2027)
        for month in range(1, 13)
        if fixed_day(year, month, holidays=PUBLISHED).moved
    ]
    assert moved == HOLIDAY_TUESDAYS


@pytest.mark.parametrize("holiday", HOLIDAY_TUESDAYS)
def test_a_first_tuesday_on_a_holiday_moves_to_the_next_tuesday(holiday: date) -> None:
    assert fixed_day(holiday.year, holiday.month, holidays=PUBLISHED) == FixedDay(
        holiday + timedelta(days=7), moved=True, provisional=False
    )


def test_an_ordinary_first_tuesday_stays() -> None:
    assert fixed_day(2026, 7, holidays=PUBLISHED) == FixedDay(date(2026, 7, 7), False, False)


def test_two_holiday_tuesdays_in_a_row_move_the_day_twice() -> None:
    calendar = Calendar.from_rows([(date(2026, 7, 7), True), (date(2026, 7, 14), True)], [2026])
    assert fixed_day(2026, 7, holidays=calendar) == FixedDay(date(2026, 7, 21), True, False)


def test_a_fixed_day_in_a_year_without_notice_is_provisional() -> None:
    assert fixed_day(2027, 10, holidays=PUBLISHED) == FixedDay(date(2027, 10, 5), False, True)


# --- Working days -------------------------------------------------------------


def test_working_days_skip_the_weekend() -> None:
    assert PUBLISHED.add_workdays(date(2026, 7, 3), 1) == Reckoned(date(2026, 7, 6), False)


def test_working_days_skip_the_national_day_and_count_the_saturday_worked_for_it() -> None:
    # 2025: off 1–8 October, Sunday 28 September and Saturday 11 October worked.
    assert PUBLISHED.add_workdays(date(2025, 9, 26), 1).day == date(2025, 9, 28)
    assert PUBLISHED.add_workdays(date(2025, 9, 30), 3).day == date(2025, 10, 11)
    assert PUBLISHED.workdays_before(date(2025, 10, 9), 3).day == date(2025, 9, 28)


def test_no_working_days_give_the_day_itself() -> None:
    assert PUBLISHED.add_workdays(date(2026, 7, 4), 0) == Reckoned(date(2026, 7, 4), False)


def test_counting_into_a_year_without_notice_is_provisional() -> None:
    assert PUBLISHED.add_workdays(date(2026, 12, 31), 1) == Reckoned(date(2027, 1, 1), True)
    assert PUBLISHED.workdays_before(date(2027, 1, 4), 2) == Reckoned(date(2026, 12, 31), True)


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_working_days_agree_with_the_published_calendar(day: date) -> None:
    assert PUBLISHED.is_workday(day) == chinese_calendar.is_workday(day)


@given(DAYS, st.integers(1, 60))
def test_counting_forward_and_back_again_passes_the_same_working_days(
    day: date, count: int
) -> None:
    there = PUBLISHED.add_workdays(day, count).day
    assert PUBLISHED.is_workday(there)
    passed = sum(
        PUBLISHED.is_workday(day + timedelta(days=step))
        for step in range(1, (there - day).days + 1)
    )
    assert passed == count


# --- Messy dates --------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        date(2020, 3, 5),
        datetime(2020, 3, 5, 23, 59),
        datetime(2020, 3, 5, 23, 59, tzinfo=UTC),
        43895,
        43895.0,
        43895.75,
        "43895",
        "43895.0",
        20200305,
        20200305.0,
        "20200305",
        "2020.03.05",
        "2020.3.5",
        "2020-3-5",
        "2020-03-05",
        "2020/3/5",
        "2020/03/05",
        "2020年3月5日",
        "2020年03月05日",
        "2020年3月5号",
        "2020年3月5",
        "2020 年 3 月 5 日",
        " 2020-03-05\n",
        "\u30002020．03．05\xa0",
        "２０２０年３月５日",
        "2020。3。5",
        "2020—3—5",
        "2020-03-05 00:00:00",
        "2020/3/5 8:30",
        "2020-03-05T00:00:00+08:00",
        "\ufeff2020\u200b-03-05",
    ],
)
def test_a_day_is_read_however_people_write_it(value: object) -> None:
    assert parse_date(value) == ParsedDate(date(2020, 3, 5), partial=False)


@pytest.mark.parametrize(
    "value", [2020.3, "2020.3", "2020.03", "2020年3月", "2020-3", "2020/03", "202003", 202003]
)
def test_a_month_alone_becomes_its_first_day_and_says_so(value: object) -> None:
    parsed = parse_date(value)
    assert parsed == ParsedDate(date(2020, 3, 1), partial=True)
    assert parsed.note == "只写到月，按 2020-03-01 理解"


def test_a_full_day_needs_no_note() -> None:
    assert parse_date("2020-03-05").note == ""


def test_the_number_2020_1_is_refused_because_it_may_be_october() -> None:
    with pytest.raises(DateError) as caught:
        parse_date(2020.1)
    assert str(caught.value) == (
        "值“2020.1”分不清是 1 月还是 10 月（Excel 会把 2020.10 存成 2020.1），"
        "请写成 2020-01 或 2020-10"
    )


def test_the_text_2020_10_is_october_and_2020_1_january() -> None:
    assert parse_date("2020.10") == ParsedDate(date(2020, 10, 1), True)
    assert parse_date("2020.1") == ParsedDate(date(2020, 1, 1), True)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("1990.13", "值“1990.13”不是日期，请改成 2020-03-05 这样的写法"),
        ("2021-02-29", "值“2021-02-29”不是日期，请改成 2020-03-05 这样的写法"),
        ("不详", "值“不详”不是日期，请改成 2020-03-05 这样的写法"),
        ("2020", "值“2020”只有年份，请写到年月日，如 2020-03-05"),
        (2020.0, "值“2020.0”只有年份，请写到年月日，如 2020-03-05"),
        ("98.5.3", "值“98.5.3”的年份只有两位，请写四位年份，如 1998-03-05"),
        ("3/5/2020", "值“3/5/2020”年份写在了后面，请改成 2020-03-05 这样的写法"),
        ("1820-01-01", "值“1820-01-01”的年份不合理，请核对后改成 2020-03-05 这样的写法"),
        (date(220, 1, 1), "值“0220-01-01”的年份不合理，请核对后改成 2020-03-05 这样的写法"),
        ("", "没有填写日期，请改成 2020-03-05 这样的写法"),
        ("\u3000", "没有填写日期，请改成 2020-03-05 这样的写法"),
        (None, "值“None”不是日期，请改成 2020-03-05 这样的写法"),
        (True, "值“True”不是日期，请改成 2020-03-05 这样的写法"),
        (7853, "值“7853”不是日期，请改成 2020-03-05 这样的写法"),
        (6.2e17, "值“6.2e+17”不是日期，请改成 2020-03-05 这样的写法"),
        (float("nan"), "值“nan”不是日期，请改成 2020-03-05 这样的写法"),
        (-43895, "值“-43895”不是日期，请改成 2020-03-05 这样的写法"),
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence_that_says_what_to_do(
    value: object, sentence: str
) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(value)
    assert str(caught.value) == sentence


def test_a_very_long_value_is_cut_in_the_sentence() -> None:
    with pytest.raises(DateError) as caught:
        parse_date("啊" * 5000)
    assert caught.value.message == f"值“{'啊' * 40}…”不是日期"
    assert caught.value.hint == "请改成 2020-03-05 这样的写法"


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_every_written_form_of_a_day_is_read_back(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day:%Y%m%d}",
        (day - date(1899, 12, 30)).days,
        float((day - date(1899, 12, 30)).days),
    ]
    assert [parse_date(form) for form in forms] == [ParsedDate(day)] * len(forms)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.binary()))
def test_any_value_is_a_date_or_a_chinese_refusal(value: object) -> None:
    try:
        year = parse_date(value).day.year
    except DateError as fault:
        year = 1900 if fault.message and fault.hint else 0
    assert 1900 <= year <= 2100
