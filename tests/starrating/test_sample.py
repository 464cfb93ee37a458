"""The sample district's year of 星级创评 holds something in every state, whatever the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from config.management.commands.load_sample import load
from starrating.enums import State
from starrating.models import Organisation, Rating, Round, StarChange

pytestmark = pytest.mark.django_db


def test_the_sample_holds_every_state_and_a_finished_round(
    settings: Any, tmp_path: Any, time_machine: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    # Sixty days before lies in another year, fourteen months before in the same one.
    today = date(2027, 3, 1)
    time_machine.move_to(f"{today} 09:00:00+08:00", tick=False)
    load(today=today)

    earlier, running = Round.unscoped.order_by("starts_on")
    states = set(Rating.unscoped.filter(round=running).values_list("state", flat=True))
    held = set(Rating.unscoped.filter(round=earlier).values_list("stars", flat=True))
    assert states == {state.value for state in State}
    assert held == {1, 2, 3, 4, 5}
    assert earlier.granted <= earlier.fund
    assert Organisation.unscoped.filter(stars__isnull=True).count() == 2
    assert StarChange.unscoped.filter(cause="vetoed").count() == 1
