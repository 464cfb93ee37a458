"""Runs for tests, made through the services."""

from __future__ import annotations

from datetime import datetime

import time_machine

from accounts.models import User
from assessment.models import Run
from assessment.services import compute, publish, start_run
from branches.models import Unit
from core.dates import Period

QUARTER = Period.quarter(2026, 3)


def make_run(
    district: Unit,
    quarter: Period = QUARTER,
    *,
    by: User | None = None,
    published_by: User | None = None,
    at: str | datetime = "2026-10-06 10:00+08:00",
) -> Run:
    """A computed run, published when somebody is named who may."""
    with time_machine.travel(at, tick=False):
        run, _ = start_run(unit=district, period=quarter, by=by)
        run = compute(run=run)
        return publish(run=run, by=published_by) if published_by else run
