"""The promises of access, each with a test named after it, and holes planted to be found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from branches.models import ApiClient, Grant, Unit
from branches.querysets import ScopedQuerySet, UnscopedRead, scope_guard
from branches.services.clients import disable_client, rotate_secret
from meetings.models import Meeting
from tests.access.probe import probe, scoped_models, token
from tests.access.routes import routes
from tests.access.world import World

pytestmark = pytest.mark.django_db
API = [route for route in routes() if route.pattern.startswith("api/v1/")]


def client_of(world: World, name: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token(world, name)}"})


def test_s2_a_path_never_reaches_its_siblings(world: World) -> None:
    branch = world.units["1a1"]

    found = Unit.objects.within(branch).values_list("path", flat=True)

    assert all(path[: len(branch.path)] == branch.path for path in found)
    assert world.units["1a2"].path not in found


def test_s4_what_is_not_there_and_what_is_not_his_get_the_same_answer(world: World) -> None:
    client = client_of(world, "client_branch")
    foreign = client.get(f"/api/v1/units/{world.units['2a1'].code}/")
    absent = client.get("/api/v1/units/nowhere/")
    asked = client.get(f"/api/v1/meetings/?under={world.units['2a1'].code}")
    unasked = client.get("/api/v1/meetings/?under=nowhere")

    assert (foreign.status_code, foreign.json()["detail"]) == (404, absent.json()["detail"])
    assert (asked.status_code, asked.json()) == (400, unasked.json())


def test_s8_a_field_that_cannot_be_written_is_refused(world: World) -> None:
    body = {
        "unit": world.units["1a1"].code,
        "kinds": ["members"],
        "held_on": "2026-07-01",
        "topic": "学习",
        "status": "accepted",
    }

    reply = client_of(world, "client_branch").post(
        "/api/v1/meetings/", body, "application/json", headers={"idempotency-key": "s8"}
    )

    assert (reply.status_code, [e["field"] for e in reply.json()["errors"]]) == (400, ["status"])


def test_s10_an_unscoped_read_of_any_scoped_model_raises() -> None:
    with scope_guard():
        for model in scoped_models():
            with pytest.raises(UnscopedRead):
                list(model.objects.all()[:1])  # type: ignore[attr-defined]


def test_s13_a_grant_that_is_taken_is_gone_with_the_next_request(world: World) -> None:
    user = world.users["secretary_a"]
    client = Client()
    client.force_login(user)
    before = client.get("/api/v1/units/").json()["results"]

    Grant.unscoped.filter(user=user).delete()

    assert before
    assert client.get("/api/v1/units/").json()["results"] == []


def test_s13_a_disabled_user_is_out_with_the_next_request(world: World) -> None:
    user = world.users["secretary_b"]
    client = Client()
    client.force_login(user)
    user.is_active = False
    user.save()

    assert client.get("/api/v1/units/").status_code == 401


@pytest.mark.parametrize("how", ["expired", "elsewhere", "inactive", "disabled", "rotated"])
def test_s14_a_credential_that_ended_is_401_at_once(world: World, how: str) -> None:
    row = world.clients["client_reader"].client
    client = client_of(world, "client_reader")
    assert client.get("/api/v1/units/").status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    {
        "expired": lambda: _set(row, expires_on=yesterday),
        "elsewhere": lambda: _set(row, addresses=["10.9.8.7"]),
        "inactive": lambda: _set(row, is_active=False),
        "disabled": lambda: disable_client(client=row),
        "rotated": lambda: rotate_secret(client=row),
    }[how]()

    reply = client.get("/api/v1/units/")

    assert (reply.status_code, reply["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert reply["Content-Type"] == "application/problem+json"


def _set(row: ApiClient, **fields: Any) -> None:
    ApiClient.unscoped.filter(pk=row.pk).update(**fields)


def test_s14_a_reader_reads_no_people_and_writes_nothing(world: World) -> None:
    client = client_of(world, "client_reader")

    assert client.get("/api/v1/members/").status_code == 403
    assert client.post("/api/v1/meetings/", {}, "application/json").status_code == 403


def test_s25_a_write_by_cookie_needs_the_token_of_the_page(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["secretary_a"])

    assert client.post("/api/v1/meetings/", {}, "application/json").status_code == 403


def _no_bounds(self: Any, *units: Unit) -> Any:
    return self.everywhere("a hole for the test").exclude(pk=None)


@pytest.mark.parametrize("model", [None, Unit, Meeting])
def test_a_planted_hole_is_found(world: World, monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    real = ScopedQuerySet.within

    def within(self: Any, *units: Unit) -> Any:
        leaks = model is None or self.model is model
        return _no_bounds(self, *units) if leaks else real(self, *units)

    monkeypatch.setattr(ScopedQuerySet, "within", within)
    one = probe(world, "client_branch")

    one.run(API, methods=["GET"])

    assert [finding for finding in one.findings if "shows" in finding]
