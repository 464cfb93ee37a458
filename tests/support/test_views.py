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
from PIL import Image

from accounts.models import User
from branches.enums import Role
from branches.models import Unit
from branches.scope import scope_of
from core.workbooks import read_sheets, stream_rows
from support.asks import asked
from support.enums import CheckState, IssueState, JointState
from support.models import (
    ContactLeader,
    ContactLink,
    ContactVisit,
    JointCommittee,
    JointEntry,
    JointProject,
    Venue,
    VenueCheck,
    VenueItem,
)
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.support import (
    make_check,
    make_community,
    make_joint,
    make_joint_project,
    make_link,
    make_venue,
    make_visit,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 14)


@dataclass
class Place:
    """A district with a street, a community, a branch, and everybody who works with them."""

    district: Unit
    street: Unit
    community: Unit
    branch: Unit
    chief: User
    committee: User
    secretary: User
    leader: User


@pytest.fixture
def place() -> Iterator[Place]:
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        district = make_district(name="中共金城区委员会", short_name="金城区委")
        street = make_committee(district, name="中共安宁街道工作委员会", short_name="安宁街道")
        community = make_community(street, name="滨河社区党委", short_name="滨河社区党委")
        branch = make_branch(community, name="滨河社区第一党支部", short_name="滨河一支部")
        yield Place(
            district, street, community, branch,
            make_user(Role.DISTRICT_STAFF, district), make_user(Role.COMMITTEE_STAFF, street),
            make_user(Role.SECRETARY, branch), make_user(Role.LEADER, district),
        )  # fmt: skip


def as_(user: User) -> Any:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"support:{name}", args=args)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def yes(*missing: str) -> dict[str, str]:
    rows = VenueItem.objects.filter(is_active=True)
    given = {f"has_{row.pk}": "no" if row.code in missing else "yes" for row in rows}
    return given | {f"note_{row.pk}": "" for row in rows} | {"note": ""}


def test_a_venue_goes_its_way_from_registration_to_confirmation(place: Place) -> None:
    desk, phone = as_(place.committee), as_(place.secretary)
    assert "登记阵地" in text(phone.get(url("mine")))
    phone.post(url("units_venue", place.branch.code), {"name": "二楼", "address": "滨河路 8 号"})
    venue = Venue.unscoped.get()
    assert "做今年的阵地自查" in text(phone.get(url("mine")))
    phone.post(url("venues_check", venue.uuid), yes("sign"))
    check = VenueCheck.unscoped.get()
    desk.post(url("checks_return", check.uuid), {"answer": "门牌要补"})
    assert "门牌要补" in text(phone.get(url("mine")))
    phone.post(url("venues_check", venue.uuid), yes())
    desk.post(url("checks_confirm", check.uuid), {"answer": ""})

    check.refresh_from_db()
    assert (check.state, check.decided_by) == (CheckState.CONFIRMED, place.committee)
    assert "齐全" in text(phone.get(url("mine")))


def test_a_check_asks_for_every_item(place: Place) -> None:
    venue = make_venue(place.branch)
    answer = as_(place.secretary).post(url("venues_check", venue.uuid), {"note": ""})

    assert answer.status_code == 422
    assert not VenueCheck.unscoped.exists()


def test_a_photo_of_an_item_is_kept_and_shown(place: Place) -> None:
    venue = make_venue(place.branch)
    png = _png()
    answer = as_(place.secretary).post(
        url("venues_photo", venue.uuid),
        {"item": "sign", "photo": SimpleUploadedFile("门牌.png", png, "image/png")},
    )

    assert answer.status_code == 302
    kept = venue.files.get()
    assert kept.item.code == "sign"
    page = as_(place.committee).get(url("venue_detail", venue.uuid))
    assert url("thumb", kept.uuid) in text(page)
    shown = as_(place.committee).get(url("file", kept.uuid))
    assert b"".join(shown.streaming_content)[:4] == b"\x89PNG"


def _png() -> bytes:

    stream = BytesIO()
    Image.new("RGB", (60, 40), "red").save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("who", "status"), [("chief", 200), ("committee", 200), ("secretary", 403), ("leader", 403)]
)
def test_only_those_above_decide_a_check(place: Place, who: str, status: int) -> None:
    check = make_check(make_venue(place.branch), by=place.secretary)

    assert as_(getattr(place, who)).get(url("checks_confirm", check.uuid)).status_code == status


def test_the_queue_holds_what_waits(place: Place) -> None:
    make_check(make_venue(place.branch), "sign")
    make_visit(make_link(place.branch), "台账不全")
    make_link(place.community, name="戴文敏")
    make_joint_project(make_joint(place.community), due_on=DAY)
    with time_machine.travel("2026-07-20 10:00+08:00", tick=False):
        page = text(as_(place.committee).get(url("queue")))

    assert all(word in page for word in ("滨河一支部", "台账不全", "戴文敏", "共享停车"))


def test_the_board_counts_and_every_figure_opens(place: Place) -> None:
    make_check(make_venue(place.branch))
    other = make_branch(place.street)
    make_visit(make_link(place.branch), "台账不全")
    page = as_(place.chief).get(url("board"))
    found = page.context["board"]

    assert (found.whole, found.branches, found.waiting) == (0, 2, 1)
    assert (found.links, found.visited, found.problems) == (1, 1, 1)
    assert other.name not in text(as_(place.chief).get(url("venue_list"), {"state": "waiting"}))
    hrefs = {href for one in found.venue_plot.series for href in one.hrefs}
    assert all(as_(place.chief).get(href).status_code == 200 for href in hrefs)


def test_a_leader_writes_his_own_visits_and_nobody_elses(place: Place) -> None:
    own = make_link(place.branch, user=place.leader)
    other = make_link(place.community, name="别人")
    phone = as_(place.leader)
    data = {"day": DAY, "found": "看了台账", "problem": "门牌不规范", "form_key": uuid4()}

    assert url("contacts_visit", own.uuid) in text(phone.get(url("contact_mine")))
    assert phone.post(url("contacts_visit", own.uuid), data).status_code == 302
    assert phone.post(url("contacts_visit", own.uuid), data).status_code == 302
    assert phone.get(url("contacts_visit", other.uuid)).status_code == 403
    assert ContactVisit.unscoped.get().by == place.leader


def test_a_problem_is_followed_by_the_branch_and_settled_by_another(place: Place) -> None:
    visit = make_visit(make_link(place.branch, user=place.leader), "门牌不规范")
    phone = as_(place.secretary)
    assert url("visits_follow", visit.uuid) in text(phone.get(url("contact_mine")))
    phone.post(
        url("visits_follow", visit.uuid),
        {"day": DAY, "what": "门牌已订做", "form_key": uuid4()},
    )
    assert phone.get(url("visits_solve", visit.uuid)).status_code == 403
    as_(place.leader).post(
        url("visits_solve", visit.uuid), {"solved_on": DAY, "outcome": "换上了新门牌"}
    )

    visit.refresh_from_db()
    assert (visit.state, visit.outcome) == (IssueState.SOLVED, "换上了新门牌")
    assert "门牌已订做" in text(phone.get(url("contact_detail", visit.link.uuid)))


def test_staff_register_a_leader_and_link_him_by_a_name(place: Place) -> None:
    desk = as_(place.committee)
    desk.post(
        url("units_leader", place.street.code),
        {"name": "秦国安", "position": "党工委书记", "level": "committee", "account": ""},
    )
    leader = ContactLeader.unscoped.get()
    wrong = desk.post(url("leaders_link", leader.uuid), {"unit": "没有这个", "since": DAY})
    assert wrong.status_code == 422
    desk.post(url("leaders_link", leader.uuid), {"unit": "滨河一支部", "since": DAY})

    assert ContactLink.unscoped.get().unit == place.branch
    assert "秦国安" in text(desk.get(url("leader_list")))


def test_a_list_of_contact_points_comes_in_whole_or_not_at_all(place: Place) -> None:
    head = ["联系领导", "职务", "领导所在党组织", "级别", "联系点", "开始日期"]
    good = ["秦国安", "党工委书记", place.street.code, "党（工）委", "滨河一支部", "2026-03-02"]

    def load(*rows: list[str]) -> Any:
        book = b"".join(stream_rows(head, rows, sheet="联系点"))
        return as_(place.committee).post(
            url("import"), {"file": SimpleUploadedFile("a.xlsx", book)}
        )

    bad = load(good, [*good[:3], "乡镇", "没有这个", "2026-03-02"])
    assert bad.status_code == 422
    assert not ContactLink.unscoped.exists()
    assert load(good, [*good[:4], "滨河社区党委", good[5]]).status_code == 302
    assert load(good).status_code == 302
    assert ContactLink.unscoped.count() == 2
    assert ContactLeader.unscoped.count() == 1


def test_an_import_reaches_no_further_than_its_sender(place: Place) -> None:
    stranger = make_branch(make_committee(place.district), name="别处的党支部")
    head = ["联系领导", "职务", "领导所在党组织", "级别", "联系点", "开始日期"]
    row = ["秦国安", "书记", place.street.code, "社区", stranger.code, "2026-03-02"]
    book = b"".join(stream_rows(head, [row], sheet="联系点"))
    answer = as_(place.committee).post(url("import"), {"file": SimpleUploadedFile("a.xlsx", book)})

    assert answer.status_code == 422
    assert not ContactLink.unscoped.exists()


def test_a_joint_committee_matches_a_resource_to_a_need(place: Place) -> None:
    desk = as_(place.committee)
    found = desk.post(url("joint_new"), {"unit": "滨河社区党委"})
    assert found.url == url("units_joint", place.community.code)
    desk.post(found.url, {"name": "滨河“大党委”", "founded_on": DAY, "duties": ""})
    joint = JointCommittee.unscoped.get()
    desk.post(
        url("joint_member", joint.uuid),
        {"name": "区供电公司", "contact_post": "办公室", "since": DAY, "credit_code": ""},
    )
    for kind, title in (("resource", "停车位 40 个"), ("need", "停车难")):
        desk.post(
            url("joint_entry", joint.uuid),
            {"kind": kind, "title": title, "member": "", "form_key": uuid4()},
        )
    keys = {row.kind: row.uuid for row in JointEntry.unscoped.all()}
    nothing = {"title": "停车", "owner": "供电公司", "due_on": DAY, "form_key": uuid4()}
    assert desk.post(url("joint_match", joint.uuid), nothing).status_code == 422
    desk.post(url("joint_match", joint.uuid), nothing | keys)
    project = JointProject.unscoped.get()
    desk.post(
        url("joint_projects_progress", project.uuid),
        {"day": DAY, "percent": 60, "what": "划了线", "form_key": uuid4()},
    )
    desk.post(
        url("joint_projects_finish", project.uuid), {"ended_on": DAY, "result": "40 个车位开放"}
    )

    project.refresh_from_db()
    assert (project.state, project.percent) == (JointState.DONE, 100)
    assert not JointEntry.unscoped.get(kind="need").is_open
    page = text(as_(place.secretary).get(url("joint_detail", joint.uuid)))
    assert "划了线" in page
    assert url("joint_match", joint.uuid) not in page


def test_papers_and_sheets_say_what_the_rows_say(place: Place) -> None:
    make_check(make_venue(place.branch), "sign")
    visit = make_visit(make_link(place.branch), "台账不全")
    make_joint_project(make_joint(place.community))
    desk = as_(place.committee)
    word = Document(BytesIO(desk.get(url("visit_word", visit.uuid)).content))
    assert "台账不全" in "".join(cell.text for row in word.tables[0].rows for cell in row.cells)
    for name, word_in in (
        ("venue_export", "门牌标识"), ("contact_export", "秦国安"), ("visit_export", "台账不全"),
        ("joint_export", "共享停车"),
    ):  # fmt: skip
        answer = desk.get(url(name))
        cells = [
            str(cell)
            for sheet in read_sheets(b"".join(answer.streaming_content))
            for row in sheet.rows
            for cell in row
        ]
        assert any(word_in in cell for cell in cells), name


@pytest.mark.parametrize(
    "name", ["venue_list", "contact_list", "visit_list", "joint_list", "leader_list", "queue"]
)
def test_a_list_costs_the_same_for_one_row_and_for_three(place: Place, name: str) -> None:
    client = as_(place.committee)

    def add(number: int) -> None:
        branch = make_branch(place.street)
        make_check(make_venue(branch), "sign")
        make_visit(make_link(branch, home=place.street, name=f"领导{number}"), "问题")
        make_joint(make_community(place.street), name=f"大党委{number}")

    add(0)
    client.get(url(name))
    with CaptureQueriesContext(connection) as one:
        client.get(url(name))
    add(1)
    add(2)
    with CaptureQueriesContext(connection) as three:
        client.get(url(name))

    assert len(one) == len(three)


def test_each_is_asked_for_what_is_his(place: Place) -> None:

    def of(user: User) -> set[str]:
        return {ask.title for ask in asked(scope_of(user, on=DAY), user.pk, DAY)}

    assert of(place.secretary) == {"登记支部的活动阵地"}
    make_check(make_venue(place.branch), by=place.secretary)
    make_link(place.branch, user=place.leader)
    assert of(place.secretary) == set()
    assert of(place.committee) == {"确认支部的阵地自查"}
    assert of(place.leader) == {"走访本季度的联系点"}
