"""The pages: one screen a step, what each role may, names for few, constant queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
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
from branches.models import Disclosure, Unit
from branches.scope import scope_of
from branches.services.clients import issue_client
from core.workbooks import read_sheets, stream_rows
from membership import services
from membership.asks import asked
from membership.enums import Stage, StepState, TransferState
from membership.imports import COLUMNS
from membership.models import Candidate, Clock, Step, Transfer
from tests.api.helpers import bearer
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_id_number,
    make_member,
    make_user,
)
from tests.factories.membership import (
    TODAY,
    Hands,
    bring,
    day_of,
    do,
    make_candidate,
    make_transfer,
    walk,
)

pytestmark = pytest.mark.django_db


@dataclass
class Place:
    """A district with a street, two branches, and everybody who works with them."""

    district: Unit
    street: Unit
    branch: Unit
    near: Unit
    chief: User
    committee: User
    secretary: User
    neighbour: User
    leader: User

    @property
    def hands(self) -> Hands:
        return Hands(self.secretary, self.committee)


@pytest.fixture
def place() -> Iterator[Place]:
    with time_machine.travel("2026-11-25 10:00+08:00", tick=False):
        district = make_district()
        street = make_committee(district, name="中共安宁街道工作委员会")
        branch = make_branch(street, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
        near = make_branch(street, name="中共柳荫社区支部委员会", short_name="柳荫社区党支部")
        yield Place(
            district, street, branch, near, make_user(Role.DISTRICT_STAFF, district),
            make_user(Role.COMMITTEE_STAFF, street), make_user(Role.SECRETARY, branch),
            make_user(Role.SECRETARY, near), make_user(Role.LEADER, district),
        )  # fmt: skip


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"membership:{name}", args=args)


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def fresh() -> dict[str, str]:
    return {"form_key": str(uuid4())}


def words(data: bytes) -> str:
    paper = Document(BytesIO(data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


def cells(data: bytes) -> str:
    """All cells of all sheets."""
    return "\n".join(str(cell) for sheet in read_sheets(data) for row in sheet.rows for cell in row)


def test_an_application_is_registered_on_the_phone_and_tells_what_is_next(place: Place) -> None:
    client = as_(place.secretary)
    given = {"name": "邱晓雯", "applied_on": "2026-11-20", "id_number": make_id_number()}

    answer = client.post(url("register"), given | fresh(), follow=True)

    assert "请在一个月内派人谈话" in answer.content.decode()
    mine = text(client, url("mine"))
    assert "邱晓雯" in mine
    assert "2026年12月20日前" in mine


def test_a_step_refused_stays_on_its_form_with_what_was_typed(place: Place) -> None:
    candidate = make_candidate(place.branch, by=place.secretary)
    client = as_(place.secretary)
    late = {"day": "2026-11-01", "persons": "马桂兰", **fresh()}
    address = url("step", candidate.uuid, 2)

    answer = client.post(address, late)
    assert answer.status_code == 422
    assert "马桂兰" in answer.content.decode()
    assert "请写明原因" in answer.content.decode()
    assert client.post(address, late | {"late_reason": "书记空缺"}).status_code == 302
    step = Step.unscoped.get(candidate=candidate, number=2)
    assert (step.is_late, step.late_reason) == (True, "书记空缺")


def test_the_committee_answers_what_the_branch_sends(place: Place) -> None:
    candidate = walk(make_candidate(place.branch, by=place.secretary), 7, place.hands)
    day = {"day": str(day_of(candidate, 8)), "paper": "支部档案柜", **fresh()}
    as_(place.secretary).post(url("step", candidate.uuid, 8), day)
    step = Step.unscoped.get(candidate=candidate, number=8)
    assert step.state == StepState.SENT
    assert as_(place.secretary).get(url("step_answer", step.uuid)).status_code == 403

    desk = as_(place.committee)
    assert url("case_detail", candidate.uuid) in text(desk, url("board"))
    desk.post(url("step_answer", step.uuid), {"agree": "yes", "day": str(TODAY)})

    step.refresh_from_db()
    assert (step.state, step.outcome) == (StepState.DONE, "good")


def test_steps_of_the_committee_are_not_the_secretarys(place: Place) -> None:
    candidate = walk(make_candidate(place.branch, by=place.secretary), 4, place.hands)
    address = url("step", candidate.uuid, 5)

    assert as_(place.secretary).get(address).status_code == 403
    assert as_(place.committee).get(address).status_code == 200
    assert as_(place.neighbour).get(address).status_code == 404
    assert as_(place.committee).get(url("step", candidate.uuid, 26)).status_code == 404


@pytest.mark.parametrize("upto", [1, 7, 16, 22, 25])
def test_every_stage_has_its_page_its_forms_and_its_papers(place: Place, upto: int) -> None:
    candidate = walk(make_candidate(place.branch, by=place.secretary), upto, place.hands)
    client = as_(place.committee)

    page = text(client, url("case_detail", candidate.uuid))
    assert "二十五步" in page
    for number in range(2, 26) if upto == 16 else (upto + 1,):
        if number > 25:
            continue
        assert client.get(url("step", candidate.uuid, number)).status_code == 200
    record = words(client.get(url("record_paper", candidate.uuid)).content)
    assert candidate.masked_id_number in record
    assert candidate.unseal("id_number") not in record
    assert "公示" in words(client.get(url("notice_paper", candidate.uuid)).content)


def test_names_are_not_for_leaders_nor_for_other_branches(place: Place) -> None:
    candidate = make_candidate(place.branch, name="龙欣悦")
    board = text(as_(place.leader), url("board"))

    assert "龙欣悦" not in board
    assert "入党申请人" in board
    for user in (place.leader, place.neighbour):
        assert as_(user).get(url("case_detail", candidate.uuid)).status_code == 404
        assert "龙欣悦" not in text(as_(user), url("case_list"))
    for user in (place.chief, place.committee, place.secretary):
        assert "龙欣悦" in text(as_(user), url("case_list"))


def test_the_list_and_its_export_open_the_years_figures(place: Place) -> None:
    walk(make_candidate(place.branch, by=place.secretary), 17, place.hands)
    client = as_(place.chief)
    asked_for = {"stage": "all", "did": "accepted", "year": "2025"}

    assert "下一步" in text(client, url("case_list"), **asked_for)
    candidate = Candidate.unscoped.get()
    answer = client.post(f"{url('case_export')}?stage=all&did=accepted&year=2025")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    found = cells(data)
    assert candidate.name in found
    assert "办理年度：2025年" in found
    assert candidate.unseal("id_number") not in found
    assert Disclosure.unscoped.filter(by=place.chief).exists()


def test_what_was_entered_by_mistake_is_taken_back_with_a_reason(place: Place) -> None:
    candidate = walk(make_candidate(place.branch, by=place.secretary), 3, place.hands)
    step = Step.unscoped.get(candidate=candidate, number=3)

    as_(place.secretary).post(url("step_back", step.uuid), {"reason": "日期写错"})

    step.refresh_from_db()
    assert step.state == StepState.VOID


def test_a_case_is_ended_and_kept(place: Place) -> None:
    candidate = make_candidate(place.branch, by=place.secretary)

    as_(place.secretary).post(url("case_end", candidate.uuid), {"reason": "withdrawn"})

    candidate.refresh_from_db()
    assert candidate.stage == Stage.ENDED
    assert "本人撤回申请" in text(as_(place.secretary), url("case_detail", candidate.uuid))


def test_the_first_page_asks_each_side_for_its_own(place: Place) -> None:
    candidate = walk(make_candidate(place.branch, by=place.secretary), 14, place.hands)
    make_candidate(place.branch, by=place.secretary, applied_on=TODAY)
    make_transfer(make_member(place.near), place.branch, by=place.neighbour)

    def titles(user: User) -> list[str]:
        return [ask.title for ask in asked(scope_of(user, on=TODAY), user.pk, TODAY)]

    assert any(one.endswith("党组织派人谈话") for one in titles(place.secretary))
    assert any(one.startswith("同意转接") for one in titles(place.secretary))
    assert "办理发展党员的备案、预审和审批" in titles(place.committee)
    assert candidate.name not in "".join(titles(place.neighbour))
    assert titles(place.leader) == []


@pytest.mark.parametrize(("scopes", "named"), [(["read"], False), (["read", "members"], True)])
def test_other_systems_get_stages_and_names_only_with_the_scope_for_people(
    place: Place, scopes: list[str], named: bool
) -> None:
    candidate = make_candidate(place.branch, name="龙欣悦")
    bring(place.branch, name="戴玉兰")
    issued = issue_client(
        title="数据平台", unit=place.district, scopes=scopes, expires_on=date(2099, 1, 1)
    )
    client, head = Client(), {"authorization": bearer(issued)}

    row = client.get("/api/v1/admissions/", headers=head).json()["results"][0]
    assert (row["uuid"], row["stage"]) == (str(candidate.uuid), "applicant")
    assert row["name"] == ("龙欣悦" if named else None)
    row = client.get(
        "/api/v1/transfers/", {"under": place.street.code, "state": "asked"}, headers=head
    ).json()["results"][0]
    assert row["name"] == ("戴玉兰" if named else None)


# --- 转接 ------------------------------------------------------------------------------------


def test_a_transfer_goes_from_one_secretary_to_the_other(place: Place) -> None:
    member = make_member(place.branch, name="陈国安")
    client = as_(place.secretary)
    assert "陈国安" in text(client, url("transfer_start"), q="陈国安")
    given = {"way": "inside", "to": "柳荫", "reason": "搬家", **fresh()}
    client.post(url("transfer_leave", member.uuid), given)
    transfer = Transfer.unscoped.get()
    assert as_(place.secretary).get(
        url("transfer_agree", transfer.uuid)
    ).status_code == 403  # fmt: skip

    other = as_(place.neighbour)
    assert "同意转接" in text(other, url("transfer_list"))
    other.post(url("transfer_agree", transfer.uuid), {"effective_on": str(TODAY)})

    member.refresh_from_db()
    assert member.unit == place.near


@pytest.mark.parametrize("said", ["没有这个", "社区", "", "滨河"])
def test_a_branch_that_is_not_clear_is_asked_for_again(place: Place, said: str) -> None:
    member = make_member(place.branch)
    given = {"way": "inside", "to": said, **fresh()}

    assert as_(place.secretary).post(url("transfer_leave", member.uuid), given).status_code == 422


def test_a_letter_is_issued_downloaded_and_its_receipt_entered(place: Place) -> None:
    member = make_member(place.branch, name="陈国安", id_number=make_id_number())
    as_(place.secretary).post(
        url("transfer_leave", member.uuid),
        {"way": "out", "outside": "中共外区某支部", "dues_until": "2026-11-03", **fresh()},
    )
    transfer = Transfer.unscoped.get()
    desk = as_(place.committee)
    desk.post(url("transfer_issue", transfer.uuid), {"letter_on": str(TODAY), "valid_days": "90"})
    paper = words(desk.get(url("letter_paper", transfer.uuid)).content)
    for part in ("存根", "介绍信", "回执", "2026-0001", "陈国安", "2026年11月"):
        assert part in paper
    assert member.unseal("id_number") not in paper
    desk.post(url("transfer_receipt", transfer.uuid), {"receipt_on": str(TODAY)})

    transfer.refresh_from_db()
    assert transfer.state == TransferState.DONE
    assert as_(place.neighbour).get(url("transfer_detail", transfer.uuid)).status_code == 404


def test_somebody_comes_by_letter_and_is_accepted_by_the_committee(place: Place) -> None:
    given = {
        "name": "戴玉兰", "id_number": make_id_number(), "kind": "01", "joined_on": "2010-07-01",
        "confirmed_on": "2011-07-01", "outside": "中共外区某支部", "letter_number": "W〔2026〕3",
        "letter_on": "2026-11-10", "valid_days": "90",
    }  # fmt: skip
    as_(place.secretary).post(url("transfer_arrive"), given | fresh())
    transfer = Transfer.unscoped.get()
    assert as_(place.secretary).get(url("transfer_accept", transfer.uuid)).status_code == 403

    as_(place.committee).post(url("transfer_accept", transfer.uuid), {"effective_on": str(TODAY)})
    as_(place.secretary).post(url("transfer_reply", transfer.uuid), {"receipt_on": str(TODAY)})

    transfer.refresh_from_db()
    assert transfer.member is not None
    assert (transfer.member.unit, transfer.receipt_on) == (place.branch, TODAY)


def test_the_new_branch_asks_and_the_old_one_refuses(place: Place) -> None:
    member = make_member(place.near, name="陈国安", id_number=make_id_number())
    given = {"name": "陈国安", "id_number": member.unseal("id_number"), **fresh()}
    as_(place.secretary).post(url("transfer_ask"), given)
    transfer = Transfer.unscoped.get()

    assert as_(place.neighbour).get(url("transfer_agree", transfer.uuid)).status_code == 200
    as_(place.neighbour).post(url("transfer_refuse", transfer.uuid), {"answer": "本人不愿意"})

    transfer.refresh_from_db()
    assert (transfer.state, transfer.answer) == (TransferState.REFUSED, "本人不愿意")
    assert "本人不愿意" in text(as_(place.secretary), url("transfer_detail", transfer.uuid))


def test_the_reconciliation_and_the_clocks_have_their_pages(place: Place) -> None:
    letter = services.ask_out(
        member=make_member(place.branch, name="陈国安"), outside="外区某支部", by=place.secretary,
        on=TODAY - timedelta(days=99),
    )  # fmt: skip
    services.issue(
        transfer=letter, by=place.committee, on=TODAY, valid_days=90,
        letter_on=TODAY - timedelta(days=98),
    )  # fmt: skip
    clock = Clock.unscoped.create(
        member=make_member(place.branch, name="李玉梅"), kind="lost", since=date(2026, 3, 1)
    )

    assert "陈国安" in text(as_(place.committee), url("transfer_check"))
    assert "已满期限" in text(as_(place.secretary), url("away"))
    as_(place.secretary).post(
        url("away_edit", clock.uuid), {"since": "2026-09-01", "contacted_on": "2026-11-20"}
    )
    clock.refresh_from_db()
    assert clock.since == date(2026, 9, 1)
    assert as_(place.leader).get(url("transfer_check")).status_code == 403


def _book(*rows: list[str]) -> SimpleUploadedFile:
    head = [column.title for column in COLUMNS]
    return SimpleUploadedFile("名单.xlsx", b"".join(stream_rows(head, rows, sheet="转入")))


def test_letters_come_from_a_workbook_all_or_none(place: Place) -> None:
    client, number = as_(place.secretary), make_id_number()
    good = ["戴玉兰", number, "正式党员", "2010-07-01", "2011-07-01", "", "滨河社区党支部",
            "中共外区某支部", "W3", "2026-11-10", "90", ""]  # fmt: skip
    bad = ["", "620102198503120580", "群众", "2030-01-01", "", "", "柳荫社区党支部", "外区", "W4",
           "2026-01-01", "400", ""]  # fmt: skip
    twin = [*good[:8], "W9", *good[9:]]

    answer = client.post(url("import"), {"file": _book(good, bad, twin)})
    assert answer.status_code == 422
    assert len(answer.context["faults"]) == 5
    assert not Transfer.unscoped.exists()

    for _ in range(2):
        assert client.post(url("import"), {"file": _book(good)}).status_code == 302
    assert Transfer.unscoped.get().name == "戴玉兰"
    template = b"".join(client.get(url("import_template")).streaming_content)  # type: ignore[attr-defined]
    assert "介绍信编号" in [str(cell) for row in read_sheets(template)[0].rows for cell in row]


def test_the_transfers_are_taken_out_without_numbers(place: Place) -> None:
    transfer = bring(place.branch, by=place.secretary)
    answer = as_(place.committee).post(url("transfer_export"))
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    found = cells(data)

    assert transfer.name in found
    assert transfer.unseal("id_number") not in found


@pytest.mark.parametrize(
    "name", ["board", "case_list", "mine", "transfer_list", "transfer_check", "away"]
)
def test_a_page_costs_the_same_whatever_its_length(place: Place, name: str) -> None:
    client = as_(place.secretary if name == "mine" else place.committee)

    def more() -> None:
        make_candidate(place.branch, by=place.secretary)
        do(make_candidate(place.branch, by=place.secretary), 2, place.hands)
        make_transfer(make_member(place.branch), place.near, by=place.neighbour)
        bring(place.branch, by=place.secretary)
        Clock.unscoped.create(
            member=make_member(place.branch), kind="floating", since=date(2026, 1, 1)
        )

    def count() -> int:
        with CaptureQueriesContext(connection) as asked_for:
            assert client.get(url(name)).status_code == 200
        return len(asked_for)

    more()
    count()
    few = count()
    more()
    more()
    assert count() == few
