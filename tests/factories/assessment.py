"""Runs for tests, made through the services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import time_machine
from django.utils import timezone

from accounts.models import User
from assessment.enums import AppealState, Remedy
from assessment.models import Appeal, Ruling, Run, RunRow, SchemeDraft
from assessment.services import (
    compute,
    copy_scheme,
    file_appeal,
    publish,
    scheme_for,
    start_run,
)
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


def make_appeal(
    run: Run,
    unit: Unit,
    duty: str = "",
    *,
    by: User,
    reason: str = "会议按时召开，记录有误。",
    at: str | datetime = "2026-10-08 10:00+08:00",
    **facts: Any,
) -> Appeal:
    """An appeal of a unit against its row of a published run."""
    with time_machine.travel(at, tick=False):
        return file_appeal(
            run=run,
            row=RunRow.unscoped.get(run=run, unit_id=unit.pk),
            duty=duty,
            reason=reason,
            by=by,
            on=timezone.localdate(),
            **facts,
        )


def make_rulings(rulings: Iterable[tuple[Unit, str, str, Decimal | None, bool]]) -> None:
    """Rulings as they are in the table: (unit, quarter, duty, credit or None, current)."""
    runs: dict[int, Run] = {}
    for unit, quarter, duty, credit, current in rulings:
        district = unit.district_id or 0
        if district not in runs:
            runs[district] = Run.unscoped.create(
                unit_id=district,
                period="2019Q1",
                period_start=date(2019, 1, 1),
                period_end=date(2019, 3, 31),
                scheme=scheme_for(Period.quarter(2026, 1)),
            )
        now, remedy = timezone.now(), _remedy(credit)
        appeal = Appeal.unscoped.create(
            unit=unit, run=runs[district], duty=duty, duty_name=duty, reason="理由", answer="答复",
            state=AppealState.UPHELD, remedy=remedy, filed_at=now, decided_at=now,
            answer_by=now.date(),
        )  # fmt: skip
        Ruling.unscoped.create(
            unit=unit, quarter=quarter, duty=duty, kind="members", period=quarter,
            first=date(2026, 1, 1), due=date(2026, 1, 1), remedy=remedy, appeal=appeal,
            credit=None if credit is None else int(credit * 10000), is_current=current, at=now,
        )  # fmt: skip


def _remedy(credit: Decimal | None) -> Remedy:
    if credit is None:
        return Remedy.NOT_APPLICABLE
    return Remedy.ON_TIME if credit == 1 else Remedy.LATE


def make_draft(district: Unit, *, by: User, on: date = date(2026, 10, 8)) -> SchemeDraft:
    """A draft for the coming year, a copy of the scheme that holds."""
    scheme = scheme_for(Period.containing(on, "quarter"))
    return copy_scheme(scheme=scheme, unit=district, by=by, on=on)
