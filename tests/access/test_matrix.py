"""S1 and S7: everybody before every address, with what is his and what is not."""

from __future__ import annotations

import pytest

from tests.access.matrix import MATRIX, access
from tests.access.probe import PERSONAS, probe
from tests.access.routes import routes
from tests.access.world import World

pytestmark = pytest.mark.django_db


def test_s7_every_address_is_in_the_access_matrix() -> None:
    lost = [route.pattern for route in routes() if access(route) is None]

    assert not lost, "\n".join(
        ["nobody said who may see these: add a line for each to tests/access/matrix.py", *lost]
    )


def test_the_access_matrix_names_no_address_that_is_gone() -> None:
    patterns = {route.pattern for route in routes()}

    assert [pattern for pattern in MATRIX if pattern not in patterns] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_s1_nobody_sees_or_changes_what_is_not_his(world: World, persona: str) -> None:
    one = probe(world, persona)

    one.run()

    assert not one.findings, "\n".join(["", *one.findings])
    if one.roots:
        assert one.seen, "not one canary of his own was seen anywhere: the matrix shows nothing"
