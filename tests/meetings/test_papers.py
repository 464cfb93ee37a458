"""One entry, many outputs: the record and the sign-in sheet as Word files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from branches.enums import Role
from meetings.enums import Status
from meetings.models import Meeting, Vote
from meetings.papers import record_paper, sign_in_paper
from tests.factories.branches import make_branch, make_committee, make_members, make_user
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    branch = make_branch(make_committee())
    here, sick = make_members(branch, 2)
    found = make_meeting(
        branch,
        attendance=[(here, ""), (sick, "sick")],
        topic="讨论\x0b换届",
        minutes="第一段。\n\n第二段。",
        resolution="同意。",
        place="活动室",
    )
    Vote.objects.create(meeting=found, subject="选举办法", eligible=2, present=1, yes=1)
    return found


def opened(data: bytes) -> Any:
    return Document(BytesIO(data))


def texts(paper: Any) -> list[str]:
    return [paragraph.text for paragraph in paper.paragraphs if paragraph.text]


def facts(paper: Any) -> dict[str, str]:
    return {row.cells[0].text: row.cells[1].text for row in paper.tables[0].rows}


def test_the_record_says_what_was_entered(meeting: Meeting) -> None:
    paper = opened(record_paper(meeting))

    here, sick = meeting.attendance.order_by("pk")
    told = facts(paper)
    assert told["主题"] == "讨论换届"
    assert told["应到、实到"] == "应到 2 人，实到 1 人"
    assert told["到会人员"] == here.name
    assert told["缺席及事由"] == f"{sick.name}（生病）"
    body = texts(paper)
    assert body[0] == f"{meeting.unit.name}党员大会记录"
    assert body[body.index("会议内容") + 1 : body.index("表决情况")] == ["第一段。", "第二段。"]
    # One of two is half of 应到会, not more than half.
    assert "赞成须达 2 票，未通过。" in body[body.index("表决情况") + 1]


def test_what_is_not_accepted_says_so(meeting: Meeting) -> None:
    assert "尚未审核通过" in texts(opened(record_paper(meeting)))[1]

    meeting.status = Status.ACCEPTED
    assert "尚未审核通过" not in "".join(texts(opened(record_paper(meeting))))


def test_the_page_is_that_of_the_standard(meeting: Meeting) -> None:
    page = opened(record_paper(meeting)).sections[0]

    margins = (page.top_margin, page.left_margin, page.right_margin, page.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


def test_the_sign_in_sheet_has_a_line_for_everybody(meeting: Meeting) -> None:
    [table] = opened(sign_in_paper(meeting)).tables

    here, sick = meeting.attendance.order_by("pk")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["序号", "姓名", "签名", "备注"],
        ["1", here.name, "", ""],
        ["2", sick.name, "", "生病"],
    ]


def test_without_a_roll_there_is_room_to_sign() -> None:
    empty = make_meeting(make_branch(make_committee()))

    [table] = opened(sign_in_paper(empty)).tables

    assert len(table.rows) == 6


@pytest.mark.parametrize("name", ["meetings:meeting_record", "meetings:meeting_sign_in"])
def test_a_paper_is_had_by_whoever_may_read_the_record(meeting: Meeting, name: str) -> None:
    mine, foreign = Client(), Client()
    mine.force_login(make_user(Role.SECRETARY, meeting.unit))
    foreign.force_login(make_user(Role.SECRETARY, make_branch(meeting.unit.parent)))
    url = reverse(name, args=[meeting.uuid])

    answer = mine.get(url)

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert texts(opened(answer.content))
    assert foreign.get(url).status_code == 404


def test_a_paper_costs_three_questions(meeting: Meeting, django_assert_num_queries: Any) -> None:
    fresh = Meeting.unscoped.select_related("unit", "unit__parent").get(pk=meeting.pk)
    with django_assert_num_queries(3):
        record_paper(fresh)
