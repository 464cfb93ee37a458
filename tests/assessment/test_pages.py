"""The pages of the ranking: who sees what, what a point is made of, and what a page costs."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from assessment.enums import RunState
from assessment.explain import explain
from assessment.models import Run, RunRow
from assessment.services import compute, start_run
from branches.enums import DutyKind, Role
from branches.models import Unit
from core.dates import Period
from core.models import Job
from meetings.enums import Kind
from tests.factories.assessment import QUARTER, make_run
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_user,
)
from tests.factories.meetings import make_meeting, make_spot_check

pytestmark = pytest.mark.django_db
# 7 July 2026 is the first Tuesday of its month.
FIXED = date(2026, 7, 7)


@pytest.fixture
def district() -> Unit:
    return make_district()


@pytest.fixture
def street(district: Unit) -> Unit:
    return make_committee(district)


@pytest.fixture
def branch(street: Unit) -> Unit:
    branch = make_branch(street, name="第一党支部")
    make_group(branch, name="第一党小组")
    make_meeting(branch, Kind.MEMBERS, date(2026, 9, 1), attendance=(8, 10), topic="季度大会")
    make_meeting(branch, Kind.FIXED_DAY, FIXED)
    make_meeting(branch, Kind.FIXED_DAY, date(2026, 8, 20))
    make_spot_check(branch, date(2026, 8, 1), 90)
    return branch


def signed_in(role: str, unit: Unit) -> Client:
    client = Client()
    client.force_login(make_user(role, unit))
    return client


def address(run: Run, more: str = "") -> str:
    return f"/runs/{run.uuid}/{more}"


def test_every_duty_tells_its_state_and_what_would_have_earned_more(
    district: Unit, branch: Unit
) -> None:
    run = make_run(district)
    row = RunRow.unscoped.get(run=run, unit_id=branch.pk)
    told = explain(run, row)
    assert told.score == row.score
    days = [(d.state, d.advice) for d in told.duties if d.kind == DutyKind.FIXED_DAY]
    assert days == [
        ("met", ""),
        ("off_day", "在8月4日召开"),
        ("unmet", "在9月1日召开并会后 7 天内提交"),
    ]
    assert [d.name for d in told.duties if d.kind == DutyKind.GROUP] == [
        f"2026年{month}月 第一党小组" for month in (7, 8, 9)
    ]


def test_the_promised_points_are_what_the_score_gains_when_it_is_done(
    district: Unit, branch: Unit
) -> None:
    run = make_run(district)
    row = RunRow.unscoped.get(run=run, unit_id=branch.pk)
    promise = next(
        d for d in explain(run, row).duties if d.due == date(2026, 9, 30) and d.fixed_day
    )
    make_meeting(branch, Kind.FIXED_DAY, date(2026, 9, 1))
    again = RunRow.unscoped.get(run=make_run(district), unit_id=branch.pk)
    assert row.score is not None
    assert again.score == row.score + (promise.gain or 0)


def test_a_secretary_sees_what_is_published_and_only_the_own_branch(
    district: Unit, street: Unit, branch: Unit
) -> None:
    other = make_branch(street)
    staff = make_user(Role.DISTRICT_STAFF, district)
    client = signed_in(Role.SECRETARY, branch)
    hidden = make_run(district, QUARTER.previous(), at="2026-07-06 10:00+08:00")
    run = make_run(district, published_by=staff)
    assert client.get(address(hidden)).status_code == 404
    assert client.get(address(run)).status_code == 200
    page = client.get(address(run, f"units/{branch.code}/"))
    assert "季度大会" in page.content.decode()
    assert client.get(address(run, f"units/{other.code}/")).status_code == 404
    assert other.name not in client.get(address(run)).content.decode()


def test_another_districts_run_is_not_there(district: Unit, branch: Unit) -> None:
    client = signed_in(Role.DISTRICT_STAFF, make_district())
    run = make_run(district)
    for more in ("", "differences/", "export/", "progress/", f"units/{branch.code}/"):
        assert client.get(address(run, more)).status_code == 404
    assert client.post(address(run, "publish/")).status_code == 404


def test_only_the_district_starts_and_publishes(district: Unit, street: Unit, branch: Unit) -> None:
    run = make_run(district)
    committee = signed_in(Role.COMMITTEE_STAFF, street)
    assert committee.post(address(run, "publish/")).status_code == 403
    assert committee.post("/runs/start/", {"period": "2026Q3"}).status_code == 403
    staff = signed_in(Role.DISTRICT_STAFF, district)
    assert staff.get(address(run, "publish/")).status_code == 405
    assert staff.post(address(run, "publish/")).status_code == 302
    assert staff.post(address(run, "publish/")).status_code == 302
    run.refresh_from_db()
    assert run.state == RunState.PUBLISHED


@time_machine.travel("2026-10-06 10:00+08:00", tick=False)
def test_starting_twice_leads_to_one_run_whose_progress_can_be_left(
    district: Unit, branch: Unit
) -> None:
    client = signed_in(Role.DISTRICT_STAFF, district)
    form = {"period": "2026Q3", "district": district.pk}
    first, second = (client.post("/runs/start/", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Run.unscoped.count() == Job.objects.count() == 1
    page = client.get(first["Location"])
    assert "可以关掉这个页面" in page.content.decode()
    run = Run.unscoped.get()
    assert client.get(address(run, "progress/")).status_code == 200
    compute(run=run)
    assert client.get(address(run, "progress/"))["HX-Refresh"] == "true"


@time_machine.travel("2026-10-06 10:00+08:00", tick=False)
@pytest.mark.parametrize("period", ["", "2026Q4", "x\x00", "2026-07"])
def test_a_quarter_that_is_none_or_not_over_is_refused_in_words(
    district: Unit, period: str
) -> None:
    client = signed_in(Role.DISTRICT_STAFF, district)
    answer = client.post("/runs/start/", {"period": period, "district": district.pk})
    assert answer.status_code == 422
    assert Run.unscoped.count() == 0


def test_a_rerun_is_a_new_version_and_its_differences_are_told(
    district: Unit, branch: Unit
) -> None:
    old = make_run(district, published_by=make_user(Role.DISTRICT_STAFF, district))
    kept = list(RunRow.unscoped.filter(run=old).values())
    make_meeting(branch, Kind.FIXED_DAY, date(2026, 9, 1))
    new = make_run(district)
    assert (old.version, new.version) == (1, 2)
    assert list(RunRow.unscoped.filter(run=old).values()) == kept
    client = signed_in(Role.DISTRICT_STAFF, district)
    page = client.get(address(new, "differences/")).content.decode()
    assert branch.name in page
    assert "职责与记录" in page


def test_the_place_is_compared_with_the_quarter_before(
    district: Unit, street: Unit, branch: Unit
) -> None:
    other = make_branch(street)
    make_meeting(other, Kind.MEMBERS, date(2026, 5, 1))
    make_run(district, QUARTER.previous(), at="2026-07-06 10:00+08:00")
    run = make_run(district)
    page = signed_in(Role.DISTRICT_STAFF, district).get(address(run)).content.decode()
    assert "上升 1 位" in page
    assert "下降 1 位" in page


def test_the_workbook_has_a_cover_and_the_rows_that_were_asked_for(
    district: Unit, street: Unit, branch: Unit
) -> None:
    make_branch(street, name="别的支部")
    run = make_run(district)
    client = signed_in(Role.DISTRICT_STAFF, district)
    answer = client.get(address(run, "export/"), {"q": "第一党支部"})
    body = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    book = CalamineWorkbook.from_filelike(BytesIO(body))
    assert len(book.sheet_names) == 2
    rows = book.get_sheet_by_index(1).to_python()
    assert [row[4] for row in rows[1:]] == ["第一党支部"]


def test_bad_filters_are_no_error(district: Unit, branch: Unit) -> None:
    run = make_run(district)
    client = signed_in(Role.DISTRICT_STAFF, district)
    for query in ("band=x", "committee=nix", "q=%00", "page=-1", "band=none", "field=9"):
        assert client.get(address(run) + "?" + query).status_code == 200


def test_pages_cost_the_same_for_one_branch_and_for_thirty(
    district: Unit, street: Unit, branch: Unit
) -> None:
    client = signed_in(Role.DISTRICT_STAFF, district)

    def cost(run: Run) -> list[int]:
        found = []
        for path in ("/runs/", address(run), address(run, f"units/{branch.code}/")):
            client.get(path)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(path).status_code == 200
            found.append(len(queries))
        return found

    make_run(district, QUARTER.previous(), at="2026-07-06 10:00+08:00")
    make_branch(street)
    make_branch(make_committee(district))
    few = cost(make_run(district))
    for _ in range(30):
        make_branch(make_committee(district))
    make_meeting(branch, Kind.FIXED_DAY, date(2026, 9, 1))
    many = make_run(district)
    cost_many = cost(many)
    assert cost_many == few
    assert max(few) <= 20


@time_machine.travel("2026-10-06 10:00+08:00", tick=False)
def test_computing_twice_leaves_the_first_result(district: Unit, branch: Unit) -> None:
    run, _ = start_run(unit=district, period=Period.quarter(2026, 3))
    first = compute(run=run)
    second = compute(run=run)
    assert first.data_at == second.data_at
    assert RunRow.unscoped.filter(run=run).count() == 1
