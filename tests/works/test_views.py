"""The pages: the way by hand, what each role may, figures that open, and constant queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from accounts.models import User
from branches.enums import Field, PostKind, Role
from branches.models import Member, Unit
from branches.scope import scope_of
from core.workbooks import read_sheets
from tests.core.samples.files import pdf
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_members,
    make_post,
    make_user,
)
from tests.factories.works import (
    DUE,
    make_community_branch,
    make_placement,
    make_pledge,
    make_project,
    make_service,
)
from tests.factories.works import make_post as make_model_post
from works.asks import asked
from works.enums import PlacementState, PledgeState, ServiceState, WorkState
from works.models import ModelPost, ModelPostYear, Placement, Pledge, Project, Service

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 14)


@dataclass
class Place:
    """A district with a bureau's branch, a community's branch, and everybody there."""

    district: Unit
    street: Unit
    branch: Unit
    community: Unit
    members: list[Member]
    chief: User
    committee: User
    secretary: User
    host: User
    leader: User


@pytest.fixture
def place() -> Iterator[Place]:
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        district = make_district(name="中共金城区委员会", short_name="金城区委")
        street = make_committee(district, name="直属机关工委", short_name="机关工委")
        branch = make_branch(street, name="区财政局党支部", field=Field.OFFICE)
        community = make_community_branch(
            make_committee(district), name="滨河社区第一党支部", short_name="滨河一支部"
        )
        members = make_members(branch, 3)
        make_post(branch, PostKind.SECRETARY, member=members[0])
        yield Place(
            district, street, branch, community, members,
            make_user(Role.DISTRICT_STAFF, district), make_user(Role.COMMITTEE_STAFF, street),
            make_user(Role.SECRETARY, branch), make_user(Role.SECRETARY, community),
            make_user(Role.LEADER, district),
        )  # fmt: skip


def as_(user: User) -> Any:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"works:{name}", args=args)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_members_pledge_is_confirmed_by_the_branch(place: Place) -> None:
    phone, member = as_(place.secretary), place.members[1]
    phone.post(
        url("units_pledge", place.branch.code),
        {"member": str(member.uuid), "title": "上门服务", "pledged_on": DAY, "due_on": DUE,
         "form_key": uuid4()},
    )  # fmt: skip
    row = Pledge.unscoped.get()
    assert (row.member, row.above) == (member, False)
    paper = SimpleUploadedFile("佐证.pdf", pdf(), "application/pdf")
    phone.post(
        url("pledges_report", row.uuid), {"done_on": DAY, "result": "去了六次", "file": paper}
    )
    assert "去了六次" in text(phone.get(url("mine")))
    phone.post(url("pledges_confirm", row.uuid), {"answer": ""})

    row.refresh_from_db()
    assert (row.state, row.confirmed_by) == (PledgeState.KEPT, place.secretary)
    kept = row.files.get()
    shown = phone.get(url("pledge_file", kept.uuid))
    assert b"".join(shown.streaming_content) == pdf()
    assert as_(place.host).get(url("pledge_file", kept.uuid)).status_code == 404


def test_the_branchs_own_pledge_goes_to_the_committee(place: Place) -> None:
    row = make_pledge(place.branch, state=PledgeState.REPORTED, by=place.secretary)
    assert as_(place.secretary).get(url("pledges_confirm", row.uuid)).status_code == 403
    assert row.title in text(as_(place.committee).get(url("queue")))
    as_(place.committee).post(url("pledges_return", row.uuid), {"answer": "请附照片"})
    row.refresh_from_db()
    assert (row.state, row.answer) == (PledgeState.OPEN, "请附照片")
    as_(place.secretary).post(
        url("pledges_report", row.uuid), {"done_on": DAY, "result": "补了照片"}
    )
    as_(place.committee).post(url("pledges_confirm", row.uuid), {"answer": ""})

    row.refresh_from_db()
    assert row.state == PledgeState.KEPT


def test_a_model_post_is_named_below_and_confirmed_above(place: Place) -> None:
    as_(place.secretary).post(
        url("units_post", place.branch.code),
        {"member": str(place.members[1].uuid), "name": "窗口岗", "stands_for": "一次办好",
         "since": DAY, "form_key": uuid4()},
    )  # fmt: skip
    post = ModelPost.unscoped.get()
    assert as_(place.secretary).get(url("posts_confirm", post.uuid)).status_code == 403
    assert "窗口岗" in text(as_(place.committee).get(url("queue")))
    as_(place.committee).post(url("posts_confirm", post.uuid), {"note": ""})
    as_(place.committee).post(url("posts_confirm", post.uuid), {"note": ""})

    assert ModelPostYear.unscoped.get().year == 2026
    assert "窗口岗" not in text(as_(place.committee).get(url("queue")))


def test_a_member_reports_to_a_community_and_what_he_did_is_confirmed_there(place: Place) -> None:
    home, host = as_(place.secretary), as_(place.host)
    data = {"member": str(place.members[1].uuid), "community": "滨河一支部", "since": DAY,
            "offer": "法律咨询", "form_key": uuid4()}  # fmt: skip
    assert (
        home.post(url("units_place", place.branch.code), data | {"community": "x"}).status_code
        == 422
    )
    home.post(url("units_place", place.branch.code), data)
    row = Placement.unscoped.get()
    assert home.get(url("placements_accept", row.uuid)).status_code == 403
    assert place.members[1].name in text(host.get(url("mine")))
    host.post(url("placements_accept", row.uuid), {"answer": ""})
    home.post(
        url("placements_service", row.uuid),
        {"day": DAY, "what": "清理楼道", "hours": "", "form_key": uuid4()},
    )
    done = Service.unscoped.get()
    assert done.state == ServiceState.FILED
    assert home.get(url("services_confirm", done.uuid)).status_code == 403
    host.post(url("services_confirm", done.uuid))
    host.post(
        url("placements_service", row.uuid),
        {"day": DAY, "what": "文明劝导", "hours": "1.5", "form_key": uuid4()},
    )

    assert set(Service.unscoped.values_list("state", flat=True)) == {ServiceState.CONFIRMED}
    assert "文明劝导" in text(home.get(url("placement_detail", row.uuid)))


def test_members_of_others_are_not_seen_in_the_community_pages(place: Place) -> None:
    row = make_placement(place.branch, place.community, member=place.members[1])
    stranger = make_user(Role.SECRETARY, make_community_branch(place.street))

    assert as_(stranger).get(url("placement_detail", row.uuid)).status_code == 404
    assert as_(place.leader).get(url("placement_detail", row.uuid)).status_code == 404
    assert as_(place.leader).get(url("placement_list")).status_code == 403


def test_who_looks_on_reads_no_names_of_members(place: Place) -> None:
    row = make_pledge(place.branch, place.members[1])
    page = text(as_(place.leader).get(url("pledge_list")))

    assert row.title in page
    assert place.members[1].name not in page
    assert as_(place.leader).get(url("pledge_detail", row.uuid)).status_code == 404
    book = b"".join(as_(place.leader).get(url("pledge_export")).streaming_content)
    cells = {str(cell) for sheet in read_sheets(book) for line in sheet.rows for cell in line}
    assert place.members[1].name not in cells
    assert "党员" in cells


def test_a_project_goes_by_its_milestones(place: Place) -> None:
    phone = as_(place.secretary)
    phone.post(
        url("units_project", place.branch.code),
        {"tag": "three_plus_one", "title": "代办点", "goal": "建成两个", "owner": "刘书记",
         "starts_on": DAY, "due_on": DUE, "form_key": uuid4()},
    )  # fmt: skip
    project = Project.unscoped.get()
    assert phone.post(url("projects_start", project.uuid)).status_code == 422
    phone.post(
        url("projects_milestone", project.uuid),
        {"title": "选址", "due_on": DUE, "form_key": uuid4()},
    )
    phone.post(url("projects_start", project.uuid))
    assert "下一个节点：选址" in text(phone.get(url("project_mine")))
    early = phone.post(url("projects_finish", project.uuid), {"ended_on": DAY, "result": "成"})
    assert "还有 1 个节点没有完成" in text(early)
    step = project.milestones.get()
    phone.post(url("milestones_finish", step.uuid), {"done_on": DAY, "result": "选好了"})
    phone.post(url("projects_finish", project.uuid), {"ended_on": DAY, "result": "两个点开张"})

    project.refresh_from_db()
    assert project.state == WorkState.DONE
    steps = list(project.steps.values_list("after", flat=True))
    assert steps == [WorkState.PLANNED, WorkState.UNDERWAY, WorkState.DONE]


def test_stopping_a_project_is_for_those_above(place: Place) -> None:
    project = make_project(place.branch, WorkState.UNDERWAY)
    assert as_(place.secretary).get(url("projects_stop", project.uuid)).status_code == 403
    as_(place.committee).post(url("projects_stop", project.uuid), {"result": "与街道项目合并"})

    project.refresh_from_db()
    assert (project.state, project.result) == (WorkState.ENDED, "与街道项目合并")


def test_the_board_of_projects_is_by_tag_and_state_and_finds_the_late_ones(place: Place) -> None:
    make_project(place.branch, WorkState.UNDERWAY, due_on=date(2026, 7, 15), title="代办点")
    make_project(place.branch, tag="digital", title="网上支部")
    with time_machine.travel("2026-07-20 10:00+08:00", tick=False):
        client = as_(place.chief)
        board = client.get(url("project_board")).context["board"]
        one = client.get(url("project_board"), {"tag": "digital"}).context["board"]
        late = text(client.get(url("project_list"), {"state": "overdue"}))
        hrefs = {href for series in board.plot.series for href in series.hrefs}
        assert all(client.get(href).status_code == 200 for href in hrefs)

    counts = {column.label: column.count for column in board.columns}
    assert counts == {"立项": 1, "实施": 1, "完成": 0, "终止": 0}
    assert [column.count for column in one.columns] == [1, 0, 0, 0]
    assert (board.late, one.late) == (1, 0)
    assert "代办点" in late
    assert "网上支部" not in late


def test_the_board_counts_organisations_pledges(place: Place) -> None:
    make_pledge(place.branch, place.members[1], due_on=DAY)
    make_pledge(place.branch, state=PledgeState.REPORTED)
    with time_machine.travel("2026-07-20 10:00+08:00", tick=False):
        page = as_(place.chief).get(url("board"))

    assert page.context["board"].pledges == {"open": 0, "overdue": 1, "reported": 1, "kept": 0}
    assert place.members[1].name not in text(page)


def test_papers_and_sheets_say_what_the_rows_say(place: Place) -> None:
    row = make_pledge(place.branch, place.members[1])
    project = make_project(place.branch)
    make_model_post(place.branch, place.members[1])
    make_service(make_placement(place.branch, place.community, member=place.members[1]))
    desk = as_(place.committee)
    word = Document(BytesIO(desk.get(url("pledge_word", row.uuid)).content))
    assert any("2026年9月30日" in one.text for one in word.paragraphs)
    table = Document(BytesIO(desk.get(url("project_word", project.uuid)).content)).tables[0]
    assert "刘书记" in "".join(cell.text for line in table.rows for cell in line.cells)
    for name, said in (
        ("pledge_export", place.members[1].name), ("post_export", "一次办好"),
        ("service_export", "清理楼道"), ("project_export", "便民服务代办点"),
    ):  # fmt: skip
        book = b"".join(desk.get(url(name)).streaming_content)
        cells = {str(cell) for sheet in read_sheets(book) for line in sheet.rows for cell in line}
        assert said in cells, name


@pytest.mark.parametrize(
    "name",
    ["pledge_list", "post_list", "placement_list", "project_list", "project_board", "queue"],
)
def test_a_list_costs_the_same_for_one_row_and_for_three(place: Place, name: str) -> None:
    client = as_(place.committee)

    def add() -> None:
        branch = make_branch(place.street, field=Field.OFFICE)
        member = make_members(branch, 1)[0]
        make_pledge(branch, member, due_on=DAY)
        make_pledge(branch, state=PledgeState.REPORTED)
        make_model_post(branch, member)
        make_service(make_placement(branch, place.community, member=member))
        make_project(branch, WorkState.UNDERWAY, due_on=date(2026, 7, 15))

    with time_machine.travel("2026-07-20 10:00+08:00", tick=False):
        client = as_(place.committee)
        add()
        client.get(url(name))
        with CaptureQueriesContext(connection) as one:
            client.get(url(name))
        add()
        add()
        with CaptureQueriesContext(connection) as three:
            client.get(url(name))

    assert len(one) == len(three)


def test_each_is_asked_for_what_is_his(place: Place) -> None:
    def of(user: User) -> set[str]:
        return {ask.title for ask in asked(scope_of(user, on=DAY), user.pk, DAY)}

    make_pledge(place.branch, place.members[1], due_on=date(2026, 7, 20), title="上门服务")
    make_pledge(place.branch, state=PledgeState.REPORTED, by=place.secretary)
    make_project(place.branch, WorkState.UNDERWAY, due_on=date(2026, 7, 20), milestones=1)
    make_placement(place.branch, place.community, member=place.members[1], accepted=False)

    assert of(place.secretary) == {"报告践诺：上门服务", "完成项目节点：第1步"}
    assert of(place.host) == {"接收在职党员报到、确认服务"}
    assert of(place.committee) == {"确认支部承诺和示范岗"}
    assert of(place.leader) == set()
    assert Placement.unscoped.get().state == PlacementState.PROPOSED
