"""The two ladders of a brand: the tables, the rules that read them, and the database's copies."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.db import Error, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from brands import rules
from brands.enums import (
    COUPLED,
    INSPECTION_MOVES,
    STAGE_MOVES,
    STEP_MOVES,
    STEP_WITH_STAGE,
    Grade,
    Stage,
    Step,
)
from brands.models import Brand, BrandMove, BrandYear
from brands.models.brand import COUPLED_PAIRS, STAGE_PAIRS, STEP_PAIRS
from brands.models.work import INSPECTION_PAIRS
from tests.brands.conftest import Town
from tests.factories.brands import make_year


def pairs(text: str) -> set[tuple[int, int]]:
    found = text.strip("()").replace("(", "").split("),")
    return {(int(one.split(",")[0]), int(one.split(",")[1])) for one in found}


def test_the_database_knows_the_same_tables_as_the_code() -> None:
    assert pairs(STAGE_PAIRS) == {(int(a), int(b)) for a, b in STAGE_MOVES}
    assert pairs(STEP_PAIRS) == {(int(a), int(b)) for a, b in STEP_MOVES}
    assert pairs(INSPECTION_PAIRS) == {(int(a), int(b)) for a, b in INSPECTION_MOVES}
    assert pairs(COUPLED_PAIRS) == {
        (int(stage or 0), int(step)) for stage, steps in COUPLED.items() for step in steps
    }


def test_what_a_move_of_the_year_does_to_the_career_is_a_legal_move_of_the_career() -> None:
    for move, steps in STEP_WITH_STAGE.items():
        assert move in STAGE_MOVES
        for before, after in steps.items():
            assert (before, after) in STEP_MOVES


@given(st.lists(st.integers(min_value=0, max_value=40), max_size=60))
def test_no_way_of_legal_moves_parts_the_two_ladders(choices: list[int]) -> None:
    """Whatever is done in whatever order, stage and step go together at every moment."""
    stage: Stage | None = None
    step, grade = Step.NONE, None
    for choice in choices:
        moves: list[tuple[str, int]] = []
        if stage in (None, Stage.CLOSED):
            moves.append(("year", 0))
        if stage is not None:
            moves += [
                ("stage", after)
                for before, after in STAGE_MOVES
                if before == stage and not (after == Stage.WITHDRAWN and grade is not None)
            ]
            if rules.may_recognise(step, stage, grade):
                moves.append(("step", Step.RECOGNISED))
            if step == Step.RECOGNISED:
                moves.append(("step", Step.PROMOTED))
            if rules.may_reposition(step, stage, grade):
                moves.append(("back", Step.REPOSITIONED))
        kind, to = moves[choice % len(moves)]
        if kind == "year":
            stage, grade = Stage.TOPIC, None
        elif kind == "stage":
            assert stage is not None
            step = rules.step_with(stage, to, step)
            stage = None if to == Stage.WITHDRAWN else Stage(to)
            if stage == Stage.CLOSED:
                grade = (Grade.EXCELLENT, Grade.GOOD, Grade.ORDINARY)[choice % 3]
            if stage is None and step not in (Step.NONE, Step.REPOSITIONED):
                # The year before is the latest again, and was over.
                stage, grade = Stage.CLOSED, Grade.GOOD
        else:
            if kind == "back" and stage == Stage.APPLIED:
                stage = Stage.TOPIC
            assert rules.can_move_step(step, to)
            step = Step(to)
        assert rules.coupled(stage, step)


def test_a_career_is_never_climbed_two_rungs_at_once() -> None:
    upward = [(a, b) for a, b in STEP_MOVES if b > a and b != Step.REPOSITIONED]
    assert all(b - a == 1 for a, b in upward)


# --- The database ----------------------------------------------------------------------------


def refused(action: object) -> bool:
    assert callable(action)
    try:
        with transaction.atomic():
            action()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except Error:
        return True
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return False


@pytest.mark.parametrize(
    ("before", "after"),
    [(a, b) for a, b in product(Stage, Stage) if a != b and (a, b) not in STAGE_MOVES],
)
def test_an_illegal_move_of_the_year_is_refused_by_the_database(
    town: Town, before: Stage, after: Stage
) -> None:
    reach = {Stage.CLOSED: Stage.CLOSED, Stage.WITHDRAWN: Stage.TOPIC}.get(before, before)
    year = make_year(town.branch, people=town.people, upto=reach)
    if before == Stage.WITHDRAWN:
        BrandYear.unscoped.filter(pk=year.pk).update(stage=Stage.WITHDRAWN)

    assert refused(lambda: BrandYear.unscoped.filter(pk=year.pk).update(stage=after))


@pytest.mark.parametrize("step", [Step.NURTURED, Step.RECOGNISED, Step.PROMOTED])
def test_a_brand_does_not_jump_up_its_career(town: Town, step: Step) -> None:
    year = make_year(town.branch, people=town.people)

    assert refused(lambda: Brand.unscoped.filter(pk=year.brand_id).update(step=step))


def test_a_step_without_its_year_is_refused_when_the_transaction_ends(town: Town) -> None:
    year = make_year(town.branch, people=town.people)
    # Each for itself is a legal move; without the other they part.
    nominated = lambda: Brand.unscoped.filter(pk=year.brand_id).update(step=1)  # noqa: E731
    applied = lambda: BrandYear.unscoped.filter(pk=year.pk).update(stage=2)  # noqa: E731

    assert refused(applied)
    assert not refused(lambda: (nominated(), applied()))


def test_nothing_is_recognised_without_a_grade_that_passes(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.UNDERWAY)

    assert refused(lambda: Brand.unscoped.filter(pk=year.brand_id).update(step=3))


def test_a_grade_that_was_decided_stays(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.CLOSED)

    assert refused(lambda: BrandYear.unscoped.filter(pk=year.pk).update(grade="ordinary"))


def test_moves_are_kept_for_good(town: Town) -> None:
    year = make_year(town.branch, people=town.people, upto=Stage.APPLIED)
    move = BrandMove.unscoped.filter(year=year).last()
    assert move is not None

    assert refused(lambda: BrandMove.unscoped.filter(pk=move.pk).update(on=date(2020, 1, 1)))
    assert refused(lambda: BrandMove.unscoped.filter(pk=move.pk).delete())
