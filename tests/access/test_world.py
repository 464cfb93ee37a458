"""The canaries are where they should be."""

from __future__ import annotations

import pytest

from tests.access.world import World

pytestmark = pytest.mark.django_db


def test_a_secretary_knows_the_names_above_him_and_nothing_beside_him(world: World) -> None:
    strange = world.strangers("1a1")

    assert {"zo1az", "zo1z", "zu1a2z", "zo1a2z", "zu2z", "zo2a1z"} <= strange
    assert not strange & {"zu1z", "zu1az", "zu1a1z", "zo1a1z", "zo1a1gz"}
