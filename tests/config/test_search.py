"""查找: organisations, people and records by name, pinyin or initials, within one's reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from branches.enums import Role
from branches.models import Unit
from meetings.enums import Kind, Status
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_member,
    make_user,
)
from tests.factories.meetings import make_meeting


@pytest.fixture
def branch(db: None) -> Unit:
    committee = make_committee(make_district(), name="中共城关街道工作委员会")
    branch = make_branch(committee, name="中共滨河社区支部委员会", short_name="滨河社区党支部")
    make_member(branch, name="曾晓明")
    make_meeting(branch, Kind.GROUP, date(2026, 7, 7), topic="滨河治理讨论")
    make_meeting(branch, Kind.GROUP, date(2026, 7, 8), topic="滨河草稿", status=Status.DRAFT)
    return branch


def titles(client: Client, text: str) -> dict[str, list[str]]:
    finds = client.get("/search/", {"q": text}).context["finds"]
    return {group.label: [row.title for row in group.rows] for group in finds}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("滨河", {"党组织": ["中共滨河社区支部委员会"], "会议记录": ["滨河治理讨论"]}),
        ("zgbh", {"党组织": ["中共滨河社区支部委员会"], "会议记录": ["滨河治理讨论"]}),
        ("binheshequ", {"党组织": ["中共滨河社区支部委员会"], "会议记录": ["滨河治理讨论"]}),
        ("zengxiaoming", {"党员": ["曾晓明"]}),
        ("ZXM", {"党员": ["曾晓明"]}),
        ("没有的", {}),
        ("", {}),
    ],
)
def test_what_is_found_by_what(
    client: Client, branch: Unit, text: str, wanted: dict[str, list[str]]
) -> None:
    assert branch.committee is not None
    client.force_login(make_user(Role.COMMITTEE_STAFF, branch.committee))
    assert titles(client, text) == wanted


def test_what_lies_outside_is_not_found_and_a_leader_finds_no_people(
    client: Client, branch: Unit
) -> None:
    client.force_login(make_user(Role.COMMITTEE_STAFF, make_committee(make_district())))
    assert titles(client, "滨河") == {}
    assert titles(client, "曾晓明") == {}
    client.force_login(make_user(Role.LEADER, branch))
    assert list(titles(client, "滨河")) == ["党组织", "会议记录"]
    assert titles(client, "曾晓明") == {}


def test_a_search_costs_the_same_for_one_find_and_for_three(
    client: Client, branch: Unit, django_assert_num_queries: Callable[[int], object]
) -> None:
    client.force_login(make_user(Role.SECRETARY, branch))
    client.get("/search/")
    for count in (1, 3):
        for number in range(count - 1):
            make_member(branch, name=f"曾{number}")
        with django_assert_num_queries(8):  # type: ignore[attr-defined]
            client.get("/search/", {"q": "曾"})
