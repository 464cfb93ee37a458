"""Whoever holds a credential and has read scoring.md comes to the same ranking."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessment import services
from assessment.enums import Remedy
from assessment.explain import lines_of
from assessment.models import Ruling, RunRow
from branches.enums import ClientScope, Role
from branches.models import Unit
from branches.services.clients import issue_client
from core.dates import Period
from meetings.enums import Kind, Status
from tests.api.helpers import bearer
from tests.api.independent import District, rows
from tests.factories.assessment import make_appeal, make_run
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_exemption,
    make_group,
    make_term,
    make_user,
)
from tests.factories.meetings import make_event, make_meeting, make_spot_check

pytestmark = pytest.mark.django_db


def _world() -> Any:
    """Founded mid-quarter, dissolved, exempt, no committee, groups, late, off the day, ties."""
    district = make_district()
    for number in range(2):
        street = make_committee(district)
        plain = make_branch(street)
        make_meeting(plain, Kind.MEMBERS, date(2026, 7, 1), attendance=(7, 9))
        with_committee = make_branch(street)
        make_term(with_committee, started_on=date(2026, 7, 15))
        for month in (7, 8, 9):
            make_meeting(
                with_committee,
                (Kind.COMMITTEE, Kind.FIXED_DAY),
                date(2026, month, 7 + number),
                submitted_on=date(2026, month, 20 if month == 8 else 10),
                attendance=(3, 4),
            )
        grouped = make_branch(street)
        for place in range(3):
            group = make_group(grouped, founded_on=date(2026, 7, 10 * place + 1))
            make_meeting(group, Kind.GROUP, date(2026, 8, 3 + place), attendance=(2 + place, 6))
        make_spot_check(grouped, date(2026, 8, 1), Decimal("83.50"))
        make_spot_check(grouped, date(2026, 9, 1), Decimal("71"))
        young = make_branch(street, founded_on=date(2026, 8, 2))
        make_event(young, date(2026, 8, 20))
        make_meeting(young, Kind.MEMBERS, date(2026, 9, 2), status=Status.ACCEPTED)
        make_meeting(young, Kind.FIXED_DAY, date(2026, 9, 1), status=Status.RETURNED)
        make_branch(street, dissolved_on=date(2026, 9, 29))
        make_exemption(make_branch(street), since=date(2026, 1, 1), until=date(2026, 12, 31))
        partly = make_branch(street)
        make_exemption(partly, kind="fixed_day", since=date(2026, 8, 1), until=date(2026, 8, 31))
        make_branch(street)
    return district


def _rule_on_some(district: Any) -> None:
    """A published version, and appeals against it that were upheld in all three ways."""
    staff = make_user(Role.DISTRICT_STAFF, district)
    run = make_run(district, published_by=staff)
    remedies = cycle((Remedy.ON_TIME, Remedy.LATE, Remedy.NOT_APPLICABLE))
    for row in RunRow.unscoped.filter(run=run).order_by("code"):
        unit = Unit.unscoped.get(pk=row.unit_id)
        secretary = make_user(Role.SECRETARY, unit)
        owed = [line for line in lines_of(run, row) if line.credit is not None]
        # Something of every kind, the registered event and a group's month among them.
        for line in owed[::2]:
            appeal = make_appeal(run, unit, line.ref.key, by=secretary)
            services.take(appeal=appeal, by=staff)
            services.decide(
                appeal=appeal, by=staff, uphold=True, remedy=next(remedies), answer="属实"
            )
    assert {"members", "group", "must_hold"} <= {one.kind for one in Ruling.unscoped.all()}


def test_a_program_with_a_credential_gets_the_same_scores_and_ranks() -> None:
    district = _world()
    _rule_on_some(district)
    run, _ = services.start_run(unit=district, period=Period.parse("2026Q3"))
    run = services.compute(run=run)
    issued = issue_client(
        title="核算系统",
        unit=district,
        scopes=[ClientScope.READ],
        expires_on=timezone.localdate() + timedelta(days=9),
    )
    client = Client(headers={"authorization": bearer(issued)})

    def get(address: str) -> Any:
        reply = client.get(address)
        assert reply.status_code == 200, reply.content
        return reply.json()

    told = {
        row["unit"]: (
            row["score"],
            row["rank_committee"],
            row["rank_field"],
            row["rank_district"],
        )
        for row in rows(get, f"/api/v1/runs/{run.uuid}/rows/?page_size=3")
    }

    assert District(get, 2026, 3).ranking() == told
    assert len({score for score, *_ in told.values()}) > 4
