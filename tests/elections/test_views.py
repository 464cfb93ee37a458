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
from branches.models import Member, Post, Unit
from branches.scope import scope_of
from core.workbooks import read_sheets, stream_rows
from elections import services
from elections.asks import asked
from elections.enums import CivicStage, Stage
from elections.models import Ballot, CivicStep, Election, ElectionFile, Exclusion, Shift, WaveBody
from elections.roster import elected, standing
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.elections import (
    DAY,
    a_reason,
    forward,
    make_election,
    make_ground,
    make_shift,
    make_wave,
)

pytestmark = pytest.mark.django_db


@dataclass
class Place:
    """A district with a street, a branch, and everybody who works with them."""

    district: Unit
    street: Unit
    branch: Unit
    chief: User
    committee: User
    secretary: User
    leader: User


@pytest.fixture
def place() -> Iterator[Place]:
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        district = make_district()
        street = make_committee(district, name="中共安宁街道工作委员会")
        branch = make_branch(
            street, name="中共滨河社区支部委员会", short_name="滨河社区党支部", field="community"
        )
        make_ground(branch)
        yield Place(
            district, street, branch, make_user(Role.DISTRICT_STAFF, district),
            make_user(Role.COMMITTEE_STAFF, street), make_user(Role.SECRETARY, branch),
            make_user(Role.LEADER, district),
        )  # fmt: skip


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"elections:{name}", args=args)


def do(user: User, deed: str, thing: Any, /, **data: Any) -> Any:
    reply = as_(user).post(url(deed, thing.uuid), data)
    assert reply.status_code in (302, 403, 422), reply.status_code
    return reply


def tally(election: Election, **more: Any) -> dict[str, Any]:
    """Nine of ten came; all but the last candidate are elected."""
    people = standing(election)
    data: dict[str, Any] = {
        "form_key": uuid4(), "day": DAY, "present": 9, "issued": 9, "returned": 9, "invalid": 0,
    }  # fmt: skip
    for one in people:
        won = one != people[-1]
        data |= {f"yes_{one.pk}": 9 if won else 0, f"no_{one.pk}": 0 if won else 9}
        data[f"abstain_{one.pk}"] = 0
    return data | more


def test_an_election_goes_its_whole_way_by_the_pages(place: Place) -> None:
    made = as_(place.secretary).post(
        url("election_new", place.branch.code),
        {"begun_on": DAY, "planned_on": DAY, "with_committee": "on", "seats": 3},
    )
    election = Election.unscoped.get()
    assert made.url == url("election", election.uuid)
    do(place.secretary, "list_ask", election, day=DAY, document="滨支〔2026〕1号")
    assert do(place.secretary, "list_answer", election, day=DAY).status_code == 403
    do(place.committee, "list_answer", election, day=DAY, document="安工委〔2026〕1号")
    do(place.secretary, "list_plan", election, day=DAY, seats=3, candidates=4)
    do(place.secretary, "list_consult", election, day=DAY, first=9)
    do(place.secretary, "list_review", election, day=DAY, first=5, second=1)
    do(place.secretary, "list_choose", election, day=DAY, first=4)
    do(place.secretary, "list_file", election, day=DAY, document="滨支〔2026〕2号")
    names = Member.unscoped.filter(unit=place.branch).values_list("pk", flat=True)[:4]
    do(place.committee, "list_approve", election, day=DAY, document="批", members=list(names))
    page = as_(place.secretary).get(url("list_vote", election.uuid)).content.decode()
    assert "10 人" in page
    assert "6 票" in page
    do(place.secretary, "list_vote", election, **tally(election))
    election.refresh_from_db()
    assert election.state == Stage.VOTED
    first, second, third = elected(election)
    do(place.secretary, "list_divide", election, form_key=uuid4(), day=DAY, present=3, issued=3,
       returned=3, invalid=0, secretary=second.pk, secretary_yes=3, secretary_no=0,
       secretary_abstain=0, deputy=first.pk, deputy_yes=2, deputy_no=1,
       **{f"office_{third.pk}": "organiser"})  # fmt: skip
    do(place.secretary, "list_report", election, day=DAY)
    do(place.committee, "list_confirm", election, day=DAY, document="安工委〔2026〕3号")

    election.refresh_from_db()
    assert election.state == Stage.CONFIRMED
    posts = Post.unscoped.filter(unit=place.branch, until=None)
    assert dict(posts.values_list("member", "kind")) == {
        second.member_id: "secretary", first.member_id: "deputy", third.member_id: "organiser",
    }  # fmt: skip


@pytest.mark.parametrize("stage", [Stage(at) for at in (0, 1, 5, 7, 8, 9, 11, 12, 13)])
def test_every_page_opens_at_every_step_for_everybody(place: Place, stage: Stage) -> None:
    election = make_election(stage, unit=place.branch)
    make_wave(place.district)
    for who in (place.chief, place.committee, place.secretary, place.leader):
        client = as_(who)
        for name in ("board", "mine", "term_list", "election_list"):
            assert client.get(url(name)).status_code == 200
        assert client.get(url("election", election.uuid)).status_code == 200
        for name in ("request_paper", "report_paper", "count_paper"):
            assert client.get(url(name, election.uuid)).status_code == 200
    for deed in ("ask", "plan", "consult", "review", "choose", "file", "vote", "divide", "report",
                 "exclude", "shorten", "change", "cancel"):  # fmt: skip
        assert as_(place.secretary).get(url(f"list_{deed}", election.uuid)).status_code == 200
    for deed in ("answer", "approve", "confirm", "back"):
        assert as_(place.committee).get(url(f"list_{deed}", election.uuid)).status_code == 200


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("list_answer", "secretary", 403),
        ("list_approve", "secretary", 403),
        ("list_confirm", "leader", 403),
        ("list_back", "secretary", 403),
        ("list_ask", "leader", 403),
        ("list_vote", "leader", 403),
        ("list_ask", "committee", 200),
        ("list_answer", "chief", 200),
    ],
)
def test_what_is_not_his_to_do_is_forbidden(place: Place, name: str, who: str, status: int) -> None:
    election = make_election(Stage.ASKED, unit=place.branch)
    assert as_(getattr(place, who)).get(url(name, election.uuid)).status_code == status


def test_a_committee_does_not_answer_its_own_election(place: Place) -> None:
    party = make_committee(place.district, kind="committee", field="state_firm")
    staff = make_user(Role.COMMITTEE_STAFF, party)
    make_ground(make_branch(party, field="state_firm"))
    election = make_election(Stage.ASKED, unit=party, seats=5)
    assert as_(staff).get(url("list_answer", election.uuid)).status_code == 403
    assert as_(place.chief).get(url("list_answer", election.uuid)).status_code == 200
    assert "批复换届请示" not in as_(staff).get(url("queue")).content.decode()
    assert "批复换届请示" in as_(place.chief).get(url("queue")).content.decode()


def test_the_health_of_members_is_read_by_those_who_keep_the_roster(place: Place) -> None:
    election = make_election(Stage.ANSWERED, unit=place.branch)
    member = Member.unscoped.filter(unit=place.branch).last()
    assert member is not None
    do(place.secretary, "list_exclude", election, member=member.pk, reason=a_reason().pk,
       decided_on=DAY)  # fmt: skip
    seen = as_(place.secretary).get(url("election", election.uuid)).content.decode()
    assert a_reason().title in seen
    assert "9 人" in seen
    hidden = as_(place.leader).get(url("election", election.uuid)).content.decode()
    assert a_reason().title not in hidden
    do(place.secretary, "exclusions_count", Exclusion.unscoped.get())
    assert not Exclusion.unscoped.exists()


def test_a_tally_that_does_not_add_up_keeps_what_was_typed(place: Place) -> None:
    election = make_election(Stage.APPROVED, unit=place.branch)
    reply = do(place.secretary, "list_vote", election, **tally(election, issued=7, returned=8))
    assert reply.status_code == 422
    assert "应等于有效票" in reply.content.decode()
    assert not Ballot.unscoped.exists()
    do(place.secretary, "list_vote", election, **tally(election, present=7, issued=7, returned=9))
    ballot = Ballot.unscoped.get()
    assert (ballot.verdict, len(ballot.faults)) == ("void", 2)
    page = as_(place.secretary).get(url("election", election.uuid)).content.decode()
    assert "基层组织选举工作条例》“选举的实施”一章" in page
    do(place.secretary, "ballots_strike", ballot, reason="票数填反")
    ballot.refresh_from_db()
    assert ballot.verdict == "struck"


def test_a_form_sent_twice_is_one_round(place: Place) -> None:
    election = make_election(Stage.APPROVED, unit=place.branch)
    data = tally(election)
    for _ in range(2):
        do(place.secretary, "list_vote", election, **data)
    assert Ballot.unscoped.count() == 1


def test_somebody_written_in_is_elected_like_others(place: Place) -> None:
    election = make_election(Stage.APPROVED, unit=place.branch)
    stand = {one.member_id for one in standing(election)}
    other = Member.unscoped.filter(unit=place.branch).exclude(pk__in=stand)[0]
    people = standing(election)
    no = {f"yes_{people[0].pk}": 0, f"no_{people[0].pk}": 9}
    do(place.secretary, "list_vote", election,
       **tally(election, other_0=other.pk, other_yes_0=9, **no))  # fmt: skip
    assert other in [one.member for one in elected(election)]
    assert "另选" in as_(place.leader).get(url("election", election.uuid)).content.decode()


def test_a_paper_is_shown_to_who_may_see_its_election_only(
    place: Place, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    election = make_election(unit=place.branch)
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    upload = SimpleUploadedFile("请示.png", out.getvalue(), "image/png")
    do(place.secretary, "list_ask", election, day=DAY, file=upload)
    kept = ElectionFile.unscoped.get()
    for name in ("file", "thumb"):
        reply = as_(place.committee).get(url(name, kept.uuid))
        assert reply.status_code == 200
        assert b"".join(reply.streaming_content)  # type: ignore[attr-defined]
    stranger = make_user(Role.SECRETARY, make_branch(place.street))
    assert as_(stranger).get(url("file", kept.uuid)).status_code == 404
    assert as_(stranger).get(url("election", election.uuid)).status_code == 404


def test_early_and_late_are_asked_for_below_and_decided_above(place: Place) -> None:
    asked_for = {"moved_to": date(2026, 12, 1), "reason": "整体搬迁"}
    as_(place.secretary).post(url("shift_new", place.branch.code), asked_for)
    shift = Shift.unscoped.get()
    assert as_(place.secretary).get(url("shifts_approve", shift.uuid)).status_code == 403
    assert "审批延期换届" in as_(place.committee).get(url("queue")).content.decode()
    do(place.committee, "shifts_approve", shift, answer="安工委〔2026〕9号")
    shift.refresh_from_db()
    assert shift.state == "approved"
    assert "2026年12月1日" in as_(place.secretary).get(url("mine")).content.decode()
    again = as_(place.secretary).post(url("shift_new", place.branch.code), asked_for)
    assert again.status_code == 302
    far = {"moved_to": date(2028, 1, 1), "reason": "拖"}
    assert as_(place.secretary).post(url("shift_new", place.branch.code), far).status_code == 422


def test_figures_of_the_board_open_their_rows(place: Place) -> None:
    late = make_ground(make_branch(place.street, field="office"), due_on=date(2026, 7, 1)).unit
    soon = make_ground(make_branch(place.street, field="office"), due_on=date(2027, 1, 14)).unit
    client = as_(place.chief)
    assert client.get(url("board")).status_code == 200
    pages = {
        window: client.get(url("term_list"), {"window": window}).content.decode()
        for window in ("overdue", "1", "3", "6", "")
    }
    assert late.name in pages["overdue"]
    assert soon.name not in pages["3"]
    assert soon.name in pages["6"]
    assert place.branch.short_name in pages["3"]
    assert late.name not in pages["6"]
    assert client.get(url("term_list"), {"unit": "999999"}).status_code == 404
    sheet = read_sheets(b"".join(client.get(url("term_export")).streaming_content))[-1]
    assert any(late.name in row for row in sheet.rows)
    listed = b"".join(client.get(url("election_export")).streaming_content)
    assert read_sheets(listed)


def test_lists_cost_the_same_for_one_row_and_for_four(place: Place) -> None:
    make_election(Stage.ASKED, unit=place.branch)
    wave = make_wave(place.district)
    client, names = as_(place.chief), ("board", "term_list", "election_list", "queue")

    def cost() -> list[int]:
        found = []
        for address in [url(name) for name in names] + [
            url("wave", wave.uuid), url("wave_rows", wave.uuid),
        ]:  # fmt: skip
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert client.get(address).status_code == 200
            found.append(len(caught))
        with CaptureQueriesContext(connection) as caught:
            asked(scope_of(place.chief, on=DAY), place.chief.pk, DAY)
        return [*found, len(caught)]

    before = cost()
    for _ in range(3):
        unit = make_branch(place.street, field="village")
        make_ground(unit, due_on=date(2026, 7, 1))
        make_election(Stage.ASKED, unit=unit)
        services.add_bodies(wave=wave, units=[unit])
        make_shift(make_ground(make_branch(place.street)).term, date(2027, 1, 1), approved=False)
    assert cost() == before


def test_a_wave_is_seen_by_committee_and_opens_what_is_missing(place: Place) -> None:
    village = make_branch(place.street, field="village", short_name="石门村党支部")
    wave = make_wave(place.district)
    assert WaveBody.unscoped.filter(wave=wave).count() == 2
    election = make_election(Stage.CONFIRMED, unit=place.branch)
    assert election.wave == wave
    page = as_(place.chief).get(url("wave", wave.uuid)).content.decode()
    assert "no_voted" in page
    rows = as_(place.chief).get(url("wave_rows", wave.uuid), {"window": "no_voted"})
    assert "石门村党支部" in rows.content.decode()
    assert "滨河社区党支部" not in rows.content.decode().split("<tbody>")[1]
    body = WaveBody.unscoped.get(unit=village)
    assert as_(place.secretary).get(url("body", body.uuid)).status_code == 404
    assert as_(place.committee).get(url("body", body.uuid)).status_code == 200
    mine = WaveBody.unscoped.get(unit=place.branch)
    reply = as_(place.secretary).post(
        f"{url('bodies_civic', mine.uuid)}?for=1", {"day": DAY, "first": 7}
    )
    assert reply.status_code == 302
    assert CivicStep.unscoped.get().first == 7
    assert do(place.committee, "bodies_remove", body).status_code == 403
    do(place.chief, "bodies_remove", body)
    as_(place.chief).post(url("body_new", wave.uuid), {"code": village.code})
    assert WaveBody.unscoped.filter(unit=village).exists()
    with time_machine.travel("2027-01-05 10:00+08:00", tick=False):
        page = as_(place.chief).get(url("wave", wave.uuid)).content.decode()
        assert "党组织换届应在" in page


def test_the_sheet_of_a_wave_comes_back_as_steps(place: Place) -> None:
    wave = make_wave(place.district)
    make_election(Stage.VOTED, unit=place.branch)
    client = as_(place.committee)
    head = read_sheets(b"".join(client.get(url("wave_template", wave.uuid)).streaming_content))
    titles = [str(cell) for cell in head[0].rows[0]]
    days = {title: DAY for title in titles if title.endswith("日期")}
    row = [place.branch.code, "滨河", *(days.get(t, 5) for t in titles[2:])]

    def post(lines: list[list[Any]]) -> Any:
        data = b"".join(stream_rows(titles, lines, sheet="换届批次"))
        upload = SimpleUploadedFile("进度.xlsx", data)
        return client.post(url("wave_import", wave.uuid), {"file": upload})

    assert post([row]).status_code == 302
    assert CivicStep.unscoped.count() == len(CivicStage)
    assert post([row]).status_code == 302
    bad = post([["不在", "", DAY, *[""] * (len(titles) - 3)]])
    assert bad.status_code == 422
    assert "不在本批次" in bad.content.decode()
    assert client.get(url("wave_export", wave.uuid)).status_code == 200


def test_papers_say_what_was_entered(place: Place) -> None:
    election = make_election(Stage.CONFIRMED, unit=place.branch)

    def words(name: str) -> str:
        data = as_(place.secretary).get(url(name, election.uuid)).content
        paper = Document(BytesIO(data))
        cells = [c.text for t in paper.tables for r in t.rows for c in r.cells]
        return "\n".join([*(p.text for p in paper.paragraphs), *cells])

    asked_for = words("request_paper")
    assert "中共安宁街道工作委员会：" in asked_for
    assert "委员 3 名" in asked_for
    assert "妥否，请批示。" in asked_for
    said = words("report_paper")
    assert "应到会有选举权的党员 10 名，实到 9 名" in said
    assert elected(election)[0].member.name in said
    assert "五分之四" in asked_for
    assert "6 票" in words("count_paper")


def test_the_first_page_asks_for_the_next_step(place: Place) -> None:
    def asks(user: User) -> list[str]:
        return [one.title for one in asked(scope_of(user, on=DAY), user.pk, DAY)]

    assert asks(place.secretary) == ["准备换届"]
    election = make_election(unit=place.branch)
    assert asks(place.secretary) == ["换届：向上级请示换届"]
    assert asks(place.committee) == []
    forward(election, Stage.ASKED)
    assert asks(place.secretary) == []
    assert asks(place.committee) == ["办理换届的待办事项"]
    assert asks(place.leader) == []


def test_the_feed_tells_steps_and_days_without_names(place: Place) -> None:
    election = make_election(Stage.CONFIRMED, unit=place.branch)
    rows = as_(place.chief).get("/api/v1/elections/", {"state": "confirmed"}).json()["results"]
    assert [row["uuid"] for row in rows] == [str(election.uuid)]
    assert rows[0]["voted_on"] == "2026-07-14"
    assert elected(election)[0].member.name not in str(rows)
    assert as_(place.chief).get("/api/v1/elections/", {"state": "asked"}).json()["results"] == []
