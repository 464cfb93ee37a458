"""Days, quotas, draws and refusals as pure functions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadres.enums import Level, Step, Way
from cadres.rules import appointments as rules
from cadres.rules import draw as draws
from cadres.rules.limits import Limits, read
from cadres.rules.oversight import effect_of, effect_until, reply_due
from cadres.rules.quota import Sum
from cadres.rules.screen import named, refused_name, refused_text
from cadres.rules.training import counted, standing
from core.dates import Calendar, add_months

FEW = settings(max_examples=60, deadline=None)
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(0, 40)
LIMITS = Limits()
# National Day 2026 with its 调休 Saturday.
CALENDAR = Calendar.from_rows(
    [(date(2026, 10, day), True) for day in range(1, 8)] + [(date(2026, 10, 10), False)],
    [2024, 2025, 2026],
)


@FEW
@given(DAYS, st.integers(1, 15))
def test_the_earliest_end_of_a_publicity_is_the_first_with_enough_working_days(
    first: date, days: int
) -> None:
    limits = Limits(publicity_days=days)
    last = rules.publicity_end(first, limits, CALENDAR)

    assert rules.publicity_workdays(first, last, CALENDAR) == days
    assert rules.publicity_workdays(first, last - timedelta(days=1), CALENDAR) == days - 1


def test_a_publicity_over_the_national_day_counts_working_days_only() -> None:
    assert rules.publicity_workdays(date(2026, 9, 28), date(2026, 10, 8), CALENDAR) == 4
    assert rules.publicity_workdays(date(2026, 9, 28), date(2026, 10, 10), CALENDAR) == 6


@FEW
@given(DAYS, st.integers(1, 24))
def test_a_trial_ends_the_day_before_the_same_day(decided: date, months: int) -> None:
    ends = rules.trial_end(decided, Limits(trial_months=months))

    assert ends + timedelta(days=1) == add_months(decided, months)


@FEW
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_a_plan_fits_exactly_when_what_comes_out_is_within_what_was_approved(
    approved: int, filled: int, leaving: int, planned: int
) -> None:
    found = Sum(approved, filled, leaving, planned)

    assert found.fits == (filled - leaving + planned <= approved)
    assert (found.fault == "") == found.fits
    assert f"现配 {filled} − 拟免 {leaving} + 拟配 {planned} = {found.after}" in found.shown
    assert found.free == approved - found.after


@FEW
@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_decision_stands_with_two_thirds_present_and_half_of_all(
    members: int, present: int, yes: int
) -> None:
    ok = yes <= present <= members and present * 3 >= members * 2 and yes * 2 > members

    fault = rules.vote_fault(members=members, present=present, yes=yes, limits=LIMITS)

    assert (fault == "") == ok


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("trial", [True, False])
def test_both_orders_have_all_steps_once_and_differ_in_the_recommendation(
    way: Way, trial: bool
) -> None:
    steps = rules.sequence(way, trial=trial, limits=LIMITS)

    first = Step.TALKS if way == Way.TERM else Step.MEETING
    assert (steps[0], steps[1]) == (Step.MOTION, first)
    assert sorted(steps) == sorted({*Step} - {Step.STOPPED} - (set() if trial else {Step.CONFIRM}))
    assert [rules.next_step(steps, one) for one in steps] == [*steps[1:], ""]


def _check(step: str, day: date, done: dict[str, date], **more: object) -> list[str]:
    steps = rules.sequence(Way.SINGLE, trial=True, limits=LIMITS)
    facts: dict[str, object] = {
        "until": None, "ready": rules.Ready(named=True, audit_settled=True),
        "given": rules.Given(day=day, members=9, present=9, yes=9),
    }  # fmt: skip
    facts |= more
    return rules.check(
        step, facts["given"], steps=steps, done=done, until=facts["until"],  # type: ignore[arg-type]
        ready=facts["ready"], on=date(2026, 12, 1), limits=LIMITS, calendar=CALENDAR,  # type: ignore[arg-type]
    ).faults  # fmt: skip


def _done(*days: date) -> dict[str, date]:
    steps = rules.sequence(Way.SINGLE, trial=True, limits=LIMITS)
    return dict(zip(steps, days, strict=False))


@FEW
@given(DAYS, st.integers(-40, 40))
def test_no_step_comes_before_the_one_before_it(day: date, shift: int) -> None:
    at = day + timedelta(days=shift)

    faults = _check(Step.MEETING, at, _done(day))

    assert any("不能早于上一步" in one for one in faults) == (shift < 0)


def test_steps_are_not_skipped() -> None:
    day = date(2026, 5, 6)

    assert _check(Step.DECIDE, day, _done(day)) == ["这一步现在不能登记，请按程序逐步办理。"]


def test_a_recommendation_lasts_a_year() -> None:
    done = _done(date(2025, 5, 1), date(2025, 5, 6), date(2025, 5, 8), date(2025, 6, 1))

    assert _check(Step.DECIDE, date(2026, 5, 6), done) == []
    assert "已经失效" in _check(Step.DECIDE, date(2026, 5, 7), done)[0]


def test_what_is_not_ready_keeps_from_the_decision() -> None:
    day = date(2026, 6, 1)
    done = _done(day, day, day, day)
    ready = rules.Ready(named=True, musts_open=("甲还没有完成。",), effects=("影响期（依据）。",))

    faults = _check(Step.DECIDE, day, done, ready=ready)

    assert faults[0].startswith("任前档案审核")
    assert faults[1:] == ["凡提四必：甲还没有完成。", "影响期（依据）。"]


def test_nobody_takes_office_before_the_publicity_is_over() -> None:
    day = date(2026, 6, 1)
    done = _done(day, day, day, day, day, day)

    assert _check(Step.OFFICE, date(2026, 6, 8), done, until=date(2026, 6, 8))
    assert _check(Step.OFFICE, date(2026, 6, 9), done, until=date(2026, 6, 8)) == []


# --- The draw -------------------------------------------------------------------------------

PEOPLE = st.lists(st.uuids(), min_size=1, max_size=40, unique=True)


@FEW
@given(PEOPLE, st.text("abcdef0123456789", min_size=1, max_size=32), st.integers(1, 100))
def test_a_draw_repeated_gives_the_same_names(people: list[object], seed: str, share: int) -> None:
    lines = draws.list_lines((one, f"名{n}") for n, one in enumerate(people))
    drawn = draws.draw(lines=lines, seed=seed, percent=share)
    digest = draws.list_digest(lines)

    assert draws.draw(lines=sorted(lines, reverse=True)[::-1], seed=seed, percent=share) == drawn
    assert draws.agrees(lines=lines, digest=digest, seed=seed, percent=share, drawn=drawn)
    assert len(drawn) == max(1, -(-len(people) * share // 100)) == len(set(drawn))
    assert not draws.agrees(lines=lines, digest="0" * 64, seed=seed, percent=share, drawn=drawn)


def test_the_digest_of_the_list_takes_part_in_the_draw() -> None:
    assert draws.key_of("s", "a" * 64, "u") != draws.key_of("s", "b" * 64, "u")


# --- Oversight, training, limits --------------------------------------------------------------


@FEW
@given(DAYS)
def test_a_reply_is_due_after_so_many_working_days(issued: date) -> None:
    due = reply_due(kind="inquire", issued=issued, limits=LIMITS, calendar=CALENDAR)

    assert due is not None
    count = rules.publicity_workdays(issued + timedelta(days=1), due.day, CALENDAR)
    assert (count, CALENDAR.is_workday(due.day)) == (15, True)
    assert reply_due(kind="remind", issued=issued, limits=LIMITS, calendar=CALENDAR) is None


@FEW
@given(DAYS, st.integers(0, 400))
def test_an_admonition_bars_promotion_to_its_last_day(issued: date, later: int) -> None:
    until = effect_until(kind="admonish", issued=issued, limits=LIMITS)
    on = issued + timedelta(days=later)
    assert until is not None

    found = effect_of(issued=issued, until=until, on=on)

    assert (found is not None) == (on < add_months(issued, 6))
    if found is not None:
        assert "实施细则" in found.article


def test_hours_missed_beyond_a_seventh_do_not_count() -> None:
    assert counted(Decimal(70), Decimal(10)) == 60
    assert counted(Decimal(70), Decimal("10.5")) == 0


def test_a_county_leader_is_asked_for_five_years_and_others_for_one() -> None:
    hours = {"this_year": Decimal(90), "five_years": Decimal(549), "limits": LIMITS}

    assert standing(level=Level.TOWN, **hours).met  # type: ignore[arg-type]
    assert standing(level=Level.COUNTY, **hours).missing == 1  # type: ignore[arg-type]


def test_settable_numbers_stand_above_the_defaults_and_nonsense_is_refused() -> None:
    assert read({"publicity_days": "7"}).publicity_days == 7
    for wrong in ({"publicity_days": 0}, {"order_term": "x"}, {"check_percent": 101}):
        with pytest.raises(ValueError, match="应"):
            read(wrong)


# --- What may not be here ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["绝密文件.jpg", "干部档案扫描.png", "考察材料.pdf", "个人有关事项报告.xlsx", "谈话记录.docx",
     "举报信.jpg", "机密★1年.png"],
)  # fmt: skip
def test_files_of_these_names_are_refused(name: str) -> None:
    assert refused_name(name)


@pytest.mark.parametrize(
    "text",
    ["机密★1年", "问：你家有几套房\n答：两套", "据反映，该同志…", "11010519491231002X",
     "13912345678", "被谈话人：王某", "信访件称"],
)  # fmt: skip
def test_texts_like_these_are_refused(text: str) -> None:
    assert refused_text(text)


def test_plain_words_pass() -> None:
    assert refused_text("干部科 3 号柜，云组发〔2026〕1 号，工作需要") == ""
    assert refused_name("王明一寸照片.jpg") == ""
    assert named("拟由霍若溪接任", ["霍若溪"]) == "霍若溪"
