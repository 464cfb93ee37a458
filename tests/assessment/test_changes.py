"""A published run stays as it is, and says what happened since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.changes import Changes
from assessment.models import Run, RunRow
from branches.enums import Role
from branches.models import Unit
from branches.scope import scope_over
from branches.services import exemptions
from meetings import services
from meetings.enums import Kind, Status
from meetings.models import Meeting, MeetingStep
from tests.factories.accounts import make_account
from tests.factories.assessment import make_appeal, make_run
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_members,
    make_user,
)
from tests.factories.meetings import make_event, make_meeting, make_spot_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> Unit:
    branch = make_branch(make_committee(make_district()))
    make_members(branch, 1)
    return branch


def published(branch: Unit) -> Run:
    """A run whose data are older than everything that this test does from now on."""
    district = Unit.unscoped.get(pk=branch.district_id)
    run = make_run(district, published_by=make_user(Role.DISTRICT_STAFF, district))
    # All of a test is one moment to the database; the run's data lie before it.
    run.data_at = datetime(2026, 10, 6, tzinfo=UTC)
    return run


def counted(run: Run, *units: Unit) -> dict[str, int]:
    scope = scope_over(units, Role.DISTRICT_STAFF)
    return {one.what: one.count for one in Changes(run, scope).counts()}


def test_what_happened_to_the_quarters_records_is_counted_by_kind(branch: Unit) -> None:
    author, boss = make_account(), make_account()
    held = date(2026, 9, 1)
    meeting = make_meeting(branch, Kind.MEMBERS, held, by=author, attendance=(1, 1))
    run = published(branch)
    run.data_at = timezone.now()
    services.accept(meeting=meeting, by=boss)
    services.reverse(meeting=meeting, by=boss, reason="照片不对")
    services.submit(meeting=meeting, by=author, on=date(2026, 10, 9))
    services.return_(meeting=meeting, by=boss, reason="再改")
    services.withdraw(meeting=meeting, by=author)
    assert counted(run, branch) == {
        "record_accepted": 1,
        "record_reversed": 1,
        "record_corrected": 1,
        "record_returned": 1,
        "record_withdrawn": 1,
    }


def test_a_correction_of_an_accepted_record_is_told_as_one(branch: Unit) -> None:
    boss = make_account()
    meeting = make_meeting(branch, Kind.MEMBERS, date(2026, 9, 1), status=Status.ACCEPTED)
    run = published(branch)
    run.data_at = timezone.now()
    Meeting.unscoped.filter(pk=meeting.pk).update(updated_at=timezone.now())
    MeetingStep.unscoped.create(
        meeting=meeting, before=Status.ACCEPTED, after=Status.ACCEPTED, by=boss
    )
    assert counted(run, branch) == {"record_corrected": 1}


def test_drafts_and_other_quarters_do_not_count(branch: Unit) -> None:
    run = published(branch)
    make_meeting(branch, Kind.MEMBERS, date(2026, 9, 1), status=Status.DRAFT)
    make_meeting(branch, Kind.MEMBERS, date(2026, 10, 1))
    make_spot_check(branch, date(2026, 10, 2), Decimal(80))
    assert counted(run, branch) == {}


def test_checks_events_exemptions_and_appeals_count_too(branch: Unit) -> None:
    run = published(branch)
    make_spot_check(branch, date(2026, 9, 2), Decimal(80))
    make_event(branch, date(2026, 8, 20))
    asker, boss = make_account(), make_account()
    exemption = exemptions.propose(
        unit=branch, since=date(2026, 9, 1), until=date(2026, 9, 30), reason="防汛", by=asker
    )
    exemptions.decide(exemption=exemption, approve=True, by=boss)
    make_appeal(run, branch, by=make_user(Role.SECRETARY, branch))
    assert counted(run, branch) == {
        "check": 1,
        "event": 1,
        "exemption": 1,
        "appeal_filed": 1,
    }
    scope = scope_over([branch], Role.SECRETARY)
    found = Changes(run, scope).of("check")[0:50]
    assert [(one.unit_code, one.word) for one in found] == [(branch.code, "调阅打分")]
    assert len(Changes(run, scope).of("")[0:50]) == 4
    assert len(Changes(run, scope).of("")[1:3]) == 2


def test_others_changes_are_not_told_and_no_row_is_touched(branch: Unit) -> None:
    other = make_branch(make_committee(Unit.unscoped.get(pk=branch.district_id)))
    run = published(branch)
    kept = list(RunRow.unscoped.filter(run=run).values())
    make_meeting(other, Kind.MEMBERS, date(2026, 9, 1), topic="别人的会")
    assert counted(run, branch) == {}
    assert counted(run, other)["record_submitted"] == 1
    assert list(RunRow.unscoped.filter(run=run).values()) == kept


def test_the_pages_cost_the_same_for_one_change_and_for_three(branch: Unit) -> None:
    run = published(branch)
    client = Client()
    client.force_login(make_user(Role.DISTRICT_STAFF, run.unit))

    def cost(more: str) -> int:
        client.get(f"/runs/{run.uuid}/{more}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/runs/{run.uuid}/{more}").status_code == 200
        return len(queries)

    def both() -> list[int]:
        return [cost(""), cost("changes/"), cost("changes/?what=record_submitted")]

    make_meeting(branch, Kind.MEMBERS, date(2026, 9, 1))
    one = both()
    for day in (2, 3):
        make_meeting(branch, Kind.MEMBERS, date(2026, 9, day))
    assert both() == one
    assert cost("changes/?what=nix&page=9") == one[1]
