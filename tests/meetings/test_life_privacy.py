"""The field matrix of 民主评议: who sees a member's result, and who never does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from branches.enums import Role
from meetings.enums.life import AppraisalState, Grade, PoorReason
from meetings.models import Appraisal
from tests.factories.branches import make_branch, make_members, make_user
from tests.meetings.conftest import Street
from tests.meetings.life_help import at, signed_in, text_of, today_appraisal


@pytest.fixture
def approved(street: Street) -> Appraisal:
    make_members(street.branch, 2)
    return today_appraisal(
        street.branch,
        AppraisalState.APPROVED,
        grades=[Grade.POOR, Grade.EXCELLENT, Grade.BASIC],
        by=street.secretary,
        decider=street.reviewer,
    )


# --- The field matrix: a member's grade ----------------------------------------------------------


def grade_pages(found: Appraisal) -> list[str]:
    """Every address on which a grade of a member might stand."""
    entry = found.entries.order_by("pk")[0]
    return [
        reverse("meetings:life_appraisal", args=[found.uuid]),
        reverse("meetings:life_summary_paper", args=[found.uuid]),
        reverse("meetings:life_slip_paper", args=[entry.uuid]),
    ]


# persona → the statuses of page, summary and slip. 404: out of reach; 403: not his to see.
FIELD_MATRIX: dict[str, tuple[int, int, int]] = {
    "secretary": (200, 200, 200),
    "reviewer": (200, 200, 200),
    "chief": (200, 403, 403),
    "looker": (200, 403, 403),
    "leader": (404, 404, 404),
    "stranger": (404, 404, 404),
    "neighbour": (404, 404, 404),
    "superuser": (200, 403, 403),
}


def persona(street: Street, name: str) -> User:
    if name == "looker":
        return make_user(Role.LEADER, street.street)
    if name == "neighbour":
        return make_user(Role.SECRETARY, street.neighbour)
    if name == "superuser":
        user = make_user(Role.LEADER)
        user.is_superuser = True
        user.save()
        return user
    found: User = getattr(street, name)
    return found


@pytest.mark.parametrize("name", FIELD_MATRIX)
def test_a_members_grade_is_seen_by_his_secretary_and_the_deciding_committee_only(
    street: Street, approved: Appraisal, name: str
) -> None:
    client = signed_in(persona(street, name))
    replies = [client.get(url) for url in grade_pages(approved)]

    assert tuple(reply.status_code for reply in replies) == FIELD_MATRIX[name]
    may = FIELD_MATRIX[name][1] == 200
    said = text_of(replies[0])
    assert ("等次：" in said) is may
    names = [entry.name for entry in approved.entries.all()]
    assert any(one in said for one in names) is may


@pytest.mark.parametrize("name", [name for name, seen in FIELD_MATRIX.items() if seen[1] != 200])
def test_no_page_export_or_feed_tells_others_a_grade_reason_or_name_with_it(
    street: Street, approved: Appraisal, name: str
) -> None:
    client = signed_in(persona(street, name))
    urls = [
        at(street.branch),
        at(street.branch, "life_talks"),
        reverse("meetings:life_standing"),
        reverse("meetings:life_standing_export"),
        reverse("home"),
        "/api/v1/life-progress/",
        reverse("admin:meetings_appraisal_changelist"),
        reverse("admin:meetings_appraisal_change", args=[approved.pk]),
    ]
    for url in urls:
        reply = client.get(url)
        if reply.status_code >= 400:
            continue
        said = text_of(reply)
        for word in ("等次：", *[str(reason.label) for reason in PoorReason]):
            assert word not in said, (url, word)


def test_a_grade_is_written_only_by_those_who_may_see_it(
    street: Street, approved: Appraisal
) -> None:
    entry = approved.entries.order_by("pk")[0]
    for name, seen in FIELD_MATRIX.items():
        if seen[1] == 200:
            continue
        client = signed_in(persona(street, name))
        for url in (
            reverse("meetings:life_appraisal", args=[approved.uuid]),
            reverse("meetings:life_appraisal_return", args=[approved.uuid]),
            reverse("meetings:life_told", args=[entry.uuid]),
        ):
            reply = client.post(url, {"at": "grading", f"grade_{entry.pk}": "excellent"})
            assert reply.status_code in (403, 404), (name, url)
    entry.refresh_from_db()
    assert (entry.grade, entry.told_on) == (Grade.POOR, None)


def test_where_no_committee_stands_between_the_district_decides_and_sees(street: Street) -> None:
    alone = make_branch(street.district)
    make_members(alone, 3)
    found = today_appraisal(alone, AppraisalState.SUBMITTED)
    client = signed_in(street.chief)

    assert "等次：" in text_of(client.get(grade_pages(found)[0]))
    client.post(reverse("meetings:life_appraisal_approve", args=[found.uuid]))
    found.refresh_from_db()
    assert (found.state, found.decided_by) == (AppraisalState.APPROVED, street.chief)


def test_totals_of_a_small_branch_are_not_shown_above_it(street: Street) -> None:
    small = make_branch(street.street)
    make_members(small, 3)
    found = today_appraisal(small, AppraisalState.APPROVED)
    said = text_of(signed_in(street.chief).get(grade_pages(found)[0]))

    assert "评定人数不足 5 名" in said
    assert "合格 3 名" not in said


def test_totals_of_a_larger_one_are(street: Street, approved: Appraisal) -> None:
    said = text_of(signed_in(street.chief).get(grade_pages(approved)[0]))

    assert "优秀 1 名" in said
    assert "合格 4 名" in said


def test_members_stand_in_the_order_of_the_roster_whatever_their_grade(
    street: Street, approved: Appraisal
) -> None:
    page = signed_in(street.secretary).get(grade_pages(approved)[0])
    shown = [row.entry.pk for row in page.context["rows"]]

    assert shown == sorted(shown)
    assert [row.entry.grade for row in page.context["rows"]][:3] == [
        "poor",
        "excellent",
        "basic",
    ]


def test_the_slip_tells_one_member_his_own_grade_and_no_ballots(
    street: Street, approved: Appraisal
) -> None:
    entries = list(approved.entries.order_by("pk"))
    reply = signed_in(street.secretary).get(
        reverse("meetings:life_slip_paper", args=[entries[1].uuid])
    )
    said = text_of(reply)

    assert entries[1].name in said
    assert "优秀" in said
    assert "不合格" not in said
    assert not any(entry.name in said for entry in (entries[0], *entries[2:]))
    assert "票" not in said


def test_there_is_no_slip_before_the_decision(street: Street) -> None:
    found = today_appraisal(street.branch, AppraisalState.SUBMITTED)
    reply = signed_in(street.secretary).get(grade_pages(found)[2])

    assert reply.status_code == 403
