"""Records that other systems write: once, whatever happens on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from branches.enums import ClientScope
from branches.services.clients import issue_client
from meetings.models import Meeting
from tests.api.helpers import bearer
from tests.factories.branches import make_branch, make_members

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> dict[str, Any]:
    branch = make_branch()
    members = make_members(branch, 2)
    issued = issue_client(
        title="会议系统",
        unit=branch,
        scopes=[ClientScope.READ, ClientScope.WRITE, ClientScope.MEMBERS],
        expires_on=timezone.localdate() + timedelta(days=9),
    )
    body = {
        "unit": branch.code,
        "kinds": ["members"],
        "held_on": "2026-07-01",
        "topic": "学习党章",
        "attendance": [
            {"member": str(members[0].uuid)},
            {"member": str(members[1].uuid), "present": False, "reason": "sick"},
        ],
    }
    return {"client": Client(headers={"authorization": bearer(issued)}), "body": body}


def post(desk: dict[str, Any], key: str, **changes: Any) -> Any:
    return desk["client"].post(
        "/api/v1/meetings/",
        desk["body"] | changes,
        "application/json",
        headers={"idempotency-key": key},
    )


def test_the_same_key_and_body_get_the_first_answer_again(desk: dict[str, Any]) -> None:
    first, second = post(desk, "k1"), post(desk, "k1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Meeting.unscoped.count() == 1
    assert (first.json()["status"], first.json()["eligible"], first.json()["present"]) == (
        "submitted", 2, 1,
    )  # fmt: skip


def test_the_same_key_with_another_body_is_refused(desk: dict[str, Any]) -> None:
    post(desk, "k1")

    assert post(desk, "k1", topic="另一次会议").status_code == 422
    assert Meeting.unscoped.count() == 1


def test_a_write_without_a_key_is_refused(desk: dict[str, Any]) -> None:
    reply = post(desk, "")

    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_a_draft_is_changed_and_filed_by_who_wrote_it(desk: dict[str, Any]) -> None:
    address = post(desk, "k2", draft=True)["Location"]

    changed = desk["client"].patch(address, {"topic": "改过的主题"}, "application/json")
    filed = desk["client"].post(f"{address}submit/")

    assert (changed.status_code, changed.json()["topic"]) == (200, "改过的主题")
    assert (filed.status_code, filed.json()["status"]) == (200, "submitted")
    again = desk["client"].patch(address, {"topic": "晚了"}, "application/json")
    assert again.status_code == 409


def test_a_member_who_is_not_there_is_named_by_his_place(desk: dict[str, Any]) -> None:
    rows = [*desk["body"]["attendance"], {"member": "7f0c8a52-6d0e-4a39-8c56-0d5a6f7e9b11"}]

    reply = post(desk, "k3", attendance=rows)

    assert reply.status_code == 400
    assert [fault["field"] for fault in reply.json()["errors"]] == ["attendance.2.member"]
