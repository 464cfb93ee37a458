"""The navigation leads nobody to a closed door."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from branches.enums import Role
from branches.scope import scope_of
from config.nav import navigation
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "role",
    [
        Role.DISTRICT_STAFF,
        Role.COMMITTEE_STAFF,
        Role.SECRETARY,
        Role.GROUP_LEADER,
        Role.LEADER,
    ],
)
def test_every_entry_of_a_role_opens(role: Role) -> None:
    district = make_district()
    committee = make_committee(district)
    branch = make_branch(committee)
    place = {
        Role.COMMITTEE_STAFF: committee,
        Role.SECRETARY: branch,
        Role.GROUP_LEADER: make_group(branch),
    }.get(role, district)
    user = make_user(role, place)
    request = RequestFactory().get("/")
    request.user = user
    request.scope = scope_of(user, on=timezone.localdate())  # type: ignore[attr-defined]
    request.resolver_match = None
    client = Client()
    client.force_login(user)

    closed = {
        item["url"]: status
        for item in navigation(request)
        if (status := client.get(item["url"], follow=True).status_code) != 200
    }

    assert closed == {}
