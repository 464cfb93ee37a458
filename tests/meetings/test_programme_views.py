"""The pages of the fixed day: what a branch sees, ticks and hands in; what staff see and write."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from branches.enums import Role
from core.models import Notice
from meetings.enums import Item, Kind, Status
from meetings.enums.programme import PostponeState, ProgrammeState
from meetings.models import Meeting, Postponement, Programme, ProgrammeItem
from tests.core.samples.files import pdf
from tests.factories.branches import make_branch, make_user
from tests.factories.meetings import make_meeting
from tests.factories.programme import make_postponement, make_programme, make_share
from tests.meetings.conftest import Street

pytestmark = pytest.mark.django_db
JULY, DAY = date(2026, 7, 1), date(2026, 7, 7)
NOW = "2026-07-08 10:00+08:00"
PDF = pdf()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(street: Street, **changes: Any) -> dict[str, Any]:
    """What the page sends when everybody came and the set items were done."""
    data: dict[str, Any] = {
        "unit": street.branch.pk,
        "kinds": [str(int(Kind.FIXED_DAY)), str(int(Kind.THEME_DAY))],
        "held_on": "2026-07-07",
        "topic": "固定组织生活日：学习贯彻全会精神",
        "items": ["constitution", "oath", "dues"],
        "eligible": [member.pk for member in street.members],
        "present": [member.pk for member in street.members],
        "form_key": str(uuid.uuid4()),
        "revision": "",
    }
    return data | changes


@time_machine.travel(NOW, tick=False)
def test_the_branch_reads_the_district_s_programme_and_its_committee_s(street: Street) -> None:
    make_programme(street.district, JULY, theme="全区主题")
    make_programme(street.street, JULY, theme="街道主题", items=(Item.CONTRIBUTION, Item.OATH))
    make_programme(street.district, date(2026, 8, 1), theme="下月的", published=False)
    page = signed_in(street.secretary).get("/fixed-day/2026-07/")
    assert page.status_code == 200
    plan = page.context["plan"]
    assert plan.theme == "全区主题；街道主题"
    assert [line.item for line in plan.lines] == [
        Item.CONSTITUTION, Item.OATH, Item.DUES, Item.STUDY, Item.CONTRIBUTION,
    ]  # fmt: skip
    assert len(plan.lines[1].asked) == 2
    html = page.content.decode()
    assert "7月7日" in html
    assert "星期二" in html
    ahead = signed_in(street.secretary).get("/fixed-day/2026-08/").content.decode()
    assert "下月的" not in ahead


@time_machine.travel(NOW, tick=False)
def test_ticked_and_handed_in_on_one_page_it_is_one_submitted_record(street: Street) -> None:
    client, data = signed_in(street.secretary), form_of(street)
    for _ in range(2):
        answer = client.post("/fixed-day/2026-07/", data)
        assert answer.status_code == 302
    meeting = Meeting.unscoped.get()
    assert meeting.status == Status.SUBMITTED
    assert meeting.kind_mask == Kind.FIXED_DAY | Kind.THEME_DAY
    assert meeting.items == ["constitution", "oath", "dues"]
    assert (meeting.eligible_count, meeting.present_count) == (5, 5)
    page = client.get("/fixed-day/2026-07/")
    assert page.context["record"] == meeting
    assert page.context["form"] is None


@time_machine.travel(NOW, tick=False)
def test_a_second_form_of_the_same_month_makes_no_second_record(street: Street) -> None:
    client = signed_in(street.secretary)
    client.post("/fixed-day/2026-07/", form_of(street))
    again = client.post("/fixed-day/2026-07/", form_of(street), follow=True)
    assert "没有重复记录" in again.content.decode()
    assert Meeting.unscoped.count() == 1


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": []}, "请勾选完成的动作"),
        ({"held_on": "2026-06-30"}, "这一页只记2026年7月"),
        ({"present": []}, "请选择缺席事由"),
        ({"topic": ""}, "请用一句话写明会议主题"),
        ({"held_on": "2026-07-20"}, "会议开完再提交"),
        ({"form_key": "x"}, "请"),
        ({"items": ["dance"]}, "dance"),
    ],
)
def test_what_does_not_hold_is_said_and_nothing_is_lost(
    street: Street, changes: dict[str, Any], said: str
) -> None:
    page = signed_in(street.secretary).post("/fixed-day/2026-07/", form_of(street, **changes))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Meeting.unscoped.exclude(status=Status.DRAFT).exists()


@time_machine.travel(NOW, tick=False)
def test_after_a_refusal_the_next_press_goes_on_with_the_draft(street: Street) -> None:
    client, data = signed_in(street.secretary), form_of(street, topic="")
    page = client.post("/fixed-day/2026-07/", data)
    data |= {"topic": "有主题了", "revision": page.context["form"]["revision"].value()}
    assert client.post("/fixed-day/2026-07/", data).status_code == 302
    assert Meeting.unscoped.get().status == Status.SUBMITTED


@time_machine.travel(NOW, tick=False)
def test_a_draft_keeps_its_votes_guests_and_words(street: Street) -> None:
    draft = make_meeting(
        street.branch, Kind.FIXED_DAY, DAY, status=Status.DRAFT, by=street.secretary,
        minutes="已经写好的内容", form_key=uuid.uuid4(), attendance=[(street.members[0], "")],
    )  # fmt: skip
    draft.votes.create(subject="用党费", eligible=5, present=5, yes=5)
    client = signed_in(street.secretary)
    page = client.get("/fixed-day/2026-07/")
    assert page.context["draft"] == draft
    assert "已经写好的内容" in page.content.decode()
    data = form_of(street, minutes="已经写好的内容", revision="1", form_key=str(draft.form_key))
    assert client.post("/fixed-day/2026-07/", data).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.minutes, draft.votes.count()) == (2 - 1, "已经写好的内容", 1)


@time_machine.travel(NOW, tick=False)
def test_photos_come_along_and_a_bad_one_keeps_the_rest_as_a_draft(street: Street) -> None:
    bad = SimpleUploadedFile("x.jpg", b"<svg>", content_type="image/jpeg")
    page = signed_in(street.secretary).post(
        "/fixed-day/2026-07/", {**form_of(street), "photos": [bad]}
    )
    assert page.status_code == 422
    assert "没有保存" in page.content.decode()
    assert Meeting.unscoped.get().status == Status.DRAFT


@time_machine.travel(NOW, tick=False)
def test_a_group_leader_reads_the_programme_and_nothing_of_the_record(street: Street) -> None:
    make_meeting(street.branch, Kind.FIXED_DAY, DAY, topic="支部的记录", place="支部的地点")
    make_programme(street.district, JULY, theme="全区主题")
    client = signed_in(street.leader)
    page = client.get("/fixed-day/2026-07/")
    assert page.status_code == 200
    assert "全区主题" in page.content.decode()
    assert "支部的地点" not in page.content.decode()
    assert client.post("/fixed-day/2026-07/", form_of(street)).status_code == 403


@time_machine.travel(NOW, tick=False)
def test_another_branch_is_not_there(street: Street) -> None:
    client = signed_in(street.secretary)
    for tail in ("", "day.ics", "notice.docx", "postpone/"):
        assert (
            client.get(f"/fixed-day/2026-07/{tail}?unit={street.neighbour.pk}").status_code == 404
        )
    for label in ("2026", "2026Q3", "1999-01", "x", "2026-13"):
        assert client.get(f"/fixed-day/{label}/").status_code == 404
    assert client.post(
        "/fixed-day/2026-07/", form_of(street, unit=street.neighbour.pk)
    ).status_code == 404  # fmt: skip


@time_machine.travel("2026-07-01 10:00+08:00", tick=False)
def test_an_approved_postponement_is_shown_with_what_it_does_not_change(street: Street) -> None:
    make_postponement(street.branch, DAY, date(2026, 7, 9), state=PostponeState.APPROVED)
    client = signed_in(street.secretary)
    html = client.get("/fixed-day/2026-07/").content.decode()
    assert "7月9日" in html
    assert "延期只作记录，按评分办法仍计非固定日" in html
    assert "本支部经批准延到 7月9日" in client.get("/calendar/?year=2026").content.decode()
    assert (
        "本支部经批准"
        not in signed_in(street.stranger).get("/calendar/?year=2026").content.decode()
    )


@time_machine.travel(NOW, tick=False)
def test_the_day_goes_into_a_calendar_in_lines_of_75_octets(street: Street) -> None:
    make_programme(street.district, JULY, theme="学习，贯彻；全会精神" * 8)
    answer = signed_in(street.secretary).get("/fixed-day/2026-07/day.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"DTSTART;VALUE=DATE:20260707" in lines
    assert answer.content.decode().replace("\r\n ", "").count("BEGIN:VEVENT") == 1


@time_machine.travel(NOW, tick=False)
def test_the_notice_is_a_word_file_with_every_item(street: Street) -> None:
    make_programme(street.district, JULY, theme="全区主题", text="集体起立，面向党旗")
    answer = signed_in(street.reviewer).get("/fixed-day/2026-07/notice.docx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        text = packed.read("word/document.xml").decode()
    for word in ("固定组织生活日活动的通知", "全区主题", "重温入党誓词", "集体起立，面向党旗"):
        assert word in text


# --- Staff ---------------------------------------------------------------------------------------


def sheet(**changes: Any) -> dict[str, Any]:
    data = {"theme": "主题", "note": "要求", "oath-on": "on", "oath-text": "重温誓词"}
    return data | changes


@time_machine.travel("2026-07-01 10:00+08:00", tick=False)
def test_staff_write_publish_take_back_and_publish_again(street: Street) -> None:
    client, address = signed_in(street.chief), "/fixed-day/2026-07/programme/"
    assert client.get(address).status_code == 200
    assert client.post(address, sheet()).status_code == 302
    programme = Programme.unscoped.get()
    assert (programme.state, programme.items.get().text) == (ProgrammeState.DRAFT, "重温誓词")
    for _ in range(2):
        client.post(f"/fixed-day/programmes/{programme.uuid}/publish/")
    told = Notice.objects.filter(template="meetings/notices/programme_published")
    assert told.filter(recipient=street.secretary).count() == 1
    assert told.filter(recipient=street.leader).count() == 1
    assert told.filter(recipient__in=[street.chief, street.stranger]).count() == 0
    refused = client.post(address, sheet(theme="偷改"))
    assert refused.status_code == 422
    assert "已经发布" in refused.content.decode()
    client.post(f"/fixed-day/programmes/{programme.uuid}/recall/")
    client.post(address, sheet(theme="改过", publish="1"))
    programme.refresh_from_db()
    assert (programme.theme, programme.issue, programme.state) == ("改过", 2, "published")
    assert told.filter(recipient=street.secretary).count() == 2
    month = client.get("/fixed-day/2026-07/")
    assert month.context["written"][0].told.told == 3


@time_machine.travel("2026-07-01 10:00+08:00", tick=False)
def test_a_paper_of_the_programme_is_read_below_once_it_is_published(street: Street) -> None:
    client = signed_in(street.chief)
    paper = SimpleUploadedFile("誓词.pdf", PDF, content_type="application/pdf")
    answer = client.post("/fixed-day/2026-07/programme/", {**sheet(), "oath-upload": paper})
    assert answer.status_code == 302
    address = f"/fixed-day/files/{ProgrammeItem.unscoped.get().uuid}/"
    # Reading to the end closes the file.
    draft = client.get(address)
    assert b"".join(draft.streaming_content) == PDF  # type: ignore[attr-defined]
    assert signed_in(street.secretary).get(address).status_code == 404
    client.post(f"/fixed-day/programmes/{Programme.unscoped.get().uuid}/publish/")
    got = signed_in(street.secretary).get(address)
    assert b"".join(got.streaming_content) == PDF  # type: ignore[attr-defined]
    assert "attachment" in got["Content-Disposition"]
    assert signed_in(street.stranger).get(address).status_code == 404


@time_machine.travel("2026-07-01 10:00+08:00", tick=False)
def test_a_committee_writes_for_its_own_and_nobody_else_does(street: Street) -> None:
    address = "/fixed-day/2026-07/programme/"
    assert signed_in(street.reviewer).post(address, sheet()).status_code == 302
    assert Programme.unscoped.get().unit == street.street
    assert signed_in(street.secretary).get(address).status_code == 403
    foreign = f"{address}?unit={street.district.pk}"
    assert signed_in(street.reviewer).get(foreign).status_code == 404
    bad = signed_in(street.reviewer).post(address, sheet(theme="机密★"))
    assert bad.status_code == 422


@time_machine.travel(NOW, tick=False)
def test_the_month_is_counted_by_committee_and_every_figure_opens_its_rows(street: Street) -> None:
    make_meeting(street.branch, Kind.FIXED_DAY, DAY, items=["oath", "dues"], status=Status.ACCEPTED)
    make_meeting(street.neighbour, Kind.FIXED_DAY, DAY, items=["oath"], status=Status.RETURNED)
    make_postponement(street.neighbour, DAY, date(2026, 7, 9), state=PostponeState.APPROVED)
    client = signed_in(street.chief)
    page = client.get("/fixed-day/2026-07/")
    (row,) = page.context["coverage"].rows
    assert (row.owed, row.done, row.missing, row.postponed) == (2, 1, 1, 1)
    assert (row.items["oath"], row.items["study"], row.share("oath")) == (1, 0, 50.0)
    rows = client.get(f"/fixed-day/2026-07/rows/?item=oath&unit={street.street.pk}")
    assert [line["meeting"].unit for line in rows.context["lines"]] == [street.branch]
    assert client.get("/fixed-day/2026-07/rows/?item=dance").status_code == 404
    assert signed_in(street.secretary).get("/fixed-day/2026-07/rows/").status_code == 403
    assert signed_in(make_user(Role.LEADER, street.district)).get("/fixed-day/").status_code == 200


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    "address",
    ["/fixed-day/2026-07/", "/fixed-day/2026-07/rows/", "/fixed-day/desk/", "/fixed-day/log/", "/"],
)
@pytest.mark.parametrize("who", ["chief", "secretary"])
def test_one_row_and_three_rows_cost_the_same(street: Street, address: str, who: str) -> None:
    client = signed_in(getattr(street, who))
    if who == "secretary" and "rows" in address:
        pytest.skip("not his page")
    costs = []
    for number in range(3):
        branch = make_branch(street.street)
        meeting = make_meeting(branch, Kind.FIXED_DAY, DAY, status=Status.ACCEPTED)
        make_share(meeting)
        waiting = make_meeting(branch, Kind.FIXED_DAY, DAY, status=Status.ACCEPTED)
        make_share(waiting, state="proposed")
        make_postponement(branch, DAY, date(2026, 7, 9), by=street.secretary)
        make_postponement(
            make_branch(street.street), DAY, date(2026, 7, 9), state=PostponeState.APPROVED
        )
        make_programme(street.street, date(2026, 7 + number, 1))
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        costs.append(len(counted))
    assert costs == [costs[0]] * 3


def test_the_postponement_of_a_committee_holds_for_its_branches(street: Street) -> None:
    make_postponement(street.street, DAY, date(2026, 7, 9), state=PostponeState.APPROVED)
    with time_machine.travel("2026-07-01 10:00+08:00", tick=False):
        page = signed_in(street.secretary).get("/fixed-day/2026-07/")
        assert page.context["day"].day == date(2026, 7, 9)
        make_postponement(street.branch, DAY, date(2026, 7, 10), state=PostponeState.APPROVED)
        page = signed_in(street.secretary).get("/fixed-day/2026-07/")
        assert page.context["day"].day == date(2026, 7, 10)
    assert Postponement.unscoped.count() == 2
