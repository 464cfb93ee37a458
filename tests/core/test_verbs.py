"""What verbs share: words, days, and a table of moves that the database keeps too."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from core.deed_forms import DeedForm, number_field
from core.errors import Refusal
from core.states import begins_at, demand_move, legal_moves
from core.verbs import past, sane, words
from works.enums import WORK_MOVES, WorkState

ON = date(2026, 7, 14)


def test_words_lose_stray_signs_and_are_refused_with_a_sentence() -> None:
    assert words(" 上门\x00服务 ", "事项", field="title") == "上门服务"
    assert words("  ", "事项", field="title", needed=False) == ""
    for text, said in (
        ("", "请填写事项"),
        ("长" * 6, "请控制在 5 字以内"),
        ("机密★", "不得存放涉密内容"),
    ):
        with pytest.raises(Refusal, match=said) as refusal:
            words(text, "事项", field="title", longest=5)
        assert refusal.value.field == "title"


def test_days_that_have_not_come_or_make_no_sense_are_refused() -> None:
    assert past(ON, ON, "日期", field="day") == ON
    with pytest.raises(Refusal, match="不能晚于今天"):
        past(date(2026, 7, 15), ON, "日期", field="day")
    with pytest.raises(Refusal, match="不能早于 2026-07-01"):
        past(date(2026, 6, 30), ON, "日期", field="day", since=date(2026, 7, 1))
    with pytest.raises(Refusal, match="请核对期限的年份"):
        sane(date(2206, 7, 1), "期限", field="due_on")
    with pytest.raises(Refusal, match="期限不能早于 2026-07-14"):
        sane(date(2026, 7, 1), "期限", field="due_on", since=ON)


def test_a_move_outside_the_table_is_a_conflict_that_names_both_states() -> None:
    row = SimpleNamespace(state=WorkState.PLANNED)
    demand_move(row, WorkState.UNDERWAY, moves=WORK_MOVES, name="这个项目")
    with pytest.raises(Refusal, match="这个项目现在是“立项”，不能改为“完成”") as refusal:
        demand_move(row, WorkState.DONE, moves=WORK_MOVES, name="这个项目")
    assert refusal.value.status == 409


def test_the_databases_table_is_the_verbs_table() -> None:
    assert "((0,1),(0,3),(1,2),(1,3))" in str(legal_moves(WORK_MOVES).condition.sql)
    assert "NOT IN (0)" in str(begins_at(WorkState.PLANNED).condition.sql)


def test_a_label_with_a_percent_sign_is_said_as_it_is() -> None:
    class Share(DeedForm):
        part = number_field("占比（%）", most=100)

    form = Share({"part": "101"}, thing=None, on=ON)
    assert form.errors["part"] == ["占比（%）不能大于 100。"]
    assert Share({}, thing=None, on=ON).errors["part"] == ["请填写占比（%）。"]
