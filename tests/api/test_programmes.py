"""The programme feed: what holds for the caller, in a constant number of questions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.enums import ClientScope
from branches.services.clients import issue_client
from meetings.enums import Item
from tests.api.helpers import bearer
from tests.factories.branches import make_branch, make_committee, make_district
from tests.factories.programme import make_programme

pytestmark = pytest.mark.django_db


def test_a_client_reads_what_is_published_for_its_place() -> None:
    district = make_district()
    street, other = make_committee(district), make_committee(district)
    branch = make_branch(street)
    make_programme(district, date(2026, 7, 1), theme="全区", items=(Item.OATH, Item.STUDY))
    make_programme(street, date(2026, 7, 1), theme="街道", items=())
    make_programme(other, date(2026, 7, 1), theme="别的街道")
    make_programme(district, date(2026, 8, 1), theme="没发布", published=False)
    issued = issue_client(
        title="平台", unit=branch, scopes=[ClientScope.READ],
        expires_on=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    client = Client(headers={"authorization": bearer(issued)})
    rows = client.get("/api/v1/programmes/").json()["results"]
    found: dict[str, Any] = {row["theme"]: row for row in rows}
    assert set(found) == {"全区", "街道"}
    assert [line["item"] for line in found["全区"]["lines"]] == ["oath", "study"]
    assert found["街道"]["lines"] == []
    with CaptureQueriesContext(connection) as few:
        client.get("/api/v1/programmes/?month_from=2026-07-01")
    make_programme(street, date(2026, 9, 1))
    with CaptureQueriesContext(connection) as many:
        answer = client.get("/api/v1/programmes/?month_from=2026-07-01")
    assert len(many) == len(few)
    assert len(answer.json()["results"]) == 3
    assert client.post("/api/v1/programmes/", {}).status_code in (403, 405)
