"""The pages: the way by hand, what each role may, figures that open, and constant queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

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
from core.workbooks import read_sheets, stream_rows
from starrating import services
from starrating.asks import asked
from starrating.defaults import NAME
from starrating.enums import Stage, State
from starrating.imports import ITEMS, ORGANISATIONS, read_organisations, read_standard
from starrating.models import Activity, Organisation, Plan, Rating, Round, StarFile
from starrating.overview import stars_by_year
from starrating.scores import star_scores
from starrating.sheets import standard_sheet
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.starrating import (
    DAY,
    Hands,
    forward,
    give,
    make_credit_code,
    make_organisation,
    make_rating,
    make_round,
)

pytestmark = pytest.mark.django_db
Q = Decimal


@dataclass
class Place:
    """A district with a street, a branch with a firm, a running round, and everybody."""

    district: Unit
    street: Unit
    branch: Unit
    firm: Organisation
    round: Round
    chief: User
    second: User
    committee: User
    secretary: User
    leader: User

    @property
    def rating(self) -> Rating:
        return Rating.unscoped.get(round=self.round, organisation=self.firm)

    def to(self, state: State) -> Rating:
        hands = Hands(self.secretary, self.committee, self.chief, self.second)
        return forward(self.rating, state, hands)


@pytest.fixture
def place() -> Iterator[Place]:
    with time_machine.travel("2026-07-14 10:00+08:00", tick=False):
        district = make_district()
        street = make_committee(district, name="中共安宁街道工作委员会")
        branch = make_branch(street, short_name="清流环保党支部")
        firm = make_organisation(branch, name="清流环保公司")
        yield Place(
            district, street, branch, firm, make_round(district, name="2026 年度星级创评"),
            make_user(Role.DISTRICT_STAFF, district), make_user(Role.DISTRICT_STAFF, district),
            make_user(Role.COMMITTEE_STAFF, street), make_user(Role.SECRETARY, branch),
            make_user(Role.LEADER, district),
        )  # fmt: skip


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"starrating:{name}", args=args)


def do(user: User, deed: str, thing: Any, /, **data: Any) -> Any:
    return as_(user).post(url(deed, thing.uuid), data)


def picture() -> SimpleUploadedFile:
    stream = BytesIO()
    Image.new("RGB", (60, 40), "red").save(stream, "JPEG")
    return SimpleUploadedFile("批复.jpg", stream.getvalue(), content_type="image/jpeg")


def workbook(head: list[str], *rows: list[Any]) -> SimpleUploadedFile:
    return SimpleUploadedFile("表.xlsx", b"".join(stream_rows(head, rows)))


def value(form: Any, name: str) -> Any:
    """What the page posts for a field as it stands."""
    found = form[name].value()
    return "" if found is None else found


def sheet(rating: Rating, **changes: Any) -> dict[str, Any]:
    """What the page of 初核 or 审核 posts for the whole sheet of two items."""
    data: dict[str, Any] = {}
    for row in rating.scores.all():
        before = row.self_score if row.check_score is None else row.check_score
        data |= {f"score_{row.pk}": before, f"note_{row.pk}": "", f"methods_{row.pk}": ["papers"]}
    return data | changes


def test_a_rating_goes_its_whole_way_by_the_pages(
    place: Place, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    rating, phone = place.rating, as_(place.secretary)
    first = phone.post(
        url("self", rating.uuid) + "?at=1", {"score": "55", "note": "换届及时", "file": picture()}
    )
    assert first.url == url("self", rating.uuid) + "?at=2"
    assert "第 2 项，共 2 项" in phone.get(url("self", rating.uuid)).content.decode()
    last = phone.post(url("self", rating.uuid) + "?at=2", {"score": "38"})
    assert last.url == url("rating_detail", rating.uuid)
    do(place.secretary, "rating_submit", rating)
    assert place.rating.state == State.FILED

    one = rating.scores.all()[0]
    desk = as_(place.committee)
    sent = sheet(rating) | {f"score_{one.pk}": "50"}
    unexplained = desk.post(url("check", rating.uuid) + "?part=1", sent)
    assert unexplained.status_code == 422
    assert "没有写，请写明" in unexplained.content.decode()
    sent[f"note_{one.pk}"] = "批复过期"
    desk.post(url("check", rating.uuid) + "?part=1", sent)
    desk.post(url("check", rating.uuid) + "?part=2", sent)
    do(place.committee, "rating_finish_check", rating, note="属实")
    rating.refresh_from_db()
    for part in (1, 2):
        as_(place.chief).post(url("review", rating.uuid) + f"?part={part}", sheet(rating))
    do(place.chief, "rating_finish_review", rating)
    do(place.chief, "round_publish", place.round)
    assert place.rating.state == State.NOTICED
    with time_machine.travel("2026-07-22 10:00+08:00", tick=False):
        do(place.chief, "round_award_all", place.round)
        text = as_(place.secretary).get(url("rating_detail", rating.uuid)).content.decode()

    rating = place.rating
    assert (rating.state, rating.stars, rating.check_total) == (State.AWARDED, 4, Q(88))
    assert "批复过期" in text
    assert "四星级" in text
    kept = StarFile.unscoped.get()
    assert b"".join(as_(place.secretary).get(url("file", kept.uuid)).streaming_content)
    stranger = make_user(Role.SECRETARY, make_branch(place.street))
    assert as_(stranger).get(url("file", kept.uuid)).status_code == 404
    assert as_(stranger).get(url("rating_detail", rating.uuid)).status_code == 404


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("rating_submit", "leader", 403),
        ("self", "leader", 403),
        ("check", "secretary", 403),
        ("rating_finish_check", "secretary", 403),
        ("rating_return_self", "secretary", 403),
        ("review", "committee", 403),
        ("rating_finish_review", "committee", 403),
        ("rating_award", "committee", 403),
        ("rating_veto", "committee", 403),
        ("rating_except", "committee", 403),
        ("rating_submit", "secretary", 200),
        ("rating_veto", "chief", 200),
    ],
)
def test_what_is_not_his_to_do_is_forbidden(place: Place, name: str, who: str, status: int) -> None:
    assert as_(getattr(place, who)).get(url(name, place.rating.uuid)).status_code == status


@pytest.mark.parametrize("name", ["round_new", "plan", "standard_import"])
def test_what_the_district_sets_is_the_districts(place: Place, name: str) -> None:
    assert as_(place.committee).get(url(name)).status_code == 403
    assert as_(place.chief).get(url(name)).status_code == 200
    for deed in ("round_start", "round_publish", "round_award_all", "round_close", "round_edit"):
        assert as_(place.committee).get(url(deed, place.round.uuid)).status_code == 403


@pytest.mark.parametrize("state", list(State))
def test_every_page_opens_in_every_state(place: Place, state: State) -> None:
    rating = place.to(state)
    chief, phone = as_(place.chief), as_(place.secretary)
    for name in ("board", "organisation_list", "rating_list", "standard_list", "queue"):
        assert chief.get(url(name)).status_code == 200
    assert phone.get(url("mine")).status_code == 200
    assert phone.get(url("queue")).status_code == 403
    for client in (chief, phone, as_(place.committee), as_(place.leader)):
        assert client.get(url("rating_detail", rating.uuid)).status_code == 200
    for client in (chief, phone):
        assert client.get(url("organisation_detail", place.firm.uuid)).status_code == 200
        assert client.get(url("rating_paper", rating.uuid)).status_code == 200
    for deed in ("veto", "object", "except"):
        assert chief.get(url(f"rating_{deed}", rating.uuid)).status_code == 200


def test_scores_of_a_step_that_goes_on_are_not_shown_below(place: Place) -> None:
    rating = place.to(State.FILED)
    give(rating, Stage.CHECK, place.committee, Q("0.35"), "先记一笔")

    below = as_(place.secretary).get(url("rating_detail", rating.uuid)).content.decode()
    above = as_(place.committee).get(url("rating_detail", rating.uuid)).content.decode()

    assert "先记一笔" not in below
    assert "先记一笔" in above
    words = Document(BytesIO(as_(place.secretary).get(url("rating_paper", rating.uuid)).content))
    assert "先记一笔" not in "".join(c.text for t in words.tables for r in t.rows for c in r.cells)


def test_a_branch_without_an_organisation_is_told_kindly(place: Place) -> None:
    other = make_user(Role.SECRETARY, make_branch(place.street))

    text = as_(other).get(url("mine")).content.decode()

    assert "您的支部没有登记“两新”组织" in text


def test_asks_name_the_next_step_and_leave_out_ones_own(place: Place) -> None:
    def titles(user: User) -> list[str]:
        scope = as_(user).get(url("board")).wsgi_request.scope
        return [ask.title for ask in asked(scope, user.pk, DAY)]

    assert titles(place.secretary) == ["星级创评：逐项自评"]
    assert titles(place.committee) == []
    place.to(State.FILED)
    assert titles(place.secretary) == []
    assert titles(place.committee) == ["办理星级创评的待办事项"]
    Rating.unscoped.update(self_by=place.committee)
    assert titles(place.committee) == []
    queue = as_(place.committee).get(url("queue")).content.decode()
    assert "须由另一位同志办理" in queue


def test_organisations_come_in_by_a_workbook_and_go_out_again(place: Place) -> None:
    head = [column.title for column in ORGANISATIONS]
    code = make_credit_code()
    row = ["蓝天救援队", "社会组织", code, "卫生和社会工作", "30", "6", "联合组建",
           place.branch.code, "", "", "2019-07-01"]  # fmt: skip
    client = as_(place.committee)
    client.post(url("organisation_import"), {"file": workbook(head, row)})
    row[4] = "31"
    client.post(url("organisation_import"), {"file": workbook(head, row)})

    made = Organisation.unscoped.get(credit_code=code)
    assert (made.staff_count, made.party_form, made.industry) == (31, "joint", "Q")
    assert made.manager == place.street
    book = b"".join(client.get(url("organisation_export")).streaming_content)
    assert not read_organisations(book, roots=[place.street]).faults
    assert "蓝天救援队" in str([s.rows for s in read_sheets(book)])


def test_every_fault_of_a_workbook_is_listed_and_nothing_written(place: Place) -> None:
    head = [column.title for column in ORGANISATIONS]
    stranger = make_branch(make_committee(place.district))
    good = make_credit_code()
    rows = [
        ["甲", "国企", good, "制造业", "三十", "2", "单独组建", stranger.code, "", "", ""],
        ["乙", "非公企业", good, "制造业", "5", "9", "单独组建", place.branch.code, "", "", ""],
        ["丙", "非公企业", "123", "制造业", "5", "1", "单独组建", place.branch.code, "", "", "x"],
    ]

    reply = as_(place.committee).post(url("organisation_import"), {"file": workbook(head, *rows)})

    plan = read_organisations(workbook(head, *rows).read(), roots=[place.street])
    assert reply.status_code == 422
    assert {(fault.row, fault.column) for fault in plan.faults} == {
        (2, "类型"), (2, "职工人数"), (2, "党组织代码"), (3, "党员人数"), (3, "统一社会信用代码"),
        (4, "统一社会信用代码"), (4, "党组织成立日期"),
    }  # fmt: skip
    assert Organisation.unscoped.count() == 1


def test_a_standard_goes_out_is_changed_and_comes_in_as_the_next_version(place: Place) -> None:
    default = services.adopt_default(unit=place.district, by=place.chief)
    plan = read_standard(b"".join(standard_sheet(default)))
    assert not plan.faults
    assert len(plan.rows) == 18

    head = [column.title for column in ITEMS]
    short = workbook(head, ["党组织班子", "组织健全", "60", "查阅资料、望闻问切", ""],
                     ["", "议事", "0", "", ""])  # fmt: skip
    faults = read_standard(short.read()).faults
    assert {(fault.row, fault.column) for fault in faults} == {(2, "考评方法"), (3, "分值")}
    whole = workbook(head, ["党组织班子", "组织健全", "60", "查阅资料", "批复"],
                     ["", "议事", "40", "民主测评、实地查看", ""])  # fmt: skip
    as_(place.chief).post(url("standard_import"), {"name": NAME, "file": whole})
    whole.seek(0)
    as_(place.chief).post(url("standard_import"), {"name": NAME, "file": whole})
    newest = place.round.standard.__class__.unscoped.order_by("-version").first()
    assert newest.version == default.version + 1
    assert [item.methods for item in newest.items.all()] == [["papers"], ["poll", "site"]]
    page = as_(place.secretary).get(url("standard_detail", newest.uuid)).content.decode()
    assert "民主测评、实地查看" in page


def test_the_five_are_ticked_once_a_year_with_evidence(
    place: Place, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    given = {"kind": "course", "day": DAY, "note": "书记讲党课"}

    bare = do(place.secretary, "organisation_tick", place.firm, **given)
    assert "请上传" in bare.content.decode()
    do(place.secretary, "organisation_tick", place.firm, **given, file=picture())
    do(place.secretary, "organisation_tick", place.firm, **given | {"note": "42 人参加"})

    assert Activity.unscoped.get().note == "42 人参加"
    assert "1 / 5" in as_(place.leader).get(
        url("organisation_detail", place.firm.uuid)
    ).content.decode()  # fmt: skip


def test_a_round_is_kept_started_and_its_frozen_numbers_stand(place: Place) -> None:
    client = as_(place.chief)
    form = client.get(url("round_edit", place.round.uuid)).context["form"]
    data = {name: value(form, name) for name in form.fields}
    data |= {"fund": "120000", "starts_on": "2026-03-02"}

    assert client.post(url("round_edit", place.round.uuid), data).status_code == 302
    place.round.refresh_from_db()
    assert place.round.fund == Q(120_000)
    frozen = client.post(url("round_edit", place.round.uuid), data | {"five_line": "95"})
    assert frozen.status_code == 422
    assert "不能再改" in frozen.content.decode()
    begun = client.get(url("round_new")).context["form"]
    data = {name: value(begun, name) for name in begun.fields} | {"name": "下一轮"}
    client.post(url("round_new"), data)
    assert Round.unscoped.get(name="下一轮").fund == Q(120_000)


def test_an_organisation_is_registered_by_hand_with_what_is_known_filled_in(place: Place) -> None:
    client = as_(place.committee)
    found = client.get(url("organisation_new"), {"q": "清流"}).content.decode()
    assert place.branch.code in found
    form = client.get(url("organisation_new"), {"unit": place.branch.code}).context["form"]
    data = {name: value(form, name) for name in form.fields}
    assert data["founded_on"] == place.branch.founded_on
    data |= {"unit": place.branch.code, "name": "新材料公司", "staff_count": "40",
             "credit_code": make_credit_code(), "industry": "C"}  # fmt: skip

    client.post(url("organisation_new"), data)

    made = Organisation.unscoped.get(name="新材料公司")
    edit = client.get(url("organisation_edit", made.uuid)).context["form"]
    data |= {name: value(edit, name) for name in edit.fields} | {"name": "新材料集团"}
    client.post(url("organisation_edit", made.uuid), data)
    made.refresh_from_db()
    assert (made.name, made.manager) == ("新材料集团", place.street)
    do(place.chief, "organisation_include", made)
    assert Rating.unscoped.filter(organisation=made).count() == 1


def test_the_plan_is_read_line_by_line(place: Place) -> None:
    client = as_(place.chief)
    given = {"model_low": "2", "model_high": "3", "targets": "2026 10 30\n2028年 20% 45%"}
    client.post(url("plan"), given)
    wrong = client.post(url("plan"), given | {"targets": "2027 50 20"})

    plan = Plan.unscoped.get()
    assert [(t.year, t.five_percent, t.four_percent) for t in plan.targets.all()] == [
        (2026, 10, 30), (2028, 20, 45),
    ]  # fmt: skip
    assert wrong.status_code == 422
    board = client.get(url("board")).context["board"]
    assert board["targets"].labels == ["2026年", "2027年", "2028年"]


def test_every_mark_of_the_board_opens_its_rows(place: Place) -> None:
    hands = Hands(place.secretary, place.committee, place.chief, place.second)
    other = make_organisation(place.branch)
    rating = make_rating(State.AWARDED, organisation=other, round_=place.round, hands=hands)
    client = as_(place.leader)

    board = client.get(url("board")).context["board"]

    for plot in (board["spread"], board["progress"]):
        for series in plot.series:
            for value, href in zip(series.values, series.hrefs, strict=True):
                rows = client.get(href).context["page"].rows
                assert len(rows) == (value or 0), href
    assert stars_by_year([place.district], [2025, 2026])[2026][4] == 1
    scores = star_scores(units=[place.district], last=date(2026, 12, 31))
    assert scores[place.branch.pk].score == Q(80)
    assert star_scores(units=[place.district], last=date(2026, 7, 1)) == {}
    assert rating.stars == 4


def test_several_organisations_of_a_unit_share_a_score(place: Place) -> None:
    hands = Hands(place.secretary, place.committee, place.chief, place.second)
    for share in ("0.95", "0.5"):
        one = make_organisation(place.branch)
        rating = make_rating(State.REVIEWED, organisation=one, round_=place.round, hands=hands,
                             share=Q(share))  # fmt: skip
    services.publish(round_=place.round, by=place.chief, on=DAY)
    services.award_all(round_=place.round, by=place.chief, on=date(2026, 7, 22))

    scores = star_scores(units=[place.street], last=date(2026, 12, 31))

    assert scores[place.branch.pk].score == Q(50)
    assert sorted(stars for _, stars, _ in scores[place.branch.pk].organisations) == [0, 5]
    assert rating.round == place.round


def test_papers_hold_the_three_scores_and_the_notice_its_days(place: Place) -> None:
    rating = place.to(State.NOTICED)
    client = as_(place.chief)

    sheet_ = Document(BytesIO(client.get(url("rating_paper", rating.uuid)).content))
    notice = Document(BytesIO(client.get(url("notice_paper", place.round.uuid)).content))

    cells = [c.text for t in sheet_.tables for r in t.rows for c in r.cells]
    assert cells.count("51") >= 3
    assert "四星级" in cells
    text = "\n".join(p.text for p in notice.paragraphs)
    assert "公示期 5 个工作日（2026年7月14日至2026年7月21日）" in text
    assert "清流环保公司" in [c.text for t in notice.tables for r in t.rows for c in r.cells]


def test_results_go_out_as_a_workbook(place: Place) -> None:
    place.to(State.NOTICED)

    book = b"".join(
        as_(place.leader).get(url("rating_export"), {"state": "noticed"}).streaming_content
    )

    assert "清流环保公司" in str([sheet_.rows for sheet_ in read_sheets(book)])


@pytest.mark.parametrize(
    "name", ["board", "mine", "queue", "organisation_list", "rating_list", "standard_list"]
)
def test_lists_cost_a_constant_number_of_queries(place: Place, name: str) -> None:
    user = place.secretary if name == "mine" else place.chief
    hands = Hands(place.secretary, place.committee, place.chief, place.second)
    place.to(State.FILED)

    def cost() -> int:
        client = as_(user)
        client.get(url(name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name)).status_code == 200
        return len(queries)

    one = cost()
    for _ in range(2):
        more = make_organisation(place.branch)
        make_rating(State.FILED, organisation=more, round_=place.round, hands=hands)

    assert cost() == one


def test_feeds_give_organisations_and_ratings_within_reach(place: Place) -> None:
    place.to(State.NOTICED)
    make_organisation(make_branch(make_committee(place.district)))
    client = as_(place.committee)

    firms = client.get("/api/v1/star-organisations/").json()["results"]
    ratings = client.get("/api/v1/star-ratings/", {"state": "noticed"}).json()["results"]

    assert [row["credit_code"] for row in firms] == [place.firm.credit_code]
    assert (ratings[0]["stars"], ratings[0]["state"], ratings[0]["unit"]) == (
        4, "noticed", place.branch.code,
    )  # fmt: skip
    assert client.get("/api/v1/star-ratings/", {"state": "self"}).json()["results"] == []
