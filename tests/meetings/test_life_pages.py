"""The pages of 组织生活: what they cost, what a phone can do there."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from branches.enums import PostKind, Role
from branches.scope import scope_of
from core.models import Notice
from meetings.enums import Kind
from meetings.enums.life import AppraisalState, Grade, ReviewState
from meetings.life_asks import life_asked
from meetings.models import Appraisal, AppraisalEntry, LifeProblem, LifeReview, Meeting, Talk
from tests.factories.branches import make_branch, make_members, make_post, make_user
from tests.factories.life import ON, make_appraisal, make_review, make_talk
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import Street
from tests.meetings.life_help import at, signed_in, text_of, today_appraisal, today_review


@pytest.fixture
def year() -> int:
    return timezone.localdate().year


# --- The secretary's way through the year --------------------------------------------------------


def test_the_three_cards_say_what_comes_next(street: Street) -> None:
    page = signed_in(street.secretary).get("/life/")

    assert page.status_code == 200
    assert page.context["cards"].turn == 0
    assert "还有 4 名党员没有委员谈过" in text_of(page)


def test_a_group_leader_is_told_whose_page_it_is(street: Street) -> None:
    assert "这里由支部书记办理" in text_of(signed_in(street.leader).get("/life/"))


def test_talks_with_several_are_one_form(street: Street, year: int) -> None:
    client = signed_in(street.secretary)
    ids = [member.pk for member in street.members]
    data = {
        "unit": street.branch.pk,
        "person": ids[0],
        "others": ids[1:],
        "day": str(timezone.localdate()),
    }
    assert client.get(at(street.branch, "life_talk_new")).status_code == 200
    for _ in range(2):
        assert client.post(reverse("meetings:life_talk_new"), data).status_code == 302
    assert Talk.unscoped.count() == 4

    page = client.get(at(street.branch, "life_talks"))
    assert page.context["talks"].is_complete
    reply = client.post(
        reverse("meetings:life_talks_file"),
        {"unit": street.branch.pk, "day": str(timezone.localdate())},
    )
    meeting = Meeting.unscoped.get()
    assert reply["Location"] == reverse("meetings:meeting_edit", args=[meeting.uuid])


def test_a_refused_talk_comes_back_with_what_was_picked(street: Street) -> None:
    reply = signed_in(street.secretary).post(
        reverse("meetings:life_talk_new"),
        {"unit": street.branch.pk, "person": street.members[2].pk, "day": "2001-01-01"},
    )

    assert reply.status_code == 422
    assert reply.context["picked"] == street.members[2].pk


def test_a_review_is_taken_through_all_its_steps_by_hand(street: Street, year: int) -> None:
    client, today = signed_in(street.secretary), timezone.localdate()
    client.post("/life/reviews/start/", {"unit": street.branch.pk, "year": year})
    review = LifeReview.unscoped.get()
    url = reverse("meetings:life_review", args=[review.uuid])
    assert client.post(url, {"at": "study", "study": ""}).status_code == 422
    client.post(url, {"at": "study", "studied_on": str(today), "study": "党章"})
    refused = client.post(url, {"at": "talks"})
    assert (refused.status_code, "还差 4 项" in text_of(refused)) == (422, True)
    client.post(url, {"at": "talks", "gap": "soon"})
    assert client.post(url, {"at": "problems"}).status_code == 422
    add = reverse("meetings:life_problem_new", args=[review.uuid])
    named = {"text": f"{street.members[1].name}不来", "source": "self"}
    assert client.post(add, named).status_code == 422
    for _ in range(2):
        client.post(add, {"text": "学习流于形式", "source": "members"})
    problem = LifeProblem.unscoped.get()
    client.post(url, {"at": "problems"})
    assert "记组织生活会" in text_of(client.get(url))
    meeting = make_meeting(street.branch, Kind.ORGANISATION_LIFE, today)
    client.post(url, {"at": "meeting", "meeting": meeting.pk})
    work = reverse("meetings:life_problem", args=[problem.uuid])
    client.post(work, {"do": "plan", "measure": "每月一学", "owner": "书记", "due_on": str(today)})
    assert client.get(work).status_code == 200
    client.post(work, {"do": "settle", "done_on": str(today), "result": "已落实"})
    client.post(url, {"at": "rectify"})
    review.refresh_from_db()
    assert review.state == ReviewState.SUBMITTED

    boss = signed_in(street.reviewer)
    boss.post(reverse("meetings:life_review_return", args=[review.uuid]), {"reason": "结果写具体"})
    assert "结果写具体" in text_of(client.get(url))
    client.post(url, {"at": "rectify"})
    boss.post(reverse("meetings:life_review_close", args=[review.uuid]))
    review.refresh_from_db()
    assert (review.state, review.decided_by) == (ReviewState.CLOSED, street.reviewer)
    assert "学习流于形式" in text_of(
        client.get(reverse("meetings:life_problems_paper", args=[review.uuid]))
    )


def test_an_appraisal_is_taken_through_all_its_steps_by_hand(street: Street, year: int) -> None:
    client, today = signed_in(street.secretary), timezone.localdate()
    start = {"unit": street.branch.pk, "year": year, "as_of": str(today)}
    for _ in range(2):
        client.post("/life/appraisals/start/", start)
    found = Appraisal.unscoped.get()
    url = reverse("meetings:life_appraisal", args=[found.uuid])
    ids = list(AppraisalEntry.unscoped.order_by("pk").values_list("pk", flat=True))
    assert client.get(url).status_code == 200
    assert client.post(url, {"at": "self", "handed_in": ids[:4], "go": "1"}).status_code == 422
    client.post(url, {"at": "self", "handed_in": ids, "go": "1"})
    tallies: dict[str, Any] = {"at": "ballots", "issued": "5", "returned": "5", "go": "1"}
    for pk in ids:
        tallies[f"competent_{pk}"] = "5"
    wrong = client.post(url, tallies | {f"poor_{ids[0]}": "1"})
    assert (wrong.status_code, "多于收回的 5 张" in text_of(wrong)) == (422, True)
    assert client.post(url, tallies | {"issued": "五"}).status_code == 422
    client.post(url, tallies)
    client.post(url, {"at": "grading", "back": "1"})
    client.post(url, {"at": "ballots", **tallies})
    meeting = make_meeting(street.branch, Kind.APPRAISAL, today)
    grades: dict[str, Any] = {"at": "grading", "go": "1", "meeting": meeting.pk}
    for pk in ids:
        grades[f"grade_{pk}"] = "excellent"
    too_many = client.post(url, grades)
    assert (too_many.status_code, "即 1 名" in text_of(too_many)) == (422, True)
    for pk in ids[1:]:
        grades[f"grade_{pk}"] = "competent"
    client.post(url, grades)
    found.refresh_from_db()
    assert found.state == AppraisalState.SUBMITTED

    signed_in(street.reviewer).post(reverse("meetings:life_appraisal_approve", args=[found.uuid]))
    found.refresh_from_db()
    assert found.state == AppraisalState.APPROVED
    for entry in found.entries.all():
        client.post(reverse("meetings:life_told", args=[entry.uuid]))
    assert "告知单都已交给本人" in text_of(client.get(url))


def test_nobody_closes_or_approves_his_own(street: Street) -> None:
    review = today_review(street.branch, ReviewState.SUBMITTED, by=street.reviewer)
    found = today_appraisal(street.branch, AppraisalState.SUBMITTED, by=street.reviewer)
    client = signed_in(street.reviewer)
    client.post(reverse("meetings:life_review_close", args=[review.uuid]))
    client.post(reverse("meetings:life_appraisal_approve", args=[found.uuid]))

    review.refresh_from_db()
    found.refresh_from_db()
    assert (review.state, found.state) == (ReviewState.SUBMITTED, AppraisalState.SUBMITTED)


def test_the_leader_looks_on_and_changes_nothing(street: Street) -> None:
    review = today_review(street.branch, ReviewState.SUBMITTED, by=street.secretary)
    client = signed_in(make_user(Role.LEADER, street.street))

    assert client.get(reverse("meetings:life_review", args=[review.uuid])).status_code == 200
    assert client.get(at(street.branch)).status_code == 200
    assert client.get(at(street.branch, "life_talks")).status_code == 403
    for name in ("life_review_close", "life_review_return"):
        assert client.post(reverse(f"meetings:{name}", args=[review.uuid])).status_code == 403


# --- The staff page ------------------------------------------------------------------------------


def test_figures_of_the_staff_page_open_exactly_their_rows(street: Street) -> None:
    today_review(street.branch, ReviewState.SUBMITTED)
    today_appraisal(street.branch, AppraisalState.BALLOTS)
    make_post(street.neighbour, PostKind.SECRETARY)
    client = signed_in(street.reviewer)
    page = client.get("/life/standing/")
    for line in page.context["figures"].flows:
        for state, number, href in line.parts:
            rows = client.get(href).context["page"].rows
            assert len(rows) == number, (line.flow, state)


def test_the_talks_of_the_staff_page_agree_with_the_branches_own(street: Street, year: int) -> None:
    make_post(street.branch, PostKind.DEPUTY, member=street.members[1])
    today = timezone.localdate()
    make_talk(street.branch, street.members[0], street.members[1], today.replace(month=1, day=5))
    make_talk(street.branch, street.members[0], street.members[2], today.replace(month=1, day=5))
    make_talk(street.branch, street.members[3], street.members[4], today.replace(month=1, day=6))
    own = signed_in(street.secretary).get(at(street.branch, "life_talks")).context["talks"]
    page = signed_in(street.reviewer).get("/life/standing/")
    row = next(row for row in page.context["page"] if row.unit_id == street.branch.pk)

    assert (row.talked, row.needed) == (own.done, own.needed) == (2, 4)


def test_one_branch_and_four_cost_the_same(street: Street) -> None:
    client = signed_in(street.reviewer)
    costs = []
    for number in range(3):
        today_review(make_branch(street.street), ReviewState.STUDY)
        client.get("/life/standing/")
        with CaptureQueriesContext(connection) as counted:
            assert client.get("/life/standing/").status_code == 200
        costs.append((number, len(counted)))
    assert {cost for _, cost in costs} == {costs[0][1]}


def test_the_pages_of_a_branch_cost_the_same_whatever_their_length(street: Street) -> None:
    client = signed_in(street.secretary)
    found = today_appraisal(street.branch, AppraisalState.SELF)
    urls = [
        at(street.branch),
        at(street.branch, "life_talks"),
        at(street.branch, "life_talk_new"),
        reverse("meetings:life_appraisal", args=[found.uuid]),
    ]

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url).status_code == 200
        return len(counted)

    few = [cost(url) for url in urls]
    for other in street.members[1:]:
        make_talk(street.branch, street.members[0], other)
    make_members(street.branch, 3)
    assert [cost(url) for url in urls] == few


def test_those_behind_are_told_once_a_day_what_is_left(street: Street) -> None:
    client = signed_in(street.reviewer)
    for _ in range(2):
        client.post("/life/standing/urge/", {"everyone": "1"})
    told = Notice.objects.filter(template="meetings/notices/life_urged")

    assert [notice.recipient_id for notice in told] == [street.secretary.pk]
    assert told[0].payload["left"] == ["组织生活会", "民主评议党员", "谈心谈话（还差4项）"]
    opened = signed_in(street.secretary).get(told[0].link)
    assert (opened.context["unit"], opened.context["year"]) == (
        street.branch,
        told[0].payload["year"],
    )
    assert "三" not in told[0].title
    inbox = signed_in(street.secretary).get("/notices/")
    assert "谈心谈话（还差4项）" in text_of(inbox)


def test_the_workbook_holds_branches_and_no_members(street: Street) -> None:
    today_appraisal(street.branch, AppraisalState.APPROVED, grades=[Grade.POOR])
    reply = signed_in(street.reviewer).get("/life/standing/export/")
    book = load_workbook(io.BytesIO(b"".join(reply.streaming_content)))
    rows = list(book["进展"].iter_rows(values_only=True))

    assert rows[0][3:5] == ("组织生活会", "民主评议党员")
    assert any(row[2] == street.branch.name and row[4] == "已审定" for row in rows)
    text = json.dumps(rows, ensure_ascii=False, default=str)
    assert not any(member.name in text for member in street.members)


def test_the_secretary_has_no_business_on_the_staff_page(street: Street) -> None:
    client = signed_in(street.secretary)

    assert client.get("/life/standing/").status_code == 403
    assert client.post("/life/standing/urge/", {"everyone": "1"}).status_code == 403


# --- Asks, the API -------------------------------------------------------------------------------


def test_the_first_page_asks_the_secretary_for_what_is_begun(street: Street) -> None:
    today_review(street.branch, ReviewState.PROBLEMS, by=street.secretary)
    asks = life_asked(
        scope_of(street.secretary, on=timezone.localdate()),
        street.secretary.pk,
        timezone.localdate(),
    )

    assert [ask.title for ask in asks] == ["办完今年的组织生活会、民主评议党员、谈心谈话"]


def test_nothing_is_asked_before_the_fourth_quarter_when_nothing_is_begun(street: Street) -> None:
    scope = scope_of(street.secretary, on=ON)
    early, late = (life_asked(scope, street.secretary.pk, d) for d in (date(2026, 9, 30), ON))

    assert (len(early), len(late)) == (0, 1)


def test_the_committee_is_asked_to_decide_what_another_filed(street: Street) -> None:
    make_review(street.branch, ReviewState.SUBMITTED, by=street.secretary)
    make_appraisal(street.branch, AppraisalState.SUBMITTED, by=street.secretary)
    make_review(street.neighbour, ReviewState.SUBMITTED, by=street.reviewer)

    def asked(user: User) -> list[tuple[str, int]]:
        return [(a.title, a.count) for a in life_asked(scope_of(user, on=ON), user.pk, ON)]

    assert asked(street.reviewer) == [("审核组织生活会", 1), ("审定民主评议等次", 1)]
    assert asked(street.chief) == []
    assert asked(street.stranger) == []


def test_the_api_counts_branches_and_knows_no_member(street: Street) -> None:
    make_branch(street.street)
    today_appraisal(street.branch, AppraisalState.APPROVED)
    reply = signed_in(street.reviewer).get("/api/v1/life-progress/")
    found = reply.json()

    assert found["branches"] == 3
    assert found["flows"][1] == {
        "flow": "appraisal",
        "none": 2,
        "open": 0,
        "waiting": 0,
        "done": 1,
    }
    assert set(found) == {"year", "branches", "flows"}
    foreign = signed_in(street.stranger).get(
        "/api/v1/life-progress/", {"under": street.branch.code}
    )
    assert foreign.status_code == 400
    assert signed_in(street.stranger).get("/api/v1/life-progress/").json()["branches"] == 0
    odd = signed_in(street.reviewer).get("/api/v1/life-progress/", {"year": "1999"})
    assert odd.status_code == 400
