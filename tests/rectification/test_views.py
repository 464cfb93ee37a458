"""The pages: the way by hand, what each role may, figures that open, and constant queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
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
from branches.enums import Role
from branches.models import Unit
from core.workbooks import read_sheets, stream_rows
from rectification import services
from rectification.asks import asked
from rectification.enums import HelperKind, PollWay, ProblemState, State
from rectification.models import Batch, Case, FigureEntry, Helper, Problem, Promise
from rectification.scores import acceptance_scores
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.rectification import (
    DEADLINE,
    PLAN,
    SHEET,
    START,
    make_batch,
    make_case,
    make_hands,
    make_poll,
    make_problem,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 14)


@dataclass
class Place:
    """A district with a street, a branch, and everybody who works with them."""

    district: Unit
    street: Unit
    branch: Unit
    batch: Batch
    chief: User
    second: User
    committee: User
    secretary: User
    leader: User

    def case(self, state: State = State.UNDERWAY, **facts: Any) -> Case:
        return make_case(state, unit=self.branch, batch=self.batch, **facts)


@pytest.fixture
def place() -> Iterator[Place]:
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        district = make_district()
        street = make_committee(district, name="中共安宁街道工作委员会")
        branch = make_branch(street, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
        yield Place(
            district, street, branch, make_batch(district, number=3),
            make_user(Role.DISTRICT_STAFF, district), make_user(Role.DISTRICT_STAFF, district),
            make_user(Role.COMMITTEE_STAFF, street), make_user(Role.SECRETARY, branch),
            make_user(Role.LEADER, district),
        )  # fmt: skip


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"rectification:{name}", args=args)


def do(user: User, deed: str, thing: Any, /, **data: Any) -> Any:
    return as_(user).post(url(deed, thing.uuid), data)


def test_a_case_goes_its_whole_way_by_the_pages(place: Place) -> None:
    made = as_(place.committee).post(
        url("case_new", place.batch.uuid),
        {"unit": place.branch.code, "reasons": ["team"], "detail": "散", "deadline": DEADLINE},
    )
    case = Case.unscoped.get()
    assert made.url == url("case_detail", case.uuid)
    # The branch reads of it when it is decided.
    assert as_(place.secretary).get(url("case_detail", case.uuid)).status_code == 404
    do(place.chief, "case_decide", case, decided_on=DAY, decision_number="区委常委会第3次会议")
    assert as_(place.secretary).get(url("case_detail", case.uuid)).status_code == 200
    for kind in HelperKind.values:
        do(place.committee, "case_assign", case, kind=kind, name="甲", since=DAY)
    do(place.secretary, "case_describe", case, detail="散", plan=PLAN)
    do(place.committee, "case_start", case, started_on=DAY)
    do(place.secretary, "case_problem", case, title="路灯", source="visit", collected_on=DAY,
       form_key=uuid4())  # fmt: skip
    problem = Problem.unscoped.get()
    do(place.secretary, "problem_take_up", problem, owner="刘", due_on=DEADLINE, measures="修")
    do(place.secretary, "problem_done", problem, done_on=DAY, result="亮了")
    do(place.committee, "problem_confirm", problem, confirmed_on=DAY, answer="回访过")
    do(place.committee, "case_examine", case)
    do(place.committee, "case_poll", case, way="tally", opens_on=DAY, closes_on=DAY,
       form_key=uuid4())  # fmt: skip
    poll = case.polls.get()
    do(place.committee, "poll_tally", poll, issued=50, satisfied=48, fair=1, dissatisfied=1,
       invalid=0)  # fmt: skip
    points = {f"item_{item.pk}": item.points for item in place.batch.items.all()}
    do(place.chief, "case_accept", case, day=DAY, examiners="验收组", form_key=uuid4(), **points)
    do(place.committee, "case_close", case)
    closing = case.closings.get()
    do(place.chief, "closing_approve", closing)
    do(place.second, "closing_approve", closing)

    case.refresh_from_db()
    assert (case.state, case.watch_until) == (State.CLOSED, date(2027, 7, 14))
    do(place.chief, "case_inspect", case, day=DAY, manner="covert", timing="look_back",
       inspectors="甲", findings="好", form_key=uuid4())  # fmt: skip
    case.refresh_from_db()
    assert case.state == State.WATCHED


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("case_decide", "committee", 403),
        ("case_assign", "secretary", 403),
        ("case_start", "secretary", 403),
        ("case_poll", "secretary", 403),
        ("case_inspect", "secretary", 403),
        ("case_examine", "secretary", 403),
        ("case_accept", "committee", 403),
        ("case_close", "secretary", 403),
        ("case_reopen", "secretary", 403),
        ("case_settle", "committee", 403),
        ("case_problem", "leader", 403),
        ("case_problem", "secretary", 200),
        ("case_accept", "chief", 200),
    ],
)
def test_what_is_not_his_to_do_is_forbidden(place: Place, name: str, who: str, status: int) -> None:
    case = place.case()

    assert as_(getattr(place, who)).get(url(name, case.uuid)).status_code == status


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("who", ["chief", "committee", "secretary", "leader"])
def test_the_page_of_a_case_opens_in_every_state(place: Place, state: State, who: str) -> None:
    case = place.case(state)
    hidden = who == "secretary" and state in (State.PROPOSED, State.DROPPED)

    reply = as_(getattr(place, who)).get(url("case_detail", case.uuid))

    assert reply.status_code == (404 if hidden else 200)
    client = as_(getattr(place, who))
    for name in ("mine", "board", "case_list", "problem_list", "report_list", "figure_list"):
        assert client.get(url(name)).status_code == 200
    assert client.get(url("queue")).status_code == (200 if who in ("chief", "committee") else 403)
    if not hidden:
        assert client.get(url("record_paper", case.uuid)).status_code == 200


def test_a_deed_that_is_refused_keeps_what_was_typed(place: Place) -> None:
    case = place.case()

    reply = do(place.secretary, "case_figure", case, kind="cards", amount="2.5", day=DAY,
               note="东片区", form_key=uuid4())  # fmt: skip

    text = reply.content.decode()
    assert reply.status_code == 422
    assert "应是整数" in text
    assert "东片区" in text


def test_a_form_sent_twice_is_one_row(place: Place) -> None:
    case, key = place.case(), uuid4()
    for _ in range(2):
        do(place.secretary, "case_figure", case, kind="funds", amount="3.85", day=DAY, form_key=key)

    assert FigureEntry.unscoped.get().amount == Decimal("3.85")


def test_a_promise_with_a_photo_is_shown_to_who_may_see_the_case_only(
    place: Place, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    case = place.case()
    photo = SimpleUploadedFile("公示.png", _png(), "image/png")
    do(place.secretary, "case_promise", case, way="card", item="修路灯", person="刘",
       due_on=DEADLINE, posted_on=DAY, photo=photo, form_key=uuid4())  # fmt: skip
    kept = Promise.unscoped.get().photo
    assert kept is not None

    for name in ("file", "thumb"):
        reply = as_(place.committee).get(url(name, kept.uuid))
        assert reply.status_code == 200
        assert b"".join(reply.streaming_content)  # type: ignore[attr-defined]
    stranger = make_user(Role.COMMITTEE_STAFF, make_committee(place.district))
    assert as_(stranger).get(url("file", kept.uuid)).status_code == 404


def _png() -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


# --- Figures that open -----------------------------------------------------------------------


def test_every_figure_of_the_board_opens_the_rows_it_counts(place: Place) -> None:
    case = place.case()
    make_problem(case, ProblemState.SOLVING, due_on=DAY - timedelta(days=1))
    make_problem(case, ProblemState.DONE, due_on=DAY - timedelta(days=1))
    make_problem(case, ProblemState.CONFIRMED)
    services.enter_figure(case=case, by=None, day=DAY, kind="funds", amount=Decimal("3.85"), on=DAY)
    wrong = services.enter_figure(
        case=case, by=None, day=DAY, kind="funds", amount=Decimal(100), on=DAY
    )
    services.void_figure(entry=wrong, reason="多录")
    client = as_(place.chief)
    board = client.get(url("board")).context["board"]
    stats, hrefs = board.stats, board.stats["hrefs"]

    assert (stats["problems"]["open"], stats["problems"]["late"]) == (2, 1)
    assert len(client.get(hrefs["open"]).context["page"].rows) == 2
    assert len(client.get(hrefs["late"]).context["page"].rows) == 1
    assert stats["at_work"] == len(client.get(hrefs["at_work"]).context["lines"]) == 1
    # Both reports of the batch are past their days.
    assert stats["reports_late"] == len(client.get(hrefs["reports"]).context["page"].rows) == 2
    funds = next(figure for figure in board.figures if figure.kind == "funds")
    assert funds.amount == "3.85"
    rows = client.get(funds.href).context["lines"]
    assert sum(r["entry"].amount for r in rows if not r["entry"].is_void) == Decimal("3.85")


def test_reports_due_before_the_case_began_are_not_owed(place: Place) -> None:
    case = place.case(on=DAY)
    Case.unscoped.filter(pk=case.pk).update(started_on=date(2026, 5, 15))

    board = as_(place.chief).get(url("board")).context["board"]

    assert board.stats["reports_late"] == 1


@pytest.mark.parametrize(
    "name", ["board", "case_list", "problem_list", "report_list", "figure_list", "queue"]
)
def test_a_list_costs_the_same_whatever_its_length(place: Place, name: str) -> None:
    client, address = as_(place.chief), url(name)

    def fill(unit: Unit) -> None:
        case = make_case(State.UNDERWAY, unit=unit, batch=place.batch)
        make_problem(case, ProblemState.DONE)
        services.enter_figure(case=case, by=None, day=DAY, kind="cards", amount=Decimal(3), on=DAY)

    fill(place.branch)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(2):
        fill(make_branch(place.street))

    with CaptureQueriesContext(connection) as three:
        reply = client.get(address)

    assert reply.status_code == 200
    assert len(three) == len(one)


def test_the_page_of_a_case_costs_the_same_whatever_hangs_on_it(place: Place) -> None:
    case, client = place.case(), as_(place.chief)
    address = url("case_detail", case.uuid)

    def fill() -> None:
        make_problem(case, ProblemState.CONFIRMED)
        services.promise(
            case=case, by=None, way="card", item="修路灯", person="刘", due_on=DEADLINE,
            posted_on=DAY, on=DAY,
        )  # fmt: skip
        make_poll(case)

    fill()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(3):
        fill()

    with CaptureQueriesContext(connection) as four:
        client.get(address)

    assert len(four) == len(one)


# --- The secretary, the first page -----------------------------------------------------------


def test_the_secretary_sees_his_next_step_and_none_when_he_is_not_listed(place: Place) -> None:
    client = as_(place.secretary)
    assert "不在整顿名单里" in client.get(url("mine")).content.decode()
    case = place.case()

    step = client.get(url("mine")).context["lines"][0].todo[0]

    assert (step.title, step.is_late(DAY)) == ("提交第一次报告", True)
    asks = asked(_scope(place.secretary), place.secretary.pk, DAY)
    assert [(ask.title, ask.url) for ask in asks] == [
        ("提交第一次报告", url("case_detail", case.uuid))
    ]


def test_staff_are_asked_by_one_line_and_not_for_their_own_proposal(place: Place) -> None:
    hands = make_hands()
    case = place.case(State.EXAMINED, hands=hands)
    make_poll(case, hands=hands)
    points = {item.pk: item.points for item in place.batch.items.all()}
    services.accept(case=case, by=hands.staff, day=DAY, examiners="甲", scores=points, on=DAY)
    services.propose_closing(case=case, by=place.committee)

    assert asked(_scope(place.committee), place.committee.pk, DAY) == []
    found = asked(_scope(place.chief), place.chief.pk, DAY)
    assert [(ask.note, ask.count) for ask in found] == [("初审销号", 1)]


def _scope(user: User) -> Any:
    from branches.scope import scope_of

    return scope_of(user, on=DAY)


# --- Batches ---------------------------------------------------------------------------------


def test_a_new_batch_begins_as_the_last_one_was(place: Place) -> None:
    client = as_(place.chief)
    form = client.get(url("batch_new")).context["form"]
    assert form["number"].value() == 4
    assert form["items"].value() == SHEET

    given = {name: form[name].value() for name in form.fields} | {"name": "新的一批"}
    reply = client.post(
        url("batch_new"), {k: v for k, v in given.items() if v not in (None, False)}
    )

    assert reply.status_code == 302
    assert Batch.unscoped.get(number=4).items.count() == 2
    assert as_(place.committee).get(url("batch_new")).status_code == 403


def test_a_batch_with_a_wrong_sheet_says_so_at_the_field(place: Place) -> None:
    form = as_(place.chief).get(url("batch_edit", place.batch.uuid)).context["form"]
    given = {name: form[name].value() for name in form.fields} | {"items": "班子 90"}

    reply = as_(place.chief).post(url("batch_edit", place.batch.uuid), given)

    assert reply.status_code == 422
    assert reply.context["form"].errors["items"] == ["各项分值合计 90 分，应为 100 分，请调整。"]


# --- Papers, workbooks -----------------------------------------------------------------------


def _words(reply: Any) -> str:
    paper = Document(BytesIO(reply.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_the_papers_hold_what_was_entered(place: Place) -> None:
    case = place.case()
    make_problem(case, ProblemState.SOLVING, title="路灯不亮")
    made = services.promise(
        case=case, by=None, way="card", item="修好路灯", person="刘主任", due_on=DEADLINE,
        posted_on=DAY, on=DAY,
    )  # fmt: skip
    client = as_(place.secretary)

    record = _words(client.get(url("record_paper", case.uuid)))
    notice = _words(client.get(url("notice_paper", case.uuid)))
    card = _words(client.get(url("card_paper", made.uuid)))

    assert all(
        word in record for word in ("路灯不亮", "刘主任", "区委常委会第3次会议", "帮扶第一书记")
    )
    assert all(word in notice for word in ("修好路灯", "2026年9月30日", "请党员群众监督"))
    assert all(word in card for word in ("亮牌整改", "修好路灯", "刘主任"))


def test_slips_are_printed_once_with_a_code_each(place: Place) -> None:
    case = place.case()
    poll = services.open_poll(
        case=case, by=place.committee, way=PollWay.LINK, opens_on=DAY, closes_on=DAY
    )

    reply = as_(place.committee).post(url("slips", poll.uuid), {"count": 5})

    paper = Document(BytesIO(reply.content))
    assert len(paper.inline_shapes) == 5
    assert _words(reply).count("扫码投票") == 5
    assert as_(place.secretary).post(url("slips", poll.uuid), {"count": 5}).status_code == 403


def test_the_ledger_goes_out_as_a_workbook(place: Place) -> None:
    place.case()
    Helper.unscoped.filter(kind=HelperKind.LEADER).update(name="=1+1")

    reply = as_(place.chief).get(url("case_export"))

    sheets = read_sheets(b"".join(reply.streaming_content))  # type: ignore[attr-defined]
    row = next(row for sheet in sheets if sheet.name == "整顿台账" for row in sheet.rows[1:])
    assert "滨河社区" in str(row[2])
    assert any("=1+1" in str(cell) for cell in row)


def _sheet(rows: list[list[object]]) -> SimpleUploadedFile:
    pieces = stream_rows(["问题", "来源", "收集日期"], rows)
    return SimpleUploadedFile("问题.xlsx", b"".join(pieces))


def test_a_list_of_problems_is_written_whole_or_not_at_all(place: Place) -> None:
    case, client = place.case(), as_(place.secretary)
    good = [["路灯不亮", "入户走访", "2026-07-01"], ["井盖松动", "座谈会", "2026.7.2"]]
    bad = [*good, ["没有来源", "听说", "2026-07-01"], ["将来的事", "入户走访", "2027-01-01"]]

    reply = client.post(url("import", case.uuid), {"file": _sheet(bad)})
    assert reply.status_code == 422
    assert [fault.row for fault in reply.context["faults"]] == [4, 5]
    assert Problem.unscoped.count() == 0
    for _ in range(2):
        assert client.post(url("import", case.uuid), {"file": _sheet(good)}).status_code == 302

    assert set(Problem.unscoped.values_list("title", flat=True)) == {"路灯不亮", "井盖松动"}
    assert Problem.unscoped.count() == 2
    assert client.get(url("import_template", case.uuid)).status_code == 200


# --- For assessment, for other systems -------------------------------------------------------


def test_the_score_is_the_last_acceptance_of_the_days_asked_for(place: Place) -> None:
    case = place.case(State.CLOSED)

    found = acceptance_scores(units=[place.district], first=date(2026, 7, 1), last=DEADLINE)
    assert found[place.branch.pk].score == Decimal(86)
    assert found[place.branch.pk].case_uuid == case.uuid
    assert acceptance_scores(units=[place.district], first=START, last=date(2026, 6, 30)) == {}
    assert acceptance_scores(units=[make_district()], first=START, last=DEADLINE) == {}


def test_the_feed_tells_no_case_that_is_not_decided_to_the_branch(place: Place) -> None:
    case = place.case(State.PROPOSED)

    assert as_(place.secretary).get("/api/v1/cases/").json()["results"] == []
    rows = as_(place.committee).get("/api/v1/cases/").json()["results"]
    assert [(row["uuid"], row["state"]) for row in rows] == [(str(case.uuid), "proposed")]
    assert as_(place.chief).get("/api/v1/cases/?state=listed").json()["results"] == []
