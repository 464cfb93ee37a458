"""四个必开的事由: kept in the tables that 三会一课 made, with their history."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from branches.enums import Cause, Role
from branches.models import Event
from branches.services import register_event, withdraw_event
from tests.factories.branches import make_branch, make_user

pytestmark = pytest.mark.django_db


def test_each_change_of_an_event_leaves_a_row_of_history() -> None:
    branch = make_branch()
    by = make_user(Role.SECRETARY, branch)
    event = register_event(
        unit=branch, by=by, cause=Cause.ADMISSION, day=date(2026, 1, 31), title="接收预备党员"
    )

    withdraw_event(event=event, by=by)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_label, is_withdrawn FROM meetings_eventevent WHERE pgh_obj_id = %s"
            " ORDER BY pgh_id",
            [event.pk],
        )
        assert cursor.fetchall() == [("insert", False), ("update", True)]


def test_the_tables_kept_their_names_and_one_set_of_triggers() -> None:
    assert Event._meta.db_table == "meetings_event"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'meetings_event'::regclass"
            " AND tgname LIKE 'pgtrigger%'"
        )
        assert cursor.fetchone() == (3,)
