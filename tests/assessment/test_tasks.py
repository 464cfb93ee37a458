"""The quarter's run starts by itself, once, and makes up for a standstill."""

from __future__ import annotations

import pytest
import time_machine

from assessment.enums import RunState
from assessment.models import Run
from assessment.services import start_run
from assessment.tasks import compute_run, quarterly
from core.dates import Period
from core.enums import JobState
from core.models import Job
from tests.factories.branches import make_branch, make_district

pytestmark = pytest.mark.django_db


def periods() -> list[str]:
    return sorted(Run.unscoped.values_list("period", flat=True))


def at(moment: str) -> int:
    with time_machine.travel(f"{moment}+08:00", tick=False):
        return quarterly()


def test_it_begins_on_the_fifth_day_after_the_quarter_and_only_once() -> None:
    district = make_district()
    with time_machine.travel("2026-07-05 10:00+08:00", tick=False):
        start_run(unit=district, period=Period.quarter(2026, 2))
    assert at("2026-10-04 23:59") == 0
    assert at("2026-10-05 00:20") == 1
    assert at("2026-10-05 01:20") == 0
    assert at("2026-12-31 23:20") == 0
    assert periods() == ["2026Q2", "2026Q3"]


def test_every_district_gets_its_own() -> None:
    make_district()
    make_district()
    assert at("2026-10-05 00:20") == 2
    assert periods() == ["2026Q3", "2026Q3"]


def test_quarters_missed_in_a_standstill_are_made_up() -> None:
    district = make_district()
    with time_machine.travel("2026-01-05 10:00+08:00", tick=False):
        start_run(unit=district, period=Period.quarter(2025, 4))
    assert at("2026-10-20 08:20") == 3
    assert periods() == ["2025Q4", "2026Q1", "2026Q2", "2026Q3"]


def test_a_run_that_staff_started_is_enough() -> None:
    district = make_district()
    with time_machine.travel("2026-10-01 08:00+08:00", tick=False):
        start_run(unit=district, period=Period.quarter(2026, 3))
    assert at("2026-10-05 00:20") == 0


@time_machine.travel("2026-10-06 10:00+08:00", tick=False)
def test_a_job_delivered_twice_computes_once() -> None:
    district = make_district()
    make_branch(district)
    run, job = start_run(unit=district, period=Period.quarter(2026, 3))
    compute_run(job.pk)
    run.refresh_from_db()
    moment = run.data_at
    compute_run(job.pk)
    run.refresh_from_db()
    assert (run.state, run.data_at) == (RunState.COMPUTED, moment)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
