"""The pages of records: what they cost, what they refuse, what they keep."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from branches.models import Event
from core.workbooks import XLSX_TYPE
from meetings.enums import Kind, Status
from meetings.models import Meeting, MeetingFile, SpotCheck
from tests.factories.branches import make_branch, make_members
from tests.factories.meetings import make_event, make_meeting, make_spot_check
from tests.meetings.conftest import Street

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Uploads of tests go where they vanish."""
    settings.PRIVATE_ROOT = tmp_path


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(street: Street, **changes: Any) -> dict[str, Any]:
    ids = [member.pk for member in street.members]
    return {
        "unit": street.branch.pk,
        "meeting": "",
        "form_key": str(uuid4()),
        "kinds": [str(int(Kind.MEMBERS))],
        "held_on": timezone.localdate().isoformat(),
        "topic": "集体学习《中国共产党章程》",
        "eligible": ids,
        "present": ids,
        "votes-TOTAL_FORMS": "1",
        "votes-INITIAL_FORMS": "0",
        "votes-0-subject": "",
        **changes,
    }


def photo(name: str = "合影.jpg", colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


# --- What a list costs ---------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/meetings/", "/events/", "/checks/", "/review/"])
def test_one_row_and_three_rows_cost_the_same(
    street: Street, address: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(street.reviewer)
    costs = []
    for number in range(3):
        meeting = make_meeting(street.branch, topic=f"第{number}次", attendance=(3, 5))
        make_event(street.branch, title=f"第{number}件")
        make_spot_check(street.branch, meeting=meeting, by=street.reviewer)
        client.get(address)
        with django_assert_max_num_queries(30) as counted:
            assert client.get(address).status_code == 200
        costs.append(len(counted))
    assert costs == [costs[0]] * 3


# --- Logging -------------------------------------------------------------------------------------


def test_the_form_arrives_filled_in(street: Street) -> None:
    make_meeting(street.branch, place="党群服务中心", recorder="李磊")
    page = signed_in(street.secretary).get(f"/meetings/new/?unit={street.branch.pk}&kind=members")
    form = page.context["form"]
    assert form.initial["place"] == "党群服务中心"
    assert form.initial["recorder"] == "李磊"
    assert form.initial["chair"] == street.members[0].name
    assert form.initial["held_on"] == timezone.localdate()
    assert [row["present"] for row in page.context["rows"]] == [True] * 5


def test_a_form_sent_twice_is_one_submitted_record(street: Street) -> None:
    client, data = signed_in(street.secretary), form_of(street)
    for _ in range(2):
        answer = client.post("/meetings/new/", data)
        assert answer.status_code == 302
    meeting = Meeting.unscoped.get()
    assert (meeting.status, meeting.present_count) == (Status.SUBMITTED, 5)
    assert answer["Location"] == f"/meetings/{meeting.uuid}/?saved=1"


def test_a_draft_is_kept_without_a_topic_and_submitted_later(street: Street) -> None:
    client = signed_in(street.secretary)
    client.post("/meetings/new/", form_of(street, topic="", draft="1"))
    meeting = Meeting.unscoped.get()
    assert meeting.status == Status.DRAFT
    answer = client.post(
        f"/meetings/{meeting.uuid}/edit/", form_of(street, meeting=str(meeting.uuid), revision="1")
    )
    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert meeting.status == Status.SUBMITTED


def test_what_is_typed_comes_back_with_the_errors(street: Street) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = form_of(street, held_on=tomorrow.isoformat(), minutes="写了很久的内容")
    page = signed_in(street.secretary).post("/meetings/new/", data)
    assert page.status_code == 422
    assert "会议开完再提交" in page.content.decode()
    assert "写了很久的内容" in page.content.decode()


def test_a_conflict_keeps_the_words_and_the_next_press_wins(street: Street) -> None:
    meeting = make_meeting(street.branch, status=Status.DRAFT, revision=4)
    data = form_of(street, meeting=str(meeting.uuid), revision="1", topic="我的主题", draft="1")
    client = signed_in(street.secretary)
    page = client.post(f"/meetings/{meeting.uuid}/edit/", data)
    assert page.status_code == 422
    assert "别处改过" in page.content.decode()
    assert "我的主题" in page.content.decode()
    data["revision"] = page.context["form"]["revision"].value()
    assert client.post(f"/meetings/{meeting.uuid}/edit/", data).status_code == 302
    meeting.refresh_from_db()
    assert meeting.topic == "我的主题"


def test_autosave_keeps_a_draft_and_says_why_not(street: Street) -> None:
    client, data = signed_in(street.secretary), form_of(street)
    assert "已自动存为草稿" in client.post("/meetings/autosave/", data, **HTMX).content.decode()
    assert "已自动存为草稿" in client.post("/meetings/autosave/", data, **HTMX).content.decode()
    assert Meeting.unscoped.get().status == Status.DRAFT
    said = client.post("/meetings/autosave/", form_of(street, kinds=[]), **HTMX).content.decode()
    assert "请至少点选一种会议类别" in said


def test_the_roll_follows_the_kinds_and_keeps_the_ticks(street: Street) -> None:
    away = street.members[0].pk
    data = form_of(
        street, kinds=[str(int(Kind.COMMITTEE))], present=[], **{f"reason_{away}": "sick"}
    )
    page = signed_in(street.secretary).post("/meetings/roll/", data, **HTMX)
    assert [(row["id"], row["reason"]) for row in page.context["rows"]] == [(away, "sick")]
    assert len(page.context["others"]) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": ["999"]},
        {"kinds": ["x"]},
        {"held_on": "昨天"},
        {"held_on": "99999-01-01"},
        {"held_on": "0001-01-01"},
        {"topic": "\x00"},
        {"topic": "长" * 300},
        {"eligible": ["99999999999999999"], "present": []},
        {"eligible": ["-1", "abc", "１"]},
        {"present": [], "eligible": []},
        {"items": ["dance"]},
        {"form_key": "no"},
        {"revision": "x"},
        {"started_at": "25:00"},
        {"votes-0-yes": "abc"},
        {"votes-0-subject": "事项", "votes-0-yes": "99"},
        {"votes-TOTAL_FORMS": "x"},
        {"votes-TOTAL_FORMS": "5000"},
        {"minutes": "机密★"},
    ],
)
def test_bad_input_is_a_sentence_and_never_an_error(
    street: Street, changes: dict[str, Any]
) -> None:
    client = signed_in(street.secretary)
    for address in ("/meetings/new/", "/meetings/autosave/", "/meetings/roll/"):
        answer = client.post(address, form_of(street, **changes))
        assert answer.status_code in (200, 302, 422)
    assert not Meeting.unscoped.filter(minutes__contains="★").exists()


@pytest.mark.parametrize("query", ["?page=x", "?held_from=x", "?kind=x", "?unit=x", "?late=x"])
def test_a_bad_filter_shows_a_page(street: Street, query: str) -> None:
    assert signed_in(street.reviewer).get(f"/meetings/{query}").status_code == 200


# --- Files ---------------------------------------------------------------------------------------


def test_photos_are_kept_once_and_shown_only_in_scope(street: Street) -> None:
    client = signed_in(street.secretary)
    answer = client.post("/meetings/new/", {**form_of(street), "photos": [photo(), photo()]})
    assert answer.status_code == 302
    kept = MeetingFile.unscoped.get()
    for tail in ("", "small/"):
        address = f"/meetings/files/{kept.uuid}/{tail}"
        assert signed_in(street.stranger).get(address).status_code == 404
        shown = signed_in(street.reviewer).get(address)
        assert shown["Content-Type"] == "image/jpeg"
        # Reading to the end closes the file; closing the answer would close the database too.
        assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]


def test_a_bad_photo_keeps_the_rest_as_a_draft(street: Street) -> None:
    bad = SimpleUploadedFile("x.jpg", b"<svg>", content_type="image/jpeg")
    page = signed_in(street.secretary).post("/meetings/new/", {**form_of(street), "photos": [bad]})
    assert page.status_code == 422
    assert "没有保存" in page.content.decode()
    assert Meeting.unscoped.get().status == Status.DRAFT


def test_a_file_is_taken_off_only_while_the_record_is_open(street: Street) -> None:
    client = signed_in(street.secretary)
    client.post("/meetings/new/", {**form_of(street), "photos": [photo()]})
    kept = MeetingFile.unscoped.get()
    client.post(f"/meetings/files/{kept.uuid}/remove/")
    assert MeetingFile.unscoped.count() == 1
    Meeting.unscoped.update(status=Status.RETURNED)
    client.post(f"/meetings/files/{kept.uuid}/remove/")
    assert MeetingFile.unscoped.count() == 0


# --- Deciding ------------------------------------------------------------------------------------


def test_the_desk_shows_the_next_record_after_a_decision(street: Street) -> None:
    first, second = (make_meeting(street.branch, topic=f"第{n}条") for n in (1, 2))
    client = signed_in(street.reviewer)
    page = client.post(f"/review/{first.uuid}/accept/", {"nth": "0"}, **HTMX)
    assert page.context["current"] == second
    page = client.post(f"/review/{second.uuid}/return/", {"reason": "请补充决议"}, **HTMX)
    assert page.context["current"] is None
    assert "全部审核完了" in page.content.decode()


def test_a_return_without_reason_changes_nothing(street: Street) -> None:
    meeting = make_meeting(street.branch)
    page = signed_in(street.reviewer).post(f"/review/{meeting.uuid}/return/", {}, **HTMX)
    assert "请写明退回的原因" in page.content.decode()
    meeting.refresh_from_db()
    assert meeting.status == Status.SUBMITTED


def test_many_are_accepted_at_the_desk_and_foreign_ones_left(street: Street) -> None:
    mine, foreign = make_meeting(street.branch), make_meeting(make_branch())
    data = {"pk": [str(mine.uuid), str(foreign.uuid), "x"]}
    signed_in(street.reviewer).post("/review/accept/", data)
    mine.refresh_from_db()
    foreign.refresh_from_db()
    assert (mine.status, foreign.status) == (Status.ACCEPTED, Status.SUBMITTED)


def test_the_secretary_decides_nothing(street: Street) -> None:
    meeting = make_meeting(street.branch)
    client = signed_in(street.secretary)
    assert client.get("/review/").status_code == 403
    for tail in (f"review/{meeting.uuid}/accept/", f"meetings/{meeting.uuid}/reverse/"):
        assert client.post(f"/{tail}", {"reason": "理由"}).status_code == 403
    meeting.refresh_from_db()
    assert meeting.status == Status.SUBMITTED


def test_an_approval_is_reversed_from_the_record(street: Street) -> None:
    meeting = make_meeting(street.branch, status=Status.ACCEPTED)
    client = signed_in(street.reviewer)
    client.post(f"/meetings/{meeting.uuid}/reverse/", {"reason": "人数有误"})
    page = client.get(f"/meetings/{meeting.uuid}/")
    assert page.context["returned"].reason == "人数有误"


def test_a_foreign_record_is_not_there(street: Street) -> None:
    meeting = make_meeting(street.branch)
    client = signed_in(street.stranger)
    for tail in ("", "edit/", "copy/", "check/"):
        assert client.get(f"/meetings/{meeting.uuid}/{tail}").status_code == 404
    for tail in ("submit/", "withdraw/", "reverse/"):
        assert client.post(f"/meetings/{meeting.uuid}/{tail}").status_code == 404


def test_a_withdrawn_record_counts_no_more_and_is_copied(street: Street) -> None:
    meeting = make_meeting(street.branch)
    client = signed_in(street.secretary)
    client.post(f"/meetings/{meeting.uuid}/withdraw/")
    meeting.refresh_from_db()
    assert meeting.status == Status.WITHDRAWN
    page = client.get(f"/meetings/{meeting.uuid}/copy/")
    assert page.context["form"].initial["topic"] == meeting.topic
    assert page.context["form"].initial["form_key"] != meeting.uuid


# --- Lists, events, checks -----------------------------------------------------------------------


def test_the_filters_find_what_they_say(street: Street) -> None:
    make_meeting(street.branch, [Kind.LECTURE, Kind.FIXED_DAY], date(2026, 3, 3), topic="合开")
    make_meeting(
        street.neighbour, held_on=date(2026, 4, 1), submitted_on=date(2026, 4, 9), topic="补录"
    )
    make_meeting(street.group, Kind.GROUP, date(2026, 4, 2), status=Status.RETURNED, topic="退回")
    client = signed_in(street.reviewer)
    for query, topics in (
        ("kind=lecture", {"合开"}),
        ("status=returned", {"退回"}),
        ("late=on", {"补录"}),
        (f"unit={street.branch.code}", {"合开", "退回"}),
        ("held_from=2026-04-01&held_to=2026-04-01", {"补录"}),
        ("q=南关", {"补录"}),
    ):
        page = client.get(f"/meetings/?{query}")
        assert {line["meeting"].topic for line in page.context["lines"]} == topics, query


def test_the_filtered_list_comes_out_as_a_workbook(street: Street) -> None:
    make_meeting(street.branch, topic="=1+1", attendance=(3, 5))
    make_meeting(make_branch(), topic="别处的")
    answer = signed_in(street.reviewer).get("/meetings/export/?kind=members")
    assert answer["Content-Type"] == XLSX_TYPE
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames[0] == "说明"
    rows = list(book.worksheets[1].values)
    assert [row[9] for row in rows] == ["主题", "=1+1"]
    assert book.worksheets[1]["J2"].data_type == "s"


def test_an_event_is_registered_and_withdrawn(street: Street) -> None:
    client = signed_in(street.secretary)
    data = {"unit": street.branch.pk, "cause": "decision", "day": "2026-07-01", "title": "预算"}
    assert client.post("/events/new/", data).status_code == 302
    event = Event.unscoped.get()
    assert event.window_end == date(2026, 7, 31)
    assert client.post("/events/new/", {**data, "title": ""}).status_code == 422
    client.post(f"/events/{event.uuid}/withdraw/")
    event.refresh_from_db()
    assert event.is_withdrawn


def test_a_record_is_spot_checked_by_those_above(street: Street) -> None:
    meeting = make_meeting(street.group, Kind.GROUP)
    data = {
        "checked_on": "2026-07-20",
        "form_key": str(uuid4()),
        "finding-TOTAL_FORMS": "0",
        "finding-INITIAL_FORMS": "0",
        **{f"item{at}": points for at, points in enumerate(("18.5", "25", "15", "20", "10"))},
    }
    address = f"/meetings/{meeting.uuid}/check/"
    assert signed_in(street.secretary).post(address, data).status_code == 403
    assert signed_in(street.reviewer).post(address, data).status_code == 302
    assert signed_in(street.reviewer).post(address, {**data, "item0": "21"}).status_code == 422
    assert SpotCheck.unscoped.get().score == Decimal("88.5")
    assert (SpotCheck.unscoped.get().unit, SpotCheck.unscoped.get().meeting) == (
        street.branch,
        meeting,
    )


# --- The first page ------------------------------------------------------------------------------


def test_the_secretary_sees_the_next_thing_and_what_came_back(street: Street) -> None:
    make_meeting(street.branch, status=Status.RETURNED, topic="退回的")
    page = signed_in(street.secretary).get("/")
    assert page.context["agenda"].next is not None
    assert [item.reason for item in page.context["returned"]] == ["请补充会议决议。"]


def test_the_first_page_costs_the_same_however_much_there_is(
    street: Street, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(street.secretary)
    costs = []
    for number in range(3):
        make_meeting(street.branch, status=Status.RETURNED, topic=f"退回{number}")
        make_meeting(street.branch, topic=f"第{number}次")
        make_members(street.branch, 1)
        client.get("/")
        # Ten programmes are asked what waits for him, each at the price of one or two questions.
        with django_assert_max_num_queries(45) as counted:
            client.get("/")
        costs.append(len(counted))
    assert costs == [costs[0]] * 3


def test_the_list_leaves_the_long_texts_where_they_are(street: Street) -> None:
    make_meeting(street.branch, Kind.MEMBERS, timezone.localdate())
    with CaptureQueriesContext(connection) as asked:
        assert signed_in(street.reviewer).get("/meetings/").status_code == 200
    (listed,) = [one["sql"] for one in asked if 'FROM "meetings_meeting"' in one["sql"]]
    assert '"topic"' in listed
    assert '"minutes"' not in listed
