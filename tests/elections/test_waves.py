"""The wave of villages and communities: who is in it, Party organisation first, days and counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from branches.models import Unit
from core.errors import Refusal
from elections import services
from elections.enums import CIVIC_COUNTS, CivicStage, Stage
from elections.models import CivicStep, WaveBody
from elections.wave_board import STEPS, wave_board, wave_rows
from tests.factories.branches import make_branch, make_committee, make_district
from tests.factories.elections import DAY, make_election, make_ground, make_hands, make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Unit:
    return make_committee(make_district())


def step(body: WaveBody, stage: int, day: date = DAY, **counts: Any) -> CivicStep:
    usual = dict(zip(("first", "second"), (9, 5)[: len(CIVIC_COUNTS[stage])], strict=False))
    return services.record_civic(
        body=body, stage=stage, day=day, by=make_hands().branch, on=DAY, **{**usual, **counts}
    )


def test_a_wave_holds_the_topmost_organisation_of_each_village_and_community(street: Unit) -> None:
    village = make_branch(street, kind="general_branch", field="village")
    make_branch(village, field="village")
    community = make_branch(street, field="community")
    make_branch(street, field="office")
    running = make_election(Stage.ASKED, unit=make_ground(community).unit)
    assert street.district is not None
    wave = make_wave(street.district)
    assert set(wave.bodies.values_list("unit", flat=True)) == {village.pk, community.pk}
    running.refresh_from_db()
    assert running.wave == wave
    with pytest.raises(Refusal, match="同名"):
        make_wave(street.district)
    with pytest.raises(Refusal, match="期限"):
        make_wave(street.district, name="乙", civic_by=date(2026, 6, 1))
    assert make_wave(street.district, wave=wave, name="甲").bodies.count() == 2


def test_the_party_organisation_votes_first_and_the_database_says_so_too(street: Unit) -> None:
    unit = make_ground(make_branch(street, field="village")).unit
    assert street.district is not None
    wave = make_wave(street.district)
    body = wave.bodies.get()
    for stage in (1, 2, 3, 4):
        step(body, stage)
    with pytest.raises(Refusal, match="先党组织"):
        step(body, 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        CivicStep.unscoped.create(body=body, stage=5, day=DAY, first=9, second=5)
    make_election(Stage.VOTED, unit=unit)
    step(body, 5)
    step(body, 6)
    assert wave_rows(wave, (unit,))[0].done == len(STEPS) - 1


def test_steps_follow_each_other_and_are_corrected_in_place(street: Unit) -> None:
    make_branch(street, field="village")
    assert street.district is not None
    body = make_wave(street.district).bodies.get()
    with pytest.raises(Refusal, match="请先登记“推选选举委员会”"):
        step(body, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        CivicStep.unscoped.create(body=body, stage=2, day=DAY, first=9)
    step(body, 1, DAY - timedelta(days=9))
    with pytest.raises(Refusal, match="不能早于上一步"):
        step(body, 2, DAY - timedelta(days=10))
    step(body, 2, DAY - timedelta(days=5))
    with pytest.raises(Refusal, match="不能晚于下一步"):
        step(body, 1, DAY)
    with pytest.raises(Refusal, match="请填写"):
        step(body, 3, first=None)
    step(body, 3)
    with pytest.raises(Refusal, match="不能多于"):
        step(body, 4, second=10)
    assert step(body, 2, DAY - timedelta(days=6), first=812).first == 812
    assert CivicStep.unscoped.count() == 3
    with pytest.raises(Refusal, match="不能移出"):
        services.remove_body(body=body, by=make_hands().street)
    assert CivicStage(1).label == "推选选举委员会"


def test_the_whole_district_is_on_one_page_by_committee(street: Unit) -> None:
    assert street.district is not None
    other = make_committee(street.district)
    done = make_ground(make_branch(street, field="village")).unit
    make_branch(street, field="village")
    make_branch(other, field="community")
    wave = make_wave(street.district)
    make_election(Stage.CONFIRMED, unit=done)
    rows = wave_rows(wave, (street.district,))
    board = wave_board(wave, rows, on=date(2026, 9, 1))
    assert (board.total, board.party_done, board.civic_done, board.late) == (3, 1, 0, 2)
    assert len(board.plot.rows) == 2
    voted = [cell for cell in board.plot.cells if cell.x == 4]
    assert [cell.value for cell in voted] == [50.0, 0.0]
    assert "no_voted" in voted[0].href
    assert wave_board(wave, rows, on=DAY).late == 0


def test_only_villages_of_the_district_are_taken_in(street: Unit) -> None:
    assert street.district is not None
    wave = make_wave(street.district)
    with pytest.raises(Refusal, match="不能列入"):
        services.add_bodies(wave=wave, units=[make_branch()])
