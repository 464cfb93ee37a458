"""The pages of 调阅 and 审阅: what they cost, what they show and to whom, what they take."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from branches.enums import Role
from core.models import Notice
from meetings import services
from meetings.enums import Kind, Status
from meetings.models import CheckDraw, Comment, DrawnRecord, Finding, Meeting, SpotCheck
from meetings.rules.checks import draw
from meetings.services.hints import note_minutes
from tests.factories.branches import make_branch, make_committee, make_user
from tests.factories.checks import (
    FULL,
    long_minutes,
    make_check,
    make_comment,
    make_draw,
    make_finding,
)
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import Street


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Uploads of tests go where they vanish."""
    settings.PRIVATE_ROOT = tmp_path


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sheet(*given: str, **more: str) -> dict[str, str]:
    """A filled score sheet without findings."""
    marks = given or tuple(str(full) for full in FULL)
    return {
        "checked_on": "2026-07-20",
        "form_key": str(uuid4()),
        "finding-TOTAL_FORMS": "1",
        "finding-INITIAL_FORMS": "0",
        **{f"item{at}": mark for at, mark in enumerate(marks)},
        **more,
    }


FINDING = {
    "finding-0-text": "讨论发言没有记到人",
    "finding-0-ask": "补记发言要点",
    "finding-0-due_on": "2026-08-10",
}


# --- What pages cost ---------------------------------------------------------------------------


def cost(client: Client, address: str, counter: Any) -> int:
    client.get(address)
    with counter(60) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize(
    "address", ["/checks/", "/checks/findings/", "/checks/draws/", "/meetings/?commented=on", "/"]
)
def test_one_row_and_three_rows_cost_the_same(
    street: Street, address: str, django_assert_max_num_queries: Any
) -> None:
    client, costs = signed_in(street.reviewer), []
    for number in range(3):
        meeting = make_meeting(street.branch, topic=f"第{number}次", attendance=(3, 5))
        services.answer_finding(
            finding=make_finding(meeting, street.reviewer), by=street.secretary, result="已改"
        )
        make_draw(street.street, street.reviewer)
        make_comment(meeting, street.reviewer)
        costs.append(cost(client, address, django_assert_max_num_queries))
    assert costs == [costs[0]] * 3


def test_a_draws_page_and_a_records_page_cost_the_same_whatever_hangs_on_them(
    street: Street, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(street.reviewer)
    for _ in range(4):
        make_meeting(street.branch, attendance=(3, 5))
    one = make_draw(street.street, street.reviewer, wanted=1)
    three = make_draw(street.street, street.reviewer, wanted=3)
    for record in DrawnRecord.unscoped.select_related("meeting__unit"):
        make_check(record.meeting, street.reviewer, drawn=record, findings=["一", "二"])
    costs = [
        cost(client, f"/checks/draws/{made.uuid}/", django_assert_max_num_queries)
        for made in (one, three)
    ]
    assert costs == [costs[0]] * 2
    meeting = DrawnRecord.unscoped.filter(draw=one).get().meeting
    costs = []
    for _ in range(2):
        make_comment(meeting, street.reviewer)
        costs.append(cost(client, f"/meetings/{meeting.uuid}/", django_assert_max_num_queries))
    assert costs == [costs[0]] * 2


# --- The draw ----------------------------------------------------------------------------------


def drawing(street: Street, **more: Any) -> dict[str, Any]:
    return {
        "unit": str(street.street.pk),
        "since": "2026-06-01",
        "until": "2026-08-31",
        "wanted": "2",
        "due_on": "2026-09-10",
        "risk_percent": "0",
        "form_key": str(uuid4()),
        **more,
    }


def test_staff_draw_and_a_form_posted_twice_draws_once(street: Street) -> None:
    for _ in range(4):
        make_meeting(street.branch)
    client, data = signed_in(street.reviewer), drawing(street)
    assert client.get("/checks/draws/new/").status_code == 200
    answers = [client.post("/checks/draws/new/", data) for _ in range(2)]
    made = CheckDraw.unscoped.get()
    assert [answer["Location"] for answer in answers] == [f"/checks/draws/{made.uuid}/"] * 2
    page = client.get(f"/checks/draws/{made.uuid}/").content.decode()
    assert page.count("调阅打分") == 2


def test_nobody_draws_outside_of_his_own(street: Street) -> None:
    make_meeting(street.branch)
    data = drawing(street, wanted="1")
    assert signed_in(street.stranger).post("/checks/draws/new/", data).status_code == 422
    for user in (street.secretary, make_user(Role.LEADER, street.district)):
        assert signed_in(user).post("/checks/draws/new/", data).status_code == 403
    assert not CheckDraw.unscoped.exists()


def test_what_cannot_be_drawn_is_told_beside_its_field(street: Street) -> None:
    make_meeting(street.branch)
    page = signed_in(street.reviewer).post("/checks/draws/new/", drawing(street, wanted="9"))
    assert page.status_code == 422
    assert page.context["form"].errors["wanted"] == ["符合条件的只有 1 条，请减少抽取条数。"]


def test_the_seed_page_verifies_and_the_list_repeats_the_draw(street: Street) -> None:
    for _ in range(5):
        make_meeting(street.branch)
    made = make_draw(street.street, street.reviewer, wanted=3)
    client = signed_in(make_user(Role.LEADER, street.district))
    address = f"/checks/draws/{made.uuid}/seed/"
    assert client.get(address).context["verdict"] is None
    page = client.get(f"{address}?verify=1")
    assert page.context["verdict"] is True
    assert "一致。" in page.content.decode()
    listed = client.get(f"/checks/draws/{made.uuid}/list.txt").content.decode()
    again = draw(lines=listed.splitlines(), seed=made.seed, wanted=3)
    assert [one.uuid for one in again] == page.context["drawn"]


def test_branches_do_not_see_draws(street: Street) -> None:
    make_meeting(street.branch)
    made = make_draw(street.street, street.reviewer)
    client = signed_in(street.secretary)
    for address in ("", "seed/", "list.txt", "notice.docx"):
        assert client.get(f"/checks/draws/{made.uuid}/{address}").status_code == 404
    assert client.get("/checks/draws/").status_code == 403


def test_the_paper_of_a_draw_tells_seed_digest_list_and_findings(street: Street) -> None:
    meeting = make_meeting(street.branch, Kind.LECTURE)
    made = make_draw(street.street, street.reviewer)
    record = DrawnRecord.unscoped.get()
    make_check(meeting, street.reviewer, 18, 30, 15, 20, 15, drawn=record, findings=["缺照片"])
    answer = signed_in(street.reviewer).get(f"/checks/draws/{made.uuid}/notice.docx")
    paper = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert {made.seed, made.list_sha256, "缺照片", "滨河社区党支部", "98"} <= set(cells)
    assert "已调阅 1 条，平均得分 98.0 分。发现问题 1 个，已办结 0 个。" in text
    assert "1 条中，随机抽取 1 条" in text


# --- The sheet ---------------------------------------------------------------------------------


def test_a_sheet_with_a_finding_reaches_the_branch(street: Street) -> None:
    meeting = make_meeting(street.branch)
    make_draw(street.street, street.reviewer)
    client, data = signed_in(street.reviewer), sheet("18", "25", "15", "20", "10", **FINDING)
    address = f"/meetings/{meeting.uuid}/check/"
    assert client.get(address).status_code == 200
    answers = [client.post(address, data) for _ in range(2)]
    check = SpotCheck.unscoped.get()
    assert [answer["Location"] for answer in answers] == [f"/checks/{check.uuid}/"] * 2
    assert (check.score, check.drawn, check.by) == (
        Decimal(88),
        DrawnRecord.unscoped.get(),
        street.reviewer,
    )
    finding = Finding.unscoped.get()
    assert (finding.ask, finding.due_on) == ("补记发言要点", date(2026, 8, 10))
    assert Notice.objects.get().recipient == street.secretary
    page = signed_in(street.secretary).get(f"/checks/{check.uuid}/").content.decode()
    assert "讨论发言没有记到人" in page
    assert "18 / 20" in page


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"item0": "21"}, "最多 20 分。"),
        ({"item1": ""}, "请给“主题内容”打分。"),
        ({"item2": "x"}, "请填写数字。"),
        ({"finding-0-ask": ""}, "请写明要求支部怎么改。"),
        ({"finding-0-due_on": ""}, "请选择整改期限。"),
        ({"finding-0-text": ""}, "请写明发现的问题。"),
        ({"finding-0-due_on": "2026-07-01"}, "整改期限不能早于调阅日期。"),
        ({"finding-0-text": "机密★10年"}, "涉密"),
    ],
)
def test_a_sheet_that_does_not_hold_comes_back_with_a_sentence(
    street: Street, more: dict[str, str], message: str
) -> None:
    meeting = make_meeting(street.branch)
    page = signed_in(street.reviewer).post(
        f"/meetings/{meeting.uuid}/check/", {**sheet(**FINDING), **more}
    )
    assert page.status_code == 422
    assert message in page.content.decode()
    assert not SpotCheck.unscoped.exists()


def test_ones_own_record_offers_no_sheet_and_takes_none(street: Street) -> None:
    meeting = make_meeting(street.branch, by=street.reviewer)
    client = signed_in(street.reviewer)
    assert "调阅打分" not in client.get(f"/meetings/{meeting.uuid}/").content.decode()
    page = client.post(f"/meetings/{meeting.uuid}/check/", sheet())
    assert page.status_code == 422
    assert "另一位同志调阅" in page.content.decode()


# --- Findings ----------------------------------------------------------------------------------


def test_the_branch_answers_and_the_checker_settles(street: Street) -> None:
    finding = make_finding(make_meeting(street.branch), street.reviewer)
    secretary, reviewer = signed_in(street.secretary), signed_in(street.reviewer)
    base = f"/findings/{finding.uuid}"
    assert secretary.post(f"{base}/answer/", {"result": "已补记"}).status_code == 302
    assert secretary.post(f"{base}/close/").status_code == 403
    assert secretary.post(f"{base}/return/", {"reason": "x"}).status_code == 403
    reviewer.post(f"{base}/return/", {"reason": ""})
    reviewer.post(f"{base}/return/", {"reason": "还不够"})
    finding.refresh_from_db()
    assert finding.state == "returned"
    secretary.post(f"{base}/answer/", {"result": "已补齐"})
    reviewer.post(f"{base}/close/")
    finding.refresh_from_db()
    assert (finding.state, finding.decided_by) == ("closed", street.reviewer)
    assert signed_in(street.stranger).post(f"{base}/close/").status_code == 404


OF_CHECKS = ("答复调阅发现的问题", "调阅抽中的记录", "核实整改情况")


def test_the_first_page_asks_each_for_what_is_his(street: Street) -> None:
    today = timezone.localdate()
    meetings = [make_meeting(street.branch, attendance=(3, 5)) for _ in range(2)]
    make_draw(street.street, street.reviewer, wanted=2, due_on=today)
    finding = make_finding(meetings[0], street.reviewer)

    def asked(user: Any) -> list[tuple[str, int]]:
        """What 调阅 asks of him, of all that the first page gathers."""
        found = signed_in(user).get("/").context["asks"]
        return [(ask.title, ask.count) for ask in found if ask.title in OF_CHECKS]

    assert asked(street.secretary) == [("答复调阅发现的问题", 1)]
    assert asked(street.reviewer) == [("调阅抽中的记录", 2)]
    assert asked(street.chief) == asked(street.stranger) == []
    services.answer_finding(finding=finding, by=street.secretary, result="已改")
    assert asked(street.secretary) == []
    assert asked(street.reviewer) == [("调阅抽中的记录", 2), ("核实整改情况", 1)]


def test_findings_are_filtered_by_state_and_overdue(street: Street) -> None:
    late = make_finding(make_meeting(street.branch), street.reviewer, "逾期的")
    other = make_finding(make_meeting(street.neighbour), street.reviewer, "已答复的")
    services.answer_finding(finding=other, by=street.chief, result="已改")
    client = signed_in(street.reviewer)

    def shown(query: str) -> list[str]:
        lines = client.get(f"/checks/findings/?{query}").context["lines"]
        return [line.finding.text for line in lines]

    assert shown("") == ["逾期的", "已答复的"]
    assert shown("state=to_answer") == shown("overdue=on") == ["逾期的"]
    assert shown("state=answered") == ["已答复的"]
    assert shown("state=unsettled&period=2026Q3") == ["逾期的", "已答复的"]
    assert shown(f"unit={street.neighbour.pk}") == ["已答复的"]
    assert client.get(f"/checks/findings/?unit={make_committee().pk}").status_code == 404
    assert late.state == "open"


# --- Figures -----------------------------------------------------------------------------------


def test_every_figure_opens_the_rows_it_counts(street: Street) -> None:
    second = make_branch(make_committee(street.district, name="北辰街道党工委"))
    make_check(make_meeting(street.branch), street.reviewer, 20, 20, 10, 20, 10)
    make_check(make_meeting(street.branch), street.reviewer, findings=["一", "二"])
    make_check(make_meeting(second), street.chief, findings=["三"])
    client = signed_in(street.chief)
    places = client.get("/checks/").context["figures"].places
    assert [(one.checks, one.average, one.found, one.unsettled) for one in places] == [
        (2, 90.0, 2, 2),
        (1, 100.0, 1, 1),
    ]
    for place in places:
        assert len(client.get(place.href).context["page"].rows) == place.checks
        assert len(client.get(place.findings_href).context["lines"]) == place.unsettled
    by_branch = signed_in(street.reviewer).get("/checks/").context["figures"].places
    assert [one.name for one in by_branch] == ["滨河社区党支部"]
    assert signed_in(street.secretary).get("/checks/").context["figures"] is None


def test_the_export_has_points_and_findings(street: Street) -> None:
    make_check(make_meeting(street.branch), street.reviewer, findings=["缺照片"])
    answer = signed_in(street.reviewer).get("/checks/export/")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = [
        [str(cell or "") for cell in row]
        for sheet in load_workbook(io.BytesIO(data)).worksheets
        for row in sheet.iter_rows(values_only=True)
    ]
    line = next(row for row in rows if street.branch.code in row)
    assert "要素齐全 20；主题内容 30；到会与请假 15；讨论与决议 20；照片与签到 15" in line
    assert any("缺照片；要求：下次会议起改正（2026-08-14 前）；待整改" in cell for cell in line)


# --- Hints and 审阅 ----------------------------------------------------------------------------


def alike(street: Street) -> tuple[Meeting, Meeting]:
    text = long_minutes()
    elsewhere = make_branch(make_committee(street.district), name="远处支部")
    pair = (
        make_meeting(street.branch, minutes=text, attendance=(3, 5)),
        make_meeting(elsewhere, minutes=text),
    )
    for one in pair:
        note_minutes(one)
    return pair


def test_hints_are_for_reviewers_and_name_nobody_out_of_reach(street: Street) -> None:
    meeting, _ = alike(street)
    address = f"/meetings/{meeting.uuid}/"
    near = signed_in(street.reviewer).get(address).content.decode()
    assert "提示，供参考" in near
    assert "范围外的一条记录" in near
    assert "远处支部" not in near
    assert "远处支部" in signed_in(street.chief).get(address).content.decode()
    for user in (street.secretary, make_user(Role.LEADER, street.district)):
        page = signed_in(user).get(address).content.decode()
        assert "提示，供参考" not in page
        assert "范围外" not in page
    assert "提示，供参考" in signed_in(street.reviewer).get("/review/").content.decode()


def test_a_leader_comments_the_branch_answers_and_the_status_stays(street: Street) -> None:
    meeting = make_meeting(street.branch, status=Status.ACCEPTED)
    leader = signed_in(make_user(Role.LEADER, street.district))
    secretary = signed_in(street.secretary)
    address = f"/meetings/{meeting.uuid}/comments/"
    data = {"text": "发言可以记得更细", "form_key": str(uuid4())}
    for _ in range(2):
        answer = leader.post(address, data)
        assert answer["Location"] == f"/meetings/{meeting.uuid}/#comments"
    comment = Comment.unscoped.get()
    assert secretary.post(address, data).status_code == 403
    reply = {"text": "下次改进", "form_key": str(uuid4())}
    secretary.post(f"/comments/{comment.uuid}/answer/", reply)
    assert leader.post(f"/comments/{comment.uuid}/answer/", reply).status_code == 403
    assert secretary.post(f"/comments/{comment.uuid}/withdraw/").status_code == 403
    page = leader.get(f"/meetings/{meeting.uuid}/").content.decode()
    assert "下次改进" in page
    leader.post(f"/comments/{comment.uuid}/withdraw/")
    page = secretary.get(f"/meetings/{meeting.uuid}/").content.decode()
    assert "已由本人撤回" in page
    assert "发言可以记得更细" not in page
    meeting.refresh_from_db()
    assert meeting.status == Status.ACCEPTED


def test_a_word_at_the_desk_leads_back_to_the_desk(street: Street) -> None:
    meeting = make_meeting(street.branch)
    data = {"text": "好", "form_key": str(uuid4()), "from": "desk"}
    answer = signed_in(street.reviewer).post(f"/meetings/{meeting.uuid}/comments/", data)
    assert answer["Location"] == f"/review/?record={meeting.uuid}"


@pytest.mark.parametrize("text", ["", "长" * 501, "机密★10年"])
def test_a_comment_that_is_not_fit_is_refused_with_a_sentence(street: Street, text: str) -> None:
    meeting = make_meeting(street.branch)
    data = {"text": text, "form_key": str(uuid4())}
    client = signed_in(street.reviewer)
    page = client.post(f"/meetings/{meeting.uuid}/comments/", data, follow=True)
    assert "notice-warning" in page.content.decode()
    assert not Comment.unscoped.exists()


def test_the_list_shows_records_with_comments_that_stand(street: Street) -> None:
    said, taken, _ = (make_meeting(street.branch, topic=f"第{n}次") for n in range(3))
    make_comment(said, street.reviewer)
    services.withdraw_comment(comment=make_comment(taken, street.reviewer), by=street.reviewer)
    page = signed_in(street.secretary).get("/meetings/?commented=on")
    assert [line["meeting"].topic for line in page.context["lines"]] == ["第0次"]


# --- The API and the admin ---------------------------------------------------------------------


def test_the_api_gives_draws_with_list_and_seed_and_checks_with_findings(street: Street) -> None:
    meeting = make_meeting(street.branch)
    made = make_draw(street.street, street.reviewer)
    drawn = DrawnRecord.unscoped.get()
    check = make_check(meeting, street.reviewer, drawn=drawn, findings=["一", "二"])
    services.answer_finding(
        finding=check.finding_rows.order_by("pk")[0], by=street.secretary, result="已改"
    )
    services.close_finding(finding=check.finding_rows.order_by("pk")[0], by=street.reviewer)
    client = signed_in(street.reviewer)
    (row,) = client.get("/api/v1/check-draws/").json()["results"]
    assert (row["seed"], row["list_sha256"], row["wanted"]) == (made.seed, made.list_sha256, 1)
    full = client.get(f"/api/v1/check-draws/{made.uuid}/").json()
    assert full["lines"] == [str(meeting.uuid)]
    assert full["drawn"] == [
        {"place": 1, "meeting": str(meeting.uuid), "hinted": False, "check": str(check.uuid)}
    ]
    (row,) = client.get("/api/v1/spot-checks/").json()["results"]
    assert (row["findings_count"], row["findings_open"]) == (2, 1)
    assert signed_in(street.secretary).get("/api/v1/check-draws/").json()["results"] == []
    assert signed_in(street.secretary).get(f"/api/v1/check-draws/{made.uuid}/").status_code == 404


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("要素齐全|40\n主题内容 ｜ 59.5｜记到人", "现在是 99.5 分"),
        ("要素齐全|多少", "分值请写数字"),
        ("要素齐全|99.95", "最多一位小数"),
        ("要素齐全|1e9", "分值请写数字"),
    ],
)
def test_a_sheet_of_the_district_is_checked_in_the_admin(
    street: Street, items: str, message: str
) -> None:
    client = signed_in(street.chief)
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = {
        "unit": street.district.pk,
        "valid_from": tomorrow.isoformat(),
        "items": items,
        "answer_days": "10",
        "read_days": "10",
    }
    page = client.post("/admin/meetings/checksheet/add/", data)
    assert message in page.content.decode()
    good = {**data, "items": "要素齐全|40.5|写全\n\n主题内容｜59.5｜记到人"}
    assert client.post("/admin/meetings/checksheet/add/", good).status_code == 302
    assert (
        signed_in(street.reviewer).post("/admin/meetings/checksheet/add/", good).status_code == 403
    )
